// The example server that examples/agent-tools.toml stands in for: its flow from the first 401 to its two
// tools, its endpoints, and the same tools over stdio with the token from the environment.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';

import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';

import { authorize, json_of, login, register } from './lib/oauth.mjs';
import { binary, free_ports, scratch_folder, tollgate, top } from './lib/tollgate.mjs';

const config = join(top, 'examples/agent-tools.toml');

async function start(t) {
  const [port] = await free_ports(1);
  const address = `localhost:${port}`;
  const sets = { 'authorization_server.listen': address, 'mcp.listen': address };
  const server = await tollgate(t, { config, own_ports: false, set: sets });
  const origin = `http://${address}`;
  assert.equal(server.issuer, origin);
  assert.equal(server.mcp, `${origin}/mcp`);
  return { ...server, origin, sets };
}

async function connect(t, server, token) {
  const transport = new StreamableHTTPClientTransport(new URL(server.mcp), {
    requestInit: { headers: { authorization: `Bearer ${token}` } },
  });
  const client = new Client({ name: 'agent-tools', version: '1' });
  await client.connect(transport);
  t.after(() => client.close());
  return client;
}

async function connect_stdio(t, server, token) {
  const sets = Object.entries(server.sets).flatMap(([key, value]) => ['--set', `${key}=${value}`]);
  const transport = new StdioClientTransport({
    command: binary,
    args: ['stdio', '--config', config, ...sets],
    env: { MCP_ACCESS_TOKEN: token },
    cwd: scratch_folder(t),
    stderr: 'pipe',
  });
  const client = new Client({ name: 'agent-tools', version: '1' });
  await client.connect(transport);
  t.after(() => client.close());
  return client;
}

const text_of = (result) => result.content.map((item) => item.text).join('');
const masked = (token) => new RegExp(`${token.slice(0, 4)}[^A-Za-z0-9]+${token.slice(-4)}`);

async function uses_the_tools(client, token) {
  const { tools } = await client.listTools();
  for (const name of ['make_authenticated_request', 'show_auth_token']) {
    assert.ok(tools.some((tool) => tool.name === name), name);
  }
  const shown = text_of(await client.callTool({ name: 'show_auth_token', arguments: {} }));
  assert.match(shown, masked(token));
  assert.ok(!shown.includes(token));
  const made = await client.callTool({ name: 'make_authenticated_request', arguments: { message: 'hello & more' } });
  const report = text_of(made);
  assert.ok(!made.isError, report);
  assert.match(report, /hello & more/); // the message travelled as a query parameter
  assert.match(report, /[Aa]uthorization/); // and the token as a header
  assert.ok(!report.includes(token), 'the token is masked wherever the API echoes it');
}

describe('the flow of the diagram', () => {
  test('401 → resource metadata → authorization server → registration → code → token → MCP', async (t) => {
    const server = await start(t);
    const refused = await fetch(server.mcp, { method: 'POST', body: '{}' });
    assert.equal(refused.status, 401);
    const [, url] = /resource_metadata="([^"]+)"/.exec(refused.headers.get('www-authenticate'));
    const resource = await json_of(await fetch(url));
    assert.deepEqual(resource.authorization_servers, [server.origin]);
    const metadata = await json_of(await fetch(`${server.origin}/.well-known/oauth-authorization-server`));
    for (const [name, path] of Object.entries({
      authorization_endpoint: '/authorize',
      token_endpoint: '/token',
      registration_endpoint: '/register',
    })) {
      assert.equal(metadata[name], server.origin + path);
    }
    const tokens = await login(server.issuer);
    assert.ok(tokens.refresh_token);
    await uses_the_tools(await connect(t, server, tokens.access_token), tokens.access_token);
  });

  test('POST, GET and DELETE on /mcp all want an Authorization header', async (t) => {
    const server = await start(t);
    for (const method of ['POST', 'GET', 'DELETE']) {
      const answer = await fetch(server.mcp, { method });
      assert.equal(answer.status, 401, method);
      assert.match(await answer.text(), /Missing Authorization: Bearer/);
    }
    const { access_token } = await login(server.issuer);
    const client = await connect(t, server, access_token);
    await client.transport.terminateSession(); // DELETE
    await assert.rejects(client.callTool({ name: 'show_auth_token', arguments: {} }), /404|[Ss]ession/);
  });

  test('POST /register gives credentials of its own, with a secret unless the client is public', async (t) => {
    const server = await start(t);
    assert.ok((await register(server.issuer, { token_endpoint_auth_method: undefined })).client_secret);
    assert.ok(!(await register(server.issuer)).client_secret);
  });
});

describe('-client_id and -client_secret', () => {
  test('are those of an entry in [[clients]]', async (t) => {
    const server = await start(t);
    const redirect_uri = 'http://localhost:8085/oauth/callback';
    const { verifier, callback } = await authorize(server.issuer, 'your-client-id', { redirect_uri });
    assert.equal(callback.searchParams.get('state'), 'state-1');
    const redeem = (secret) =>
      fetch(`${server.origin}/token`, {
        method: 'POST',
        headers: { authorization: `Basic ${btoa(`your-client-id:${secret}`)}` },
        body: new URLSearchParams({
          grant_type: 'authorization_code',
          code: callback.searchParams.get('code'),
          code_verifier: verifier,
          redirect_uri,
        }),
      });
    const refused = await redeem('another-secret');
    assert.equal(refused.status, 401);
    assert.equal((await refused.json()).error, 'invalid_client');
    const { access_token } = await json_of(await redeem('your-client-secret'));
    await uses_the_tools(await connect(t, server, access_token), access_token);
  });
});

describe('over stdio', () => {
  test('the token comes from MCP_ACCESS_TOKEN and both tools use it', async (t) => {
    const server = await start(t);
    const { access_token } = await login(server.issuer);
    await uses_the_tools(await connect_stdio(t, server, access_token), access_token);
  });

  test('a token that nobody issued ends it', async (t) => {
    const server = await start(t);
    await assert.rejects(connect_stdio(t, server, 'nobody-issued-this'));
  });
});
