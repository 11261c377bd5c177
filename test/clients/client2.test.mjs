// @modelcontextprotocol/client 2.x: pinned to 2026-07-28, negotiating, and held to the 2025 revisions.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import {
  Client,
  SSEClientTransport,
  StreamableHTTPClientTransport,
  UnauthorizedError,
} from '@modelcontextprotocol/client';

import { memory_provider } from './lib/oauth.mjs';
import { recorder } from './lib/recorder.mjs';
import { strategies } from './lib/strategies.mjs';
import { control, tollgate, until_dead } from './lib/tollgate.mjs';

const hello = { message: 'Hello from Inspector!' };
const text_of = (result) => result.content.map((item) => item.text).join('');

async function connect(t, url, Transport, mode) {
  const provider = new memory_provider();
  const wire = recorder();
  const options = { authProvider: provider, fetch: wire.fetch };
  const make_client = () => new Client({ name: 'client2', version: '1' }, { versionNegotiation: { mode } });
  const first = new Transport(new URL(url), options);
  t.after(() => first.close());
  await assert.rejects(make_client().connect(first), (error) => {
    // With negotiation the SDK wraps the error of the probe.
    const chain = [error, error.cause, error.cause?.cause];
    assert.ok(chain.some((e) => e instanceof UnauthorizedError), error.stack);
    return true;
  });
  // The whole query: this client checks `iss` against the metadata (RFC 9207).
  await first.finishAuth(provider.callback.searchParams);
  const client = make_client();
  const transport = new Transport(new URL(url), options);
  await client.connect(transport);
  t.after(() => client.close());
  return { client, transport, provider, wire };
}

async function uses_the_tools(client) {
  const { tools } = await client.listTools();
  assert.ok(tools.some((tool) => tool.name === 'echo_tool'));
  assert.equal(text_of(await client.callTool({ name: 'echo', arguments: hello })), hello.message);
  assert.match(text_of(await client.callTool({ name: 'whoami', arguments: {} })), /demo/);
}

for (const { name, set } of strategies) {
  describe(`client 2.x, strategy ${name}`, () => {
    test('pinned to 2026-07-28 it logs in and calls tools without a session', async (t) => {
      const server = await tollgate(t, { set });
      const { client, transport, wire } = await connect(t, server.mcp, StreamableHTTPClientTransport, { pin: '2026-07-28' });
      assert.equal(client.getNegotiatedProtocolVersion(), '2026-07-28');
      await uses_the_tools(client);
      assert.equal(transport.sessionId, undefined);
      assert.ok(!wire.calls.some((call) => call.body.includes('"initialize"')));
    });

    test('pinned to 2026-07-28 it refreshes an expired token', async (t) => {
      const server = await tollgate(t, { set });
      await control(server.issuer, 'expires-in', { seconds: 2 });
      const { client, provider, wire } = await connect(t, server.mcp, StreamableHTTPClientTransport, { pin: '2026-07-28' });
      await uses_the_tools(client);
      await until_dead(server, provider.tokens().access_token);
      await uses_the_tools(client);
      assert.ok(wire.refreshes() >= 1, wire.lines().join('\n'));
      assert.equal(provider.authorizations, 1);
    });
  });
}

test('negotiating, it finds 2026-07-28 by itself', async (t) => {
  const server = await tollgate(t);
  const { client } = await connect(t, server.mcp, StreamableHTTPClientTransport, 'auto');
  assert.equal(client.getNegotiatedProtocolVersion(), '2026-07-28');
  assert.equal(client.getProtocolEra(), 'modern');
  await uses_the_tools(client);
});

test('negotiating, it falls back to initialize where only 2025 revisions are offered', async (t) => {
  const server = await tollgate(t, { set: { 'mcp.versions': ['2025-06-18', '2025-11-25'] } });
  const { client, transport } = await connect(t, server.mcp, StreamableHTTPClientTransport, 'auto');
  assert.equal(client.getNegotiatedProtocolVersion(), '2025-11-25');
  assert.ok(transport.sessionId);
  await uses_the_tools(client);
});

test('legacy, it opens a session and calls tools over Streamable HTTP', async (t) => {
  const server = await tollgate(t);
  const { client, transport } = await connect(t, server.mcp, StreamableHTTPClientTransport, 'legacy');
  assert.equal(client.getProtocolEra(), 'legacy');
  assert.ok(transport.sessionId);
  await uses_the_tools(client);
});

test('legacy, it calls tools over SSE and is told the transport', async (t) => {
  const server = await tollgate(t);
  const { client } = await connect(t, server.sse, SSEClientTransport, 'legacy');
  await uses_the_tools(client);
  const answer = await client.callTool({ name: 'echo_tool', arguments: hello });
  assert.equal(text_of(answer), 'Server received via SSE: Hello from Inspector!');
});
