// Mode "proxy" with examples/inspector-userinfo.toml: the walk-through of the server that it stands
// in for, in front of a second tollgate that plays the provider.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { connect as connect_to } from 'node:net';
import { join } from 'node:path';
import { describe, test } from 'node:test';

import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { SSEClientTransport } from '@modelcontextprotocol/sdk/client/sse.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { UnauthorizedError } from '@modelcontextprotocol/sdk/client/auth.js';
import { Client as OldClient } from '@modelcontextprotocol/sdk-2025-03/client/index.js';
import { SSEClientTransport as OldSSE } from '@modelcontextprotocol/sdk-2025-03/client/sse.js';
import { UnauthorizedError as OldUnauthorized } from '@modelcontextprotocol/sdk-2025-03/client/auth.js';
import * as openid from 'openid-client';

import { authorize_url, json_of, memory_provider, token_request, visit } from './lib/oauth.mjs';
import { recorder } from './lib/recorder.mjs';
import { free_ports, run, scratch_folder, tollgate, top, until } from './lib/tollgate.mjs';

const example = join(top, 'examples/inspector-userinfo.toml');
const client_id = 'test_client_id';
const client_secret = 'test_client_secret';
const redirect_uri = 'http://localhost:8765/callback';
const echoed = 'Server received via SSE: Hello from Inspector!';
const hello = { name: 'echo_tool', arguments: { message: 'Hello from Inspector!' } };
const text_of = (result) => result.content.map((item) => item.text).join('');

// The provider of the walk-through: one client that has a secret, tokens for any resource. Clients
// that ask for no scope (SDK 1.11) get openid as well, or its userinfo would not answer them.
async function start_provider(t, set = {}) {
  const folder = scratch_folder(t);
  const config = join(folder, 'provider.toml');
  writeFileSync(
    config,
    `[[clients]]
client_id = "${client_id}"
client_secret = "${client_secret}"
redirect_uris = ["${redirect_uri}", "http://localhost:6274/oauth/callback"]
`,
  );
  return tollgate(t, { config, folder, set: { 'authorization_server.resources': 'any', 'validation.strategy': 'userinfo', ...set } });
}

// The example on a free port, with the environment of the walk-through.
async function start_front(t, variables, set = {}) {
  const [port] = await free_ports(1);
  const front = await tollgate(t, {
    config: example,
    own_ports: false,
    env: { OAUTH_CLIENT_ID: client_id, OAUTH_CLIENT_SECRET: client_secret, ...variables },
    set: { 'authorization_server.listen': `localhost:${port}`, 'mcp.listen': `localhost:${port}`, ...set },
  });
  assert.equal(front.issuer, `http://localhost:${port}`);
  return { ...front, port };
}

const by_issuer = (provider) => ({ OAUTH_ISSUER: provider.issuer });
const by_urls = (provider) => ({
  OAUTH_AUTH_URL: `${provider.issuer}/authorize`,
  OAUTH_TOKEN_URL: `${provider.issuer}/token`,
  OAUTH_USERINFO_URL: `${provider.issuer}/userinfo`,
});

// The code flow at the proxy, as a client without a secret of its own: two redirects in a row.
async function login_through(front) {
  const { verifier, url } = authorize_url(front.issuer, client_id, { scope: 'openid profile' });
  const at_provider = await visit(url);
  const callback = await visit(at_provider);
  const answer = await token_request(front.issuer, {
    grant_type: 'authorization_code',
    client_id,
    code: callback.searchParams.get('code'),
    code_verifier: verifier,
    redirect_uri,
  });
  return { at_provider, callback, tokens: await json_of(answer) };
}

