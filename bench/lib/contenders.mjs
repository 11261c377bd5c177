// The servers that the workloads are done to: tollgate, as many builds of it as are compared, and bare Beast programs.
import { spawn } from 'node:child_process';
import { openSync } from 'node:fs';
import { join } from 'node:path';

import { free_ports, sleep } from '../../test/clients/lib/tollgate.mjs';
import { folder, ready_line, start } from './measure.mjs';

export const redirect_uri = 'https://app.example/callback';
export const secret = 'a-secret-of-the-bench';
// RFC 7636 Appendix B.
export const verifier = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';
export const challenge = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM';
const form = 'application/x-www-form-urlencoded';

export const everything = {
  'server.workers': 1,
  'server.log_level': 'warning',
  // More tokens in seconds than anybody's tests have in a day.
  'limits.tokens': 1_000_000_000,
  'limits.client_tokens': 1_000_000_000,
  clients: `[${[
    `{client_id="service", client_secret="${secret}", grant_types=["client_credentials"]}`,
    `{client_id="app", token_endpoint_auth_method="none", grant_types=["authorization_code", "refresh_token"], redirect_uris=["${redirect_uri}"]}`,
  ]}]`,
};
const settings_of = (settings) => Object.entries({ ...everything, ...settings }).flatMap(([key, value]) => ['--set', `${key}=${value}`]);

// Bytes of a request, or of its head when its body comes later.
export function request_bytes(method, target, fields = {}, body) {
  const lines = Object.entries({ Host: '127.0.0.1', ...fields }).map(([name, value]) => `${name}: ${value}\r\n`);
  if (body !== undefined) lines.push(`Content-Length: ${Buffer.byteLength(body)}\r\n`);
  return `${method} ${target} HTTP/1.1\r\n${lines.join('')}\r\n${body ?? ''}`;
}
export const head_bytes = (...all) => request_bytes(...all).slice(0, -2);

const rpc = (id, method, params) => JSON.stringify({ jsonrpc: '2.0', id, method, params });
export const initialize = (protocolVersion) => rpc(0, 'initialize', { protocolVersion, capabilities: {}, clientInfo: { name: 'bench', version: '1' } });
export const initialized = JSON.stringify({ jsonrpc: '2.0', method: 'notifications/initialized' });

async function stop(child) {
  child.removeAllListeners('exit');
  const over = new Promise((done) => child.on('exit', done));
  child.kill('SIGTERM');
  await over;
}

// A server that is up: { port, mcp_port, pid, stop }.
async function start_tollgate(program, name, settings) {
  const log_file = join(folder, `${name}.log`);
  const fixed = { 'authorization_server.listen': '127.0.0.1:0', 'mcp.listen': '127.0.0.1:0' };
  const command = [program, 'serve', '--ready-json', ...settings_of({ ...fixed, ...settings })];
  const child = start(command, ['ignore', 'pipe', openSync(log_file, 'w')]);
  const { issuer, mcp } = await ready_line(child, log_file);
  // The first keys are made beside serving: not while something is measured.
  await (await fetch(new URL('/.well-known/jwks.json', issuer))).text();
  return { port: Number(new URL(issuer).port), mcp_port: Number(new URL(mcp).port), pid: child.pid, stop: () => stop(child) };
}

async function answers(port) {
  for (let attempt = 0; attempt < 100; ++attempt) {
    const answer = await fetch(`http://127.0.0.1:${port}/json`).catch(() => undefined);
    if (answer?.ok) return;
    await sleep(50);
  }
  throw new Error(`nothing answers on port ${port}`);
}

// On another core where it is the one that is asked by those that are measured.
export async function start_rival(program, { introspect_port = 0, measured = true } = {}) {
  const [port] = await free_ports(1);
  const env = { ...process.env, PORT: port, INTROSPECT_PORT: introspect_port };
  const child = measured ? start([program], 'ignore', env) : spawn('taskset', ['-c', '1', program], { stdio: 'ignore', env });
  await answers(port);
  return { port, mcp_port: port, pid: child.pid, stop: () => stop(child) };
}

// `base`: of a realm that does not stand at the origin.
export async function token_of(server, base = '') {
  const body = new URLSearchParams({ grant_type: 'client_credentials', client_id: 'service', client_secret: secret });
  const answer = await fetch(`http://127.0.0.1:${server.port}${base}/token`, { method: 'POST', body });
  const { access_token } = await answer.json();
  if (!access_token) throw new Error(`POST /token: ${answer.status}`);
  return access_token;
}

const call_fields = (bearer) => ({
  ...(bearer ? { Authorization: `Bearer ${bearer}` } : {}),
  Accept: 'application/json, text/event-stream',
  'Content-Type': 'application/json',
  'Mcp-Protocol-Version': '2025-11-25',
});

// tools/call in a session, by `target`. `text`: the name of echo's argument.
export async function call_bytes(server, target, text, bearer) {
  const fields = call_fields(bearer);
  const post = (body) => fetch(`http://127.0.0.1:${server.mcp_port}${target}`, { method: 'POST', headers: fields, body });
  const opened = await post(initialize('2025-11-25'));
  if (!opened.ok) throw new Error(`initialize: ${opened.status} ${await opened.text()}`);
  // A program without sessions is sent as many bytes.
  fields['Mcp-Session-Id'] = opened.headers.get('mcp-session-id') ?? 'QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFB';
  await post(initialized);
  return request_bytes('POST', target, fields, rpc(1, 'tools/call', { name: 'echo', arguments: { [text]: 'hello' } }));
}

