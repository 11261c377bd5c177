// Scenarios that imitate real providers: what is on the wire is what their data and docs/personas.md say.
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { scratch_folder, tollgate, top, unguessable } from './lib/tollgate.mjs';

const redirect_uri = 'http://localhost:8765/callback';
const id = 'persona-client';
const secret = 'the secret of a client that somebody vouched for';
const clients = `[[clients]]
client_id = "${id}"
client_secret = "${secret}"
redirect_uris = ["${redirect_uri}"]
scope = "openid offline_access mcp:tools"
`;
const both = 'mcp:tools offline_access';

// One realm in the state of that scenario, and requests to it by hand.
class provider {
  constructor(server, name) {
    this.origin = new URL(server.issuer).origin;
    this.path = `/s/${name}/${unguessable}`;
    this.issuer = this.origin + this.path;
    this.mcp = server.mcp.replace(/\/mcp$/, `${this.path}/mcp`);
  }
  async resource_metadata() {
    const url = new URL(this.mcp);
    return (await fetch(`${url.origin}/.well-known/oauth-protected-resource${url.pathname}`)).json();
  }
  // Metadata with the path behind /.well-known/NAME, as RFC 8414 says.
  inserted = (name) => fetch(`${this.origin}/.well-known/${name}${this.path}`);
  // And behind the issuer, as OpenID Connect Discovery says.
  appended = (name) => fetch(`${this.issuer}/.well-known/${name}`);
  async token(parameters, headers = {}) {
    const answer = await fetch(`${this.issuer}/token`, {
      method: 'POST',
      headers,
      body: new URLSearchParams({ client_id: id, client_secret: secret, ...parameters }),
    });
    const type = answer.headers.get('content-type').split(';')[0];
    const text = await answer.text();
    const body = type === 'application/json' ? JSON.parse(text) : Object.fromEntries(new URLSearchParams(text));
    return { status: answer.status, type, body };
  }
  // A code, and what its redemption needs.
  async code(scope) {
    const code_verifier = randomBytes(32).toString('base64url');
    const query = new URLSearchParams({
      response_type: 'code',
      client_id: id,
      redirect_uri,
      scope,
      state: 'here',
      code_challenge: createHash('sha256').update(code_verifier).digest('base64url'),
      code_challenge_method: 'S256',
    });
    const answer = await fetch(`${this.issuer}/authorize?${query}`, { redirect: 'manual' });
    this.redirect = new URL(answer.headers.get('location')).searchParams;
    return { grant_type: 'authorization_code', code: this.redirect.get('code'), code_verifier, redirect_uri };
  }
  login = async (scope = both, headers = {}) => this.token(await this.code(scope), headers);
  refresh = (refresh_token, headers = {}) => this.token({ grant_type: 'refresh_token', refresh_token }, headers);
  rpc(method, params, headers = {}) {
    return fetch(this.mcp, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream', ...headers },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
    });
  }
  initialize = (token) =>
    this.rpc(
      'initialize',
      { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'by hand', version: '1' } },
      token ? { authorization: `Bearer ${token}` } : {},
    );
}

const json_please = { accept: 'application/json' };

