// Several tollgates over one Redis, behind nginx: one server.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { free_ports, scratch_folder, serve, top, until } from './process.mjs';
import { answers, ended, redis } from './redis.mjs';
import { fill, redis_settings } from './templates.mjs';

// `backs`: the ports behind each upstream, { auth: [1, 2, 3], … }. Asks one instance after the other.
const in_turns = (backs) =>
  Object.entries(backs)
    .map(([name, ports]) => `upstream ${name} { ${ports.map((port) => `server 127.0.0.1:${port} max_fails=0;`).join(' ')} keepalive 16; }`)
    .join('\n');

// What docs/stores.md recommends, of as many instances as there are: all requests of a realm come to the same one.
export function by_realm(backs) {
  const page = readFileSync(join(top, 'docs/stores.md'), 'utf8');
  const block = /```nginx\n(.*?hash \$realm.*?)```/s.exec(page)[1];
  return block.replace(/^(upstream (\w+) *\{ hash \$realm; )(?:server [\d.:]+; )+/gm, (_, begin, name) => begin + backs[name].map((port) => `server 127.0.0.1:${port}; `).join(''));
}

const balanced = (front, name) => `server { listen 127.0.0.1:${front}; location / { proxy_pass http://${name}; } }`;

// `fronts`: for each port of the proxy, those behind it. `token`: for a call of the control plane that brings none. `balance`: how nginx
// knows whom to ask.
function configuration(folder, fronts, token, balance) {
  const names = Object.keys(fronts).map((front, i) => [front, ['auth', 'mcp'][i]]);
  const backs = Object.fromEntries(names.map(([front, name]) => [name, fronts[front]]));
  return `
daemon off; pid ${folder}/pid; error_log ${folder}/log; worker_processes 1; events { worker_connections 8192; }
http {
  access_log off;
  keepalive_requests 1000000000;
  ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${folder}/${name};`).join(' ')}
  map $uri $instead { default ""; "~^(/[rs]/.+)?/(control|results)(/|$)" "${token && `Bearer ${token}`}"; }
  map $http_authorization $authorization { default $http_authorization; "" $instead; }
  large_client_header_buffers 8 128k;
  client_max_body_size 0;
  proxy_http_version 1.1;
  proxy_set_header Host $http_host;
  proxy_set_header Connection "";
  proxy_set_header Authorization $authorization;
  proxy_request_buffering off;
  proxy_buffering off;
  proxy_buffer_size 128k;
  proxy_buffers 4 128k;
  proxy_busy_buffers_size 128k;
  proxy_read_timeout 10m;
  ${balance(backs)}
  ${names.map(([front, name]) => balanced(front, name)).join('\n  ')}
}
`;
}

async function nginx(folder, fronts, token, balance) {
  mkdirSync(folder);
  writeFileSync(join(folder, 'nginx.conf'), configuration(folder, fronts, token, balance));
  const child = spawn('nginx', ['-e', `${folder}/log`, '-c', `${folder}/nginx.conf`], { stdio: 'ignore' });
  await until(() => {
    assert.equal(child.exitCode, null, 'nginx ended');
    return answers(Object.keys(fronts)[0]);
  });
  return async () => {
    child.kill('SIGTERM');
    await ended(child);
  };
}

export const control_token = 'a-token-of-the-control-plane';
const roles = ['authorization_server', 'mcp'];

// Where the proxy listens for each role, as `set` has it or anywhere, and the ports behind each of its own:
// { ports: { mcp: 1, … }, fronts: { 1: [2, 3, 4], … } }.
async function addresses(set, count) {
  const fronts = {};
  const ports = {};
  for (const role of roles) {
    const [free] = await free_ports(1);
    const port = Number(/:(\d+)$/.exec(set[`${role}.listen`])?.[1]) || free;
    fronts[port] ??= await free_ports(count);
    ports[role] = port;
  }
  return { fronts, ports };
}

// What one of them is told besides `set`.
function told(i, { fronts, ports }, shared) {
  const own = roles.map((role) => [`${role}.listen`, `127.0.0.1:${fronts[ports[role]][i]}`]);
  const seen = roles.map((role) => [`${role}.public_url`, `http://localhost:${ports[role]}`]);
  return { ...Object.fromEntries(seen), ...shared, ...Object.fromEntries(own) };
}

// A call of the control plane, with the token.
const controls = (issuer) => async (path, body, method = body === undefined ? 'GET' : 'POST', base = issuer) => {
  const answer = await fetch(`${base}/control/${path}`, {
    method,
    headers: { authorization: `Bearer ${control_token}`, 'content-type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await answer.text();
  assert.ok(answer.ok, `${method} ${path} answered ${answer.status}: ${text}`);
  return text === '' ? undefined : JSON.parse(text);
};

// What one of them says that it is, with public URLs that lead to any of them; log() of all, stop() and kill() of all, and besides:
// control(path, body?, method?) with the token; instances: each what serve() gives, its address `at`, and again(), which starts it anew on its ports;
// store: the Redis. `balance`: how nginx knows whom to ask. The proxy gives the token to whoever calls the control plane without one, unless the test has a token of its own.
export async function instances(t, { count = 3, set = {}, balance = in_turns, ...options } = {}) {
  const folder = fill(scratch_folder(t));
  const at = await addresses(set, count);
  const store = await redis(t, folder);
  let list = [];
  let stop_nginx = async () => {};
  const all = (deed) => Promise.all(list.map((instance) => instance[deed]()));
  const stop = async () => {
    await all('stop'); // through the proxy, so that streams end as they do at one server
    await stop_nginx();
    await store.stop();
  };
  t.after(stop);
  // The page is there by itself where no URL is public.
  const shared = { 'control.token': control_token, 'mcp.test_page': 'on', ...redis_settings(folder, store), ...set };
  const start = async (i) => {
    const mine = told(i, at, shared);
    return { ...(await serve(t, { folder, ...options, set: mine })), at: `http://${mine['mcp.listen']}` };
  };
  const begun = await Promise.all(Array.from({ length: count }, (_, i) => start(i)));
  list = begun.map((one, i) => Object.assign(one, { again: async () => (list[i] = Object.assign(await start(i), { again: one.again })) }));
  stop_nginx = await nginx(join(folder, 'nginx'), at.fronts, 'control.token' in set ? '' : control_token, balance);
  const { issuer, mcp, sse, control: control_urls, pid } = list[0];
  const bound = Object.fromEntries(roles.map((role) => [role, `http://localhost:${at.ports[role]}`]));
  return { issuer, mcp, sse, bound, control_urls, pid, control: controls(issuer), instances: list, store, log: () => list.map((one) => one.log()).join(''), stop, kill: () => all('kill') };
}
