// Both generations of the TypeScript SDK behind one face, with every transport over HTTP that each
// knows; all of them begin with the MCP URL and nothing else.
import assert from 'node:assert/strict';

import * as v2 from '@modelcontextprotocol/client';
import { UnauthorizedError, auth } from '@modelcontextprotocol/sdk/client/auth.js';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { SSEClientTransport } from '@modelcontextprotocol/sdk/client/sse.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';

import { memory_provider } from './oauth.mjs';
import { recorder } from './recorder.mjs';

const generation1 = {
  make: () => new Client({ name: 'SDK 1.x', version: '1' }),
  call: (client, params, options) => client.callTool(params, undefined, options),
  finish: (transport, callback) => transport.finishAuth(callback.searchParams.get('code')),
  // Its documented way to ask for more: tokens are left out, so that it does not try to refresh.
  ask_for_more: (provider, options) => {
    provider.invalidateCredentials('tokens');
    return auth(provider, options);
  },
};

const generation2 = (mode) => ({
  make: () => new v2.Client({ name: 'client 2.x', version: '1' }, { versionNegotiation: { mode } }),
  call: (client, params, options) => client.callTool(params, options),
  // The whole query: this client checks `iss` against the metadata (RFC 9207).
  finish: (transport, callback) => transport.finishAuth(callback.searchParams),
  ask_for_more: (provider, options) => v2.auth(provider, { ...options, forceReauthorization: true }),
});

const streamable = { url: (server) => server.mcp };
const sse = { url: (server) => server.sse, sse: true };

export const sdk1_http = { name: 'SDK 1.x over Streamable HTTP', ...generation1, ...streamable, Transport: StreamableHTTPClientTransport };
export const sdk1_sse = { name: 'SDK 1.x over HTTP+SSE', ...generation1, ...sse, Transport: SSEClientTransport };
const legacy = generation2('legacy');
export const client2_http = { name: 'client 2.x over Streamable HTTP', ...legacy, ...streamable, Transport: v2.StreamableHTTPClientTransport };
export const client2_sse = { name: 'client 2.x over HTTP+SSE', ...legacy, ...sse, Transport: v2.SSEClientTransport };
export const client2_modern = {
  name: 'client 2.x on 2026-07-28',
  ...generation2({ pin: '2026-07-28' }),
  ...streamable,
  Transport: v2.StreamableHTTPClientTransport,
  modern: true,
};

export const every_client = [sdk1_http, sdk1_sse, client2_http, client2_sse, client2_modern];

export const text_of = (result) => result.content.map((item) => item.text).join('');

// With version negotiation the SDK wraps the error of its probe.
export function is_unauthorized(error) {
  for (let e = error; e; e = e.cause)
    if (e instanceof UnauthorizedError || e instanceof v2.UnauthorizedError) return true;
  return false;
}

// A client that has logged in and is connected: call(name, args, options) gives the text of the
// answer; call_after_login does what applications do when a call says that a user is needed.
export async function connect(t, kind, server, { provider = new memory_provider(), fetch } = {}) {
  const wire = recorder(fetch);
  const url = new URL(kind.url(server));
  const open = () => new kind.Transport(url, { authProvider: provider, fetch: wire.fetch });
  const first = open();
  t.after(() => first.close());
  await assert.rejects(kind.make().connect(first), is_unauthorized);
  await kind.finish(first, provider.callback);
  const transport = open();
  const client = kind.make();
  t.after(() => client.close());
  await client.connect(transport);
  const finish = () => kind.finish(transport, provider.callback);
  const call = async (name, args = {}, options = {}) =>
    text_of(await kind.call(client, { name, arguments: args }, { timeout: 30_000, ...options }));
  const call_after_login = async (name, args) => {
    await assert.rejects(call(name, args), is_unauthorized);
    await finish();
    return call(name, args);
  };
  return { kind, client, transport, provider, wire, url, finish, call, call_after_login };
}

// Everything that the transport hands over from now on. (A client may not tell of a last progress
// that comes together with the answer.)
export function overheard(transport) {
  const messages = [];
  const pass_on = transport.onmessage;
  transport.onmessage = (message, extra) => {
    messages.push(message);
    pass_on(message, extra);
  };
  return {
    results: () => messages.filter((m) => m.result !== undefined),
    errors: () => messages.filter((m) => m.error !== undefined),
    notes: (method) => messages.filter((m) => m.method === method).map((m) => m.params),
  };
}
