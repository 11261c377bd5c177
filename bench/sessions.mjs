// Many open MCP sessions, each with its event stream: what an idle one costs, whether a call on each is
// answered, and whether anything is left when half of the clients vanish.
import { spawn } from 'node:child_process';
import { mkdtempSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { login } from '../test/clients/lib/oauth.mjs';
import { options_of } from '../test/clients/lib/options.mjs';
import { sleep } from '../test/clients/lib/tollgate.mjs';

const { values: options } = options_of('scripts/bench', {
  options: { sessions: { type: 'string', default: '2000' }, transport: { type: 'string', default: 'both' } },
});
const count = Number(options.sessions);
const folder = mkdtempSync(join(tmpdir(), 'tollgate-sessions-'));
const at_a_time = 50;
let child;

async function start_tollgate() {
  const log = openSync(join(folder, 'log'), 'w');
  const settings = ['authorization_server.listen=localhost:0', 'mcp.listen=localhost:0',
    'validation.strategy=local', 'server.log_level=warning'].flatMap((one) => ['--set', one]);
  child = spawn(process.env.TOLLGATE, ['serve', '--ready-json', ...settings], { cwd: folder, stdio: ['ignore', 'pipe', log] });
  const line = await new Promise((done, fail) => {
    createInterface({ input: child.stdout }).on('line', done);
    child.on('exit', (code) => fail(new Error(`tollgate left with ${code}: ${readFileSync(join(folder, 'log'))}`)));
  });
  return { ...JSON.parse(line), pid: child.pid };
}

const descriptors = (pid) => readdirSync(`/proc/${pid}/fd`).length;
const resident = (pid) => Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) * 1024;

async function open_now(server) {
  const text = await (await fetch(`${server.issuer}/metrics`)).text();
  return Number(/^tollgate_mcp_sessions(?:\{[^}]*\})? (\d+)/m.exec(text)[1]);
}

// Waits until `what` says yes; what a closed socket takes to be noticed is not ours to decide.
async function eventually(what, sentence) {
  for (let i = 0; i < 100; ++i) {
    if (await what()) return;
    await sleep(100);
  }
  throw new Error(sentence);
}

async function for_each(all, work) {
  for (let i = 0; i < all.length; i += at_a_time) await Promise.all(all.slice(i, i + at_a_time).map(work));
}

// A connection that stays open. `events`: the data of what has come.
function open_stream(url, headers) {
  return new Promise((done, fail) => {
    const asked = request(url, { headers: { ...headers, accept: 'text/event-stream' }, agent: false }, (answer) => {
      if (answer.statusCode !== 200) return fail(new Error(`GET ${url}: ${answer.statusCode}`));
      const stream = { socket: asked.socket, events: [] };
      let text = '';
      answer.setEncoding('utf8').on('data', (part) => {
        text += part;
        for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
          const event = text.slice(0, end);
          text = text.slice(end + 2);
          const data = event.split('\n').filter((one) => one.startsWith('data: ')).map((one) => one.slice(6)).join('\n');
          if (data) stream.events.push(data);
        }
      });
      answer.on('error', () => {});
      done(stream);
    });
    asked.on('error', fail);
    asked.end();
  });
}

const call_body = { jsonrpc: '2.0', id: 7, method: 'tools/call', params: { name: 'echo', arguments: { message: 'hello' } } };
const initialize = (version) => ({ jsonrpc: '2.0', id: 1, method: 'initialize',
  params: { protocolVersion: version, capabilities: {}, clientInfo: { name: 'bench', version: '1' } } });

function post(url, headers, body) {
  return fetch(url, { method: 'POST', body: JSON.stringify(body),
    headers: { ...headers, 'content-type': 'application/json', accept: 'application/json, text/event-stream' } });
}

const streamable = {
  title: 'Streamable HTTP, a GET stream each',
  async open(server, headers) {
    const answer = await post(server.mcp, headers, initialize('2025-11-25'));
    const own = { ...headers, 'mcp-session-id': answer.headers.get('mcp-session-id'), 'mcp-protocol-version': '2025-11-25' };
    await answer.text();
    await post(server.mcp, own, { jsonrpc: '2.0', method: 'notifications/initialized' });
    return { own, stream: await open_stream(server.mcp, own) };
  },
  async call(server, session) {
    const text = await (await post(server.mcp, session.own, call_body)).text();
    if (!text.includes('hello')) throw new Error(`a call was lost: ${text}`);
  },
  // Its session may be come back to, until it is ended or idle.
  left_after_a_cut: 1,
  async end(server, session) {
    const answer = await fetch(server.mcp, { method: 'DELETE', headers: session.own });
    if (answer.status !== 204) throw new Error(`DELETE: ${answer.status}`);
  },
};

const sse = {
  title: 'HTTP+SSE',
  async open(server, headers) {
    const stream = await open_stream(server.sse, headers);
    await eventually(() => stream.events.length > 0, 'no endpoint event came');
    const where = new URL(stream.events.shift(), server.sse).href;
    await post(where, headers, initialize('2024-11-05'));
    return { own: headers, stream, where };
  },
  async call(server, session) {
    await post(session.where, session.own, call_body);
    await eventually(() => session.stream.events.some((one) => one.includes('hello')), 'a call was lost');
  },
  left_after_a_cut: 0,
  async end(server, session) {
    session.stream.socket.destroy();
  },
};

async function measure(server, how) {
  const { access_token } = await login(server.issuer);
  const headers = { authorization: `Bearer ${access_token}` };
  await sleep(200);
  const before = { memory: resident(server.pid), files: descriptors(server.pid), sessions: await open_now(server) };
  const all = Array.from({ length: count }, () => ({}));
  await for_each(all, async (one) => Object.assign(one, await how.open(server, headers)));
  await sleep(500);
  const each = (resident(server.pid) - before.memory) / count;
  console.log(`${how.title}: ${count} open sessions, ${(each / 1024).toFixed(1)} KiB each`);
  await for_each(all, (one) => how.call(server, one));
  console.log(`${how.title}: a call on each was answered`);
  const [cut, kept] = [all.slice(0, count / 2), all.slice(count / 2)];
  for (const one of cut) one.stream.socket.resetAndDestroy();
  const sessions = before.sessions + kept.length + cut.length * how.left_after_a_cut;
  await eventually(() => descriptors(server.pid) < before.files + kept.length + 100, 'descriptors of cut connections stay');
  await eventually(async () => (await open_now(server)) === sessions, 'sessions of cut connections stay');
  await for_each(kept, (one) => how.call(server, one));
  await for_each(how.left_after_a_cut ? all : kept, (one) => how.end(server, one));
  for (const one of kept) one.stream.socket.destroy();
  await eventually(async () => (await open_now(server)) === before.sessions, 'sessions stay');
  // What fetch keeps open of its own is neither of a session nor of a stream.
  await eventually(() => descriptors(server.pid) <= before.files + at_a_time + 10, 'descriptors stay');
  console.log(`${how.title}: half were cut off, the others went on; no session and no stream is left`);
}

// One process for each: what the one before has freed would make the next look cheap.
async function stop_tollgate() {
  child.removeAllListeners('exit');
  const over = new Promise((done) => child.on('exit', done));
  child.kill('SIGTERM');
  await over;
}

const transports = { sse: [sse], streamable: [streamable], both: [streamable, sse] };
try {
  for (const how of transports[options.transport]) {
    await measure(await start_tollgate(), how);
    await stop_tollgate();
  }
} finally {
  child?.removeAllListeners('exit');
  child?.kill('SIGTERM');
  rmSync(folder, { recursive: true, force: true });
}
process.exit();
