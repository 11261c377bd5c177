// tollgate against nginx, in turns: A B C A B C … The server has one core, wrk another. Says how many
// requests each answers, and what one costs in CPU time of the server (user + system, from /proc):
// the figure that a noisy machine disturbs least. tollgate runs twice: as it is shipped (log level
// info: a line per request, into a file), and without those lines, like nginx here.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { options_of } from '../test/clients/lib/options.mjs';
import { free_ports, sleep } from '../test/clients/lib/tollgate.mjs';
import { measure, open_session, write_wrk_script } from './lib/call.mjs';
import { folder, median, run, start, start_tollgate } from './lib/measure.mjs';

const { values: options } = options_of('scripts/bench', {
  options: {
    rounds: { type: 'string', default: '4' },
    seconds: { type: 'string', default: '5' },
    connections: { type: 'string', default: '32' },
    check: { type: 'boolean', default: false },
  },
});
const required_ratio = 0.33;

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
  for (const one of all) await measure(one, { ...options, seconds: 1 });
  for (const one of all) one.turns = [];
  for (let round = 1; round <= Number(options.rounds); ++round) {
    for (const one of all) one.turns.push(await measure(one, options));
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
