// With a durable store MCP sessions outlive the process: docs/stores.md, "What is kept".
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { connect, sdk1_http, client2_http } from './lib/clients.mjs';
import { control, free_ports, scratch_folder, tollgate, until } from './lib/tollgate.mjs';

// Always the same addresses: tokens and clients name them.
async function lasting(t, more = {}) {
  const folder = scratch_folder(t);
  const [as, mcp] = await free_ports(2);
  const set = { 'authorization_server.listen': `localhost:${as}`, 'mcp.listen': `localhost:${mcp}`, 'store.backend': 'sqlite', ...more };
  return () => tollgate(t, { own_ports: false, folder, set });
}

// What a client of that session and token sends.
function speaker(server, provider, session) {
  const headers = {
    authorization: `Bearer ${provider.tokens().access_token}`,
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
    'mcp-session-id': session,
    'mcp-protocol-version': '2025-11-25',
  };
  return {
    post: (method, params = {}, id = 1) =>
      fetch(server.mcp, { method: 'POST', headers, body: JSON.stringify({ jsonrpc: '2.0', id, method, params }) }),
    get: (last) => fetch(server.mcp, { headers: { ...headers, accept: 'text/event-stream', ...(last ? { 'last-event-id': last } : {}) } }),
    remove: () => fetch(server.mcp, { method: 'DELETE', headers }),
  };
}

// The id of the first event on a stream, and its reader.
async function first_event(answer) {
  const reader = answer.body.getReader();
  let text = '';
  for (let id; !id; ) {
    text += new TextDecoder().decode((await reader.read()).value);
    id = text.match(/^id: (.*)$/m)?.[1];
    if (id) return { id, reader };
  }
}

for (const kind of [sdk1_http, client2_http]) {
  test(`${kind.name} goes on in its session after kill -9`, async (t) => {
    const start = await lasting(t);
    let server = await start();
    const { call, transport } = await connect(t, kind, server);
    const { sessionId } = transport;
    assert.equal(await call('echo', { message: 'before' }), 'before');
    await server.kill();
    server = await start();
    assert.equal(await call('echo', { message: 'after' }), 'after');
    assert.equal(transport.sessionId, sessionId);
  });
}

test('a session that was deleted, or ended by a reset, does not come back with the next start', async (t) => {
  const start = await lasting(t);
  let server = await start();
  const { provider, transport } = await connect(t, sdk1_http, server);
  const left = speaker(server, provider, transport.sessionId);
  assert.equal((await left.remove()).status, 204);
  await control(server.issuer, 'realms', { name: 'other' });
  const other = { ...server, issuer: `${server.issuer}/r/other`, mcp: server.mcp.replace('/mcp', '/r/other/mcp') };
  const second = await connect(t, sdk1_http, other);
  const reset = speaker(other, second.provider, second.transport.sessionId);
  assert.equal((await reset.post('ping')).status, 200);
  await server.kill();
  server = await start();
  assert.equal((await left.post('ping')).status, 404);
  assert.equal((await reset.post('ping')).status, 200);
  assert.equal((await fetch(`${other.issuer}/control/reset`, { method: 'POST' })).status, 200);
  await server.kill();
  server = await start();
  const again = await connect(t, sdk1_http, other);
  const with_new_token = speaker(other, again.provider, second.transport.sessionId);
  assert.equal((await with_new_token.post('ping')).status, 404);
});

test('it stays the session of who opened it, and is over when its time is', async (t) => {
  const start = await lasting(t, { 'mcp.session_idle': '10m', 'tokens.access_ttl': '10h' });
  let server = await start();
  const { provider, transport } = await connect(t, sdk1_http, server);
  const mine = speaker(server, provider, transport.sessionId);
  const restart_after = async (advance) => {
    await control(server.issuer, 'clock', { advance });
    await server.kill();
    server = await start();
  };
  await restart_after('9m');
  const stranger = await connect(t, sdk1_http, server);
  assert.equal((await speaker(server, stranger.provider, transport.sessionId).post('ping')).status, 404);
  assert.equal((await mine.post('ping')).status, 200);
  await restart_after('9m');
  assert.equal((await mine.post('ping')).status, 200);
  await restart_after('11m');
  assert.equal((await mine.post('ping')).status, 404);
});

test('a stream goes on after a restart, and a call that was under way is answered by an error', async (t) => {
  const start = await lasting(t);
  let server = await start();
  const { provider, transport } = await connect(t, sdk1_http, server);
  const mine = speaker(server, provider, transport.sessionId);
  const standing = await first_event(await mine.get());
  const called = await first_event(await mine.post('tools/call', { name: 'slow', arguments: { seconds: 30 }, _meta: { progressToken: 1 } }, 'the-call'));
  await server.kill();
  server = await start();

  const on = await mine.get(standing.id);
  assert.equal(on.status, 200);
  const after = await first_event(on);
  assert.notEqual(after.id, standing.id);
  await after.reader.cancel();

  const lost = await mine.get(called.id);
  assert.equal(lost.status, 200);
  const text = await lost.text();
  const said = text.split('\n').filter((line) => line.startsWith('data: {')).map((line) => JSON.parse(line.slice(6)));
  assert.equal(said.length, 1, text);
  assert.equal(said[0].id, 'the-call');
  assert.equal(said[0].error.code, -32603);
  assert.match(said[0].error.message, /ended; send it again/);
});

test('with the store in memory a session ends with its process', async (t) => {
  const start = await lasting(t, { 'store.backend': 'memory', 'mcp.auth': 'none' });
  let server = await start();
  const headers = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
  const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'c', version: '1' } };
  const begun = await fetch(server.mcp, { method: 'POST', headers, body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params }) });
  const session = begun.headers.get('mcp-session-id');
  await server.kill();
  server = await start();
  const answer = await fetch(server.mcp, { method: 'POST', headers: { ...headers, 'mcp-session-id': session }, body: JSON.stringify({ jsonrpc: '2.0', id: 2, method: 'ping' }) });
  assert.equal(answer.status, 404);
});
