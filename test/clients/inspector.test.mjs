// MCP Inspector 2.x in --cli mode, with a token in a header.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { join } from 'node:path';

import { login } from './lib/oauth.mjs';
import { strategies } from './lib/strategies.mjs';
import { run, scratch_folder, tollgate } from './lib/tollgate.mjs';

const launcher = join(
  import.meta.dirname,
  'node_modules/@modelcontextprotocol/inspector/clients/launcher/build/index.js',
);

// Its home is a scratch folder: no catalog and no stored login of the user takes part.
function inspect(t, url, transport, token, more) {
  const home = scratch_folder(t);
  const args = [launcher, '--cli', '--server-url', url, '--transport', transport, '--stored-auth-only'];
  if (token) args.push('--header', `Authorization: Bearer ${token}`);
  const env = { ...process.env, HOME: home };
  return run(process.execPath, [...args, '--format', 'json', ...more], { cwd: home, env });
}

const echo = ['--method', 'tools/call', '--tool-name', 'echo_tool', '--tool-args-json', '{"message":"Hello from Inspector!"}'];

for (const { name, set } of strategies.filter((s) => ['introspection', 'userinfo'].includes(s.name))) {
  describe(`Inspector, strategy ${name}`, () => {
    for (const [transport, via] of [['http', /Server received via (?!SSE).+: Hello from Inspector!/], ['sse', /Server received via SSE: Hello from Inspector!/]]) {
      test(`lists and calls tools over ${transport}`, async (t) => {
        const server = await tollgate(t, { set });
        const { access_token } = await login(server.issuer);
        const url = transport === 'sse' ? server.sse : server.mcp;
        const listed = await inspect(t, url, transport, access_token, ['--method', 'tools/list']);
        assert.equal(listed.code, 0, listed.stderr);
        assert.match(listed.stdout, /"echo_tool"/);
        const called = await inspect(t, url, transport, access_token, echo);
        assert.equal(called.code, 0, called.stderr);
        assert.match(called.stdout, via);
      });
    }
  });
}

test('Inspector speaks 2026-07-28 when it is told to', async (t) => {
  const server = await tollgate(t);
  const { access_token } = await login(server.issuer);
  const called = await inspect(t, server.mcp, 'http', access_token, ['--protocol-era', 'modern', ...echo]);
  assert.equal(called.code, 0, called.stderr);
  assert.match(called.stdout, /Hello from Inspector!/);
});

test('Inspector is turned away without a token', async (t) => {
  const server = await tollgate(t);
  const listed = await inspect(t, server.mcp, 'http', '', ['--method', 'tools/list']);
  assert.notEqual(listed.code, 0);
  assert.doesNotMatch(listed.stdout, /echo_tool/);
});
