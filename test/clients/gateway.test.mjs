// The walk-through of a hosted MCP gateway that examples/gateway.toml stands in for: its four steps, its
// discovery endpoints, its token details and its 401, run with curl as it shows them.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { join } from 'node:path';
import { describe, test } from 'node:test';

import { json_of, visit } from './lib/oauth.mjs';
import { answer_page } from './lib/page.mjs';
import { binary, free_ports, outlive, run, scratch_folder, tollgate, top } from './lib/tollgate.mjs';

const config = join(top, 'examples/gateway.toml');
const redirect_uri = 'http://localhost:5173/callback';
const verifier = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';
const challenge = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM';

// One server a test, on a port of its own.
async function start(t, { set = {}, env = {} } = {}) {
  const [port] = await free_ports(1);
  const address = `localhost:${port}`;
  const server = await tollgate(t, {
    config,
    env,
    own_ports: false,
    set: { 'authorization_server.listen': address, 'mcp.listen': address, ...set },
  });
  const origin = `http://${address}`;
  assert.equal(server.issuer, origin);
  assert.equal(server.mcp, `${origin}/{agent}/mcp`);
  const folder = scratch_folder(t);
  // A curl line of the walk-through at this test's origin: { status, headers, body }.
  const curl = async (line) => {
    const here = line.replaceAll('https://mcp.beeos.ai', origin);
    const { code, stdout, stderr } = await run('bash', ['-c', `${here} -i`], { cwd: folder });
    assert.equal(code, 0, `${here}: ${stderr}`);
    const [, head, body] = /^([^]*?)\r\n\r\n([^]*)$/.exec(stdout);
    const [first, ...lines] = head.split('\r\n');
    const headers = new Headers(lines.map((one) => one.split(/: (.*)/s).slice(0, 2)));
    return { status: Number(first.split(' ')[1]), headers, body };
  };
  return { ...server, origin, curl };
}

// Step 1.
async function register(server, more = '') {
  const answer = await server.curl(`curl -s -X POST "https://mcp.beeos.ai/oauth/register" \
  -H "Content-Type: application/json" \
  -d '{
    "client_name": "my-mcp-client",
    "redirect_uris": ["${redirect_uri}"]${more}
  }'`);
  return { ...answer, json: JSON.parse(answer.body) };
}

// Step 2, as the walk-through writes it: no scope and no resource.
function authorize_url(server, client_id) {
  return (
    `${server.origin}/oauth/authorize?client_id=${client_id}&redirect_uri=${redirect_uri}` +
    `&response_type=code&code_challenge=${challenge}&code_challenge_method=S256&state=random_state_value`
  );
}

// Step 3.
async function redeem(server, client_id, code) {
  const answer = await server.curl(`curl -s -X POST "https://mcp.beeos.ai/oauth/token" \
  -H "Content-Type: application/x-www-form-urlencoded" \
  -d "grant_type=authorization_code" \
  -d "code=${code}" \
  -d "client_id=${client_id}" \
  -d "redirect_uri=${redirect_uri}" \
  -d "code_verifier=${verifier}"`);
  return { ...answer, json: JSON.parse(answer.body) };
}

async function login(server, user = 'alice') {
  const { json } = await register(server);
  const callback = await answer_page(authorize_url(server, json.client_id), { user, decision: 'approve' });
  const tokens = await redeem(server, json.client_id, callback.searchParams.get('code'));
  assert.equal(tokens.status, 200, tokens.body);
  return tokens.json;
}

// Step 4.
function list_tools(server, token, agent = 'agent-7') {
  return server.curl(`curl -s -X POST "https://mcp.beeos.ai/${agent}/mcp" \
  -H "Authorization: Bearer ${token}" \
  -H "Content-Type: application/json" \
  -d '{"jsonrpc":"2.0","id":1,"method":"tools/list"}'`);
}

const parts = (jwt) => jwt.split('.').slice(0, 2).map((part) => JSON.parse(Buffer.from(part, 'base64url')));

