// Starts the server of a test and stops it again; where it keeps its records says TEST_STORE.
import assert from 'node:assert/strict';

import { instances } from './instances.mjs';
import { scratch_folder, serve, sleep, until } from './process.mjs';
import { fill, sqlite_settings } from './templates.mjs';

export { binary, free_ports, quiet_environment, run, scratch_folder, sleep, top, until } from './process.mjs';

// scripts/test-stores runs the tests with each but the first; stores/left_out.mjs says which not, and why.
const stores = {
  memory: serve,
  sqlite: (t, options) => serve(t, { ...options, set: { ...sqlite_settings(fill(scratch_folder(t))), ...options.set } }),
  // Three of them, and a proxy in front that asks one after the other.
  instances: async (t, options) => {
    const server = await instances(t, options);
    return { ...server, control: server.control_urls };
  },
};
const usual_store = process.env.TEST_STORE || 'memory';
assert.ok(usual_store in stores, `TEST_STORE is one of ${Object.keys(stores)}`);

// tollgate(t, { set: { 'tokens.access_ttl': '5s' }, config, env, folder }) → what --ready-json says,
// plus log(), stop() and kill(), which ends it as a crash does. It is stopped after the test, and must then leave with 0. `inside`: a command
// that ends with becoming the one behind it. `store` is one of the above.
export function tollgate(t, { own_ports = true, store = usual_store, set = {}, ...options } = {}) {
  const free = own_ports ? { 'authorization_server.listen': 'localhost:0', 'mcp.listen': 'localhost:0' } : {};
  return stores[store](t, { ...options, set: { ...free, ...set } });
}

// A RUN of /s/SCENARIO/RUN that is long enough for a server with a public URL, which takes none that can be guessed.
export const unguessable = 'a-run-that-nobody-can-guess';

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

// A number of the server's own; of instances, that of all together.
export async function metric(server, name) {
  const each = (server.instances ?? [server]).map(async ({ mcp, at = new URL(mcp).origin }) => {
    const text = await (await fetch(`${at}/metrics`)).text();
    return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)[1]);
  });
  return (await Promise.all(each)).reduce((sum, one) => sum + one);
}

// Returns when whatever had so many seconds to live before the call is over: real time is what is meant.
export const outlive = (seconds) => sleep(seconds * 1000 + 50);

// Returns when that server takes proofs of DPoP. Where its records outlive it, it takes none of the second in which it came up.
export async function until_it_takes_proofs(server) {
  await fetch(`${server.issuer}/.well-known/oauth-authorization-server`);
  const second = () => Math.floor(Date.now() / 1000);
  const first = second();
  await until(() => usual_store === 'memory' || second() > first);
}

// Returns when that access token is dead.
export const until_dead = (server, token) =>
  until(async () => {
    const answer = await fetch(`${server.issuer}/anything`, { headers: { authorization: `Bearer ${token}` } });
    return answer.status === 401;
  });

