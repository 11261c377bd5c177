// The MCP part of Gemini CLI without its login page. See README.md.
import assert from 'node:assert/strict';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { control, scratch_folder, tollgate } from '../lib/tollgate.mjs';

// Its home is a scratch folder, where "the browser" notes where it was sent and approves at once.
async function gemini(t) {
  const folder = scratch_folder(t);
  const browser = join(folder, 'xdg-open');
  writeFileSync(browser, `#!/bin/sh\necho "$1" >>"$HOME/visits"\ncurl -s -L -o /dev/null "$1" &\n`);
  chmodSync(browser, 0o755);
  Object.assign(process.env, { HOME: folder, GEMINI_CLI_HOME: folder, PATH: `${folder}:${process.env.PATH}`, GEMINI_FORCE_FILE_STORAGE: 'true' });
  process.stdin.isTTY = process.stdout.isTTY = true; // it asks its window and not the terminal
  const core = await import('@google/gemini-cli-core');
  core.coreEvents.on('consent-request', ({ onConfirm }) => onConfirm(true));
  const nothing = { getDirectories: () => [folder], onDirectoriesChanged: () => () => {} };
  const settings = { emitMcpDiagnostic: () => {}, sanitizationConfig: {}, isTrustedFolder: () => true };
  const provider = new core.MCPOAuthProvider(new core.MCPOAuthTokenStorage());
  return {
    log_in: (url) => provider.authenticate('it', {}, url),
    async connect(httpUrl) {
      const server = { httpUrl, oauth: { enabled: true } };
      const client = await core.connectToMcpServer('1', 'it', server, false, nothing, settings);
      t.after(() => client.close());
      return client;
    },
    visits: () => (existsSync(`${folder}/visits`) ? readFileSync(`${folder}/visits`, 'utf8').trim().split('\n') : []),
  };
}

test('gemini_cli_logs_in_with_every_scope_of_the_server_and_registers_with_nothing_when_its_token_is_revoked', async (t) => {
  const server = await tollgate(t, { set: { 'validation.recheck': '1m' } });
  const { connect, log_in, visits } = await gemini(t);
  await log_in(server.mcp);
  const asked = new URL(visits()[0]).searchParams;
  assert.equal(asked.get('resource'), server.mcp);
  assert.match(asked.get('scope'), /openid .*mcp:admin/);

  const call = async (client, name, args = {}) => (await client.callTool({ name, arguments: args })).content[0].text;
  const client = await connect(server.mcp);
  assert.ok((await client.listTools()).tools.some((tool) => tool.name === 'echo_tool'));
  assert.equal(await call(client, 'echo_tool', { message: 'hello' }), 'Server received via Streamable HTTP: hello');
  assert.equal(JSON.parse(await call(client, 'whoami')).protocol_version, '2025-06-18');

  await control(server.issuer, 'revoke-access');
  await assert.rejects(call(client, 'echo', { message: 'again' }));
  // It tries the transport without its provider: empty redirect_uris and grant_types (RFC 7591 section 2).
  await assert.rejects(connect(server.mcp), /grant_types/);
  assert.equal(visits().length, 1);
});
