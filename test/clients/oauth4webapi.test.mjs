// oauth4webapi 3, request by request: what openid-client hides, and the RFC 9068 checks of a
// resource server.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import * as oauth from 'oauth4webapi';

import { json_server } from './lib/json_server.mjs';
import { visit } from './lib/oauth.mjs';
import { outlive, tollgate, until_it_takes_proofs } from './lib/tollgate.mjs';

const redirect_uri = 'http://localhost:8765/callback';
const insecure = { [oauth.allowInsecureRequests]: true };
const grant = (name) => `urn:ietf:params:oauth:grant-type:${name}`;

async function discover(issuer, algorithm = 'oauth2') {
  const answer = await oauth.discoveryRequest(new URL(issuer), { algorithm, ...insecure });
  return oauth.processDiscoveryResponse(new URL(issuer), answer);
}

async function register(as, metadata) {
  const answer = await oauth.dynamicClientRegistrationRequest(as, { redirect_uris: [redirect_uri], ...metadata }, insecure);
  return oauth.processDynamicClientRegistrationResponse(answer);
}

async function log_in(as, client, auth, { scope = 'openid mcp:tools', extra = {}, options = {}, authorize = visit } = {}) {
  const verifier = oauth.generateRandomCodeVerifier();
  const state = oauth.generateRandomState();
  const nonce = oauth.generateRandomNonce();
  const url = new URL(as.authorization_endpoint);
  url.search = new URLSearchParams({
    client_id: client.client_id,
    redirect_uri,
    response_type: 'code',
    scope,
    state,
    nonce,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    ...extra,
  });
  const parameters = oauth.validateAuthResponse(as, client, await authorize(url), state);
  const send = () => oauth.authorizationCodeGrantRequest(as, client, auth, parameters, redirect_uri, verifier, { ...insecure, ...options });
  const expected = scope.includes('openid') ? { expectedNonce: nonce, requireIdToken: true } : {};
  return oauth.processAuthorizationCodeResponse(as, client, await send(), expected);
}

// Grants that act without a person are for clients that the server was told of.
const secret = 'a-secret-of-the-configuration';
function known_client(grant_types) {
  const redirects = grant_types.includes('authorization_code') ? JSON.stringify([redirect_uri]) : '[]';
  return `[{ client_id = "known", client_secret = "${secret}", redirect_uris = ${redirects}, grant_types = ${JSON.stringify(grant_types)} }]`;
}

const access_request = (url, token) => new Request(url, { headers: { authorization: `Bearer ${token}` } });

