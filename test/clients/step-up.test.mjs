// A tool wants a scope that the token does not have: 403 with a challenge, and the SDKs ask for more.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { client2_http, client2_modern, client2_sse, connect, every_client, sdk1_http, sdk1_sse } from './lib/clients.mjs';
import { memory_provider } from './lib/oauth.mjs';
import { control, tollgate } from './lib/tollgate.mjs';

const wanted = { scope: 'mcp:admin' };
const granted = 'You have the scope "mcp:admin".';
const challenged = /403/;

// Client 2.x asks for offline_access by itself where an authorization server knows it.
const for_the_server = (scopes) => scopes.filter((scope) => scope !== 'offline_access').sort();
const scopes_of = (provider) => for_the_server(provider.tokens().scope.split(' '));

// Both scopes, in one and the same session.
async function has_stepped_up({ call, provider, transport }, session) {
  const who = JSON.parse(await call('whoami'));
  assert.deepEqual(for_the_server(who.scopes), ['mcp:admin', 'mcp:tools']);
  assert.deepEqual(scopes_of(provider), ['mcp:admin', 'mcp:tools']);
  assert.equal(provider.authorizations, 2);
  assert.equal(transport.sessionId, session);
}

describe('step-up', { concurrency: 5 }, () => {
  for (const kind of [client2_http, client2_modern]) {
    test(`${kind.name} asks for the union of the scopes by itself`, async (t) => {
      const server = await tollgate(t);
      const connected = await connect(t, kind, server);
      const session = connected.transport.sessionId;
      assert.equal(await connected.call_after_login('needs_scope', wanted), granted);
      await has_stepped_up(connected, session);
    });
  }

  test(`${sdk1_http.name} asks by itself where it cannot refresh`, async (t) => {
    const server = await tollgate(t);
    const provider = new memory_provider({ grant_types: ['authorization_code'] });
    const connected = await connect(t, sdk1_http, server, { provider });
    const session = connected.transport.sessionId;
    assert.equal(provider.tokens().refresh_token, undefined);
    assert.equal(await connected.call_after_login('needs_scope', wanted), granted);
    await has_stepped_up(connected, session);
  });

  test(`${sdk1_http.name} refreshes first, which adds no scope, and gives up`, async (t) => {
    const server = await tollgate(t);
    const { call, provider, wire } = await connect(t, sdk1_http, server);
    await assert.rejects(call('needs_scope', wanted), /403 after trying upscoping/);
    assert.equal(wire.refreshes(), 1);
    assert.deepEqual(scopes_of(provider), ['mcp:tools']);
    assert.equal(await call('echo', { message: 'the old scope works' }), 'the old scope works');
  });

  // Over HTTP+SSE no SDK steps up, and SDK 1.x only without a refresh token: applications do.
  for (const kind of [sdk1_http, sdk1_sse, client2_sse]) {
    test(`${kind.name} is told by the application to ask for more`, async (t) => {
      const server = await tollgate(t);
      const connected = await connect(t, kind, server);
      const session = connected.transport.sessionId;
      await assert.rejects(connected.call('needs_scope', wanted), challenged);
      const serverUrl = connected.url;
      const said = await kind.ask_for_more(connected.provider, { serverUrl, scope: 'mcp:tools mcp:admin', fetchFn: connected.wire.fetch });
      assert.equal(said, 'REDIRECT');
      await connected.finish();
      assert.equal(await connected.call('needs_scope', wanted), granted);
      await has_stepped_up(connected, session);
    });
  }

  for (const kind of [client2_http, client2_modern]) {
    test(`${kind.name} goes on with what it has when the user refuses`, async (t) => {
      const server = await tollgate(t);
      const { call, finish, provider } = await connect(t, kind, server);
      await control(server.issuer, 'deny-consent', { on: true });
      await assert.rejects(call('needs_scope', wanted));
      assert.equal(provider.callback.searchParams.get('error'), 'access_denied');
      await assert.rejects(finish());
      assert.deepEqual(scopes_of(provider), ['mcp:tools']);
      assert.equal(await call('echo', { message: 'as before' }), 'as before');
    });
  }

  for (const kind of every_client) {
    test(`${kind.name} is told of a scope that nobody can have, without a login`, async (t) => {
      const server = await tollgate(t);
      const { call, provider } = await connect(t, kind, server);
      assert.match(await call('needs_scope', { scope: 'mcp:moon' }), /cannot be granted/);
      assert.equal(provider.authorizations, 1);
    });
  }
});
