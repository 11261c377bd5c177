// tollgate against nginx, in turns: A B C A B C … The server has one core, wrk another. Says how many
// requests each answers, and what one costs in CPU time of the server (user + system, from /proc):
// the figure that a noisy machine disturbs least. tollgate runs twice: as it is shipped (log level
// info: a line per request, into a file), and without those lines, like nginx here.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { free_ports, sleep } from '../test/clients/lib/tollgate.mjs';
import { login } from '../test/clients/lib/oauth.mjs';
import { cpu_microseconds, folder, median, run, start, start_tollgate, wrk, wrk_script } from './lib/measure.mjs';

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '4' },
    seconds: { type: 'string', default: '5' },
    connections: { type: 'string', default: '32' },
    check: { type: 'boolean', default: false },
  },
});
const required_ratio = 0.33;

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

function write_wrk_script(name, call) {
  const lines = Object.entries(call.headers).map(([key, value]) => `wrk.headers[${JSON.stringify(key)}] = ${JSON.stringify(value)}`);
  return wrk_script(name, `wrk.method = "POST"\nwrk.body = ${JSON.stringify(call.body)}\n${lines.join('\n')}\n`);
}

async function measure({ url, pid, script }, seconds) {
  const before = cpu_microseconds(pid);
  const output = await wrk({ url, script, connections: options.connections, seconds });
  const cpu = cpu_microseconds(pid) - before;
  if (/Non-2xx/.test(output)) throw new Error(`${url}: not every answer was a good one:\n${output}`);
  const requests = Number(/(\d+) requests in/.exec(output)[1]);
  const rate = Number(/Requests\/sec:\s+([\d.]+)/.exec(output)[1]);
  return { rate, cost: cpu / requests };
}

async function contenders() {
  const all = [];
  let call;
  for (const [name, log_level] of [['tollgate', 'info'], ['tollgate, no log', 'warning']]) {
    const server = await start_tollgate({ 'validation.strategy': 'local', 'server.log_level': log_level });
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

await run(main);
