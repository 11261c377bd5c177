// tollgate against nginx, in turns: A B C A B C … The server has one core, wrk another. Says how many
// requests each answers, and what one costs in CPU time of the server (user + system, from /proc):
// the figure that a noisy machine disturbs least. tollgate runs twice: as it is shipped (log level
// info: a line per request, into a file), and without those lines, like nginx here.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';

import { free_ports, sleep } from '../test/clients/lib/tollgate.mjs';
import { login } from '../test/clients/lib/oauth.mjs';

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '4' },
    seconds: { type: 'string', default: '5' },
    connections: { type: 'string', default: '32' },
    check: { type: 'boolean', default: false },
  },
});
const required_ratio = 0.33;
const folder = mkdtempSync(join(tmpdir(), 'tollgate-bench-'));
const children = [];
const on_core = (core, command) => (availableParallelism() > 1 ? ['taskset', '-c', String(core), ...command] : command);

function start(command, stdio) {
  const [file, ...args] = on_core(0, command);
  const child = spawn(file, args, { cwd: folder, stdio });
  children.push(child);
  return child;
}

async function start_tollgate(log_level) {
  const log_file = join(folder, `tollgate.${log_level}.log`);
  const log = openSync(log_file, 'w');
  const settings = [
    'authorization_server.listen=localhost:0',
    'mcp.listen=localhost:0',
    'server.workers=1',
    'validation.strategy=local',
    `server.log_level=${log_level}`,
  ].flatMap((setting) => ['--set', setting]);
  const child = start([process.env.TOLLGATE, 'serve', '--ready-json', ...settings], ['ignore', 'pipe', log]);
  const ready = await new Promise((done, fail) => {
    createInterface({ input: child.stdout }).on('line', done);
    child.on('exit', (code) => fail(new Error(`tollgate left with ${code}: ${readFileSync(log_file)}`)));
  });
  return { child, ...JSON.parse(ready) };
}

// The session, the headers and the body of the call that is measured, and what it answers.
async function open_session(server) {
  const { access_token } = await login(server.issuer);
  const headers = {
    authorization: `Bearer ${access_token}`,
    accept: 'application/json, text/event-stream',
    'content-type': 'application/json',
    'mcp-protocol-version': '2025-11-25',
  };
  const post = (body) => fetch(server.mcp, { method: 'POST', headers, body: JSON.stringify({ jsonrpc: '2.0', ...body }) });
  const clientInfo = { name: 'bench', version: '1' };
  const opened = await post({ id: 0, method: 'initialize', params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo } });
  headers['mcp-session-id'] = opened.headers.get('mcp-session-id');
  await post({ method: 'notifications/initialized' });
  const body = { id: 1, method: 'tools/call', params: { name: 'echo', arguments: { message: 'hello' } } };
  const answer = await post(body);
  const text = await answer.text();
  if (answer.status !== 200 || !text.includes('hello')) throw new Error(`tools/call: ${answer.status} ${text}`);
  return { headers, body: JSON.stringify({ jsonrpc: '2.0', ...body }), answer: text, type: answer.headers.get('content-type') };
}

async function start_nginx(call) {
  const [port] = await free_ports(1);
  const quoted = `'${call.answer.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('$', '')}'`;
  writeFileSync(join(folder, 'nginx.conf'), `
worker_processes 1; daemon off; pid ${folder}/nginx.pid; error_log ${folder}/nginx.log warn;
events { worker_connections 1024; }
http {
  access_log off; keepalive_requests 1000000000; default_type '${call.type}';
  client_body_temp_path ${folder}/b; proxy_temp_path ${folder}/p; fastcgi_temp_path ${folder}/f;
  uwsgi_temp_path ${folder}/u; scgi_temp_path ${folder}/s;
  server { listen 127.0.0.1:${port}; location / { return 200 ${quoted}; } }
}`);
  const nginx = process.env.PATH.split(':').concat('/usr/sbin').map((dir) => join(dir, 'nginx'))
    .find((file) => spawnSync('test', ['-x', file]).status === 0);
  const child = start([nginx, '-p', folder, '-e', join(folder, 'nginx.log'), '-c', join(folder, 'nginx.conf')], 'ignore');
  const url = `http://127.0.0.1:${port}/mcp`;
  for (let i = 0; i < 50; ++i) {
    const answer = await fetch(url, { method: 'POST', body: call.body }).catch(() => undefined);
    if (answer?.status === 200) return { child, url };
    await sleep(100);
  }
  throw new Error(`nginx does not answer: ${readFileSync(join(folder, 'nginx.log'))}`);
}

