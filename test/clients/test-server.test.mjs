// The quick start of the mcp-oauth-test-server that examples/test-server.toml stands in for: every
// curl line and every scenario of its README, run with curl and with `tollgate scenario`.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';

import { authorize, json_of, login, register, token_request } from './lib/oauth.mjs';
import { binary, free_ports, run, scratch_folder, tollgate, top, until } from './lib/tollgate.mjs';

const config = join(top, 'examples/test-server.toml');

// One server a test, at ports given the way its users give them.
async function start(t, more_env = {}) {
  const [oauth_port, mcp_port] = await free_ports(2);
  const env = { ...process.env, OAUTH_PORT: String(oauth_port), MCP_PORT: String(mcp_port), ...more_env };
  const server = await tollgate(t, { config, env, own_ports: false });
  assert.equal(server.issuer, `http://localhost:${oauth_port}`);
  assert.equal(server.mcp, `http://localhost:${mcp_port}/mcp`);
  const folder = scratch_folder(t);

  // A line of the README, with the ports of this test: { status, body }.
  const curl = async (line) => {
    const here = line.replaceAll('9100', oauth_port).replaceAll('9101', mcp_port);
    const { code, stdout, stderr } = await run('bash', ['-c', `${here} -s -w '\\n%{http_code}'`], { cwd: folder });
    assert.equal(code, 0, `${here}: ${stderr}`);
    const [, body, status] = /^([^]*)\n(\d{3})$/.exec(stdout);
    return { status: Number(status), body };
  };
  const scenario = async (...args) => {
    const result = await run(binary, ['scenario', ...args, '--config', config], { cwd: folder, env });
    assert.equal(result.code, 0, `scenario ${args.join(' ')}: ${result.stderr}`);
    return result.stdout;
  };
  const state = async () => json_of(await fetch(`${server.issuer}/control/state`));
  return { ...server, curl, scenario, state };
}

const json_header = '-H content-type:application/json';

// A tool call of a stateless client: no initialize before it.
function call_tool(server, token, name = 'echo', args = { message: 'hi' }) {
  return fetch(server.mcp, {
    method: 'POST',
    headers: {
      ...(token ? { authorization: `Bearer ${token}` } : {}),
      accept: 'application/json, text/event-stream',
      'content-type': 'application/json',
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name, arguments: args } }),
  });
}

async function refresh(server, { client_id, refresh_token }) {
  return token_request(server.issuer, { grant_type: 'refresh_token', client_id, refresh_token });
}

async function calls_fine(server, token) {
  const answer = await call_tool(server, token);
  assert.equal(answer.status, 200, await answer.clone().text());
  assert.match(await answer.text(), /"text":"hi"/);
}

describe('the discovery chain', () => {
  test('leads from a 401 over both metadata documents to a token', async (t) => {
    const server = await start(t);
    const refused = await call_tool(server);
    assert.equal(refused.status, 401);
    const [, resource_metadata] = /resource_metadata="([^"]+)"/.exec(refused.headers.get('www-authenticate'));
    const resource = await json_of(await fetch(resource_metadata));
    assert.deepEqual(resource.authorization_servers, [server.issuer]);
    const metadata = await json_of(await fetch(`${server.issuer}/.well-known/oauth-authorization-server`));
    assert.equal(metadata.issuer, server.issuer);
    assert.equal(metadata.authorization_endpoint, `${server.issuer}/authorize`);
    assert.equal(metadata.token_endpoint, `${server.issuer}/token`);
    assert.equal(metadata.registration_endpoint, `${server.issuer}/register`);
    await calls_fine(server, (await login(server.issuer)).access_token);
  });

  test('serves the root document that it names on GET /.well-known/oauth-protected-resource', async (t) => {
    const server = await start(t);
    const { status, body } = await server.curl('curl localhost:9101/.well-known/oauth-protected-resource');
    assert.equal(status, 200);
    assert.deepEqual(JSON.parse(body).authorization_servers, [server.issuer]);
  });
});

