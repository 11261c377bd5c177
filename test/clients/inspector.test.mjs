// MCP Inspector in --cli mode with a token in a header: 2.x, and the last of 1.x.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { dirname, join } from 'node:path';

import { login } from './lib/oauth.mjs';
import { strategies } from './lib/strategies.mjs';
import { run, scratch_folder, tollgate } from './lib/tollgate.mjs';

const packages = join(import.meta.dirname, 'node_modules/@modelcontextprotocol');

// Its home is a scratch folder: no catalog and no stored login of the user takes part. It starts
// what it calls node by itself.
function start(t, args, cwd) {
  const home = scratch_folder(t);
  const PATH = `${dirname(process.execPath)}:${process.env.PATH}`;
  return run(process.execPath, args, { cwd: cwd ?? home, env: { ...process.env, HOME: home, PATH } });
}

const header = (token) => (token ? ['--header', `Authorization: Bearer ${token}`] : []);

function inspect(t, url, transport, token, more) {
  const launcher = join(packages, 'inspector/clients/launcher/build/index.js');
  const target = ['--server-url', url, '--transport', transport, '--stored-auth-only'];
  return start(t, [launcher, '--cli', ...target, ...header(token), '--format', 'json', ...more]);
}

// 1.x takes the URL as an argument and what it calls with as name=value. It looks for its own
// package.json beside the working folder.
function inspect_with_1(t, url, transport, token, more) {
  const build = join(packages, 'inspector-cli/build');
  return start(t, [join(build, 'cli.js'), '--cli', url, '--transport', transport, ...header(token), ...more], build);
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

describe('Inspector 1.x', () => {
  const echo_with_1 = ['--method', 'tools/call', '--tool-name', 'echo_tool', '--tool-arg', 'message=Hello from Inspector!'];
  for (const transport of ['http', 'sse']) {
    test(`lists and calls tools, resources and prompts over ${transport}`, async (t) => {
      const server = await tollgate(t, { set: { 'mcp.fixtures': true } });
      const { access_token } = await login(server.issuer);
      const url = transport === 'sse' ? server.sse : server.mcp;
      const ask = async (...more) => {
        const { code, stdout, stderr } = await inspect_with_1(t, url, transport, access_token, more);
        assert.equal(code, 0, stderr);
        return JSON.parse(stdout);
      };
      const [tools, called, resource, prompts] = await Promise.all([
        ask('--method', 'tools/list'),
        ask(...echo_with_1),
        ask('--method', 'resources/read', '--uri', 'test://static-text'),
        ask('--method', 'prompts/list'),
      ]);
      assert.ok(tools.tools.some((tool) => tool.name === 'echo_tool'));
      assert.match(called.content[0].text, /Server received via .+: Hello from Inspector!/);
      assert.match(resource.contents[0].text, /static text resource/);
      assert.ok(prompts.prompts.length > 0);
    });

    test(`is turned away over ${transport} without a token`, async (t) => {
      const server = await tollgate(t);
      const url = transport === 'sse' ? server.sse : server.mcp;
      const listed = await inspect_with_1(t, url, transport, '', ['--method', 'tools/list']);
      assert.notEqual(listed.code, 0);
      assert.doesNotMatch(listed.stdout, /echo_tool/);
    });
  }
});
