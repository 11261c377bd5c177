// The end of a session: asked for with DELETE, or with the stream that it lived on.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { client2_http, client2_modern, client2_sse, connect, sdk1_http, sdk1_sse } from './lib/clients.mjs';
import { control, tollgate, until } from './lib/tollgate.mjs';

const sessions = async (server) => (await control(server.issuer, 'state')).sessions;

// Requests by hand, in somebody's name.
const bearer = (provider) => ({ authorization: `Bearer ${provider.tokens().access_token}` });
const remove = (url, provider, { sessionId, protocolVersion }) =>
  fetch(url, {
    method: 'DELETE',
    headers: { ...bearer(provider), 'mcp-session-id': sessionId, 'mcp-protocol-version': protocolVersion },
  });
const post = (url, provider, headers = {}) =>
  fetch(url, {
    method: 'POST',
    headers: {
      ...bearer(provider),
      accept: 'application/json, text/event-stream',
      'content-type': 'application/json',
      ...headers,
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' }),
  });

describe('the end of a session', { concurrency: 5 }, () => {
  for (const kind of [sdk1_http, client2_http]) {
    test(`${kind.name} deletes it, and nobody can use it again`, async (t) => {
      const server = await tollgate(t);
      const { call, provider, transport, wire } = await connect(t, kind, server);
      const other = await connect(t, kind, server);
      assert.equal(await sessions(server), 2);
      const { sessionId, protocolVersion } = transport;
      await transport.terminateSession();
      assert.equal(transport.sessionId, undefined);
      assert.ok(wire.lines().some((line) => /^DELETE \/mcp 20[04]$/.test(line)), wire.lines().join('\n'));
      assert.equal(await sessions(server), 1);
      const headers = { 'mcp-session-id': sessionId, 'mcp-protocol-version': protocolVersion };
      const late = await post(server.mcp, provider, headers);
      assert.equal(late.status, 404);
      const twice = await remove(server.mcp, provider, { sessionId, protocolVersion });
      assert.equal(twice.status, 404);
      await assert.rejects(call('echo', { message: 'without a session' }), /Mcp-Session-Id header is required/);
      assert.equal(await other.call('echo', { message: 'not mine' }), 'not mine');
    });

    test(`${kind.name} hears 404 when it was ended behind its back`, async (t) => {
      const server = await tollgate(t);
      const { call, provider, transport } = await connect(t, kind, server);
      const gone = await remove(server.mcp, provider, transport);
      assert.equal(gone.status, 204);
      assert.equal(await sessions(server), 0);
      await assert.rejects(call('echo', { message: 'anybody?' }), (error) => (error.status ?? error.code) === 404);
    });
  }

  for (const kind of [sdk1_sse, client2_sse]) {
    test(`${kind.name} closes its stream, and the session is gone`, async (t) => {
      const server = await tollgate(t);
      const { call, client, provider, wire } = await connect(t, kind, server);
      assert.equal(await call('echo', { message: 'here' }), 'here');
      const { url } = wire.calls.find((c) => c.line === 'POST /messages 202');
      assert.equal(await sessions(server), 1);
      await client.close();
      await until(async () => (await sessions(server)) === 0);
      const late = await post(url, provider);
      assert.equal(late.status, 404);
    });
  }

  test(`${client2_modern.name} has none to end`, async (t) => {
    const server = await tollgate(t);
    const { call, transport, wire } = await connect(t, client2_modern, server);
    assert.equal(await call('echo', { message: 'stateless' }), 'stateless');
    assert.equal(await sessions(server), 0);
    await transport.terminateSession();
    assert.ok(wire.lines().every((line) => !line.startsWith('DELETE')));
    assert.equal(await call('echo', { message: 'as before' }), 'as before');
  });
});
