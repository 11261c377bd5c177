// openid-client 6, which checks every answer against its standard: each way to a token that the
// authorization server knows.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import * as client from 'openid-client';

import { json_server } from './lib/json_server.mjs';
import { visit } from './lib/oauth.mjs';
import { tollgate, until_it_takes_proofs } from './lib/tollgate.mjs';

const redirect_uri = 'http://localhost:8765/callback';
const insecure = { execute: [client.allowInsecureRequests] };
const code_and_refresh = ['authorization_code', 'refresh_token'];

// The methods by which a client that registers itself shows who it is.
const auth_of = { none: client.None, client_secret_basic: client.ClientSecretBasic, client_secret_post: client.ClientSecretPost };

function register(issuer, metadata, method = 'none', auth) {
  const own = { redirect_uris: [redirect_uri], token_endpoint_auth_method: method, ...metadata };
  return client.dynamicClientRegistration(new URL(issuer), own, auth ?? undefined, insecure).then((config) => {
    if (auth) return config;
    const { client_secret } = config.clientMetadata();
    const again = new client.Configuration(config.serverMetadata(), config.clientMetadata().client_id, config.clientMetadata(), auth_of[method](client_secret));
    client.allowInsecureRequests(again);
    return again;
  });
}

// A server that was told of its client: grants that act without a person are for such clients.
async function configured(t, grant_types) {
  const secret = 'a-secret-of-the-configuration';
  const redirects = grant_types.includes('authorization_code') ? JSON.stringify([redirect_uri]) : '[]';
  const entry = `{ client_id = "known", client_secret = "${secret}", redirect_uris = ${redirects}, grant_types = ${JSON.stringify(grant_types)} }`;
  const server = await tollgate(t, { set: { clients: `[${entry}]` } });
  const config = await client.discovery(new URL(server.issuer), 'known', undefined, client.ClientSecretBasic(secret), insecure);
  return { server, config };
}

async function log_in(config, { scope = 'openid mcp:tools', options, extra = {} } = {}) {
  const pkceCodeVerifier = client.randomPKCECodeVerifier();
  const expectedNonce = client.randomNonce();
  const expectedState = client.randomState();
  const url = client.buildAuthorizationUrl(config, {
    redirect_uri,
    scope,
    nonce: expectedNonce,
    state: expectedState,
    code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
    ...extra,
  });
  const callback = await visit(url);
  return client.authorizationCodeGrant(config, callback, { pkceCodeVerifier, expectedNonce, expectedState, idTokenExpected: true }, undefined, options);
}

const refused = (code) => (error) => {
  assert.equal(error.error, code, `${error.stack}\n${JSON.stringify(error.cause)}`);
  return true;
};

