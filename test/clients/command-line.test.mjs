// Command-line MCP clients with a login of their own: mcporter, and mcpc with its bridge process.
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';

import { home_with_browser, program } from './lib/home.mjs';
import { control, scratch_folder, tollgate } from './lib/tollgate.mjs';

const packages = join(import.meta.dirname, 'node_modules');

// An open stream is asked about rarely, so that it is the call that meets the dead token.
const patient = { 'validation.recheck': '1m' };

async function good(ending) {
  const { code, text, stderr } = await ending;
  assert.equal(code, 0, `${stderr}\n${text}`);
  return text;
}

describe('mcporter', () => {
  // It is told of a server by a file, and logs in by a command of its own.
  async function logged_in(t, server) {
    const home = home_with_browser(scratch_folder(t));
    mkdirSync(join(home.folder, 'config'));
    const mcpServers = { it: { url: server.mcp, auth: 'oauth' } };
    writeFileSync(join(home.folder, 'config/mcporter.json'), JSON.stringify({ mcpServers, imports: [] }));
    const mcporter = program(home, join(packages, 'mcporter/dist/cli.js'));
    await good(mcporter('auth', 'it'));
    return { home, mcporter };
  }

  test('logs_in_by_a_command_and_calls_and_registers_anew_when_its_token_is_revoked', async (t) => {
    const server = await tollgate(t, { set: patient });
    const { home, mcporter } = await logged_in(t, server);
    const listed = JSON.parse(await good(mcporter('list', 'it', '--json')));
    assert.ok(listed.tools.some((tool) => tool.name === 'echo_tool'));
    assert.equal(await good(mcporter('call', 'it.echo_tool', 'message=hello')), 'Server received via Streamable HTTP: hello');
    assert.equal(home.visits().length, 1);
    assert.equal(new URL(home.visits()[0]).searchParams.get('resource'), server.mcp);

    const before = await control(server.issuer, 'state');
    await control(server.issuer, 'revoke-access');
    assert.equal(await good(mcporter('call', 'it.echo', 'message=again')), 'again');
    assert.equal((await control(server.issuer, 'state')).clients, before.clients + 1);
    // It has presented the refresh token of its first registration as the second client, in vain.
    assert.match(server.log(), /grant=refresh_token .*error=invalid_grant/);
    assert.equal(home.visits().length, 2);
  });
});

describe('mcpc', () => {
  // Its session lives in a bridge process, for which it waits five seconds by its clock.
  async function logged_in(t, server) {
    let stop_bridge = () => {};
    t.after(() => stop_bridge()); // before its folder goes
    const home = home_with_browser(scratch_folder(t));
    home.env.NODE_OPTIONS = `${process.env.NODE_OPTIONS ?? ''} --import=file://${import.meta.dirname}/lib/patient.mjs`;
    const mcpc = program(home, join(packages, '@apify/mcpc/bin/mcpc'));
    stop_bridge = () => mcpc('close', '@it');
    await good(mcpc('login', server.mcp));
    await good(mcpc('--json', 'connect', server.mcp, '@it'));
    const call = async (name, ...args) => JSON.parse(await good(mcpc('--json', '@it', 'tools-call', name, ...args))).content[0].text;
    return { call, home, mcpc };
  }

  test('logs_in_by_a_command_and_calls_and_refreshes_only_when_its_session_is_started_again', async (t) => {
    const server = await tollgate(t, { set: patient });
    const { call, home, mcpc } = await logged_in(t, server);
    const tools = JSON.parse(await good(mcpc('--json', '@it', 'tools-list')));
    assert.ok(tools.some((tool) => tool.name === 'echo_tool'));
    assert.equal(await call('echo_tool', 'message:=hello'), 'Server received via Streamable HTTP: hello');
    assert.equal(new URL(home.visits()[0]).searchParams.get('resource'), server.mcp);

    const before = await control(server.issuer, 'state');
    await control(server.issuer, 'revoke-access');
    const refused = await mcpc('--json', '@it', 'tools-call', 'echo', 'message:=again');
    assert.notEqual(refused.code, 0, refused.stdout);
    assert.equal((await control(server.issuer, 'state')).tokenCalls, before.tokenCalls);
    await good(mcpc('@it', 'restart'));
    assert.equal(await call('echo', 'message:=again'), 'again');
    assert.equal((await control(server.issuer, 'state')).tokenCalls, before.tokenCalls + 1);
    assert.equal(home.visits().length, 1, 'nobody had to log in again');
  });
});
