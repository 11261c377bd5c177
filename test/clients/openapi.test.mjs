// GET /control/openapi.json: every operation that it describes is called, and answers as it says.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';

import Ajv from 'ajv';

import { control, tollgate } from './lib/tollgate.mjs';

const media_type = (answer) => (answer.headers.get('content-type') ?? '').split(';')[0];

// A realm with one snapshot, whose id is s1 because the realm is a new one.
async function saved(base) {
  await fetch(`${base}/control/realms/saved`, { method: 'DELETE' });
  await control(base, 'realms', { name: 'saved' });
  return { name: 'saved', id: (await control(base, 'realms/saved/snapshot')).id };
}

// What a path parameter or a body must name exists then; each is called once.
async function things(base) {
  const fault = await control(base, 'faults', { name: 'token.unavailable' });
  const gate = await control(base, 'gates', { count: 2 });
  const realm = await saved(base);
  const of_realms = ['snapshot', 'restore', 'snapshots', 'snapshots/{id}', 'fork'].map((call) => [`/realms/{name}/${call}`, realm]);
  return {
    '/faults/{id}': { id: fault.id },
    '/gates/{id}': { id: gate.id },
    '/gates/{id}/release': { id: gate.id },
    ...Object.fromEntries(of_realms),
  };
}

const example_of = (document, schema) => {
  const { examples, $ref } = schema;
  if ($ref) return example_of(document, document.components.schemas[$ref.split('/').at(-1)]);
  return examples[0];
};

// The objects behind "trigger": in a page, as they stand there.
function triggers_in(page) {
  const found = [];
  for (const { index, 0: begin } of page.matchAll(/"trigger":(?=\{)/g)) {
    const from = index + begin.length;
    let depth = 0;
    let to = from;
    do depth += { '{': 1, '}': -1 }[page[to++]] ?? 0; while (depth > 0 && to < page.length);
    found.push(page.slice(from, to));
  }
  return found;
}

test('openapi.json knows every trigger that the page on faults shows', async (t) => {
  const server = await tollgate(t);
  const document = await (await fetch(`${server.issuer}/control/openapi.json`)).json();
  const ajv = new Ajv({ strict: false });
  const check = ajv.compile(document.components.schemas.Trigger);
  const page = await readFile(new URL('../../docs/faults.md', import.meta.url), 'utf8');
  const shown = triggers_in(page).filter((one) => !one.includes('…'));
  const kinds = new Set(shown.map((one) => Object.keys(JSON.parse(one))[0]));
  for (const one of shown) assert.ok(check(JSON.parse(one)), `${one}: ${JSON.stringify(check.errors)}`);
  const known = Object.keys(document.components.schemas.Trigger.properties).filter((name) => !['always', 'seed'].includes(name));
  assert.deepEqual([...kinds].sort(), known.sort());
});

// Their names are those of the configuration, and the dashboard of a control token wants a login.
const refused_by_instances = (path, method) => (path === '/public-url' && method === 'post') || path.startsWith('/ui');

test('every operation of openapi.json is there, and answers as it says', async (t) => {
  const server = await tollgate(t);
  const document = await (await fetch(`${server.issuer}/control/openapi.json`)).json();
  assert.equal(document.servers[0].url, `${server.issuer}/control`);
  const ajv = new Ajv({ strict: false });
  ajv.addSchema({ $id: 'doc', ...document });
  const mcp = server.mcp.replace(/\/mcp$/, '');
  let called = 0;
  // What takes things away comes last.
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })));
  operations.sort((a, b) => (a.method === 'delete') - (b.method === 'delete'));
  for (const { path, method, operation } of operations) {
    if (server.instances && refused_by_instances(path, method)) continue;
    // Made anew each time: a call before may have taken it away, as a reset does.
    const known = { ...(await things(server.issuer)), '/realms/{name}': { name: 'alpha' } };
    const base = operation['x-server'] === 'mcp' ? mcp : server.issuer;
    const filled = path.replace(/\{(\w+)\}/g, (_, name) => known[path][name]);
    const schema = operation.requestBody?.content['application/json'].schema;
    const answer = await fetch(`${base}/control${filled}`, {
      method: method.toUpperCase(),
      headers: schema ? { 'content-type': 'application/json' } : {},
      body: schema ? JSON.stringify(example_of(document, schema)) : undefined,
      signal: AbortSignal.timeout(20_000),
    });
    const [status] = Object.keys(operation.responses);
    const where = `${method} ${path}`;
    const streamed = media_type(answer) === 'text/event-stream';
    const text = streamed ? '' : await answer.text();
    if (streamed) await answer.body.cancel();
    assert.equal(String(answer.status), status, `${where}: ${text}`);
    const content = operation.responses[status].content;
    if (content) assert.ok(media_type(answer) in content, `${where} answers ${media_type(answer)}`);
    const promised = content?.['application/json']?.schema;
    if (promised && text) {
      const resolved = JSON.parse(JSON.stringify(promised).replaceAll('"#/components', '"doc#/components'));
      const check = ajv.compile(resolved);
      assert.ok(check(JSON.parse(text)), `${where}: ${JSON.stringify(check.errors)} in ${text.slice(0, 300)}`);
    }
    called += 1;
  }
  assert.ok(called > 35, `${called} operations`);
});

test('no call of the control plane is missing in openapi.json', async (t) => {
  const server = await tollgate(t);
  const { paths } = await (await fetch(`${server.issuer}/control/openapi.json`)).json();
  for (const path of ['rotate', 'force-403', 'events', 'gates', 'client-documents', 'public-url', 'catalogue', 'verdict', 'done', 'clock', 'realms/{name}/fork'])
    assert.ok(`/${path}` in paths, path);
});
