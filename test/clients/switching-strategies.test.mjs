// The validation strategy of a running server: one token, and whom the MCP server asks about it.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { json_of, login } from './lib/oauth.mjs';
import { tollgate } from './lib/tollgate.mjs';

const asked_about_tokens = ['introspect', 'userinfo', 'jwks'];

async function started(t) {
  const server = await tollgate(t, { set: { 'tokens.format': 'jwt' } });
  const { access_token } = await login(server.issuer, { scope: 'openid mcp:tools' });
  const events = async (since) => json_of(await fetch(`${server.issuer}/control/events?since=${since}`));
  const patch = (policy) =>
    fetch(`${server.issuer}/control/policy`, {
      method: 'PATCH',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(policy),
    });
  const initialize = () =>
    fetch(server.mcp, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${access_token}`,
        accept: 'application/json, text/event-stream',
        'content-type': 'application/json',
      },
      body: JSON.stringify({
        jsonrpc: '2.0',
        id: 0,
        method: 'initialize',
        params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'test', version: '1' } },
      }),
    });
  return { server, events, patch, initialize };
}

test('a running server asks about one token as its policy says at that moment', async (t) => {
  const { events, patch, initialize } = await started(t);
  const expected = { introspection: ['introspect'], userinfo: ['userinfo'], jwt: ['jwks'], local: [] };
  for (const [strategy, asked] of Object.entries(expected)) {
    const policy = await json_of(await patch({ 'validation.strategy': strategy }));
    assert.equal(policy['validation.strategy'], strategy);
    const { next } = await events(0);
    const answer = await initialize();
    const text = await answer.text();
    assert.equal(answer.status, 200, `${strategy}: ${text}`);
    const seen = (await events(next)).events.filter((e) => e.type === 'exchange').map((e) => e.endpoint);
    assert.deepEqual(seen.filter((endpoint) => asked_about_tokens.includes(endpoint)), asked, strategy);
  }
});

test('a strategy that cannot work is refused in the words of the start, and changes nothing', async (t) => {
  const { patch, server } = await started(t);
  await json_of(await patch({ 'validation.strategy': 'jwt' }));
  const opaque = await patch({ 'tokens.format': 'opaque' });
  assert.equal(opaque.status, 400);
  assert.match(await opaque.text(), /opaque tokens cannot be validated by the strategy/);
  await json_of(await patch({ 'validation.strategy': 'local', 'tokens.format': 'opaque' }));
  const jwt = await patch({ 'validation.strategy': 'jwt' });
  assert.equal(jwt.status, 400);
  const { error_description } = await jwt.json();
  assert.equal(
    error_description,
    '/validation.strategy: "jwt" needs tokens.format = "jwt": opaque tokens have no signature to check',
  );
  const now = await json_of(await fetch(`${server.issuer}/control/policy`));
  assert.equal(now['validation.strategy'], 'local');
});

test('the challenge names openid as long as userinfo is asked', async (t) => {
  const { patch, server } = await started(t);
  const challenge = async () => (await fetch(server.mcp, { method: 'POST' })).headers.get('www-authenticate');
  assert.doesNotMatch(await challenge(), /openid/);
  await json_of(await patch({ 'validation.strategy': 'userinfo' }));
  assert.match(await challenge(), /scope="[^"]*openid/);
  await json_of(await patch({ 'validation.strategy': null }));
  assert.doesNotMatch(await challenge(), /openid/);
});