for (const [how, variables] of [['OAUTH_ISSUER', by_issuer], ['the three URLs', by_urls]]) {
  describe(`the walk-through, by ${how}`, () => {
    test('a login through this origin gives a token that opens /sse with curl -N', async (t) => {
      const provider = await start_provider(t);
      const front = await start_front(t, variables(provider));
      const { at_provider, callback, tokens } = await login_through(front);
      assert.equal(at_provider.origin, provider.issuer);
      assert.equal(callback.searchParams.get('iss'), provider.issuer);
      assert.ok(tokens.access_token && tokens.refresh_token);

      const curl = ['-sN', '--max-time', '3', `http://127.0.0.1:${front.port}/sse`];
      const opened = await run('curl', ['-H', `Authorization: Bearer ${tokens.access_token}`, ...curl]);
      assert.match(opened.stdout, /^event: endpoint\r?\ndata: \/messages\?sessionId=/m);
      const refused = await run('curl', curl);
      assert.match(refused.stdout, /Missing Authorization: Bearer/);
      const wrong = await run('curl', ['-H', 'Authorization: Bearer wrong', '-o', '/dev/null', '-w', '%{http_code}', ...curl]);
      assert.equal(wrong.stdout, '401');

      const person = await json_of(await fetch(`${front.issuer}/userinfo`, { headers: { authorization: `Bearer ${tokens.access_token}` } }));
      assert.equal(person.sub, 'demo');
      const renewed = await json_of(
        await token_request(front.issuer, { grant_type: 'refresh_token', client_id, refresh_token: tokens.refresh_token }),
      );
      assert.ok(renewed.access_token);
    });

    test('both discovery documents speak of this origin, the resource of the true issuer', async (t) => {
      const provider = await start_provider(t);
      const front = await start_front(t, variables(provider));
      for (const name of ['openid-configuration', 'oauth-authorization-server']) {
        const document = await json_of(await fetch(`${front.issuer}/.well-known/${name}`));
        assert.equal(document.issuer, front.issuer);
        for (const endpoint of ['authorization', 'token', 'userinfo'])
          assert.ok(document[`${endpoint}_endpoint`].startsWith(front.issuer), endpoint);
        assert.ok(document.code_challenge_methods_supported.includes('S256'));
      }
      const resource = await json_of(await fetch(`${front.issuer}/.well-known/oauth-protected-resource/sse`));
      const known = how === 'OAUTH_ISSUER' ? provider.issuer : front.issuer;
      assert.deepEqual(resource.authorization_servers, [known]);
      assert.deepEqual([...resource.scopes_supported].sort(), ['openid', 'profile']);
    });

    test('Inspector --cli over /sse hears the server', async (t) => {
      const provider = await start_provider(t);
      const front = await start_front(t, variables(provider));
      const { tokens } = await login_through(front);
      const home = scratch_folder(t);
      const launcher = join(import.meta.dirname, 'node_modules/@modelcontextprotocol/inspector/clients/launcher/build/index.js');
      const inspect = (...more) =>
        run(
          process.execPath,
          [launcher, '--cli', '--server-url', front.sse, '--transport', 'sse', '--stored-auth-only', '--format', 'json',
            '--header', `Authorization: Bearer ${tokens.access_token}`, ...more],
          { cwd: home, env: { ...process.env, HOME: home } },
        );
      const listed = await inspect('--method', 'tools/list');
      assert.equal(listed.code, 0, listed.stderr);
      assert.match(listed.stdout, /"echo_tool"/);
      const called = await inspect('--method', 'tools/call', '--tool-name', 'echo_tool', '--tool-args-json', JSON.stringify(hello.arguments));
      assert.equal(called.code, 0, called.stderr);
      assert.ok(called.stdout.includes(echoed), called.stdout);
    });
  });
}

// memory_provider that follows every redirect up to its own callback, as a browser would.
class patient_provider extends memory_provider {
  async redirectToAuthorization(url) {
    this.first = url;
    this.authorizations += 1;
    let at = url;
    while (!String(at).startsWith(redirect_uri)) at = await visit(at);
    this.callback = at;
  }
}

