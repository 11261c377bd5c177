// examples/broker.toml: every request that the skill "OAuth 2.0 PKCE for MCP servers" shows, in its
// order, with a second tollgate as the service upstream.
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { describe, test } from 'node:test';

import { json_of } from './lib/oauth.mjs';
import { free_ports, tollgate, top } from './lib/tollgate.mjs';
import { walker } from './lib/walker.mjs';

const redirect_uri = 'http://localhost:8765/callback';

async function start(t) {
  const [port] = await free_ports(1);
  const clients = `[{client_id="tidal",client_secret="of-the-service-upstream",redirect_uris=["http://localhost:${port}/api/callback"]}]`;
  const upstream = await tollgate(t, { set: { clients } });
  await tollgate(t, {
    config: join(top, 'examples/broker.toml'),
    own_ports: false,
    set: {
      'authorization_server.listen': `localhost:${port}`,
      'mcp.listen': `localhost:${port}`,
      'upstream.issuer': upstream.issuer,
      'upstream.client_id': 'tidal',
      'upstream.client_secret': 'of-the-service-upstream',
    },
  });
  return { site: `http://localhost:${port}`, upstream };
}

const post = (url, parameters) => fetch(url, { method: 'POST', body: new URLSearchParams(parameters) });

async function registered(site, metadata = {}) {
  const answer = await fetch(`${site}/api/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ client_name: 'Claude', redirect_uris: [redirect_uri], ...metadata }),
  });
  return { status: answer.status, body: await answer.json() };
}

// From /api/authorize to the client: its code, and the URL that the person was sent to upstream.
async function logged_in(site, client_id, person = new walker()) {
  const verifier = randomBytes(32).toString('base64url');
  const url = new URL(`${site}/api/authorize`);
  url.search = new URLSearchParams({
    response_type: 'code',
    client_id,
    redirect_uri,
    state: 'af0ifjsldkj',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  });
  const home = await person.walk(url, redirect_uri);
  assert.equal(home.searchParams.get('state'), 'af0ifjsldkj');
  return { verifier, code: home.searchParams.get('code'), client_id, person };
}

const redeem = (site, { verifier, code, client_id }) =>
  post(`${site}/api/token`, { grant_type: 'authorization_code', code, client_id, redirect_uri, code_verifier: verifier });

describe('examples/broker.toml does what its skill shows', () => {
  test('1. OAuth discovery, and its preflight', async (t) => {
    const { site } = await start(t);
    const answer = await fetch(`${site}/.well-known/oauth-authorization-server`, { headers: { origin: 'https://any.example' } });
    assert.equal(answer.headers.get('access-control-allow-origin'), '*');
    const metadata = await json_of(answer);
    assert.equal(metadata.issuer, site);
    assert.ok(metadata.response_types_supported.includes('code'));
    for (const grant of ['authorization_code', 'refresh_token']) assert.ok(metadata.grant_types_supported.includes(grant));
    assert.ok(metadata.code_challenge_methods_supported.includes('S256'));
    assert.ok(metadata.token_endpoint_auth_methods_supported.includes('none'));
    const preflight = await fetch(`${site}/.well-known/oauth-authorization-server`, {
      method: 'OPTIONS',
      headers: { origin: 'https://any.example', 'access-control-request-method': 'GET', 'access-control-request-headers': 'authorization' },
    });
    assert.equal(preflight.status, 204);
    assert.equal(preflight.headers.get('access-control-allow-origin'), '*');
    assert.match(preflight.headers.get('access-control-allow-headers') ?? '', /authorization/i);
  });

  test('2. protected resource metadata', async (t) => {
    const { site } = await start(t);
    const metadata = await json_of(await fetch(`${site}/.well-known/oauth-protected-resource`));
    assert.deepEqual(metadata.authorization_servers, [site]);
    assert.equal(new URL(metadata.resource).origin, site);
  });

  test('3. registration, for the hosts of the allow-list', async (t) => {
    const { site } = await start(t);
    const { status, body } = await registered(site);
    assert.equal(status, 201);
    assert.ok(body.client_id);
    assert.equal(body.client_name, 'Claude');
    assert.deepEqual(body.redirect_uris, [redirect_uri]);
    assert.equal(body.token_endpoint_auth_method, 'none');
    assert.deepEqual(body.response_types, ['code']);
    for (const grant of ['authorization_code', 'refresh_token']) assert.ok(body.grant_types.includes(grant));
    for (const uri of ['https://claude.ai/api/mcp/auth_callback', 'https://claude.com/x', 'https://api.smithery.ai/y', 'http://127.0.0.1:5/']) {
      assert.equal((await registered(site, { redirect_uris: [uri] })).status, 201, uri);
    }
    const refused = await registered(site, { redirect_uris: ['https://evil.example/cb'] });
    assert.equal(refused.status, 400);
    assert.equal(refused.body.error, 'invalid_redirect_uri');
  });

  test('4. authorization: to the service upstream, with the parameters shown', async (t) => {
    const { site, upstream } = await start(t);
    const { client_id } = (await registered(site)).body;
    const { person } = await logged_in(site, client_id);
    const sent = new URL(person.visited.find((url) => url.startsWith(`${upstream.issuer}/authorize?`)));
    assert.equal(sent.searchParams.get('client_id'), 'tidal');
    assert.equal(sent.searchParams.get('response_type'), 'code');
    assert.equal(sent.searchParams.get('redirect_uri'), `${site}/api/callback`);
    assert.equal(sent.searchParams.get('code_challenge_method'), 'S256');
    assert.match(sent.searchParams.get('code_challenge'), /^[\w-]{43}$/);
    assert.ok(sent.searchParams.get('state'));
    const bad = await fetch(`${site}/api/authorize?client_id=${client_id}&redirect_uri=https%3A%2F%2Fevil.example%2F`, { redirect: 'manual' });
    assert.equal(bad.status, 400);
    assert.equal((await fetch(`${site}/api/authorize`, { redirect: 'manual' })).status, 400);
  });

  test('5. callback: an unknown session is 400, and a known one is used up', async (t) => {
    const { site } = await start(t);
    assert.equal((await fetch(`${site}/api/callback?code=x&state=unknown`, { redirect: 'manual' })).status, 400);
    const { client_id } = (await registered(site)).body;
    const { person } = await logged_in(site, client_id);
    const callback = person.visited.find((url) => url.startsWith(`${site}/api/callback?`));
    const again = await person.request(callback);
    assert.equal(again.status, 400);
    assert.equal(again.headers.location, undefined);
  });

  test('6. tokens: 24 hours, a new refresh token each time, and the old one goes on', async (t) => {
    const { site } = await start(t);
    const { client_id } = (await registered(site)).body;
    const login = await logged_in(site, client_id);
    const tokens = await json_of(await redeem(site, login));
    assert.equal(tokens.expires_in, 86400);
    assert.match(tokens.token_type, /^bearer$/i);
    const refresh = () => post(`${site}/api/token`, { grant_type: 'refresh_token', refresh_token: tokens.refresh_token, client_id });
    const second = await json_of(await refresh());
    assert.equal(second.expires_in, 86400);
    assert.notEqual(second.access_token, tokens.access_token);
    assert.notEqual(second.refresh_token, tokens.refresh_token);
    const third = await json_of(await refresh());
    assert.ok(third.access_token);
    const twice = await redeem(site, login);
    assert.equal(twice.status, 400);
    assert.equal((await twice.json()).error, 'invalid_grant');
    const unknown = await post(`${site}/api/token`, { grant_type: 'refresh_token', refresh_token: 'unknown', client_id });
    assert.equal((await unknown.json()).error, 'invalid_grant');
    const other = await post(`${site}/api/token`, { grant_type: 'password', client_id });
    assert.equal(other.status, 400);
    assert.equal((await other.json()).error, 'unsupported_grant_type');
  });

  test('7. anybody may list the tools; calling one needs a token', async (t) => {
    const { site } = await start(t);
    const headers = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
    const message = (method, params) => JSON.stringify({ jsonrpc: '2.0', id: 1, method, params });
    const initialize = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'x', version: '1' } };
    const opened = await fetch(`${site}/mcp`, { method: 'POST', headers, body: message('initialize', initialize) });
    assert.equal(opened.status, 200);
    const session = { ...headers, 'mcp-session-id': opened.headers.get('mcp-session-id'), 'mcp-protocol-version': '2025-11-25' };
    const listed = await fetch(`${site}/mcp`, { method: 'POST', headers: session, body: message('tools/list') });
    assert.equal(listed.status, 200);
    const call = message('tools/call', { name: 'make_authenticated_request', arguments: { message: 'hello' } });
    assert.equal((await fetch(`${site}/mcp`, { method: 'POST', headers: session, body: call })).status, 401);
    const { client_id } = (await registered(site)).body;
    const tokens = await json_of(await redeem(site, await logged_in(site, client_id)));
    const allowed = { ...session, authorization: `Bearer ${tokens.access_token}` };
    const answer = await json_of(await fetch(`${site}/mcp`, { method: 'POST', headers: allowed, body: call }));
    assert.equal(answer.result.structuredContent.body.sub, 'demo');
  });
});