describe('openid-client 6', () => {
  for (const method of ['none', 'client_secret_basic', 'client_secret_post']) {
    test(`registers with ${method}, logs in, refreshes with rotation and reads userinfo`, async (t) => {
      const server = await tollgate(t, { set: { 'tokens.refresh_rotation': 'always' } });
      const config = await register(server.issuer, { grant_types: code_and_refresh }, method);
      const tokens = await log_in(config, { extra: { resource: server.mcp } });
      const { sub } = tokens.claims();
      const info = await client.fetchUserInfo(config, tokens.access_token, sub);
      assert.equal(info.sub, sub);
      const fresh = await client.refreshTokenGrant(config, tokens.refresh_token);
      assert.notEqual(fresh.refresh_token, tokens.refresh_token);
      await assert.rejects(client.refreshTokenGrant(config, tokens.refresh_token), refused('invalid_grant'));
      // The family died with the reuse.
      await assert.rejects(client.refreshTokenGrant(config, fresh.refresh_token), refused('invalid_grant'));
    });
  }

  test('verifies the signature of an id_token of every algorithm through the JWKS', async (t) => {
    const server = await tollgate(t);
    const config = await client.discovery(new URL(server.issuer), 'unused', undefined, client.None(), insecure);
    const offered = config.serverMetadata().id_token_signing_alg_values_supported;
    assert.ok(offered.includes('RS256'));
    for (const id_token_signed_response_alg of offered) {
      const registered = await register(server.issuer, { grant_types: code_and_refresh, id_token_signed_response_alg });
      client.enableNonRepudiationChecks(registered);
      const tokens = await log_in(registered);
      const header = JSON.parse(Buffer.from(tokens.id_token.split('.')[0], 'base64url'));
      assert.equal(header.alg, id_token_signed_response_alg);
    }
  });

  test('introspects and revokes its tokens; a refresh token takes the access tokens along', async (t) => {
    const server = await tollgate(t);
    const config = await register(server.issuer, { grant_types: code_and_refresh }, 'client_secret_basic');
    const tokens = await log_in(config);
    const active = await client.tokenIntrospection(config, tokens.access_token);
    assert.equal(active.active, true);
    assert.equal(active.client_id, config.clientMetadata().client_id);
    await client.tokenRevocation(config, tokens.refresh_token);
    assert.deepEqual(await client.tokenIntrospection(config, tokens.access_token), { active: false });
  });

  test('gets a token for itself by secret', async (t) => {
    const { server, config } = await configured(t, ['client_credentials']);
    const tokens = await client.clientCredentialsGrant(config, { scope: 'mcp:tools', resource: server.mcp });
    assert.equal(tokens.refresh_token, undefined);
    assert.equal(tokens.scope, 'mcp:tools');
  });

  for (const alg of ['RS256', 'PS256', 'ES256', 'Ed25519']) {
    test(`gets a token for itself by private_key_jwt with ${alg}`, async (t) => {
      // It registers itself, which takes the key: a client like this one needs nobody who vouches for it.
      const server = await tollgate(t, { set: { 'registration.grant_types': ['client_credentials'] } });
      const { privateKey, publicKey } = await client_key(alg);
      const jwk = await crypto.subtle.exportKey('jwk', publicKey);
      delete jwk.key_ops;
      delete jwk.alg;
      const jwks = { keys: [{ ...jwk, kid: 'one' }] };
      const auth = client.PrivateKeyJwt({ key: privateKey, kid: 'one' });
      const config = await register(
        server.issuer,
        { grant_types: ['client_credentials'], redirect_uris: [], response_types: [], jwks },
        'private_key_jwt',
        auth,
      );
      const tokens = await client.clientCredentialsGrant(config, { scope: 'mcp:tools' });
      assert.ok(tokens.access_token);
    });
  }

  for (const nonce of [false, true]) {
    test(`binds its tokens to a key by DPoP ${nonce ? 'with' : 'without'} nonces`, async (t) => {
      const server = await tollgate(t, { set: { 'tokens.dpop_nonce': nonce } });
      await until_it_takes_proofs(server);
      const config = await register(server.issuer, { grant_types: code_and_refresh });
      const key = await client.randomDPoPKeyPair('ES256');
      const DPoP = client.getDPoPHandle(config, key);
      const tokens = await log_in(config, { options: { DPoP } });
      assert.equal(tokens.token_type, 'dpop');
      const info = await client.fetchUserInfo(config, tokens.access_token, tokens.claims().sub, { DPoP });
      assert.equal(info.sub, tokens.claims().sub);
      const fresh = await client.refreshTokenGrant(config, tokens.refresh_token, undefined, { DPoP });
      assert.equal(fresh.token_type, 'dpop');
      const other = client.getDPoPHandle(config, await client.randomDPoPKeyPair('ES256'));
      const refresh_token = fresh.refresh_token ?? tokens.refresh_token;
      await assert.rejects(client.refreshTokenGrant(config, refresh_token, undefined, { DPoP: other }));
      await calls_the_mcp_server(server, config, fresh.access_token, DPoP);
    });
  }

  test('logs a device in while a person approves it elsewhere', async (t) => {
    const server = await tollgate(t);
    const config = await register(server.issuer, {
      grant_types: ['urn:ietf:params:oauth:grant-type:device_code', 'refresh_token'],
      redirect_uris: [],
      response_types: [],
    });
    const started = await client.initiateDeviceAuthorization(config, { scope: 'mcp:tools' });
    assert.match(started.verification_uri, /\/device$/);
    const polling = client.pollDeviceAuthorizationGrant(config, started, undefined, { signal: AbortSignal.timeout(30_000) });
    const page = await fetch(started.verification_uri_complete);
    assert.equal(page.status, 200, await page.text());
    const tokens = await polling;
    assert.equal(tokens.scope, 'mcp:tools');
  });

  test('exchanges a token for a narrower one', async (t) => {
    const token_exchange = 'urn:ietf:params:oauth:grant-type:token-exchange';
    const { config } = await configured(t, [...code_and_refresh, token_exchange]);
    const tokens = await log_in(config, { scope: 'openid mcp:tools mcp:admin' });
    const exchanged = await client.genericGrantRequest(config, token_exchange, {
      subject_token: tokens.access_token,
      subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
      scope: 'mcp:tools',
    });
    assert.equal(exchanged.issued_token_type, 'urn:ietf:params:oauth:token-type:access_token');
    assert.equal(exchanged.scope, 'mcp:tools');
  });

  test('is known by its metadata document without registering', async (t) => {
    const server = await tollgate(t, { set: { 'registration.allow_loopback_metadata': true } });
    const path = '/client.json';
    const origin = await json_server(t, {
      [path]: (at) => ({
        client_id: at + path,
        client_name: 'A client by its document',
        redirect_uris: [redirect_uri],
        grant_types: code_and_refresh,
        response_types: ['code'],
        token_endpoint_auth_method: 'none',
      }),
    });
    const config = await client.discovery(new URL(server.issuer), origin + path, undefined, client.None(), insecure);
    assert.equal(config.serverMetadata().client_id_metadata_document_supported, true);
    const tokens = await log_in(config);
    assert.equal(tokens.claims().aud, origin + path);
  });

  test('finds no pushed authorization requests advertised', async (t) => {
    const server = await tollgate(t);
    const config = await client.discovery(new URL(server.issuer), 'unused', undefined, client.None(), insecure);
    assert.equal(config.serverMetadata().pushed_authorization_request_endpoint, undefined);
  });
});

function client_key(alg) {
  const parameters = {
    RS256: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256', modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) },
    PS256: { name: 'RSA-PSS', hash: 'SHA-256', modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) },
    ES256: { name: 'ECDSA', namedCurve: 'P-256' },
    Ed25519: { name: 'Ed25519' },
  };
  return crypto.subtle.generateKey(parameters[alg], true, ['sign', 'verify']);
}

async function calls_the_mcp_server(server, config, access_token, DPoP) {
  const headers = new Headers({ accept: 'application/json, text/event-stream', 'content-type': 'application/json' });
  const body = JSON.stringify({
    jsonrpc: '2.0',
    id: 1,
    method: 'initialize',
    params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'dpop', version: '1' } },
  });
  const answer = await client.fetchProtectedResource(config, access_token, new URL(server.mcp), 'POST', body, headers, { DPoP });
  assert.equal(answer.status, 200, await answer.text());
  const as_bearer = await fetch(server.mcp, { method: 'POST', headers: { ...Object.fromEntries(headers), authorization: `Bearer ${access_token}` }, body });
  assert.equal(as_bearer.status, 401);
}
