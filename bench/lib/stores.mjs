// tollgate over each store, and as several instances over one, for bench/store.mjs.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

import { by_realm, control_token, instances } from '../../test/clients/lib/instances.mjs';
import { redis } from '../../test/clients/lib/redis.mjs';
import { tollgate } from '../../test/clients/lib/tollgate.mjs';
import { call_bytes, everything, of_each, requests, token_of } from './contenders.mjs';
import { folder } from './measure.mjs';

const ends = [];
const t = { after: (work) => ends.unshift(work) };
export async function end_all() {
  for (const work of ends.splice(0)) await work();
}

// Redis, nginx and whoever measures run on the core of the load; processes that are started take it from this one.
export const leave_core_0 = () => spawnSync('taskset', ['-acp', '1', String(process.pid)]);
const on_cores = (which) => ['taskset', '-c', which];

const port_of = (url) => Number(new URL(url).port);
const settings = { ...everything, 'validation.strategy': 'local' };
const loopback = { 'authorization_server.listen': '127.0.0.1:0', 'mcp.listen': '127.0.0.1:0' };

async function own_redis() {
  const server = await redis(t);
  t.after(server.stop);
  return server.url;
}

let made = 0;
const file = (ending) => join(folder, `${++made}.${ending}`);
export const stores = {
  memory: async () => ({}),
  sqlite: async () => ({ 'store.backend': 'sqlite', 'store.path': file('db'), 'store.synchronous': 'normal' }),
  redis: async () => ({ 'store.backend': 'redis', 'store.url': await own_redis(), 'store.key_file': file('key'), 'store.timeout': '20s' }),
};

// { port, mcp_port, pids } of one process over that store.
export async function over(store, { cores = '0', ...more } = {}) {
  const set = { ...settings, ...loopback, ...(await stores[store]()), ...more };
  const { issuer, mcp, pid } = await tollgate(t, { own_ports: false, inside: on_cores(cores), set });
  return { port: port_of(issuer), mcp_port: port_of(mcp), pids: [pid] };
}

// Likewise of so many instances behind nginx as docs/stores.md has it, and the bases of so many realms.
export async function behind_nginx(count, realms) {
  const server = await instances(t, { count, balance: by_realm, inside: on_cores('0'), set: { ...settings, 'store.timeout': '20s' } });
  const bases = [];
  for (let i = 0; i < realms; ++i) {
    const { issuer } = await server.control('realms', { name: `realm-${i}` });
    bases.push(new URL(issuer).pathname);
  }
  const passed_on = async () => {
    const texts = await Promise.all(server.instances.map(async ({ at }) => (await fetch(`${at}/metrics`, { headers: { authorization: `Bearer ${control_token}` } })).text()));
    return texts.reduce((sum, text) => sum + Number(/^tollgate_requests_passed_on_total (\d+)/m.exec(text)?.[1] ?? 0), 0);
  };
  return { port: port_of(server.issuer), mcp_port: port_of(server.mcp), pids: server.instances.map(({ pid }) => pid), bases, passed_on };
}

// What is sent: a tool call, each connection with a token of its own that the store knows, the realms one after the other; or
// refreshes with rotation.
export const loads = {
  call: async (server, connections) => {
    const { bases = [''] } = server;
    let next = 0;
    const bytes = await of_each(connections, async () => {
      const base = bases[next++ % bases.length];
      return call_bytes(server, `${base}/mcp`, 'message', await token_of(server, base));
    });
    return { kind: 'request', port: server.mcp_port, bytes };
  },
  refresh: (server) => requests('message').refresh(server),
};
