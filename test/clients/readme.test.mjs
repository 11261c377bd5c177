// The README, line by line: its shell blocks are run as they stand there, with other ports.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { run, scratch_folder, tollgate, top } from './lib/tollgate.mjs';

const inspector = join(
  import.meta.dirname,
  'node_modules/@modelcontextprotocol/inspector/clients/launcher/build/index.js',
);
// The Inspector that is installed, instead of one from the network.
const npx = `npx() { shift; '${process.execPath}' '${inspector}' "$@"; }`;

// The shell blocks between <!-- NAME --> and <!-- end of NAME -->.
function blocks_of(name) {
  const text = readFileSync(join(top, 'README.md'), 'utf8');
  const start = text.indexOf(`<!-- ${name} -->`);
  const end = text.indexOf(`<!-- end of ${name} -->`);
  assert.ok(0 <= start && start < end, `the README marks ${name}`);
  return [...text.slice(start, end).matchAll(/```sh\n([^]*?)```/g)].map(([, block]) => block);
}

// Runs the blocks in one shell and returns what each printed.
async function run_blocks(t, name) {
  const server = await tollgate(t, { config: join(top, 'config.toml') });
  const script = [`set -euo pipefail\n${npx}`, blocks_of(name).join("\necho; echo '=== next'\n")]
    .join('\n')
    .replaceAll('localhost:9100', new URL(server.issuer).host)
    .replaceAll('localhost:9101', new URL(server.mcp).host);
  const home = scratch_folder(t);
  const env = { ...process.env, HOME: home };
  const { code, stdout, stderr } = await run('bash', ['-c', script], { cwd: home, env });
  assert.equal(code, 0, `${stdout}\n${stderr}\n${server.log()}`);
  return stdout.split('\n=== next\n');
}

test('the walk-through leads from a 401 to the answer of a tool, by curl and by the Inspector', async (t) => {
  const [refused, resource, server, client, code, token, session, called, inspected] = await run_blocks(t, 'walk-through');
  assert.match(refused, /^HTTP\/1\.1 401/);
  assert.match(refused, /resource_metadata=/i);
  assert.match(resource, /"authorization_servers"/);
  assert.match(server, /"registration_endpoint"/);
  for (const value of [client, code, token, session]) assert.match(value, /^[\w.~-]{16,}\n?$/);
  assert.match(called, /Hello from curl!/);
  assert.match(inspected, /hello/);
});

test('the calls for faults work as they stand there', async (t) => {
  const [printed] = await run_blocks(t, 'faults');
  assert.match(printed, /"name":"token\.unavailable","trigger":\{"next":2\}/);
  assert.match(printed, /\{"removed":1\}\s*$/);
});

test('the calls for realms work as they stand there', async (t) => {
  const [printed] = await run_blocks(t, 'realms');
  assert.match(printed, /"name":"alpha","issuer":"http:\/\/localhost:\d+\/r\/alpha"/);
  assert.match(printed, /"realm":"alpha"/);
});