describe('the endpoints', () => {
  test('GET /introspect?token= tells whether a token is active, and its scope', async (t) => {
    const server = await start(t);
    const { access_token } = await login(server.issuer);
    const alive = await server.curl(`curl 'localhost:9100/introspect?token=${access_token}'`);
    assert.equal(alive.status, 200);
    assert.equal(JSON.parse(alive.body).active, true);
    assert.match(JSON.parse(alive.body).scope, /mcp:tools/);
    const unknown = await server.curl("curl 'localhost:9100/introspect?token=nobody-issued-this'");
    assert.deepEqual(JSON.parse(unknown.body), { active: false });
  });

  test('GET /mcp is 405 on the stateless server, and tools/list works without initialize', async (t) => {
    const server = await start(t);
    const { access_token } = await login(server.issuer);
    const headers = { authorization: `Bearer ${access_token}`, accept: 'text/event-stream' };
    const got = await fetch(server.mcp, { headers });
    assert.equal(got.status, 405);
    const listed = await fetch(server.mcp, {
      method: 'POST',
      headers: { ...headers, accept: 'application/json, text/event-stream', 'content-type': 'application/json' },
      body: '{"jsonrpc":"2.0","id":1,"method":"tools/list"}',
    });
    assert.equal(listed.status, 200);
    assert.equal(listed.headers.get('mcp-session-id'), null);
    const text = await listed.text();
    for (const tool of ['echo', 'add', 'whoami']) assert.match(text, new RegExp(`"name":"${tool}"`));
  });

  test('POST /register gives refresh tokens to public clients that ask for nothing', async (t) => {
    const server = await start(t);
    const line = `curl localhost:9100/register -d '{"redirect_uris":["http://localhost:8765/callback"]}' ${json_header}`;
    const { status, body } = await server.curl(line);
    assert.equal(status, 201);
    const { client_id, grant_types, token_endpoint_auth_method } = JSON.parse(body);
    assert.equal(token_endpoint_auth_method, 'none');
    assert.deepEqual(grant_types, ['authorization_code', 'refresh_token']);
    const { verifier, callback } = await authorize(server.issuer, client_id);
    const answer = await token_request(server.issuer, {
      grant_type: 'authorization_code',
      client_id,
      code: callback.searchParams.get('code'),
      code_verifier: verifier,
      redirect_uri: 'http://localhost:8765/callback',
    });
    const { refresh_token } = await json_of(answer);
    const refreshed = await token_request(server.issuer, { grant_type: 'refresh_token', client_id, refresh_token });
    await calls_fine(server, (await json_of(refreshed)).access_token);
  });

  test('/token refuses a wrong PKCE verifier', async (t) => {
    const server = await start(t);
    const { client_id } = await register(server.issuer);
    const { callback } = await authorize(server.issuer, client_id);
    const answer = await token_request(server.issuer, {
      grant_type: 'authorization_code',
      client_id,
      code: callback.searchParams.get('code'),
      code_verifier: 'a'.repeat(43),
      redirect_uri: 'http://localhost:8765/callback',
    });
    assert.equal(answer.status, 400);
    assert.equal((await answer.json()).error, 'invalid_grant');
  });
});

// Each switch twice: by its curl line and by its scenario name.
const ways = [
  {
    by: 'curl',
    rotate: (s) => s.curl(`curl -XPOST localhost:9100/control/rotate -d '{"on":true}' ${json_header}`),
    expire: (s) => s.curl(`curl -XPOST localhost:9100/control/expires-in -d '{"seconds":2}' ${json_header}`),
    revoke: (s) => s.curl('curl -XPOST localhost:9100/control/revoke-access'),
    dead_refresh: (s) => s.curl(`curl -XPOST localhost:9100/control/invalid-grant -d '{"on":true}' ${json_header}`),
    deny: (s) => s.curl(`curl -XPOST localhost:9100/control/deny-consent -d '{"on":true}' ${json_header}`),
    bad_scope: (s) => s.curl(`curl -XPOST localhost:9101/control/force-403 -d '{"on":true}' ${json_header}`),
    reset: async (s) => {
      await s.curl('curl -XPOST localhost:9100/control/reset');
      await s.curl('curl -XPOST localhost:9101/control/reset');
    },
  },
  {
    by: 'tollgate scenario',
    rotate: (s) => s.scenario('rotate', 'on'),
    expire: (s) => s.scenario('expire-access', '2'),
    revoke: (s) => s.scenario('revoke'),
    dead_refresh: (s) => s.scenario('dead-refresh', 'on'),
    deny: (s) => s.scenario('deny-consent', 'on'),
    bad_scope: (s) => s.scenario('bad-scope', 'on'),
    reset: (s) => s.scenario('reset'),
  },
];

