// Starts the built program for a test and stops it again.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';

export const top = resolve(import.meta.dirname, '../../..');
export const binary = process.env.TOLLGATE ?? join(top, 'build/release/tollgate');

// The environment without whatever could configure the program behind the test's back.
export const quiet_environment = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^(TOLLGATE|OAUTH|MCP|TLS|TOKEN|SEED|SCOPES)/.test(name)),
);

const toml = (value) => (typeof value === 'string' ? value : JSON.stringify(value));

// A folder that disappears with the test: nothing of the tree's config.toml or certs/ is picked up.
export function scratch_folder(t) {
  const folder = mkdtempSync(join(tmpdir(), 'tollgate-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

// tollgate(t, { set: { 'tokens.access_ttl': '5s' }, config, env, folder }) → what --ready-json says,
// plus log(), stop() and kill(), which ends it as a crash does. It is stopped after the test, and must then leave with 0. `inside`: a command
// that ends with becoming the one behind it.
export async function tollgate(t, { set = {}, config, env = {}, own_ports = true, folder = scratch_folder(t), inside = [] } = {}) {
  const settings = own_ports
    ? { 'authorization_server.listen': 'localhost:0', 'mcp.listen': 'localhost:0', ...set }
    : set;
  const args = ['serve', '--ready-json'];
  if (config) args.push('--config', config);
  for (const [key, value] of Object.entries(settings)) args.push('--set', `${key}=${toml(value)}`);
  const [command, ...rest] = [...inside, binary, ...args];
  const child = spawn(command, rest, {
    cwd: folder,
    env: { ...quiet_environment, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text) => (log += text));
  const exited = new Promise((done) => child.on('exit', (code, signal) => done({ code, signal })));
  const lines = [];
  const ready = new Promise((done) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      lines.push(line);
      done(line);
    });
  });
  const first = await Promise.race([ready, exited]);
  if (typeof first !== 'string') {
    throw new Error(`tollgate did not start (${JSON.stringify(first)}):\n${log}`);
  }
  let killed = false;
  const kill = async () => {
    killed = true;
    child.kill('SIGKILL');
    await exited;
  };
  const stop = async () => {
    if (killed) return;
    child.kill('SIGTERM');
    const end = await exited;
    assert.deepEqual(end, { code: 0, signal: null }, `tollgate did not leave politely:\n${log}`);
    assert.equal(lines.length, 1, 'only the ready line may go to stdout');
  };
  t.after(stop);
  return { ...JSON.parse(first), log: () => log, stop, kill };
}

// A call of the control plane at one of the two servers.
export async function control(base, call, body) {
  const url = `${new URL(base).origin}/control/${call}`;
  const answer = await fetch(url, {
    method: body === undefined && call === 'state' ? 'GET' : 'POST',
    headers: { 'content-type': 'application/json' },
    body: call === 'state' ? undefined : JSON.stringify(body ?? {}),
  });
  const text = await answer.text();
  assert.ok(answer.ok, `${url} answered ${answer.status}: ${text}`);
  return text === '' ? undefined : JSON.parse(text);
}

// A number of the server's own.
export async function metric(server, name) {
  const answer = await fetch(`${new URL(server.mcp).origin}/metrics`);
  const text = await answer.text();
  return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)[1]);
}

// Runs a program to its end: { code, stdout, stderr }.
export function run(file, args, options = {}) {
  return new Promise((done) => {
    execFile(file, args, { timeout: 60_000, env: quiet_environment, ...options }, (error, stdout, stderr) => {
      done({ code: error ? (error.code ?? error.signal) : 0, stdout, stderr });
    });
  });
}

// Two ports that were free a moment ago, for tests of what names ports.
export async function free_ports(count) {
  const servers = Array.from({ length: count }, () => createServer());
  const ports = [];
  for (const server of servers) {
    await new Promise((done) => server.listen(0, '127.0.0.1', done));
    ports.push(server.address().port);
  }
  await Promise.all(servers.map((server) => new Promise((done) => server.close(done))));
  return ports;
}

export const sleep = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

// Returns when whatever had so many seconds to live before the call is over: real time is what is meant.
export const outlive = (seconds) => sleep(seconds * 1000 + 50);

// Returns when that access token is dead.
export const until_dead = (server, token) =>
  until(async () => {
    const answer = await fetch(`${server.issuer}/anything`, { headers: { authorization: `Bearer ${token}` } });
    return answer.status === 401;
  });

// Waits until it is so, however slow the machine is; fails after a minute.
export async function until(it_is_so) {
  const began = Date.now();
  for (;;) {
    const so = await it_is_so();
    if (so) return so;
    assert.ok(Date.now() - began < 60_000, `in vain: ${it_is_so}`);
    await sleep(20);
  }
}