describe('oauth4webapi 3', () => {
  for (const algorithm of ['oauth2', 'oidc']) {
    test(`discovers by ${algorithm}, logs in, refreshes, introspects, revokes`, async (t) => {
      const server = await tollgate(t);
      const as = await discover(server.issuer, algorithm);
      const client = await register(as, {
        grant_types: ['authorization_code', 'refresh_token'],
        token_endpoint_auth_method: 'client_secret_basic',
      });
      const auth = oauth.ClientSecretBasic(client.client_secret);
      const tokens = await log_in(as, client, auth);
      const { sub } = oauth.getValidatedIdTokenClaims(tokens);
      const info = await oauth.userInfoRequest(as, client, tokens.access_token, insecure);
      assert.equal((await oauth.processUserInfoResponse(as, client, sub, info)).sub, sub);
      const refreshed = await oauth.refreshTokenGrantRequest(as, client, auth, tokens.refresh_token, insecure);
      const fresh = await oauth.processRefreshTokenResponse(as, client, refreshed);
      const asked = await oauth.introspectionRequest(as, client, auth, fresh.access_token, insecure);
      assert.equal((await oauth.processIntrospectionResponse(as, client, asked)).active, true);
      await oauth.processRevocationResponse(await oauth.revocationRequest(as, client, auth, fresh.access_token, insecure));
      const again = await oauth.introspectionRequest(as, client, auth, fresh.access_token, insecure);
      assert.deepEqual(await oauth.processIntrospectionResponse(as, client, again), { active: false });
    });
  }

  for (const alg of ['RS256', 'PS256', 'ES256', 'EdDSA']) {
    test(`finds a JWT access token signed with ${alg} as RFC 9068 wants it`, async (t) => {
      const server = await tollgate(t, { set: { 'tokens.format': 'jwt', 'tokens.signing_alg': alg } });
      const as = await discover(server.issuer);
      const client = await register(as, { token_endpoint_auth_method: 'none' });
      const tokens = await log_in(as, client, oauth.None(), { extra: { resource: server.mcp } });
      const claims = await oauth.validateJwtAccessToken(as, access_request(server.mcp, tokens.access_token), server.mcp, {
        ...insecure,
        signingAlgorithms: [alg, 'Ed25519'],
      });
      assert.equal(claims.client_id, client.client_id);
      assert.equal(claims.scope, 'openid mcp:tools');
      await assert.rejects(
        oauth.validateJwtAccessToken(as, access_request(server.mcp, tokens.access_token), 'https://other.example/mcp', insecure),
      );
    });
  }

  test('binds a JWT access token to its key by DPoP', async (t) => {
    const server = await tollgate(t, { set: { 'tokens.format': 'jwt', 'validation.strategy': 'jwt' } });
    await until_it_takes_proofs(server);
    const as = await discover(server.issuer);
    assert.ok(as.dpop_signing_alg_values_supported.includes('ES256'));
    const client = await register(as, { token_endpoint_auth_method: 'none', dpop_bound_access_tokens: true });
    const key = await oauth.generateKeyPair('ES256', { extractable: true });
    const DPoP = oauth.DPoP(client, key);
    const tokens = await log_in(as, client, oauth.None(), { extra: { resource: server.mcp }, options: { DPoP } });
    assert.equal(tokens.token_type, 'dpop');
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' });
    const headers = new Headers({ accept: 'application/json, text/event-stream', 'content-type': 'application/json' });
    const answer = await oauth.protectedResourceRequest(tokens.access_token, 'POST', new URL(server.mcp), headers, body, { DPoP, ...insecure });
    assert.notEqual(answer.status, 401);
    assert.notEqual(answer.status, 403);
  });

  test('gets a token for the assertion of a trusted issuer', async (t) => {
    const { privateKey, publicKey } = await oauth.generateKeyPair('ES256', { extractable: true });
    const jwk = await crypto.subtle.exportKey('jwk', publicKey);
    const workload = await json_server(t, { '/jwks': { keys: [{ ...jwk, kid: 'w', alg: 'ES256' }] } });
    const server = await tollgate(t, {
      set: {
        trusted_issuers: `[{ issuer = "https://workload.example", jwks_uri = "${workload}/jwks" }]`,
        clients: known_client([grant('jwt-bearer')]),
      },
    });
    const as = await discover(server.issuer);
    const client = { client_id: 'known' };
    const auth = oauth.ClientSecretBasic(secret);
    const assertion = await sign(privateKey, { alg: 'ES256', kid: 'w', typ: 'JWT' }, {
      iss: 'https://workload.example',
      sub: 'workload-7',
      aud: server.issuer,
      iat: now(),
      exp: now() + 60,
      jti: oauth.generateRandomState(),
    });
    const ask = () => oauth.genericTokenEndpointRequest(as, client, auth, grant('jwt-bearer'), { assertion, scope: 'mcp:tools' }, insecure);
    const tokens = await oauth.processGenericTokenEndpointResponse(as, client, await ask());
    assert.equal(tokens.scope, 'mcp:tools');
    const asked = await oauth.introspectionRequest(as, client, auth, tokens.access_token, insecure);
    assert.equal((await oauth.processIntrospectionResponse(as, client, asked)).sub, 'workload-7');
    await assert.rejects(
      ask().then((answer) => oauth.processGenericTokenEndpointResponse(as, client, answer)),
      (error) => error.error === 'invalid_grant',
    );
  });

  test('lets a device wait until a person approved, and tells it to be patient', async (t) => {
    const server = await tollgate(t, { set: { 'tokens.device_interval': '1s' } });
    const as = await discover(server.issuer);
    const client = await register(as, {
      grant_types: [grant('device_code')],
      response_types: [],
      redirect_uris: [],
      token_endpoint_auth_method: 'none',
    });
    const asked = await oauth.deviceAuthorizationRequest(as, client, oauth.None(), { scope: 'mcp:tools' }, insecure);
    const device = await oauth.processDeviceAuthorizationResponse(as, client, asked);
    const poll = async () => {
      const answer = await oauth.deviceCodeGrantRequest(as, client, oauth.None(), device.device_code, insecure);
      return oauth.processDeviceCodeResponse(as, client, answer);
    };
    const answers = (code) => (error) => error.error === code;
    await assert.rejects(poll(), answers('authorization_pending'));
    await assert.rejects(poll(), answers('slow_down'));
    await fetch(device.verification_uri_complete);
    await outlive(device.interval + 5); // RFC 8628 section 3.5: what slow_down adds
    assert.equal((await poll()).scope, 'mcp:tools');
    await assert.rejects(poll(), (error) => ['invalid_grant', 'expired_token', 'slow_down'].includes(error.error));
  });

  test('exchanges an access token for one with another audience', async (t) => {
    const grants = JSON.stringify(['authorization_code', grant('token-exchange')]);
    const entry = `client_id = "api", client_secret = "of-api", redirect_uris = ["${redirect_uri}"], grant_types = ${grants}`;
    const server = await tollgate(t, { set: { clients: `[{ ${entry}, exchange_audience = ["https://api.example/"] }]` } });
    const as = await discover(server.issuer);
    const client = { client_id: 'api' };
    const auth = oauth.ClientSecretBasic('of-api');
    const tokens = await log_in(as, client, auth, { extra: { resource: server.mcp } });
    const parameters = {
      subject_token: tokens.access_token,
      subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
      resource: 'https://api.example/',
    };
    const answer = await oauth.genericTokenEndpointRequest(as, client, auth, grant('token-exchange'), parameters, insecure);
    const exchanged = await oauth.processGenericTokenEndpointResponse(as, client, answer);
    const asked = await oauth.introspectionRequest(as, client, auth, exchanged.access_token, insecure);
    assert.equal((await oauth.processIntrospectionResponse(as, client, asked)).aud, 'https://api.example/');
    const elsewhere = { ...parameters, resource: 'https://elsewhere.example/' };
    const refused = await oauth.genericTokenEndpointRequest(as, client, auth, grant('token-exchange'), elsewhere, insecure);
    await assert.rejects(oauth.processGenericTokenEndpointResponse(as, client, refused), (error) => error.error === 'invalid_target');
  });
});

const now = () => Math.floor(Date.now() / 1000);

async function sign(key, header, claims) {
  const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const input = `${part(header)}.${part(claims)}`;
  const signature = await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, key, Buffer.from(input));
  return `${input}.${Buffer.from(signature).toString('base64url')}`;
}