// Without a login it is turned away, with the login it calls echo_tool.
async function whole_way({ t, url, Transport, ClientClass, Unauthorized, provider, fetch: with_fetch }) {
  const options = { authProvider: provider, ...(with_fetch ? { fetch: with_fetch } : {}) };
  const first = new Transport(new URL(url), options);
  await assert.rejects(new ClientClass({ name: 'first', version: '1' }).connect(first), Unauthorized);
  await first.finishAuth(provider.callback.searchParams.get('code'));
  await first.close();
  const client = new ClientClass({ name: 'second', version: '1' });
  // The SSE stream of the old SDK sends its token only when it is told to.
  await client.connect(new Transport(new URL(url), options));
  t.after(() => client.close());
  return text_of(await client.callTool(hello));
}

describe('clients that take the MCP host for the authorization server (SDK 1.11)', () => {
  const old = { Transport: OldSSE, ClientClass: OldClient, Unauthorized: OldUnauthorized };

  test('register, log in and call a tool through the proxy', async (t) => {
    const server = await start_provider(t);
    const front = await start_front(t, by_issuer(server));
    const provider = new patient_provider();
    assert.equal(await whole_way({ t, url: front.sse, provider, ...old }), echoed);
    assert.equal(provider.first.origin, front.issuer);
    assert.notEqual(provider.clientInformation().client_id, client_id);
  });

  for (const [how, variables] of [['issuer', by_issuer], ['three URLs', by_urls]])
    test(`log in as the configured client without knowing its secret, by ${how}`, async (t) => {
      const server = await start_provider(t);
      const front = await start_front(t, variables(server));
      const provider = new patient_provider();
      provider.saveClientInformation({ client_id });
      assert.equal(await whole_way({ t, url: front.sse, provider, ...old }), echoed);
      assert.equal(provider.first.origin, front.issuer);
    });
});

describe('clients that read the resource metadata (SDK 1.32)', () => {
  const current = { ClientClass: Client, Unauthorized: UnauthorizedError };

  for (const [path, Transport] of [['sse', SSEClientTransport], ['mcp', StreamableHTTPClientTransport]])
    test(`go to the provider itself, over /${path}`, async (t) => {
      const server = await start_provider(t);
      const front = await start_front(t, by_issuer(server));
      const provider = new patient_provider();
      const wire = recorder();
      const answer = await whole_way({ t, url: front[path], Transport, provider, fetch: wire.fetch, ...current });
      assert.match(answer, /Hello from Inspector!$/);
      assert.equal(provider.first.origin, server.issuer);
      assert.doesNotMatch(front.log(), / \/token /);
    });

  test('come here where the issuer is not known', async (t) => {
    const server = await start_provider(t);
    const front = await start_front(t, by_urls(server));
    const provider = new patient_provider();
    provider.saveClientInformation({ client_id });
    assert.equal(await whole_way({ t, url: front.sse, Transport: SSEClientTransport, provider, ...current }), echoed);
    assert.equal(provider.first.origin, front.issuer);
  });

  // RFC 9207 section 2.4: why the resource metadata name the provider, and when a broker is needed.
  test('refuse the iss of the provider when they take this origin for the issuer (openid-client)', async (t) => {
    const server = await start_provider(t);
    const front = await start_front(t, by_issuer(server));
    const options = { execute: [openid.allowInsecureRequests] };
    const config = await openid.discovery(new URL(front.issuer), client_id, undefined, openid.None(), options);
    const verifier = openid.randomPKCECodeVerifier();
    const url = openid.buildAuthorizationUrl(config, {
      redirect_uri,
      scope: 'openid',
      code_challenge: await openid.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      state: 's',
    });
    const callback = await visit(await visit(url));
    assert.equal(callback.searchParams.get('iss'), server.issuer);
    await assert.rejects(
      openid.authorizationCodeGrant(config, callback, { pkceCodeVerifier: verifier, expectedState: 's' }),
      (error) => /iss/.test(`${error.message} ${error.cause?.message}`),
    );
  });
});

