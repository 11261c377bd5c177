// What the benchmarks share: servers on core 0, wrk on core 1, and what a request costs a server.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

// Where the servers run and write; it goes with the process.
export const folder = mkdtempSync(join(tmpdir(), 'tollgate-bench-'));
const children = [];
const on_core = (core, command) => (availableParallelism() > 1 ? ['taskset', '-c', String(core), ...command] : command);

// A server on its core, ended with this process.
export function start(command, stdio, env = process.env) {
  const [file, ...args] = on_core(0, command);
  const child = spawn(file, args, { cwd: folder, stdio, env });
  children.push(child);
  return child;
}

const clean_up = () => {
  for (const child of children) child.kill('SIGTERM');
  rmSync(folder, { recursive: true, force: true });
};
process.on('SIGINT', () => process.exit(130));
process.on('exit', clean_up);

// The object that a server prints, as one line of JSON, when it listens.
export function ready_line(child, log_file) {
  return new Promise((done, fail) => {
    createInterface({ input: child.stdout }).once('line', (line) => done(JSON.parse(line)));
    child.on('exit', (code) => fail(new Error(`the server left with ${code}: ${readFileSync(log_file)}`)));
  });
}

// tollgate with one worker on free ports: { child, issuer, mcp, … }. `settings`: { key: value }.
export async function start_tollgate(settings) {
  const log_file = join(folder, `tollgate.${children.length}.log`);
  const all = {
    'authorization_server.listen': 'localhost:0',
    'mcp.listen': 'localhost:0',
    'server.workers': 1,
    ...settings,
  };
  const set = Object.entries(all).flatMap(([key, value]) => ['--set', `${key}=${value}`]);
  const command = [process.env.TOLLGATE, 'serve', '--ready-json', ...set];
  const child = start(command, ['ignore', 'pipe', openSync(log_file, 'w')]);
  return { child, ...(await ready_line(child, log_file)) };
}

// Fields 14 and 15 of /proc/PID/stat, of the process and its children, in microseconds.
const ticks_a_second = Number(spawnSync('getconf', ['CLK_TCK']).stdout.toString()) || 100;
export function cpu_microseconds(pid) {
  let ticks = 0;
  for (const entry of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    let stat;
    try {
      stat = readFileSync(`/proc/${entry}/stat`, 'utf8');
    } catch {
      continue; // it ended meanwhile
    }
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (Number(entry) === pid || Number(fields[1]) === pid) ticks += Number(fields[11]) + Number(fields[12]);
  }
  return (ticks / ticks_a_second) * 1e6;
}

// A script for wrk; its text may hold tokens.
export function wrk_script(name, text) {
  const script = join(folder, `${name}.lua`);
  writeFileSync(script, text, { mode: 0o600 });
  return script;
}

// What wrk prints.
export async function wrk({ url, script, connections, seconds }) {
  const [file, ...args] = on_core(1, ['wrk', '-t1', `-c${connections}`, `-d${seconds}s`, '-s', script, url]);
  const output = await new Promise((done, fail) => {
    const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    let text = '';
    child.stdout.on('data', (part) => (text += part));
    child.on('error', fail);
    child.on('close', () => done(text));
  });
  if (/Socket errors/.test(output)) throw new Error(`${url}: not every answer was a good one:\n${output}`);
  return output;
}

// What the load of our own (bench/load) says of one order, on the other core; or wherever there is room.
export function run_load(order, { core = 1 } = {}) {
  const [file, ...args] = on_core(core, [process.env.BENCH_LOAD, JSON.stringify(order)]);
  return new Promise((done, fail) => {
    const child = spawn(file, args, { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] });
    let said = '';
    child.stdout.on('data', (part) => (said += part));
    child.on('error', fail);
    child.on('close', (code) => (code === 0 ? done(JSON.parse(said)) : fail(new Error(`the load ended with ${code}`))));
  });
}

// Bytes of memory that a process has of its own and shares.
export function resident_bytes(pid) {
  return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) * 1024;
}

export const median = (numbers) => {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};

// Runs main; servers that end with this process are no failure then.
export async function run(main) {
  try {
    await main();
  } finally {
    for (const child of children) child.removeAllListeners('exit');
  }
  process.exit();
}
