// OpenAI Codex through its app server, with no model and no login at OpenAI. See README.md.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';

import { browse } from '../lib/oauth.mjs';
import { control, scratch_folder, tollgate } from '../lib/tollgate.mjs';

const codex = join(import.meta.dirname, 'node_modules/@openai/codex/bin/codex.js');

// `codex app-server`, which knows one MCP server, "it": ask(method, params) gives the result,
// told(method) waits for a notification.
async function app_server(t, url) {
  const home = scratch_folder(t);
  mkdirSync(join(home, '.codex'));
  const settings = ['check_for_update_on_startup = false', '[analytics]', 'enabled = false', '[mcp_servers.it]', `url = "${url}"`];
  writeFileSync(join(home, '.codex/config.toml'), settings.join('\n'));
  const env = { ...process.env, HOME: home, CODEX_HOME: join(home, '.codex') };
  const child = spawn(process.execPath, [codex, 'app-server'], { cwd: home, env, stdio: ['pipe', 'pipe', 'pipe'] });
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text) => (log += text));
  const exited = new Promise((done) => child.on('exit', done));
  t.after(async () => {
    child.stdin.end();
    child.kill();
    await exited;
  });
  const waiting = new Map();
  createInterface({ input: child.stdout }).on('line', (line) => {
    const message = JSON.parse(line);
    waiting.get(message.method ?? message.id)?.(message);
  });
  const comes = (key) => new Promise((done) => waiting.set(key, done));
  const say = (message) => child.stdin.write(`${JSON.stringify(message)}\n`);
  let id = 0;
  const ask = async (method, params) => {
    const answer = comes(++id);
    say({ id, method, params });
    const { result, error } = await answer;
    assert.equal(error, undefined, `${method}: ${JSON.stringify(error)}\n${log}`);
    return result;
  };
  await ask('initialize', { clientInfo: { name: 'tollgate-test', version: '1' }, capabilities: null });
  say({ method: 'initialized' });
  return { ask, told: async (method) => (await comes(method)).params };
}

// What Codex names itself by. There is no network here, so a file stands in for it.
const codex_document = {
  client_id: 'https://chatgpt.com/oauth/codex/client.json',
  client_name: 'Codex',
  redirect_uris: ['http://127.0.0.1/callback', 'http://localhost/callback'],
  grant_types: ['authorization_code', 'refresh_token'],
  response_types: ['code'],
  token_endpoint_auth_method: 'none',
};

// The defaults, and one entry of [[client_documents]] where Codex chooses for itself.
const ways = [
  { name: 'with_its_metadata_document', how: {}, client: codex_document.client_id },
  { name: 'registering', how: { clientRegistration: 'dcr' } },
];

for (const way of ways)
  test(`codex_${way.name}_logs_in_lists_calls_and_refreshes_after_a_401`, async (t) => {
    const folder = scratch_folder(t);
    writeFileSync(join(folder, 'codex.json'), JSON.stringify(codex_document));
    const entry = `{ url = "${codex_document.client_id}", file = "${join(folder, 'codex.json')}" }`;
    const server = await tollgate(t, { set: { 'validation.recheck': '1m', client_documents: `[${entry}]` } });
    const { ask, told } = await app_server(t, server.mcp);
    const completed = told('mcpServer/oauthLogin/completed');
    const { authorizationUrl } = await ask('mcpServer/oauth/login', { name: 'it', ...way.how });
    const asked = new URL(authorizationUrl).searchParams;
    assert.equal(asked.get('resource'), server.mcp);
    if (way.client) assert.equal(asked.get('client_id'), way.client);
    await browse(authorizationUrl);
    assert.equal((await completed).success, true);

    const { thread } = await ask('thread/start', { ephemeral: true });
    const call = async (tool, args = {}) => {
      const { content } = await ask('mcpServer/tool/call', { threadId: thread.id, server: 'it', tool, arguments: args });
      return content.map((item) => item.text).join('');
    };
    const { data } = await ask('mcpServerStatus/list', { threadId: thread.id, serverName: 'it' });
    assert.equal(data[0].authStatus, 'oAuth');
    assert.ok('echo_tool' in data[0].tools);
    assert.equal(await call('echo_tool', { message: 'hello' }), 'Server received via Streamable HTTP: hello');
    assert.equal(JSON.parse(await call('whoami')).protocol_version, '2025-06-18');

    const before = await control(server.issuer, 'state');
    await control(server.issuer, 'revoke-access');
    assert.equal(await call('echo', { message: 'again' }), 'again');
    assert.equal((await control(server.issuer, 'state')).tokenCalls, before.tokenCalls + 1);
  });