describe('the four steps', () => {
  test('1: registers a public client', async (t) => {
    const server = await start(t);
    const { status, headers, json } = await register(server);
    assert.equal(status, 201); // RFC 7591 §3.2.1
    assert.equal(headers.get('cache-control'), 'no-store');
    assert.ok(json.client_id);
    assert.equal(json.client_name, 'my-mcp-client');
    assert.deepEqual(json.redirect_uris, [redirect_uri]);
    assert.equal(json.token_endpoint_auth_method, 'none');
    assert.ok(!('client_secret' in json));
  });

  test('1: registers no client with a secret', async (t) => {
    const server = await start(t);
    for (const method of ['client_secret_basic', 'client_secret_post', 'private_key_jwt']) {
      const { status, json } = await register(server, `, "token_endpoint_auth_method": "${method}"`);
      assert.equal(status, 400);
      assert.equal(json.error, 'invalid_client_metadata');
    }
  });

  test('2: shows a login page and sends the browser back with code and state', async (t) => {
    const server = await start(t);
    const { json } = await register(server);
    const callback = await answer_page(authorize_url(server, json.client_id), { user: 'alice', decision: 'approve' });
    assert.equal(callback.origin + callback.pathname, redirect_uri);
    assert.ok(callback.searchParams.get('code'));
    assert.equal(callback.searchParams.get('state'), 'random_state_value');
    assert.equal(callback.searchParams.get('iss'), server.origin); // RFC 9207 §2
  });

  test('2: approves at once where consent is automatic', async (t) => {
    const server = await start(t, { set: { 'authorization_server.consent': 'auto' } });
    const { json } = await register(server);
    const callback = await visit(authorize_url(server, json.client_id));
    assert.ok(callback.searchParams.get('code'));
  });

  test('3: redeems the code for an HS256 JWT of an hour', async (t) => {
    const server = await start(t);
    const tokens = await login(server);
    assert.equal(tokens.token_type, 'Bearer');
    assert.equal(tokens.expires_in, 3600);
    assert.ok(tokens.access_token.startsWith('eyJ'));
    assert.ok(!('refresh_token' in tokens)); // the client registered no such grant
    const [header, claims] = parts(tokens.access_token);
    assert.equal(header.alg, 'HS256');
    assert.equal(header.typ, 'at+jwt'); // RFC 9068 §2.1
    assert.equal(claims.iss, server.origin);
    assert.equal(claims.aud, server.origin);
    assert.equal(claims.exp - claims.iat, 3600);
  });

  test('3: takes a code once and with its verifier alone', async (t) => {
    const server = await start(t);
    const { json } = await register(server);
    const url = authorize_url(server, json.client_id);
    const page = () => answer_page(url, { user: 'bob', decision: 'approve' });
    const code = (await page()).searchParams.get('code');
    const stolen = await server.curl(
      `curl -s -X POST "https://mcp.beeos.ai/oauth/token" -d grant_type=authorization_code -d "code=${code}" ` +
        `-d "client_id=${json.client_id}" -d "redirect_uri=${redirect_uri}" -d code_verifier=${'a'.repeat(43)}`,
    );
    assert.equal(stolen.status, 400);
    assert.equal(JSON.parse(stolen.body).error, 'invalid_grant');
    const next = (await page()).searchParams.get('code');
    assert.equal((await redeem(server, json.client_id, next)).status, 200);
    assert.equal((await redeem(server, json.client_id, next)).json.error, 'invalid_grant');
  });

  test('3: takes no code that has expired', async (t) => {
    const server = await start(t, { set: { 'tokens.code_ttl': '1s' } });
    const { json } = await register(server);
    const url = authorize_url(server, json.client_id);
    const late = await answer_page(url, { user: 'alice', decision: 'approve' });
    await outlive(1);
    const refused = await redeem(server, json.client_id, late.searchParams.get('code'));
    assert.equal(refused.status, 400);
    assert.equal(refused.json.error, 'invalid_grant');
  });

  test('4: opens the door of every agent, without a session', async (t) => {
    const server = await start(t);
    const { access_token } = await login(server);
    for (const agent of ['agent-7', 'another']) {
      const { status, headers, body } = await list_tools(server, access_token, agent);
      assert.equal(status, 200, body);
      assert.match(headers.get('content-type'), /^application\/json/);
      assert.equal(headers.get('mcp-session-id'), null);
      const answer = JSON.parse(body);
      assert.equal(answer.id, 1);
      assert.ok(answer.result.tools.some((tool) => tool.name === 'echo'));
    }
    const got = await fetch(`${server.origin}/agent-7/mcp`, {
      headers: { authorization: `Bearer ${access_token}`, accept: 'text/event-stream' },
    });
    assert.equal(got.status, 405);
  });
});

