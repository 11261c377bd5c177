// All scenarios at once in one `tollgate test`, in the time that a person waits; and what is said of a client does not
// depend on who else is there.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { join } from 'node:path';

import { binary, quiet_environment, run } from './lib/tollgate.mjs';

const client = `${process.execPath} ${join(import.meta.dirname, 'lib/any_client.mjs')}`;

async function trial(parallel, names = []) {
  const which = names.flatMap((name) => ['--scenario', name]);
  // Some of these servers answer what no schema has, on purpose.
  const env = { ...quiet_environment, RECORD_MCP_MESSAGES: '' };
  const { stdout, stderr } = await run(binary, ['test', '--command', client, '--parallel', String(parallel), '--format', 'json', ...which], { timeout: 119_000, maxBuffer: 1 << 26, env });
  assert.notEqual(stdout, '', stderr);
  const { scenarios } = JSON.parse(stdout);
  return new Map(scenarios.map(({ scenario, verdict, findings }) => [scenario, { verdict, ...Object.fromEntries(findings.map(({ id, status }) => [id, status])) }]));
}

// Quick ones of every kind: discovery, a login that fails, registration, scopes, sessions, keys, and the official suite's.
const few = ['plain', 'login.denied', 'login.state', 'pkce.absent', 'redirect.port', 'stepup.refresh_trap', 'keys.rotate', 'discovery.spelling', 'auth/scope-step-up', 'auth/iss-wrong-issuer', 'tools_call'];

test('all scenarios run at once in two minutes, and a few of them one by one with the same verdicts', async () => {
  const all = await trial(24);
  assert.ok(all.size > 90, `${all.size} scenarios`);
  for (const [name, alone] of await trial(1, few)) assert.deepEqual(all.get(name), alone, name);
});
