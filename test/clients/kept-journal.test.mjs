// With a durable store the journal and the verdict outlive the process: docs/stores.md, "The journal".
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { connect, sdk1_http } from './lib/clients.mjs';
import { control, free_ports, scratch_folder, tollgate, until } from './lib/tollgate.mjs';

// Always the same addresses: tokens and clients name them.
async function lasting(t, more = {}) {
  const folder = scratch_folder(t);
  const [as, mcp] = await free_ports(2);
  const set = { 'authorization_server.listen': `localhost:${as}`, 'mcp.listen': `localhost:${mcp}`, 'store.backend': 'sqlite', ...more };
  return () => tollgate(t, { own_ports: false, folder, set });
}

async function with_realm(t, scenario) {
  const start = await lasting(t);
  let server = await start();
  const { issuer, mcp } = await control(server.issuer, 'realms', { name: 'kept', scenario });
  return {
    target: { issuer, mcp },
    ask: async (path, body) => (await fetch(`${issuer}/control/${path}`, body && { method: 'POST', body: JSON.stringify(body) })).json(),
    text: async (path) => (await fetch(`${issuer}/control/${path}`)).text(),
    at_server: (path, body) => control(server.issuer, path, body),
    kill: async () => {
      await server.kill();
      server = await start();
    },
    stop: async () => {
      await server.stop();
      server = await start();
    },
  };
}

test('the verdict after kill -9 is the one before it, and its page has the same address', async (t) => {
  const { target, ask, text, kill } = await with_realm(t, 'refresh.rotate');
  const { call } = await connect(t, sdk1_http, target);
  assert.equal(await call('echo', { message: 'before' }), 'before');
  await ask('done', {});
  const link = async () => (await fetch(`${target.issuer}/control/verdict`)).headers.get('link');
  const [page, verdict, transcript] = [await link(), await text('verdict'), await text('transcript?format=har')];
  assert.match(verdict, /"verdict"/);
  await kill();
  assert.equal(await text('verdict'), verdict);
  assert.equal(await text('transcript?format=har'), transcript);
  assert.equal(await link(), page);
  assert.equal((await fetch(/<(.*?)>/.exec(page)[1])).status, 200);
});

test('a trial that was under way goes on: what comes after the restart belongs to it', async (t) => {
  const { target, ask, kill } = await with_realm(t, 'refresh.rotate');
  const { call } = await connect(t, sdk1_http, target);
  await call('echo', { message: 'before' });
  const before = await ask('events?since=0');
  await kill();
  assert.equal(await call('echo', { message: 'after' }), 'after');
  const { events, dropped } = await ask(`events?since=${before.next}`);
  assert.equal(dropped, 0);
  assert.equal(events[0].seq, before.next);
  // The client is known again by its tokens.
  const called = (list) => list.find((event) => event.tool === 'echo');
  assert.equal(called(events).flow, called(before.events).flow);
  const all = await ask('events?since=0');
  assert.deepEqual(all.events.slice(0, before.events.length), before.events);
});

test('nothing is lost at a polite end, and nothing older than a second at any other', async (t) => {
  const { target, ask, stop, kill } = await with_realm(t, 'plain');
  const jwks = () => fetch(`${target.issuer}/.well-known/jwks.json`);
  for (let i = 0; i < 3; i++) await jwks();
  await stop();
  assert.equal((await ask('events?type=exchange')).next, 4);
  await jwks();
  // Nobody reads it meanwhile: what is written says the database alone.
  const written = Date.now() + 2000;
  await until(() => Date.now() > written);
  await kill();
  assert.equal((await ask('events?type=exchange')).next, 5);
});

test('a realm that is set back keeps what has happened, over a restart too', async (t) => {
  const { target, ask, at_server, kill } = await with_realm(t, 'plain');
  const { call } = await connect(t, sdk1_http, target);
  await call('echo', { message: 'one' });
  const { id } = await at_server('realms/kept/snapshot', {});
  await call('echo', { message: 'two' });
  await at_server('realms/kept/restore', { id });
  const { events, next } = await ask('events');
  await kill();
  const again = await ask('events');
  assert.deepEqual(again.events, events);
  assert.equal(again.next, next);
});

test('a reader of the event stream that comes back after a restart misses nothing and reads nothing twice', async (t) => {
  const { target, kill } = await with_realm(t, 'plain');
  const seen = [];
  async function listen(count) {
    const end = new AbortController();
    const last = seen.length ? { 'last-event-id': String(seen.at(-1)) } : {};
    const answer = await fetch(`${target.issuer}/control/events/stream`, { headers: last, signal: end.signal });
    let text = '';
    for await (const chunk of answer.body.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      const lines = text.split('\n');
      text = lines.pop();
      for (const line of lines) if (line.startsWith('id: ')) seen.push(Number(line.slice(4)));
      if (seen.length >= count) break;
    }
    end.abort();
  }
  const jwks = () => fetch(`${target.issuer}/.well-known/jwks.json`);
  await jwks();
  await jwks();
  await listen(2);
  await kill();
  await jwks();
  await listen(3);
  assert.deepEqual(seen, [1, 2, 3]);
});