describe('discovery', () => {
  test('GET /.well-known/oauth-authorization-server', async (t) => {
    const server = await start(t);
    const { status, body } = await server.curl(
      'curl -s "https://mcp.beeos.ai/.well-known/oauth-authorization-server"',
    );
    assert.equal(status, 200);
    const metadata = JSON.parse(body);
    assert.equal(metadata.issuer, server.origin);
    assert.deepEqual(metadata.token_endpoint_auth_methods_supported, ['none']);
    assert.deepEqual(metadata.code_challenge_methods_supported, ['S256']);
    for (const name of ['authorization_endpoint', 'token_endpoint', 'registration_endpoint']) {
      assert.ok(metadata[name].startsWith(server.origin), metadata[name]);
    }
  });

  test('GET /.well-known/oauth-protected-resource names the authorization server', async (t) => {
    const server = await start(t);
    const { status, body } = await server.curl('curl -s "https://mcp.beeos.ai/.well-known/oauth-protected-resource"');
    assert.equal(status, 200);
    const metadata = JSON.parse(body);
    assert.equal(metadata.resource, server.origin);
    assert.deepEqual(metadata.authorization_servers, [server.origin]);
    assert.ok(!('scopes_supported' in metadata)); // RFC 9728 §3.2
  });
});

describe('the 401', () => {
  const told = 'Bearer realm="MCP", resource_metadata="/.well-known/oauth-protected-resource"';

  test('is that of the walk-through, to the byte', async (t) => {
    const server = await start(t);
    const { status, headers } = await server.curl(
      `curl -s -X POST "https://mcp.beeos.ai/agent-7/mcp" -H "Content-Type: application/json" -d '{}'`,
    );
    assert.equal(status, 401);
    assert.equal(headers.get('www-authenticate'), told);
  });

  test('says what was wrong with a token behind the realm', async (t) => {
    const server = await start(t);
    const { status, headers } = await list_tools(server, 'nobody-issued-this');
    assert.equal(status, 401);
    assert.match(headers.get('www-authenticate'), /^Bearer realm="MCP", error="invalid_token", /);
    assert.match(headers.get('www-authenticate'), /resource_metadata="\/\.well-known\/oauth-protected-resource"/);
  });

  test('names the whole URL where the standard is kept', async (t) => {
    const server = await start(t, { set: { 'mcp.resource_metadata': 'absolute', 'mcp.challenge_realm': '' } });
    const answer = await fetch(`${server.origin}/agent-7/mcp`, { method: 'POST' });
    assert.equal(
      answer.headers.get('www-authenticate'),
      `Bearer resource_metadata="${server.origin}/.well-known/oauth-protected-resource"`,
    );
  });

  test('each agent has a document of its own, too, for clients that look there first', async (t) => {
    const server = await start(t);
    const document = `${server.origin}/.well-known/oauth-protected-resource/agent-7/mcp`;
    assert.equal((await json_of(await fetch(document))).resource, `${server.origin}/agent-7/mcp`);
  });
});

describe('the secret', () => {
  test('is made at every start, and check says so', async (t) => {
    const folder = scratch_folder(t);
    const checked = await run(binary, ['check', '--config', config], { cwd: folder });
    assert.equal(checked.code, 0, checked.stderr);
    assert.match(checked.stdout + checked.stderr, /tokens\.hs256_secret is empty: a random one is made at every start/);
    const first = await start(t);
    const { access_token } = await login(first);
    assert.equal((await list_tools(first, access_token)).status, 200);
    const second = await start(t);
    assert.equal((await list_tools(second, access_token)).status, 401);
  });

  test('comes from the environment where it is given, and signs what anybody with it can check', async (t) => {
    const secret = 'of-this-test-and-nobody-elses-0123456789';
    const server = await start(t, { env: { TOLLGATE_TOKENS__HS256_SECRET: secret } });
    const { access_token } = await login(server);
    const [head, claims, signature] = access_token.split('.');
    assert.equal(createHmac('sha256', secret).update(`${head}.${claims}`).digest('base64url'), signature);
    assert.doesNotMatch(server.log(), /hs256_secret is empty/);
    assert.ok(!server.log().includes(secret));
  });

  test('of fewer than 32 bytes is refused', async (t) => {
    const env = { ...process.env, TOLLGATE_TOKENS__HS256_SECRET: 'short' };
    const checked = await run(binary, ['check', '--config', config], { cwd: scratch_folder(t), env });
    assert.equal(checked.code, 2);
    assert.match(checked.stderr, /must have 32 bytes or more \(RFC 7518 section 3\.2\)/);
  });

  test('clients with a secret are a mistake of the configuration', async (t) => {
    const client =
      'clients=[{client_id="a", client_secret="not-a-secret", redirect_uris=["http://localhost/"]}]';
    const checked = await run(binary, ['check', '--config', config, '--set', client], { cwd: scratch_folder(t) });
    assert.equal(checked.code, 2);
    assert.match(checked.stderr, /clients\[0\]\.client_secret: is of no use/);
  });
});
