// The built program as a process, and what a test needs around it.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
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

// One process: what --ready-json says, plus log(), stop() and kill().
export async function serve(t, { set = {}, config, env = {}, folder = scratch_folder(t), inside = [] }) {
  const args = ['serve', '--ready-json'];
  if (config) args.push('--config', config);
  for (const [key, value] of Object.entries(set)) args.push('--set', `${key}=${toml(value)}`);
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

// Runs a program to its end: { code, stdout, stderr }.
export function run(file, args, options = {}) {
  return new Promise((done) => {
    execFile(file, args, { timeout: 60_000, env: quiet_environment, ...options }, (error, stdout, stderr) => {
      done({ code: error ? (error.code ?? error.signal) : 0, stdout, stderr });
    });
  });
}

const first_port = 12_000;
const ports_of_block = 400;
const blocks = 50;

const listens = (server, port) =>
  new Promise((done) => server.once('listening', () => done(true)).once('error', () => done(false)).listen(port, '127.0.0.1'));

// The first port of a block that is this process's alone: it listens there for as long as it runs, by which the others see it.
async function own_block() {
  const begin = randomInt(blocks);
  for (let i = 0; i < blocks; ++i) {
    const port = first_port + ((begin + i) % blocks) * ports_of_block;
    if (await listens(createServer().unref(), port)) return port;
  }
  throw new Error('every block of ports is taken');
}

let block;
let last_given = 0;

// So many ports that were free a moment ago, for tests of what names ports. They are below those that the system gives to whoever
// wants any (ip_local_port_range of Linux), and of a block that no other process of tests takes from, so that nobody is given one
// between here and the moment when its server listens. One that was given comes round again last of all.
export async function free_ports(count) {
  block ??= own_block();
  const base = await block;
  const servers = [];
  for (let tries = 0; servers.length < count; ++tries) {
    assert.ok(tries < ports_of_block, `${count} ports are free nowhere in the block from ${base}`);
    last_given = (last_given % (ports_of_block - 1)) + 1;
    const server = createServer();
    if (await listens(server, base + last_given)) servers.push(server);
  }
  const ports = servers.map((server) => server.address().port);
  await Promise.all(servers.map((server) => new Promise((done) => server.close(done))));
  return ports;
}

export const sleep = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

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