test('personas', async (t) => {
  const folder = scratch_folder(t);
  const config = join(folder, 'personas.toml');
  writeFileSync(config, clients);
  const server = await tollgate(t, { config, folder });
  const { scenarios } = await (await fetch(`${server.issuer}/control/scenarios`)).json();
  // The realm comes into being with its first request for metadata.
  const meet = async (name) => {
    const it = new provider(server, name);
    await it.appended('openid-configuration');
    return it;
  };

  await t.test('are those that the page tells of, with every deviation and source', () => {
    const page = readFileSync(join(top, 'docs/personas.md'), 'utf8');
    const personas = scenarios.filter(({ name }) => name.startsWith('persona.'));
    assert.ok(personas.length >= 10);
    for (const { name, persona } of personas) {
      assert.ok(persona, name);
      const start = page.indexOf(`\n## ${persona.provider}\n`);
      assert.ok(start > 0, `no section about ${persona.provider}`);
      const section = page.slice(start, page.indexOf('\n## ', start + 4));
      assert.ok(section.includes(`\`${name}\``), name);
      assert.ok(section.includes(persona.as_of), name);
      for (const { what, client, fidelity, sources, date } of persona.deviations) {
        const row = section.split('\n').find((line) => line.startsWith(`| ${what} |`));
        assert.ok(row?.includes(`| ${client} |`) && row.includes(`| ${fidelity} |`) && row.includes(date), `${name}: ${what}`);
        for (const url of sources) assert.ok(row.includes(url), `${name}: ${url}`);
      }
      for (const sentence of persona.not_imitated) assert.ok(section.split('\n').includes(`- ${sentence}`), `${name}: ${sentence}`);
    }
  });

  await t.test('Atlassian: the metadata name the origin as issuer, and a rotated refresh token has leeway', async () => {
    const it = await meet('persona.atlassian');
    assert.deepEqual((await it.resource_metadata()).authorization_servers, [it.issuer]);
    const metadata = await (await it.inserted('oauth-authorization-server')).json();
    assert.equal(metadata.issuer, it.origin);
    const { body } = await it.login();
    assert.equal(it.redirect.get('iss'), null);
    assert.equal(body.expires_in, 28800);
    const again = [await it.refresh(body.refresh_token), await it.refresh(body.refresh_token)];
    assert.deepEqual(again.map(({ status }) => status), [200, 200]);
    assert.notEqual(again[0].body.refresh_token, body.refresh_token);
    assert.equal((await it.login('mcp:tools')).body.refresh_token, undefined);
  });

  await t.test('Auth0: one issuer with a slash at its end', async () => {
    const it = await meet('persona.auth0');
    assert.deepEqual((await it.resource_metadata()).authorization_servers, [`${it.issuer}/`]);
    const metadata = await (await it.inserted('oauth-authorization-server')).json();
    assert.equal(metadata.issuer, `${it.issuer}/`);
    assert.equal(metadata.client_id_metadata_document_supported ?? false, false);
    assert.equal((await it.login('mcp:tools')).body.refresh_token, undefined);
    assert.ok((await it.login()).body.refresh_token);
  });

  await t.test('Cognito: no registration, no word of PKCE, no new refresh token', async () => {
    const it = await meet('persona.cognito');
    assert.equal((await it.inserted('oauth-authorization-server')).status, 404);
    assert.equal((await it.inserted('openid-configuration')).status, 404);
    const metadata = await (await it.appended('openid-configuration')).json();
    assert.equal(metadata.registration_endpoint, undefined);
    assert.equal(metadata.code_challenge_methods_supported, undefined);
    const { body } = await it.login();
    const refreshed = await it.refresh(body.refresh_token);
    assert.equal(refreshed.status, 200);
    assert.equal(refreshed.body.refresh_token, undefined);
  });

  await t.test('Entra ID: resource is refused at the token endpoint, and errors have AADSTS numbers', async () => {
    const it = await meet('persona.entra');
    assert.equal((await it.inserted('oauth-authorization-server')).status, 404);
    assert.equal((await it.inserted('openid-configuration')).status, 404);
    const metadata = await (await it.appended('openid-configuration')).json();
    assert.equal(metadata.registration_endpoint, undefined);
    assert.equal(metadata.code_challenge_methods_supported, undefined);
    const code = await it.code(both);
    const refused = await it.token({ ...code, resource: it.mcp });
    assert.equal(refused.status, 400);
    assert.equal(refused.body.error, 'invalid_target');
    assert.deepEqual(refused.body.error_codes, [9010010]);
    assert.match(refused.body.error_description, /^AADSTS9010010: .* Timestamp: \d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ$/);
    const { status, body } = await it.token(code);
    assert.equal(status, 200);
    assert.equal(body.scope, 'mcp:tools');
    assert.ok(body.refresh_token);
    const wrong = await it.refresh('no such token');
    assert.equal(wrong.status, 400);
    assert.equal(wrong.body.error, 'invalid_grant');
    assert.deepEqual(wrong.body.error_codes, [9002313]);
    assert.ok(wrong.body.trace_id && wrong.body.correlation_id && wrong.body.timestamp);
    assert.equal((await it.refresh(body.refresh_token)).status, 200);
    assert.equal((await it.refresh(body.refresh_token)).status, 200);
  });

  await t.test('GitHub: a form, commas, and errors with status 200', async () => {
    const it = await meet('persona.github');
    assert.equal((await it.appended('oauth-authorization-server')).status, 404);
    const metadata = await (await it.inserted('oauth-authorization-server')).json();
    assert.equal(metadata.registration_endpoint, undefined);
    const code = await it.code(both);
    const first = await it.token(code);
    assert.equal(first.type, 'application/x-www-form-urlencoded');
    assert.deepEqual(Object.keys(first.body).sort(), ['access_token', 'scope', 'token_type']);
    assert.equal(first.body.scope.includes(','), true);
    assert.equal(first.body.token_type, 'bearer');
    assert.equal((await it.initialize(first.body.access_token)).status, 200);
    const used = await it.token(code, json_please);
    assert.deepEqual([used.status, used.type, used.body.error], [200, 'application/json', 'bad_verification_code']);
  });

  await t.test('GitHub App: a refresh ends what was before it', async () => {
    const it = await meet('persona.github.app');
    const { body } = await it.login(both, json_please);
    assert.equal(body.expires_in, 28800);
    const next = await it.refresh(body.refresh_token);
    assert.equal(next.type, 'application/x-www-form-urlencoded');
    assert.ok(next.body.refresh_token && next.body.refresh_token !== body.refresh_token);
    assert.equal((await it.initialize(body.access_token)).status, 401);
    assert.equal((await it.initialize(next.body.access_token)).status, 200);
    const used = await it.refresh(body.refresh_token);
    assert.deepEqual([used.status, used.type, used.body.error], [200, 'application/x-www-form-urlencoded', 'bad_refresh_token']);
  });

  await t.test('Google: two spellings of the issuer, open lists, no refresh token', async () => {
    const it = await meet('persona.google');
    assert.deepEqual((await it.resource_metadata()).authorization_servers, [`${it.issuer}/`]);
    const metadata = await (await it.inserted('oauth-authorization-server')).json();
    assert.equal(metadata.issuer, it.issuer);
    assert.equal(metadata.registration_endpoint, undefined);
    const opened = await it.initialize();
    assert.equal(opened.status, 200);
    const session = { 'mcp-session-id': opened.headers.get('mcp-session-id') };
    await opened.text();
    assert.equal((await it.rpc('tools/list', {}, session)).status, 200);
    assert.equal((await it.rpc('tools/call', { name: 'echo', arguments: { message: 'hi' } }, session)).status, 401);
    const { body } = await it.login();
    assert.deepEqual([body.expires_in, body.refresh_token], [3599, undefined]);
  });

  await t.test('Google with offline access: the refresh token of the login stays', async () => {
    const it = await meet('persona.google.offline');
    const { body } = await it.login();
    assert.ok(body.refresh_token);
    for (let i = 0; i < 2; i += 1) {
      const refreshed = await it.refresh(body.refresh_token);
      assert.deepEqual([refreshed.status, refreshed.body.refresh_token], [200, undefined]);
    }
  });

  await t.test('Keycloak: a policy refuses the registration that is announced', async () => {
    const it = await meet('persona.keycloak');
    const { registration_endpoint } = await (await it.inserted('oauth-authorization-server')).json();
    const refused = await fetch(registration_endpoint, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ redirect_uris: [redirect_uri] }),
    });
    assert.equal(refused.status, 403);
    const why = await refused.json();
    assert.equal(why.error, 'insufficient_scope');
    assert.match(why.error_description, /Trusted Hosts/);
    const { body } = await it.login();
    assert.deepEqual([body.expires_in, body.refresh_expires_in, body['not-before-policy']], [300, 1800, 0]);
  });

  await t.test('Notion: a refresh ends the access tokens, and a stale refresh token the login', async () => {
    const it = await meet('persona.notion');
    const { body: first } = await it.login();
    const { body: second } = await it.refresh(first.refresh_token);
    assert.equal((await it.initialize(first.access_token)).status, 401);
    assert.equal((await it.initialize(second.access_token)).status, 200);
    const { body: third } = await it.refresh(second.refresh_token);
    const stale = await it.refresh(first.refresh_token);
    assert.deepEqual([stale.status, stale.body.error], [400, 'invalid_grant']);
    assert.equal((await it.refresh(third.refresh_token)).status, 400);
  });

  await t.test('Okta: registration is announced and wants a token', async () => {
    const it = await meet('persona.okta');
    assert.equal((await it.inserted('oauth-authorization-server')).status, 404);
    assert.equal((await it.inserted('openid-configuration')).status, 404);
    const { registration_endpoint } = await (await it.appended('openid-configuration')).json();
    const refused = await fetch(registration_endpoint, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ redirect_uris: [redirect_uri] }),
    });
    assert.equal(refused.status, 401);
    const { body } = await it.login();
    assert.equal((await it.refresh(body.refresh_token)).body.refresh_token, undefined);
  });

  await t.test('Slack: ok false with status 200, and scopes in authed_user', async () => {
    const it = await meet('persona.slack');
    assert.equal((await it.resource_metadata()).resource, new URL(it.mcp).origin);
    const metadata = await (await it.inserted('oauth-authorization-server')).json();
    assert.equal(metadata.registration_endpoint, undefined);
    const code = await it.code(both);
    const { body } = await it.token(code);
    assert.equal(body.ok, true);
    assert.equal(body.scope, '');
    assert.equal(body.authed_user.access_token, body.access_token);
    assert.deepEqual(body.authed_user.scope.split(',').sort(), ['mcp:tools', 'offline_access']);
    const used = await it.token(code);
    assert.deepEqual([used.status, used.body], [200, { error: 'invalid_code', ok: false }]);
    const wrong = await it.refresh('no such token');
    assert.deepEqual([wrong.status, wrong.body], [200, { error: 'invalid_refresh_token', ok: false }]);
  });
});