// Every byte of the answer to one request.
function raw_answer(port, method, path, { headers = {}, body = '' } = {}) {
  return new Promise((done, fail) => {
    const socket = connect_to(port, 'localhost');
    const chunks = [];
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('end', () => done(Buffer.concat(chunks).toString('latin1')));
    socket.on('error', fail);
    const all = { host: `localhost:${port}`, connection: 'close', 'content-length': body.length, ...headers };
    const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
    socket.write(`${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n${body}`);
  });
}

test('the configured secret never crosses the leg to the client, and is in no log', async (t) => {
  const provider = await start_provider(t);
  const front = await start_front(t, by_issuer(provider));
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  const heard = [];
  const ask = async (...args) => {
    const answer = await raw_answer(front.port, ...args);
    heard.push(answer);
    return answer;
  };
  for (const path of ['/.well-known/openid-configuration', '/.well-known/jwks.json', '/control/state', '/control/policy',
    '/.well-known/oauth-protected-resource', `/authorize?client_id=${client_id}`, '/anything', '/metrics'])
    await ask('GET', path);
  const { verifier, url } = authorize_url(front.issuer, client_id, { scope: 'openid' });
  const there = /^location: (.*)\r$/im.exec(await ask('GET', url.pathname + url.search))[1];
  const code = (await visit(there)).searchParams.get('code');
  const body = (parameters) => new URLSearchParams(parameters).toString();
  const login = { grant_type: 'authorization_code', client_id, code, code_verifier: verifier, redirect_uri };
  const good = await ask('POST', '/token', { headers: form, body: body(login) });
  assert.match(good, /^HTTP\/1.1 200 /);
  const again = await ask('POST', '/token', { headers: form, body: body(login) });
  assert.match(again, /"invalid_grant"/);
  assert.match(await ask('POST', '/token', { headers: form, body: body({ grant_type: 'client_credentials', client_id }) }), /"invalid_client"/);
  await ask('POST', '/revoke', { headers: form, body: body({ client_id, token: 'x' }) });
  await ask('POST', '/introspect', { headers: form, body: body({ client_id, token: 'x' }) });
  await ask('POST', '/register', { headers: { 'content-type': 'application/json' }, body: '{"redirect_uris":["http://localhost/cb"],"token_endpoint_auth_method":"none"}' });
  const basic = Buffer.from(`${client_id}:${client_secret}`).toString('base64');
  for (const bytes of [...heard, front.log()])
    for (const secret of [client_secret, basic]) assert.ok(!bytes.includes(secret), bytes);
  assert.ok(heard.length >= 13);
});

