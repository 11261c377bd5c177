// MCP Inspector as people have it: its own processes on free ports, and its window in Chromium.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';

import { free_ports, scratch_folder, until } from './tollgate.mjs';

const packages = join(import.meta.dirname, '../node_modules/@modelcontextprotocol');

// A process of the Inspector with a home of its own. It is killed after the test.
function start(t, args, env) {
  const home = scratch_folder(t);
  const PATH = `${dirname(process.execPath)}:${process.env.PATH}`;
  const child = spawn(process.execPath, args, {
    cwd: home,
    env: { ...process.env, HOME: home, PATH, MCP_AUTO_OPEN_ENABLED: 'false', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let log = '';
  for (const pipe of [child.stdout, child.stderr]) pipe.setEncoding('utf8').on('data', (text) => (log += text));
  const exited = new Promise((done) => child.on('exit', done));
  t.after(async () => {
    child.kill('SIGKILL');
    await exited;
  });
  return { log: () => log };
}

const answers = (url) => until(() => fetch(url).then((answer) => answer.ok, () => false));

// 1.x: a proxy and a page. The URL of the window, told where to connect.
export async function inspector_1(t, parameters) {
  const [CLIENT_PORT, SERVER_PORT] = (await free_ports(2)).map(String);
  const ports = { CLIENT_PORT, SERVER_PORT, MCP_PROXY_AUTH_TOKEN: 'of-this-test' };
  start(t, [join(packages, 'inspector-1/server/build/index.js')], ports);
  start(t, [join(packages, 'inspector-1/client/bin/client.js')], ports);
  const proxy = `http://localhost:${SERVER_PORT}`;
  const page = `http://localhost:${CLIENT_PORT}/`;
  await answers(`${proxy}/health`);
  await answers(page);
  const query = { MCP_PROXY_FULL_ADDRESS: proxy, MCP_PROXY_AUTH_TOKEN: 'of-this-test', ...parameters };
  return `${page}?${new URLSearchParams(query)}`;
}

// 2.x: one process. The URL of the window.
export async function inspector_2(t, args) {
  const [CLIENT_PORT] = (await free_ports(1)).map(String);
  const launcher = join(packages, 'inspector/clients/launcher/build/index.js');
  const { log } = start(t, [launcher, '--web', ...args], { CLIENT_PORT, MCP_SANDBOX_PORT: '0' });
  return until(() => new RegExp(`http://\\S+:${CLIENT_PORT}\\S*`).exec(log())?.[0]);
}