for (const way of ways) {
  const { by } = way;
  describe(`the control plane by ${by}`, () => {
    const done = (answer) => {
      if (answer?.status) assert.equal(answer.status, 200, answer.body);
    };

    test('rotate gives a new refresh token on every refresh', async (t) => {
      const server = await start(t);
      const tokens = await login(server.issuer);
      done(await way.rotate(server));
      assert.equal((await server.state()).rotate, true);
      const second = await json_of(await refresh(server, tokens));
      assert.notEqual(second.refresh_token, tokens.refresh_token);
      const third = await json_of(await refresh(server, { ...tokens, ...second }));
      assert.notEqual(third.refresh_token, second.refresh_token);
      await calls_fine(server, third.access_token);
    });

    test('expires-in shortens the life of new access tokens', async (t) => {
      const server = await start(t);
      done(await way.expire(server));
      const tokens = await login(server.issuer);
      assert.equal(tokens.expires_in, 2);
      await calls_fine(server, tokens.access_token);
      await until(async () => (await call_tool(server, tokens.access_token)).status === 401);
      const before_refresh = (await server.state()).tokenCalls;
      await calls_fine(server, (await json_of(await refresh(server, tokens))).access_token);
      assert.equal((await server.state()).tokenCalls, before_refresh + 1);
    });

    test('revoke-access makes the next call 401 and a refresh good again', async (t) => {
      const server = await start(t);
      const tokens = await login(server.issuer);
      await calls_fine(server, tokens.access_token);
      done(await way.revoke(server));
      const refused = await call_tool(server, tokens.access_token);
      assert.equal(refused.status, 401);
      assert.match(refused.headers.get('www-authenticate'), /error="invalid_token"/);
      await calls_fine(server, (await json_of(await refresh(server, tokens))).access_token);
    });

    test('invalid-grant kills the refresh grant', async (t) => {
      const server = await start(t);
      const tokens = await login(server.issuer);
      done(await way.dead_refresh(server));
      assert.equal((await server.state()).invalidGrant, true);
      const refused = await refresh(server, tokens);
      assert.equal(refused.status, 400);
      assert.equal((await refused.json()).error, 'invalid_grant');
    });

    test('deny-consent sends the user back with access_denied', async (t) => {
      const server = await start(t);
      const { client_id } = await register(server.issuer);
      done(await way.deny(server));
      const { callback } = await authorize(server.issuer, client_id);
      assert.equal(callback.searchParams.get('error'), 'access_denied');
      assert.equal(callback.searchParams.get('state'), 'state-1');
      assert.equal(callback.searchParams.get('code'), null);
    });

    test('force-403 answers tool calls with insufficient_scope', async (t) => {
      const server = await start(t);
      const { access_token } = await login(server.issuer);
      done(await way.bad_scope(server));
      const refused = await call_tool(server, access_token);
      assert.equal(refused.status, 403);
      assert.match(refused.headers.get('www-authenticate'), /error="insufficient_scope"/);
    });

    test('reset forgets tokens and switches', async (t) => {
      const server = await start(t);
      const tokens = await login(server.issuer);
      await way.rotate(server);
      await way.bad_scope(server);
      await way.reset(server);
      const state = await server.state();
      assert.equal(state.accessTokens, 0);
      assert.equal(state.rotate, false);
      assert.equal((await call_tool(server, tokens.access_token)).status, 401);
      await calls_fine(server, (await login(server.issuer)).access_token);
    });
  });
}

