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

test('codex_logs_in_lists_calls_and_refreshes_after_a_401', async (t) => {
  const server = await tollgate(t, { set: { 'validation.recheck': '1m' } });
  const { ask, told } = await app_server(t, server.mcp);
  const completed = told('mcpServer/oauthLogin/completed');
  // Its own choice is its metadata document at chatgpt.com, which wants the network.
  const { authorizationUrl } = await ask('mcpServer/oauth/login', { name: 'it', clientRegistration: 'dcr' });
  assert.equal(new URL(authorizationUrl).searchParams.get('resource'), server.mcp);
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