// Fields 14 and 15 of /proc/PID/stat, of the process and its children, in microseconds.
const ticks_a_second = Number(spawnSync('getconf', ['CLK_TCK']).stdout.toString()) || 100;
function cpu_microseconds(pid) {
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

function write_wrk_script(name, call) {
  const lines = Object.entries(call.headers).map(([key, value]) => `wrk.headers[${JSON.stringify(key)}] = ${JSON.stringify(value)}`);
  const script = join(folder, `${name}.lua`);
  writeFileSync(script, `wrk.method = "POST"\nwrk.body = ${JSON.stringify(call.body)}\n${lines.join('\n')}\n`, { mode: 0o600 });
  return script;
}

async function measure({ url, pid, script }, seconds) {
  const before = cpu_microseconds(pid);
  const [file, ...args] = on_core(1, ['wrk', '-t1', `-c${options.connections}`, `-d${seconds}s`, '-s', script, url]);
  const output = await new Promise((done, fail) => {
    const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    let text = '';
    child.stdout.on('data', (part) => (text += part));
    child.on('error', fail);
    child.on('close', () => done(text));
  });
  const cpu = cpu_microseconds(pid) - before;
  if (/Non-2xx|Socket errors/.test(output)) throw new Error(`${url}: not every answer was a good one:\n${output}`);
  const requests = Number(/(\d+) requests in/.exec(output)[1]);
  const rate = Number(/Requests\/sec:\s+([\d.]+)/.exec(output)[1]);
  return { rate, cost: cpu / requests };
}

const median = (numbers) => {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};

async function contenders() {
  const all = [];
  let call;
  for (const [name, log_level] of [['tollgate', 'info'], ['tollgate, no log', 'warning']]) {
    const server = await start_tollgate(log_level);
    call = await open_session(server);
    const url = server.mcp.replace('localhost', '127.0.0.1');
    all.push({ name, url, pid: server.child.pid, script: write_wrk_script(log_level, call) });
  }
  const nginx = await start_nginx(call);
  all.push({ name: 'nginx', url: nginx.url, pid: nginx.child.pid, script: all.at(-1).script });
  console.log(`tools/call echo, strategy local, one worker on core 0, wrk on core 1, ${options.connections} connections, ${options.seconds} s a turn, ${call.answer.length} bytes of body`);
  return all;
}

const shown = ({ rate, cost }) => `${rate.toFixed(0)}/s ${cost.toFixed(1)} µs`;

async function main() {
  const all = await contenders();
  for (const one of all) await measure(one, 1);
  for (const one of all) one.turns = [];
  for (let round = 1; round <= Number(options.rounds); ++round) {
    for (const one of all) one.turns.push(await measure(one, options.seconds));
    console.log(`round ${round}: ${all.map((one) => `${one.name} ${shown(one.turns.at(-1))}`).join('; ')}`);
  }
  const nginx = all.pop();
  const of = (one, what) => median(one.turns.map((turn) => turn[what]));
  for (const one of all) {
    one.ratio = of(one, 'rate') / of(nginx, 'rate');
    const cpu_ratio = of(nginx, 'cost') / of(one, 'cost');
    console.log(`${one.name}: ${of(one, 'rate').toFixed(0)} requests a second, nginx ${of(nginx, 'rate').toFixed(0)}, ratio ${one.ratio.toFixed(3)}`);
    console.log(`${one.name}: ${of(one, 'cost').toFixed(1)} CPU µs per request, nginx ${of(nginx, 'cost').toFixed(1)}, ratio ${cpu_ratio.toFixed(3)}`);
  }
  if (options.check && all[0].ratio < required_ratio) {
    console.log(`below the ${required_ratio} that is asked for`);
    process.exitCode = 1;
  }
}

const clean_up = () => {
  for (const child of children) child.kill('SIGTERM');
  rmSync(folder, { recursive: true, force: true });
};
process.on('SIGINT', () => process.exit(130));
process.on('exit', clean_up);
try {
  await main();
} finally {
  for (const child of children) child.removeAllListeners('exit');
}
process.exit();
