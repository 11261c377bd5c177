// Several tollgates over one Redis, behind nginx that asks one after the other: one server.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { join } from 'node:path';

import { free_ports, scratch_folder, tollgate, until } from './tollgate.mjs';

const answers = (port) =>
  new Promise((done) => {
    const socket = createConnection({ port, host: '127.0.0.1' });
    socket.on('connect', () => {
      socket.destroy();
      done(true);
    });
    socket.on('error', () => done(false));
  });

async function ended(child) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  await new Promise((done) => child.on('exit', done));
}

// A redis-server of its own that keeps what it was told: { url, stop, start }. Whoever asked for it stops it.
export async function redis(t, folder = scratch_folder(t)) {
  const [port] = await free_ports(1);
  let child;
  const start = async () => {
    child = spawn(
      'redis-server',
      ['--port', `${port}`, '--bind', '127.0.0.1', '--dir', folder, '--appendonly', 'yes', '--appendfsync', 'always', '--save', ''],
      { stdio: 'ignore' },
    );
    await until(() => answers(port));
  };
  const stop = async () => {
    child.kill('SIGTERM');
    await ended(child);
  };
  await start();
  return { url: `redis://127.0.0.1:${port}/0`, start, stop };
}

const balanced = (name, front, ports) => `
upstream ${name} { ${ports.map((port) => `server 127.0.0.1:${port} max_fails=0;`).join(' ')} keepalive 16; }
server {
  listen 127.0.0.1:${front};
  location / {
    proxy_pass http://${name};
    proxy_http_version 1.1;
    proxy_set_header Host $http_host;
    proxy_set_header Connection "";
    proxy_buffering off;
    proxy_read_timeout 10m;
  }
}`;

// nginx with two ports, each in front of as many.
async function nginx(folder, fronts, backs) {
  mkdirSync(folder);
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${folder}/${name};`);
  writeFileSync(
    join(folder, 'nginx.conf'),
    `daemon off; pid ${folder}/pid; error_log ${folder}/log; worker_processes 1; events {}
http { access_log off; ${temporary.join(' ')}
${balanced('auth', fronts[0], backs.auth)}
${balanced('mcp', fronts[1], backs.mcp)}
}
`,
  );
  const child = spawn('nginx', ['-e', `${folder}/log`, '-c', `${folder}/nginx.conf`], { stdio: 'ignore' });
  await until(() => answers(fronts[0]));
  return async () => {
    child.kill('SIGTERM');
    await ended(child);
  };
}

export const control_token = 'a-token-of-the-control-plane';

// { issuer, mcp, control, instances, store }: public URLs that lead to any of the instances; control(path, body?, method?) with the token;
// instances: each what tollgate() gives, and again(), which starts it anew on its ports.
export async function instances(t, { count = 3, set = {} } = {}) {
  const folder = scratch_folder(t);
  const store = await redis(t);
  let list = [];
  let stop_nginx = async () => {};
  t.after(async () => {
    await stop_nginx();
    await Promise.all(list.map((instance) => instance.stop()));
    await store.stop();
  });
  const fronts = await free_ports(2);
  const ports = await free_ports(2 * count);
  const [issuer, mcp] = fronts.map((port) => `http://localhost:${port}`);
  const start = (i) =>
    tollgate(t, {
      folder,
      own_ports: false,
      set: {
        'authorization_server.listen': `127.0.0.1:${ports[2 * i]}`,
        'mcp.listen': `127.0.0.1:${ports[2 * i + 1]}`,
        'authorization_server.public_url': issuer,
        'mcp.public_url': mcp,
        'control.token': control_token,
        'store.backend': 'redis',
        'store.url': store.url,
        'store.key_file': join(folder, 'tollgate.key'),
        ...set,
      },
    });
  const all = await Promise.all(Array.from({ length: count }, (_, i) => start(i)));
  list = all.map((instance, i) => Object.assign(instance, { again: async () => (list[i] = Object.assign(await start(i), { again: instance.again })) }));
  stop_nginx = await nginx(join(folder, 'nginx'), fronts, {
    auth: ports.filter((_, i) => i % 2 === 0),
    mcp: ports.filter((_, i) => i % 2 === 1),
  });
  const control = async (path, body, method = body === undefined ? 'GET' : 'POST', base = issuer) => {
    const answer = await fetch(`${base}/control/${path}`, {
      method,
      headers: { authorization: `Bearer ${control_token}`, 'content-type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await answer.text();
    assert.ok(answer.ok, `${method} ${path} answered ${answer.status}: ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  };
  return { issuer, mcp: `${mcp}/mcp`, sse: `${mcp}/sse`, control, instances: list, store };
}
