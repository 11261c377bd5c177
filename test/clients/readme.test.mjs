// README.md and docs/*.md: their shell blocks are run as they stand there, with other ports, and their links lead somewhere.
import assert from 'node:assert/strict';
import { copyFileSync, existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { connect, sdk1_http } from './lib/clients.mjs';
import { authorize_url, json_of, login, register } from './lib/oauth.mjs';
import { control_pages } from './lib/control_pages.mjs';
import { run_blocks, served, server_in, shipped } from './lib/page_blocks.mjs';
import { anchors_of, links_of, marks_of, names_of_pages, text_of } from './lib/pages.mjs';
import { binary, control, free_ports, run, scratch_folder, tollgate, top, until } from './lib/tollgate.mjs';
import { walker } from './lib/walker.mjs';
import { page_with } from './table/page.mjs';

// The reader's own provider: a second tollgate that knows one client.
async function provider(t) {
  const client = {
    client_id: 'of-the-provider',
    client_secret: 'sixteen-characters-or-more',
    redirect_uris: ['http://localhost/callback'],
    grant_types: ['authorization_code', 'refresh_token'],
  };
  const entry = Object.entries(client).map(([key, value]) => `${key}=${JSON.stringify(value)}`);
  const at = await tollgate(t, { set: { clients: `[{${entry.join(',')}}]`, 'authorization_server.resources': 'any' } });
  return { ...client, issuer: at.issuer };
}

// What the README defines on its way.
const member = () => /^member\(\) .*$/m.exec(text_of('README.md'))[0];

// A folder with the client of the README, and with what it is made of where that is installed.
function folder_with_client(t, { has_sdk }) {
  const folder = scratch_folder(t);
  mkdirSync(join(folder, 'examples'));
  copyFileSync(join(top, 'examples/client.mjs'), join(folder, has_sdk ? 'client.mjs' : 'examples/client.mjs'));
  if (has_sdk) symlinkSync(join(import.meta.dirname, 'node_modules'), join(folder, 'node_modules'));
  return folder;
}

// Every marker, and what is done with the blocks that it marks.
const parts = {
  async 'walk-through'(t, blocks) {
    const [refused, resource, server, client, code, token, session, called, inspected] = await run_blocks(t, blocks, await shipped(t));
    assert.match(refused, /^HTTP\/1\.1 401/);
    assert.match(refused, /resource_metadata=/i);
    assert.match(resource, /"authorization_servers"/);
    assert.match(server, /"registration_endpoint"/);
    for (const value of [client, code, token, session]) assert.match(value, /^[\w.~-]{16,}\n?$/);
    assert.match(called, /Hello from curl!/);
    assert.match(inspected, /hello/);
  },

  async 'first client'(t, blocks) {
    const [printed] = await run_blocks(t, blocks, await shipped(t), { folder: folder_with_client(t, { has_sdk: false }) });
    assert.match(printed, /login at http.*\n.* first tokens for 3600 s\n.* Hello 1\n/);
  },

  async 'first fault'(t, blocks) {
    const server = await shipped(t);
    const [printed] = await run_blocks(t, blocks, server, {
      folder: folder_with_client(t, { has_sdk: true }),
      env: { TOLLGATE_URL: `${server.issuer}/control` },
    });
    assert.equal(printed.match(/ login at /g).length, 2, `the fault costs this client its login, once:\n${printed}`);
    assert.match(printed, / new tokens for 2 s\n/);
    assert.match(printed, / Hello 6\n/);
  },

  async refresh(t, blocks) {
    const server = await shipped(t);
    const { client_id, refresh_token } = await login(server.issuer);
    const here = [member(), ...blocks];
    const refresh = async (token) => (await run_blocks(t, here, server, { env: { CLIENT: client_id, REFRESH: token } })).slice(1);
    const [first] = await refresh(refresh_token);
    const next = JSON.parse(first).refresh_token;
    assert.notEqual(next, refresh_token, 'each answer brings a new refresh token');
    await control(server.issuer, 'invalid-grant', { on: true });
    assert.match((await refresh(next))[0], /"error":"invalid_grant"/);
  },

  ...control_pages,

  async certificates(t, [block, ...others]) {
    assert.deepEqual(others, []);
    const folder = scratch_folder(t);
    await run_blocks(t, [server_in(block).rest], undefined, { folder });
    const { server } = await served(t, block, { folder });
    assert.match(server.issuer, /^https:/);
    const { code, stderr } = await run('curl', ['-sf', '--cacert', 'certs/localhost.pem', `${server.issuer}/healthz`], { cwd: folder });
    assert.equal(code, 0, stderr);
  },

  // Nobody knows the name here: curl is told where it leads to.
  async 'own name'(t, [block, ...others]) {
    assert.deepEqual(others, []);
    const folder = scratch_folder(t);
    await run_blocks(t, [server_in(block).rest], undefined, { folder });
    const { server } = await served(t, block, { folder });
    const { port } = new URL(server.mcp);
    const at = `https://oauth.test:${port}`;
    const asked = ['-sf', '--cacert', 'ca.pem', '--resolve', `oauth.test:${port}:127.0.0.1`];
    const { code, stdout, stderr } = await run('curl', [...asked, `${at}/.well-known/oauth-protected-resource/mcp`], { cwd: folder });
    assert.equal(code, 0, stderr);
    assert.equal(JSON.parse(stdout).resource, `${at}/mcp`);
    assert.ok(!server.log().includes('name_not_spoken'), server.log());
    const base = `${server.issuer.replace('oauth.test', 'localhost')}/control`;
    const state = (env) => run(binary, ['scenario', 'state', '--url', base], { cwd: folder, env: { ...process.env, ...env } });
    assert.match((await state({})).stderr, /certificate is not trusted here .*SSL_CERT_FILE/);
    assert.match((await state({ SSL_CERT_FILE: 'ca.pem' })).stderr, /certificate is not trusted here/, 'it is not for localhost');
  },

  // The names are those of this very server, which a tunnel would lead to.
  async 'another tunnel'(t, blocks) {
    const token = 'sixteen-characters-or-more';
    const server = await shipped(t, { env: { TOLLGATE_CONTROL__TOKEN: token } });
    const [at, mcp] = [server.issuer, server.mcp].map((url) => new URL(url).port);
    const here = blocks.map((block) =>
      block
        .replaceAll('https://NEW-AS.trycloudflare.com', `http://new-as.localhost:${at}`)
        .replaceAll('https://NEW-MCP.trycloudflare.com', `http://new-mcp.localhost:${mcp}`),
    );
    assert.notDeepEqual(here, blocks);
    const [printed] = await run_blocks(t, here, server, { env: { TOLLGATE_CONTROL__TOKEN: token } });
    assert.equal(JSON.parse(printed).issuer, `http://new-as.localhost:${at}`);
    assert.equal(JSON.parse(printed).mcp, `http://new-mcp.localhost:${mcp}/mcp`);
  },

  // The example on a free port. curl would read for ever: it leaves with the first event.
  async proxy(t, [block, ...others]) {
    assert.deepEqual(others, []);
    const { issuer, client_id, client_secret } = await provider(t);
    const { access_token } = await login(issuer, { scope: 'openid' });
    const [port] = await free_ports(1);
    const { server, rest } = await served(t, block, {
      filled: { OAUTH_ISSUER: issuer, OAUTH_CLIENT_ID: client_id, OAUTH_CLIENT_SECRET: client_secret },
      own_ports: false,
      set: { 'authorization_server.listen': `localhost:${port}`, 'mcp.listen': `localhost:${port}` },
    });
    const once = `curl() {
      command curl -s "$@" >events & until grep -q '^data:' events; do sleep 0.05; done; kill $!; cat events; }`;
    const line = rest.replace('127.0.0.1:3000', `127.0.0.1:${port}`).replace('YOUR_ACCESS_TOKEN', access_token);
    const [printed] = await run_blocks(t, [`${once}\n${line}`], server);
    assert.match(printed, /^event: endpoint\r?\ndata: \/messages\?/m);
  },

  // From the broker to the provider and back, without a stop but the page that names the client.
  async broker(t, [block, ...others]) {
    assert.deepEqual(others, []);
    const { issuer, client_id, client_secret } = await provider(t);
    const { server, rest } = await served(t, block, {
      filled: { TOLLGATE_UPSTREAM__CLIENT_SECRET: client_secret, 'upstream.issuer': issuer, 'upstream.client_id': client_id },
    });
    assert.equal(rest, '');
    const registered = await register(server.issuer);
    const person = new walker();
    const home = await person.walk(authorize_url(server.issuer, registered.client_id).url, 'http://localhost:8765/callback');
    assert.ok(home.searchParams.has('code'), home.href);
    assert.ok(person.visited.some((url) => url.startsWith(`${issuer}/authorize`)));
  },

  // As the page says it, on free ports.
  async 'second tollgate'(t, [of_provider, of_broker, ...others]) {
    assert.deepEqual(others, []);
    const folder = scratch_folder(t);
    const [at, mcp] = await free_ports(2);
    const here = (block) => block.replaceAll('localhost:9200', `localhost:${at}`).replaceAll('localhost:9201', `localhost:${mcp}`);
    const provider_block = here(of_provider);
    await run_blocks(t, [server_in(provider_block).rest], undefined, { folder });
    await served(t, provider_block, { folder, own_ports: false });
    const { server, rest } = await served(t, here(of_broker));
    assert.equal(rest, '');
    const registered = await register(server.issuer);
    const person = new walker();
    const home = await person.walk(authorize_url(server.issuer, registered.client_id).url, 'http://localhost:8765/callback');
    assert.ok(home.searchParams.has('code'), home.href);
    assert.ok(person.visited.some((url) => url.startsWith(`http://localhost:${at}/authorize`)));
    assert.match(person.pages[0], /Allow access\?/);
  },

  async strategies(t, [block, ...others]) {
    assert.deepEqual(others, []);
    for (const line of block.trim().split('\n')) {
      const { server } = await served(t, `${line}\n`);
      const { call } = await connect(t, sdk1_http, server);
      const [, strategy] = /validation\.strategy=(\w+)/.exec(line);
      assert.ok((await call('whoami')).includes(strategy), line);
    }
  },

  async 'sse by hand'(t, blocks) {
    const server = await shipped(t);
    const { access_token } = await login(server.issuer);
    const [printed] = await run_blocks(t, blocks, server, { env: { TOKEN: access_token } });
    assert.match(printed, /^event: endpoint\r?\n/m);
    assert.match(printed, /Server received via SSE: Hello/);
  },

  async conformance(t, [block, ...others]) {
    assert.deepEqual(others, []);
    const { server, rest } = await served(t, block);
    const [printed] = await run_blocks(t, [rest], server);
    assert.match(printed, /\b0 failed/);
  },

  // Tables that scripts/pages makes; `ctest -R docs_configuration` compares them.
  async keys(t, blocks) {
    assert.deepEqual(blocks, []);
  },

  async 'own-client'(t, blocks) {
    const server = await shipped(t);
    const [printed] = await run_blocks(t, blocks, server);
    assert.match(printed, /"name":"mine".*"name":"token\.unavailable".*"events":\[/s);
    const { faults } = await json_of(await fetch(`${server.issuer}/r/mine/control/faults`));
    assert.equal(faults.length, 1);
  },

  // Tables that scripts/client-table makes: they say what was seen, in the words that it has now.
  async 'client-table'(t, blocks) {
    assert.deepEqual(blocks, []);
    const results = JSON.parse(readFileSync(join(import.meta.dirname, 'table/results.json'), 'utf8'));
    const page = text_of('docs/clients.md');
    assert.equal(page, page_with(page, results), 'run scripts/client-table --page');
  },
};

for (const page of names_of_pages()) {
  const { marked, offences } = marks_of(text_of(page));

  test(`${page} marks every shell block as run or not run, by names that are known here`, () => {
    assert.deepEqual(offences, []);
    assert.deepEqual([...marked.keys()].filter((name) => !parts[name]), []);
  });

  for (const [name, blocks] of marked)
    if (parts[name]) test(`${page}: what it says under ${name} works as it stands there`, (t) => parts[name](t, blocks));

  test(`the links of ${page} lead somewhere`, () => {
    for (const { file, anchor } of links_of(page)) {
      assert.ok(existsSync(join(top, file)), file);
      if (anchor) assert.ok(anchors_of(text_of(file)).includes(anchor), `${file}#${anchor}`);
    }
    const tests = [...text_of(page).matchAll(/`([\w/-]+(?:_test\.cpp|\.test\.mjs))`/g)].map(([, file]) => file);
    assert.deepEqual(tests.filter((file) => !existsSync(join(top, 'test', file))), []);
  });
}

test('every fault in the tables of docs/faults.md is taken', async (t) => {
  const server = await shipped(t);
  const faults = [...text_of('docs/faults.md').matchAll(/^\|.*`(\{"(?:name|select)":.*\})` *\|$/gm)].map(([, fault]) => fault);
  assert.ok(faults.length >= 20, `${faults.length} faults`);
  for (const fault of faults) {
    const answer = await fetch(`${server.issuer}/control/faults`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: fault,
    });
    assert.equal(answer.status, 201, `${fault}: ${await answer.text()}`);
  }
});

test('no test waits for a marker that no page has any more', () => {
  const names = names_of_pages().flatMap((page) => [...marks_of(text_of(page)).marked.keys()]);
  assert.deepEqual(names.sort(), Object.keys(parts).sort());
});

test('the README can be read in a few minutes', () => {
  assert.ok(Buffer.byteLength(text_of('README.md')) <= 12_000);
});

test('what is marked is found, and what is not is an offence', () => {
  const block = '```sh\nls\n```\n';
  const found = marks_of(`<!-- a -->\n${block}<!-- end of a -->\n<!-- not run: no time -->\n${block}`);
  assert.deepEqual([...found.marked], [['a', ['ls\n']]]);
  assert.deepEqual(found.offences, []);
  for (const wrong of [
    block,
    `<!-- not run: -->\n${block}`,
    `<!-- not run: no time -->\n${block}${block}`,
    `<!-- a -->\n${block}`,
    `<!-- a -->\n<!-- b -->\n<!-- end of b -->\n`,
    `<!-- a -->\n<!-- end of b -->\n`,
    '<!-- a -->\n<!-- end of a -->\n<!-- a -->\n<!-- end of a -->\n',
    '```\nls\n```\n',
  ])
    assert.notDeepEqual(marks_of(wrong).offences, [], wrong);
});
