// What of the tests of clients does not run over SQLite or through three instances, and why. test-stores.test.mjs holds the names
// against the files.
const neither = ['sqlite', 'instances'];
const instances = ['instances'];

const reasons = {
  no_server: { stores: neither, why: 'starts no server: it reads pages and files' },
  own_store: { stores: neither, why: 'its own start options say where records are kept' },
  in_memory: { stores: neither, why: 'starts tollgate test, whose server keeps everything in memory' },
  tls: { stores: instances, why: 'TLS: the server itself has the certificate' },
  port_realm: { stores: instances, why: 'realms with ports of their own: a port is one instance’s' },
  file: { stores: instances, why: 'the addresses stand in a configuration file of its own' },
  one_process: { stores: instances, why: 'looks at one process: its /metrics, its lines in the log' },
  proxy: { stores: instances, why: 'the proxy in front knows no 103 Early Hints, and waits for ever' },
  names: { stores: instances, why: 'gives a running server other public names, which is refused where there are several' },
  public_url: { stores: instances, why: 'behind a proxy a server has a public URL, and then no realms by NAME.localhost and no buttons for tests' },
};

// Of a page, what it says under these headings.
const page = (path, ...under) => under.map((one) => ({ file: 'readme.test.mjs', test: `${path}: what it says under ${one} works` }));

const list = {
  no_server: ['behind-a-proxy.test.mjs', 'messages.test.mjs'],
  own_store: ['durable.test.mjs', 'instances.test.mjs', 'kept-journal.test.mjs', 'kept-sessions.test.mjs', 'test-stores.test.mjs'],
  in_memory: [
    'action.test.mjs',
    'parallel.test.mjs',
    'trial-end.test.mjs',
    { file: 'official.test.mjs', test: 'every client scenario of the suite' },
    { file: 'official.test.mjs', test: 'a mistake is found by its check' },
    { file: 'official.test.mjs', test: 'a file of expected failures' },
    { file: 'own-scenarios.test.mjs', test: 'tollgate test runs it' },
    { file: 'verdict.test.mjs', test: 'starts a server and a client for each scenario' },
    { file: 'verdict.test.mjs', test: 'compares what failed' },
    { file: 'verdict.test.mjs', test: 'tells clients apart' },
    { file: 'verdict.test.mjs', test: 'refuses what it does not know' },
  ],
  tls: ['tls.test.mjs', { file: 'dashboard-token.test.mjs', test: 'over https the cookie' }, { file: 'pages.test.mjs', test: 'over TLS' }, ...page('docs/operating.md', 'certificates', 'own name')],
  port_realm: [
    'connection-faults.test.mjs',
    { file: 'client-table.test.mjs', test: 'a revoked token is a refresh' },
    { file: 'client-table.test.mjs', test: 'a session that is gone stays gone' },
    { file: 'dashboard.test.mjs', test: 'a realm shows its own' },
    { file: 'many-realms.test.mjs', test: 'two hundred realms' },
    { file: 'official.test.mjs', test: 'a cell of the hosted mode' },
    { file: 'official.test.mjs', test: 'a RUN that is a revision' },
    ...page('docs/faults.md', 'connection-faults'),
  ],
  file: ['test-server.test.mjs', ...page('docs/providers.md', 'second tollgate')],
  names: page('docs/providers.md', 'another tunnel'),
  one_process: [
    { file: 'proxy.test.mjs', test: 'the log says once' },
    { file: 'telemetry.test.mjs', test: '/metrics is what' },
  ],
  proxy: [{ file: 'many-realms.test.mjs', test: 'the same faults with the same seed' }],
  public_url: [
    'faults.test.mjs',
    { file: 'fault-lines.test.mjs', test: 'a fault that does something else' },
    { file: 'fault-lines.test.mjs', test: 'a fault with one thing wrong' },
    { file: 'pages.test.mjs', test: 'wrong code and wrong state' },
    { file: 'test-page.test.mjs', test: 'behind a public URL' },
  ],
};

// { file, test, stores, why }: whole files, and of others the tests whose names begin so.
export const everything = Object.entries(list).flatMap(([reason, entries]) =>
  entries.map((entry) => ({ ...(typeof entry === 'string' ? { file: entry } : entry), ...reasons[reason] })),
);

export const left_out = (store) => everything.filter(({ stores }) => stores.includes(store));

export const patterns_of = (store, file) =>
  left_out(store)
    .filter((entry) => entry.file === file && entry.test !== undefined)
    .map(({ test }) => test.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&'));
