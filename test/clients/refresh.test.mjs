// An access token expires in the middle of the work: each SDK refreshes by itself, over every
// transport, and nobody has to log in again.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { client2_http, connect, every_client, sdk1_http } from './lib/clients.mjs';
import { control, tollgate, until_dead } from './lib/tollgate.mjs';

// Connects, and has an access token that has expired on return; the next ones live long. The first one
// does, too: however long it takes to connect, nothing expires meanwhile.
async function connect_with_an_expired_token(t, kind, server) {
  const connected = await connect(t, kind, server);
  await control(server.issuer, 'expires-in', { seconds: 2 });
  await control(server.issuer, 'revoke-access');
  await connected.call('echo', { message: 'now it has one that is soon over' });
  const soon_over = connected.provider.tokens().access_token;
  await control(server.issuer, 'expires-in', { seconds: 3600 });
  await until_dead(server, soon_over);
  return connected;
}

describe('a refresh after the access token expired', { concurrency: 5 }, () => {
  for (const kind of every_client) {
    test(kind.name, async (t) => {
      // An open stream is asked about rarely, so that it is the call that meets the expiry.
      const server = await tollgate(t, { set: { 'validation.recheck': '1m' } });
      const { call, provider, transport, wire } = await connect_with_an_expired_token(t, kind, server);
      const session = transport.sessionId;
      const { refresh_token } = provider.tokens();
      const before = await control(server.issuer, 'state');
      assert.equal(await call('echo', { message: 'still here' }), 'still here');
      const after = await control(server.issuer, 'state');
      assert.equal(after.tokenCalls, before.tokenCalls + 1);
      assert.equal(wire.refreshes(), after.tokenCalls - 1, wire.lines().join('\n'));
      assert.notDeepEqual(after.refreshTokens, before.refreshTokens, 'the refresh token was rotated');
      assert.notEqual(provider.tokens().refresh_token, refresh_token);
      assert.equal(provider.authorizations, 1);
      assert.equal(transport.sessionId, session);
      assert.equal(after.sessions, before.sessions);
    });
  }

  // The stream of a session ends with its token. Then these refresh twice at once, and the second
  // presents a used refresh token.
  for (const kind of [sdk1_http, client2_http]) {
    test(`${kind.name}, with a stream that ends meanwhile, where reuse is forgiven`, async (t) => {
      const server = await tollgate(t, { set: { 'validation.recheck': '1s', 'tokens.refresh_reuse': 'grace:10s' } });
      const { call, provider } = await connect_with_an_expired_token(t, kind, server);
      assert.equal(await call('echo', { message: 'still here' }), 'still here');
      assert.equal(provider.authorizations, 1);
      const { tokenCalls } = await control(server.issuer, 'state');
      assert.ok(tokenCalls >= 3, `${tokenCalls} calls of the token endpoint`);
    });
  }
});

describe('a refresh token that is dead', { concurrency: 5 }, () => {
  for (const kind of every_client) {
    test(`sends ${kind.name} to a new login`, async (t) => {
      const server = await tollgate(t, { set: { 'validation.recheck': '1m' } });
      // (Were it revoked, a stream would end at once, and its client might refresh just before the switch.)
      const { call_after_login, provider } = await connect_with_an_expired_token(t, kind, server);
      await control(server.issuer, 'invalid-grant', { on: true });
      assert.equal(await call_after_login('echo', { message: 'again' }), 'again');
      assert.ok(provider.authorizations >= 2); // the stream of a session asks for one, too
    });
  }
});