const event_bytes = (text) => [
  request_bytes('GET', '/sse', { Accept: 'text/event-stream' }),
  head_bytes('POST', 'PATH', { 'Content-Type': 'application/json' }),
  initialize('2024-11-05'),
  initialized,
  rpc(1, 'tools/call', { name: 'echo', arguments: { [text]: 'hello' } }),
];

function login_bytes() {
  const query = new URLSearchParams({
    client_id: 'app', redirect_uri, response_type: 'code', scope: 'mcp:tools', state: 's', code_challenge: challenge, code_challenge_method: 'S256',
  });
  const body = new URLSearchParams({ grant_type: 'authorization_code', client_id: 'app', redirect_uri, code_verifier: verifier });
  return [request_bytes('GET', `/authorize?${query}`), head_bytes('POST', '/token', { 'Content-Type': form }), `${body}&code=`];
}

// A login, and the body of a refresh up to its token.
const refresh_bytes = () => [...login_bytes(), `${new URLSearchParams({ grant_type: 'refresh_token', client_id: 'app' })}&refresh_token=`];

const secret_bytes = () => request_bytes('POST', '/token', { 'Content-Type': form },
  String(new URLSearchParams({ grant_type: 'client_credentials', client_id: 'service', client_secret: secret })));

const introspect_bytes = async (server) => request_bytes('POST', '/introspect',
  { 'Content-Type': form, Authorization: `Basic ${Buffer.from(`service:${secret}`).toString('base64')}` }, `token=${await token_of(server)}`);

// What both kinds do alike, given a server that is up.
export const requests = (text) => ({
  events: async (server) => ({ kind: 'events', port: server.mcp_port, bytes: event_bytes(text) }),
  sessions: async (server) => ({ kind: 'sessions', port: server.mcp_port, bytes: event_bytes(text) }),
  secret: async (server) => ({ kind: 'request', port: server.port, bytes: [secret_bytes()] }),
  login: async (server) => ({ kind: 'login', port: server.port, bytes: login_bytes() }),
  refresh: async (server) => ({ kind: 'refresh', port: server.port, bytes: refresh_bytes() }),
  introspect: async (server) => ({ kind: 'request', port: server.port, bytes: [await introspect_bytes(server)] }),
});

// For each workload: what is started, and what is then sent to it. `elsewhere`: the server that is asked about tokens.
// Each connection is a client with a session and a token of its own: what is asked about one at the same time would
// be asked once.
export const of_each = async (count, make) => Promise.all(Array.from({ length: count }, make));

export function tollgate(program, name, connections) {
  const call = (bearer_of) => async (server, elsewhere) => ({
    kind: 'request',
    port: server.mcp_port,
    bytes: await of_each(connections, async () => call_bytes(server, '/mcp', 'message', await bearer_of(server, elsewhere))),
  });
  const started = (settings) => () => start_tollgate(program, name, settings);
  const { events, sessions, secret, login, introspect } = requests('message');
  const document = async (server) => ({ kind: 'request', port: server.mcp_port, bytes: [request_bytes('GET', '/.well-known/oauth-protected-resource/mcp')] });
  const asking = (elsewhere) => start_tollgate(program, name, {
    'validation.strategy': 'introspection',
    'validation.endpoint': `http://127.0.0.1:${elsewhere.port}/introspect`,
    'authorization_server.scopes': '["mcp"]',
    'mcp.scopes': '["mcp"]',
  });
  return {
    name,
    W0: { start: started({}), load: document },
    W1: { start: started({ 'mcp.auth': 'none' }), load: call(() => undefined) },
    W2: { start: asking, load: call((_, elsewhere) => token_of(elsewhere)) },
    W3: { start: started({ 'validation.strategy': 'local' }), load: call(token_of) },
    W4: { start: started({ 'mcp.auth': 'none' }), load: events },
    W5: { start: started({ 'mcp.auth': 'none' }), load: sessions },
    W6: { start: started({}), load: secret },
    W7: { start: started({}), load: login },
    W8: { start: started({}), load: introspect },
    W9: async () => {
      const [port, mcp_port] = await free_ports(2);
      const fixed = { 'authorization_server.listen': `127.0.0.1:${port}`, 'mcp.listen': `127.0.0.1:${mcp_port}` };
      return { kind: 'start', port, command: [program, 'serve', ...settings_of(fixed)], bytes: [request_bytes('GET', '/.well-known/oauth-authorization-server')] };
    },
  };
}

export function rival(program, name, connections) {
  const start = () => start_rival(program);
  const call = (target, bearer_of) => async (server, elsewhere) => ({
    kind: 'request',
    port: server.port,
    bytes: await of_each(connections, async () => call_bytes(server, target, 'text', await bearer_of(server, elsewhere))),
  });
  const { events, sessions, secret, login, introspect } = requests('text');
  return {
    name,
    W0: { start, load: async (server) => ({ kind: 'request', port: server.port, bytes: [request_bytes('GET', '/json')] }) },
    W1: { start, load: call('/mcp', () => undefined) },
    W2: { start: (elsewhere) => start_rival(program, { introspect_port: elsewhere.port }), load: call('/mcp-intro', (_, elsewhere) => token_of(elsewhere)) },
    W3: { start, load: call('/mcp-auth', token_of) },
    W4: { start, load: events },
    W5: { start, load: sessions },
    W6: { start, load: secret },
    W7: { start, load: login },
    W8: { start, load: introspect },
    W9: async () => {
      const [port] = await free_ports(1);
      return { kind: 'start', port, command: ['/usr/bin/env', `PORT=${port}`, program], bytes: [request_bytes('GET', '/json')] };
    },
  };
}
