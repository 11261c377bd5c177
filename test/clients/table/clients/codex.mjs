// OpenAI Codex through its app server: no model, no login at OpenAI (../../by-hand).
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { browse } from '../../lib/oauth.mjs';

const program = join(import.meta.dirname, '../../by-hand/node_modules/@openai/codex/bin/codex.js');

// What Codex names itself by. A table is made without the network, so this stands in for it.
export const document = {
  client_id: 'https://chatgpt.com/oauth/codex/client.json',
  client_name: 'Codex',
  redirect_uris: ['http://127.0.0.1/callback', 'http://localhost/callback'],
  grant_types: ['authorization_code', 'refresh_token'],
  response_types: ['code'],
  token_endpoint_auth_method: 'none',
};

// A process that knows one MCP server, "it": ask(method, params), told(method), end().
async function app_server(folder) {
  const env = { ...process.env, HOME: folder, CODEX_HOME: join(folder, '.codex') };
  const child = spawn(process.execPath, [program, 'app-server'], { cwd: folder, env, stdio: ['pipe', 'pipe', 'ignore'] });
  const exited = new Promise((done) => child.on('exit', done));
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
    assert.equal(error, undefined, `${method}: ${JSON.stringify(error)}`);
    return result;
  };
  await ask('initialize', { clientInfo: { name: 'tollgate-test', version: '1' }, capabilities: null });
  say({ method: 'initialized' });
  const end = async () => {
    child.stdin.end();
    child.kill();
    await exited;
  };
  return { ask, told: async (method) => (await comes(method)).params, end };
}

export async function start(url, folder) {
  mkdirSync(join(folder, '.codex'), { recursive: true });
  const settings = ['check_for_update_on_startup = false', '[analytics]', 'enabled = false', '[mcp_servers.it]', `url = "${url}"`];
  writeFileSync(join(folder, '.codex/config.toml'), settings.join('\n'));
  let server = await app_server(folder);
  let threadId;
  const log_in = async () => {
    const completed = server.told('mcpServer/oauthLogin/completed');
    const { authorizationUrl } = await server.ask('mcpServer/oauth/login', { name: 'it' });
    await browse(authorizationUrl);
    const { success, error } = await completed;
    assert.ok(success, error);
  };
  const begin = async () => {
    const { thread } = await server.ask('thread/start', { ephemeral: true });
    threadId = thread.id;
  };
  const restart = async () => {
    await server.end();
    server = await app_server(folder);
    await begin();
  };
  await log_in();
  await begin();
  return {
    async call(tool, args) {
      const { content } = await server.ask('mcpServer/tool/call', { threadId, server: 'it', tool, arguments: args });
      return content.map((item) => item.text).join('');
    },
    restart,
    async log_in() {
      await log_in();
      await restart();
    },
    close: () => server.end(),
  };
}