describe('the rest of the control plane', () => {
  test('state shows counts and pseudonyms, never a token', async (t) => {
    const server = await start(t);
    const tokens = await login(server.issuer);
    const { status, body } = await server.curl('curl localhost:9100/control/state');
    assert.equal(status, 200);
    const state = JSON.parse(body);
    assert.equal(state.realm, 'default');
    assert.equal(state.accessTokens, 1);
    assert.equal(state.tokenCalls, 1);
    assert.equal(state.refreshTokens.length, 1);
    assert.ok(!body.includes(tokens.refresh_token));
    const printed = await server.scenario('state');
    assert.match(printed, /tokenCalls/);
  });

  test('seed-refresh makes a refresh token valid that nobody was given', async (t) => {
    const server = await start(t);
    const seed = 'deposited-by-the-test';
    const { client_id } = await register(server.issuer);
    assert.equal((await refresh(server, { client_id, refresh_token: seed })).status, 400);
    const { status } = await server.curl(`curl -XPOST localhost:9100/control/seed-refresh -d '{"token":"${seed}"}' ${json_header}`);
    assert.equal(status, 200);
    const tokens = await json_of(await refresh(server, { client_id, refresh_token: seed }));
    await calls_fine(server, tokens.access_token);
  });

  test('SEED_REFRESH_TOKEN, TOKEN_TTL_SECONDS and SCOPES are heard', async (t) => {
    const server = await start(t, {
      SEED_REFRESH_TOKEN: 'seed-of-the-environment',
      TOKEN_TTL_SECONDS: '77',
      SCOPES: 'mcp:tools files:read',
    });
    const { client_id } = await register(server.issuer);
    const tokens = await json_of(await refresh(server, { client_id, refresh_token: 'seed-of-the-environment' }));
    assert.equal(tokens.expires_in, 77);
    await calls_fine(server, tokens.access_token);
    const metadata = await json_of(await fetch(`${server.issuer}/.well-known/oauth-authorization-server`));
    assert.ok(metadata.scopes_supported.includes('files:read'), JSON.stringify(metadata.scopes_supported));
  });

  test('a public URL is what discovery speaks of, and validation does not go through it', async (t) => {
    const server = await start_behind_a_tunnel(t);
    const answer = await call_tool(server);
    assert.match(answer.headers.get('www-authenticate'), /resource_metadata="https:\/\/mcp\.example\.com\//);
    const metadata = await json_of(await fetch(`${server.local_issuer}/.well-known/oauth-authorization-server`));
    assert.equal(metadata.issuer, 'https://oauth.example.com');
    assert.equal(metadata.token_endpoint, 'https://oauth.example.com/token');
    // oauth.example.com leads nowhere from here: the token is asked about at the internal address.
    const { access_token } = await login(server.local_issuer);
    await calls_fine(server, access_token);
  });
});

describe('tunnels and providers that go away', () => {
  test('an authorization server that cannot be asked means 401, as it did there', async (t) => {
    const set = { 'validation.endpoint': 'http://127.0.0.1:1/introspect' };
    const [oauth_port, mcp_port] = await free_ports(2);
    const env = { OAUTH_PORT: String(oauth_port), MCP_PORT: String(mcp_port) };
    const server = await tollgate(t, { config, env, set, own_ports: false });
    const { access_token } = await login(server.issuer);
    const answer = await call_tool(server, access_token);
    assert.equal(answer.status, 401);
    assert.match(answer.headers.get('www-authenticate'), /could not be validated/);
  });

  test('a new tunnel URL needs no restart, and no client has to consent again', async (t) => {
    const [oauth_port, mcp_port] = await free_ports(2);
    const urls = (n) => ({
      authorization_server: `http://oauth-${n}.localhost:${oauth_port}`,
      mcp: `http://mcp-${n}.localhost:${mcp_port}`,
    });
    const env = {
      OAUTH_PORT: String(oauth_port),
      MCP_PORT: String(mcp_port),
      OAUTH_BASE_URL: urls(1).authorization_server,
      MCP_BASE_URL: urls(1).mcp,
      TOLLGATE_CONTROL__TOKEN: 'open-sesame-open-sesame',
    };
    const server = await tollgate(t, { config, env, own_ports: false });
    const local = `http://localhost:${oauth_port}`;
    const tokens = await login(local);
    const rename = (n) =>
      fetch(`${local}/control/public-url`, {
        method: 'POST',
        headers: { authorization: 'Bearer open-sesame-open-sesame', 'content-type': 'application/json' },
        body: JSON.stringify(urls(n)),
      });
    const now = await json_of(await rename(2));
    assert.equal(now.issuer, urls(2).authorization_server);
    assert.equal(now.mcp, `${urls(2).mcp}/mcp`);
    assert.deepEqual(now.reachable, Object.values(urls(2)).map((url) => ({ url, reachable: true, found: 'here' })));
    const here = { ...server, issuer: local, mcp: `http://localhost:${mcp_port}/mcp` };
    assert.match((await call_tool(here)).headers.get('www-authenticate'), new RegExp(urls(2).mcp));
    await calls_fine(here, tokens.access_token);
    await calls_fine(here, (await json_of(await refresh(here, tokens))).access_token);
    await until(() => /public_url_reached url=http:\/\/oauth-2/.test(server.log()));
  });
});

async function start_behind_a_tunnel(t) {
  const [oauth_port, mcp_port] = await free_ports(2);
  const env = {
    ...process.env,
    OAUTH_PORT: String(oauth_port),
    MCP_PORT: String(mcp_port),
    OAUTH_BASE_URL: 'https://oauth.example.com',
    MCP_BASE_URL: 'https://mcp.example.com',
  };
  const server = await tollgate(t, { config, env, own_ports: false });
  assert.equal(server.issuer, 'https://oauth.example.com');
  return {
    ...server,
    mcp: `http://localhost:${mcp_port}/mcp`,
    local_issuer: `http://localhost:${oauth_port}`,
  };
}
