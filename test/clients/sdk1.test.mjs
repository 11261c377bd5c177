// @modelcontextprotocol/sdk 1.x with its OAuth provider, from an empty client that knows the MCP
// URL and nothing else, under every validation strategy and over both transports.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { SSEClientTransport } from '@modelcontextprotocol/sdk/client/sse.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { UnauthorizedError } from '@modelcontextprotocol/sdk/client/auth.js';

import { memory_provider } from './lib/oauth.mjs';
import { recorder } from './lib/recorder.mjs';
import { strategies } from './lib/strategies.mjs';
import { control, tollgate, until_dead } from './lib/tollgate.mjs';

// This SDK refreshes for its GET stream and for a POST at the same time when both find the token
// dead. With rotation the second one presents a used refresh token, and the login is lost (RFC 9700
// section 4.14.2 wants that): a race that these tests are not about.
const no_rotation = { 'tokens.refresh_rotation': 'never' };

const hello = { message: 'Hello from Inspector!' };
const text_of = (result) => result.content.map((item) => item.text).join('');

// connect(t, url, Transport) → { client, transport, provider, wire }: the whole way in.
async function connect(t, url, Transport) {
  const provider = new memory_provider();
  const wire = recorder();
  const options = { authProvider: provider, fetch: wire.fetch };
  const first = new Transport(new URL(url), options);
  t.after(() => first.close());
  await assert.rejects(new Client({ name: 'first', version: '1' }).connect(first), UnauthorizedError);
  await first.finishAuth(provider.callback.searchParams.get('code'));
  const client = new Client({ name: 'sdk1', version: '1' });
  const transport = new Transport(new URL(url), options);
  await client.connect(transport);
  t.after(() => client.close());
  return { client, transport, provider, wire };
}

async function uses_the_tools(client, echo_answer) {
  const { tools } = await client.listTools();
  const names = tools.map((tool) => tool.name);
  for (const name of ['echo', 'echo_tool', 'add', 'whoami', 'needs_scope']) assert.ok(names.includes(name), name);
  const call = async (name, args = {}) => client.callTool({ name, arguments: args });
  assert.equal(text_of(await call('echo', hello)), 'Hello from Inspector!');
  assert.match(text_of(await call('echo_tool', hello)), echo_answer);
  assert.match(text_of(await call('add', { a: 2, b: 40 })), /42/);
  assert.match(text_of(await call('whoami')), /demo/);
}

const discovery = (path) => [
  `GET /.well-known/oauth-protected-resource${path} 200`,
  'GET /.well-known/oauth-authorization-server 200',
  'POST /register 201',
  'POST /token 200',
];

// The order of first appearance; the SDK may read a document again.
const once = (lines) => [...new Set(lines)];

for (const { name, set } of strategies) {
  describe(`SDK 1.x, strategy ${name}`, () => {
    test('discovers, registers, logs in and calls tools over Streamable HTTP', async (t) => {
      const server = await tollgate(t, { set });
      const { client, wire } = await connect(t, server.mcp, StreamableHTTPClientTransport);
      assert.deepEqual(once(wire.lines()).slice(0, 5), ['POST /mcp 401', ...discovery('/mcp')]);
      await uses_the_tools(client, /^Server received via (?!SSE).+: Hello from Inspector!$/);
    });

    test('discovers, registers, logs in and calls tools over SSE', async (t) => {
      const server = await tollgate(t, { set });
      const { client, wire } = await connect(t, server.sse, SSEClientTransport);
      assert.deepEqual(once(wire.lines()).slice(0, 5), ['GET /sse 401', ...discovery('/sse')]);
      await uses_the_tools(client, /^Server received via SSE: Hello from Inspector!$/);
    });

    test('refreshes an expired token in the same session over Streamable HTTP', async (t) => {
      // Its stream is asked about rarely, so that it is the call that meets the expiry.
      const server = await tollgate(t, { set: { ...set, ...no_rotation, 'validation.recheck': '1m' } });
      await control(server.issuer, 'expires-in', { seconds: 2 });
      const { client, transport, provider, wire } = await connect(t, server.mcp, StreamableHTTPClientTransport);
      const session = transport.sessionId;
      await client.callTool({ name: 'echo', arguments: hello });
      await until_dead(server, provider.tokens().access_token);
      const before = wire.refreshes();
      assert.equal(text_of(await client.callTool({ name: 'echo', arguments: hello })), hello.message);
      assert.ok(wire.refreshes() > before, wire.lines().join('\n'));
      assert.equal(provider.authorizations, 1, 'nobody had to log in again');
      assert.equal(transport.sessionId, session);
    });

    test('refreshes an expired token on POST /messages over SSE', async (t) => {
      // The stream itself is asked about rarely here, so that only the message meets the expiry.
      const server = await tollgate(t, { set: { ...set, 'validation.recheck': '1m' } });
      await control(server.issuer, 'expires-in', { seconds: 2 });
      const { client, provider, wire } = await connect(t, server.sse, SSEClientTransport);
      await client.callTool({ name: 'echo', arguments: hello });
      await until_dead(server, provider.tokens().access_token);
      const before = wire.refreshes();
      assert.equal(text_of(await client.callTool({ name: 'echo', arguments: hello })), hello.message);
      assert.equal(wire.refreshes(), before + 1, wire.lines().join('\n'));
      assert.equal(provider.authorizations, 1);
    });

    // A signed token is good until it expires, because nobody is asked about it.
    const forgives = name === 'jwt';
    const outcome = forgives ? 'is not noticed' : 'is refreshed without a new login';
    test(`a revoked access token ${outcome}`, async (t) => {
      const server = await tollgate(t, { set: { ...set, ...no_rotation } });
      const { client, provider, wire } = await connect(t, server.mcp, StreamableHTTPClientTransport);
      wire.clear();
      await control(server.issuer, 'revoke-access');
      assert.equal(text_of(await client.callTool({ name: 'echo', arguments: hello })), hello.message);
      assert.equal(wire.lines().includes('POST /mcp 401'), !forgives, wire.lines().join('\n'));
      assert.equal(wire.refreshes() > 0, !forgives);
      assert.equal(provider.authorizations, 1);
    });

    test('ends its session with DELETE, after which the session is unknown', async (t) => {
      const server = await tollgate(t, { set });
      const { transport, provider, wire } = await connect(t, server.mcp, StreamableHTTPClientTransport);
      const session = transport.sessionId;
      assert.ok(session);
      await transport.terminateSession();
      assert.equal(transport.sessionId, undefined);
      assert.ok(wire.lines().some((line) => /^DELETE \/mcp 20[04]$/.test(line)), wire.lines().join('\n'));
      const answer = await fetch(server.mcp, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${provider.tokens().access_token}`,
          accept: 'application/json, text/event-stream',
          'content-type': 'application/json',
          'mcp-session-id': session,
          'mcp-protocol-version': '2025-11-25',
        },
        body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' }),
      });
      assert.equal(answer.status, 404);
    });
  });
}