describe('a provider that misbehaves', () => {
  const page = { 'Content-Type': 'text/html' };
  const rows = [
    ['HTML', { status: 200, headers: page, body: '<p>hello</p>' }, 502, /answered with text\/html instead of JSON/],
    ['a 5xx', { status: 500, headers: page, body: '<p>oops</p>' }, 502, /answered with status 500/],
    ['a redirect', { status: 302, headers: { Location: 'http://localhost:1/x?code=leak' }, body: '' }, 502, /redirect to http:\/\/localhost:1,/],
    ['a lying content type', { status: 200, headers: { 'Content-Type': 'application/json' }, body: '<p>hello</p>' }, 502, /no JSON object/],
  ];
  for (const [what, params, status, sentence] of rows)
    test(`answers the token request with ${what}`, async (t) => {
      const provider = await start_provider(t);
      const front = await start_front(t, by_issuer(provider));
      await fault(provider, 'token', { ...params, stage: 'replace' });
      const answer = await token_request(front.issuer, { grant_type: 'authorization_code', client_id, code: 'x' });
      assert.equal(answer.status, status);
      assert.equal(answer.headers.get('location'), null);
      const body = await answer.json();
      assert.equal(body.error, 'temporarily_unavailable');
      assert.match(body.error_description, sentence);
      assert.match(body.error_description, /token request/);
      assert.doesNotMatch(JSON.stringify(body), /leak|secret/);
    });

  test('is too slow: 504 with an OAuth error', async (t) => {
    const provider = await start_provider(t);
    const front = await start_front(t, by_issuer(provider), { 'upstream.timeout': '700ms' });
    await fault(provider, 'token', { delay_ms: 3000, stage: 'before' });
    const answer = await token_request(front.issuer, { grant_type: 'authorization_code', client_id, code: 'x' });
    assert.equal(answer.status, 504);
    assert.match((await answer.json()).error_description, /did not answer in time/);
  });

  test('names another issuer: nothing is forwarded, tokens cannot be judged', async (t) => {
    const provider = await start_provider(t);
    await fault(provider, 'openid_configuration', { stage: 'mutate', merge_patch: { issuer: 'https://evil.example' } });
    const front = await start_front(t, by_issuer(provider));
    const login = await fetch(`${front.issuer}/authorize?client_id=${client_id}`, { redirect: 'manual' });
    assert.equal(login.status, 502);
    assert.match(login.headers.get('content-type'), /text\/html/);
    const page = await login.text();
    assert.match(page, /evil\.example/);
    assert.match(page, /RFC 8414/);
    const call = await fetch(front.sse, { headers: { authorization: 'Bearer x' } });
    assert.equal(call.status, 503);
    assert.ok(call.headers.get('retry-after'));
    assert.equal(call.headers.get('www-authenticate'), null);
  });

  test('is not there: 502 with what to check, and 503 at /sse', async (t) => {
    const [port] = await free_ports(1);
    const front = await start_front(t, by_urls({ issuer: `http://localhost:${port}` }));
    const answer = await token_request(front.issuer, { grant_type: 'authorization_code', client_id, code: 'x' });
    assert.equal(answer.status, 502);
    assert.match((await answer.json()).error_description, /cannot be reached.*upstream\.token_endpoint/);
    const call = await fetch(front.sse, { headers: { authorization: 'Bearer x' } });
    assert.equal(call.status, 503);
    assert.ok(call.headers.get('retry-after'));
  });
});

async function fault(provider, endpoint, params) {
  await json_of(
    await fetch(`${provider.issuer}/control/faults`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'raw', select: { endpoint }, params }),
    }),
  );
}

test('POST /messages needs the very token that opened the stream', async (t) => {
  const provider = await start_provider(t);
  const front = await start_front(t, by_issuer(provider));
  const mine = (await login_through(front)).tokens.access_token;
  const other = (await login_through(front)).tokens.access_token;
  assert.notEqual(mine, other);
  const stream = await fetch(front.sse, { headers: { authorization: `Bearer ${mine}` } });
  const reader = stream.body.getReader();
  t.after(() => reader.cancel());
  const first = Buffer.from((await reader.read()).value).toString();
  const path = /data: (\S+)/.exec(first)[1];
  const send = (token) =>
    fetch(new URL(path, front.sse), {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' }),
    });
  assert.equal((await send(mine)).status, 202);
  assert.ok((await send(other)).status >= 400);
});

test('the log says once, at the start, what userinfo cannot tell', async (t) => {
  const provider = await start_provider(t);
  const front = await start_front(t, by_issuer(provider));
  await until(() => front.log().includes('validation_limits'));
  await fetch(front.sse, { headers: { authorization: 'Bearer x' } });
  const lines = front.log().split('\n').filter((line) => line.includes('validation_limits'));
  assert.equal(lines.length, 1);
  assert.match(lines[0], /audience and scopes are not checked/);
});

test('switches for tokens that are somebody else’s say so', async (t) => {
  const provider = await start_provider(t);
  const front = await start_front(t, by_issuer(provider));
  const post = (call, body) =>
    fetch(`${front.issuer}/control/${call}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  assert.equal((await post('expires-in', { seconds: 5 })).status, 409);
  assert.equal((await post('invalid-grant', { on: true })).status, 200);
  const refused = await token_request(front.issuer, { grant_type: 'refresh_token', client_id, refresh_token: 'x' });
  assert.equal((await refused.json()).error, 'invalid_grant');
});
