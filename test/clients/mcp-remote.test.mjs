// mcp-remote between an editor that knows nothing but stdio and the server with its authorization.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';

import { mcp_remote } from './lib/mcp_remote.mjs';
import { control, metric, tollgate, until, until_dead } from './lib/tollgate.mjs';

const ways = [
  { name: 'http-only', url: (server) => server.mcp, via: 'streamable-http', streams: 2 },
  { name: 'sse-only', url: (server) => server.sse, via: 'sse', streams: 1 },
];

// The streams of the bridge are open (over Streamable HTTP it keeps the session in which it tried the
// login), and it has nothing else under way. Two requests that are refused in the same millisecond would
// write to the same temporary file of the bridge, and it gives up.
const at_rest = (server, streams) => until(async () => (await metric(server, 'tollgate_streams_open')) === streams);

const files_of = (bridge) => readdirSync(join(bridge.folder, 'mcp-remote-v1')).join(' ');

// The access token that it keeps in a file.
function token_of(bridge) {
  const name = /\S+_tokens\.json/.exec(files_of(bridge))[0];
  return JSON.parse(readFileSync(join(bridge.folder, 'mcp-remote-v1', name), 'utf8')).access_token;
}

describe('mcp-remote', { concurrency: 3 }, () => {
  for (const { name, url, via, streams } of ways) {
    const args = ['--transport', name];

    test(`${name}: logs in, lists and calls, and leaves nothing behind`, async (t) => {
      const server = await tollgate(t);
      const bridge = await mcp_remote(t, url(server), args);
      const { result } = await bridge.ask('tools/list', {});
      assert.ok(result.tools.some((tool) => tool.name === 'echo_tool'));
      const who = JSON.parse(await bridge.call('whoami'));
      assert.equal(who.subject, 'demo');
      assert.equal(who.transport, via);
      assert.equal(await bridge.call('slow', { seconds: 0.3 }, { progressToken: 'p' }), 'Done.');
      await until(() => bridge.notes.some((note) => note.params.progressToken === 'p'));
      assert.equal(bridge.logins, 1);
      assert.match(files_of(bridge), /client_info.*tokens/);
      await bridge.stop();
    });

    test(`${name}: needs no login the second time`, async (t) => {
      const server = await tollgate(t);
      const first = await mcp_remote(t, url(server), args);
      await first.stop();
      const second = await mcp_remote(t, url(server), args, first.folder);
      assert.equal(await second.call('echo', { message: 'again' }), 'again');
      assert.equal(second.logins, 0);
      await second.stop();
    });

    test(`${name}: refreshes when its token expires, and when it is refused`, async (t) => {
      const server = await tollgate(t, { set: { 'validation.recheck': '1m' } });
      await control(server.issuer, 'expires-in', { seconds: 3 });
      const bridge = await mcp_remote(t, url(server), args);
      await at_rest(server, streams);
      const first = token_of(bridge);
      await control(server.issuer, 'expires-in', { seconds: 3600 });
      await until_dead(server, first);
      assert.equal(await bridge.call('echo', { message: 'still here' }), 'still here');
      const { tokenCalls } = await control(server.issuer, 'state');
      assert.ok(tokenCalls > 1, bridge.log);
      await control(server.issuer, 'revoke-access');
      assert.equal(await bridge.call('echo', { message: 'and now' }), 'and now');
      assert.ok((await control(server.issuer, 'state')).tokenCalls > tokenCalls, bridge.log);
      assert.equal(bridge.logins, 1);
      await bridge.stop();
    });
  }

  test('asks its user for more when a tool needs another scope', async (t) => {
    const server = await tollgate(t);
    const bridge = await mcp_remote(t, server.mcp, ['--transport', 'http-only']);
    assert.equal(await bridge.call('needs_scope', { scope: 'mcp:admin' }), 'You have the scope "mcp:admin".');
    assert.equal(bridge.logins, 2);
    await bridge.stop();
  });

  test('asks its user again when the refresh token is dead', async (t) => {
    const server = await tollgate(t, { set: { 'validation.recheck': '1m' } });
    const bridge = await mcp_remote(t, server.mcp, ['--transport', 'http-only']);
    await at_rest(server, 2);
    await control(server.issuer, 'invalid-grant', { on: true });
    await control(server.issuer, 'revoke-access');
    assert.equal(await bridge.call('echo', { message: 'once more' }), 'once more');
    assert.ok(bridge.logins >= 2);
    await bridge.stop();
  });

  test('http-first falls back where there is only HTTP+SSE', async (t) => {
    const server = await tollgate(t, { set: { 'mcp.transports': ['sse'] } });
    const bridge = await mcp_remote(t, server.sse, ['--transport', 'http-first']);
    assert.equal(JSON.parse(await bridge.call('whoami')).transport, 'sse');
    await bridge.stop();
  });

  test('--protocol auto finds 2026-07-28', async (t) => {
    const server = await tollgate(t);
    const bridge = await mcp_remote(t, server.mcp, ['--transport', 'http-only', '--protocol', 'auto']);
    const who = JSON.parse(await bridge.call('whoami'));
    assert.equal(who.protocol_version, '2026-07-28');
    assert.equal((await control(server.issuer, 'state')).sessions, 0);
    await bridge.stop();
  });
});
