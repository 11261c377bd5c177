// The client scenarios of the official conformance suite, as live scenarios: a right client passes all of them, and a
// dozen mistakes are found under the suite's check ids. That both judge alike is shown by scripts/agreement.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';

import { use } from './lib/official/run.mjs';
import { client_command, client_scenarios } from './lib/official/suite.mjs';
import { binary, quiet_environment, run, scratch_folder, tollgate, unguessable } from './lib/tollgate.mjs';

async function trial(mistakes, ...args) {
  const command = ['test', '--command', client_command(mistakes), '--parallel', '6', '--format', 'json', ...args];
  // Some of these servers answer what no schema has, on purpose.
  const env = { ...quiet_environment, RECORD_MCP_MESSAGES: '' };
  const { code, stdout, stderr } = await run(binary, command, { timeout: 120_000, env });
  assert.notEqual(stdout, '', stderr);
  return { code, stderr, scenarios: JSON.parse(stdout).scenarios };
}

const bad = ({ scenario, findings }) =>
  findings.filter(({ status }) => ['fail', 'warning'].includes(status)).map(({ id, text }) => `${scenario} ${id}: ${text}`);

test('every client scenario of the suite is there, and a right client passes it', async () => {
  const [{ code, stderr, scenarios }, named] = await Promise.all([trial({}, '--suite', 'official'), client_scenarios()]);
  const names = (list) => list.map((one) => one.scenario ?? one.name).sort();
  assert.deepEqual(names(scenarios), names(named));
  assert.deepEqual(scenarios.flatMap(bad), []);
  const left = scenarios.filter(({ verdict }) => verdict !== 'pass').map(({ scenario, verdict }) => `${scenario}: ${verdict}`);
  assert.deepEqual(left, []);
  assert.equal(code, 0, stderr);
});

describe('a mistake is found by its check', { concurrency: 3 }, () => {
  const rows = [
    ['auth/metadata-default', { root_metadata_first: true }, 'prm-priority-order', 'fail'],
    ['auth/metadata-var2', { root_server_first: true }, 'authorization-server-metadata-wrong-path', 'fail'],
    ['auth/basic-cimd', { no_document: true }, 'cimd-client-id-used', 'warning'],
    ['auth/scope-step-up', { ignores_403: true }, 'scope-step-up-escalation', 'fail'],
    ['auth/scope-retry-limit', { no_retry_limit: true }, 'scope-retry-limit', 'fail'],
    ['auth/token-endpoint-auth-post', { auth_method: 'client_secret_basic' }, 'token-endpoint-auth-method', 'fail'],
    ['auth/pre-registration', { wrong_secret: true }, 'pre-registration-auth', 'fail'],
    ['auth/authorization-server-migration', { reuses_client: true }, 'sep-2352-no-reuse-on-as-change', 'fail'],
    ['auth/iss-normalized', { normalizes_iss: true }, 'sep-2468-client-no-normalization', 'fail'],
    ['auth/dpop', { replays_proof: true }, 'sep-1932-client-fresh-proof', 'fail'],
    ['auth/wif-jwt-bearer', { expired_assertion: true }, 'wif-assertion-expired', 'fail'],
    ['auth/enterprise-managed-authorization', { wrong_secret: true }, 'complete-flow-jwt-bearer', 'fail'],
    ['auth/enterprise-managed-authorization', { jag_as_id_token: true }, 'complete-flow-token-exchange', 'fail'],
  ];
  for (const [scenario, mistakes, id, status] of rows) {
    test(`${Object.keys(mistakes)} in ${scenario}`, async () => {
      const { code, scenarios } = await trial(mistakes, '--scenario', scenario);
      const [verdict] = scenarios;
      assert.equal(verdict.findings.find((f) => f.id === id)?.status, status, JSON.stringify(bad(verdict), null, 1));
      assert.equal(code, 1);
    });
  }
});

test('a file of expected failures of the suite is one of ours', async (t) => {
  const file = join(scratch_folder(t), 'baseline.yml');
  const args = ['--scenario', 'auth/basic-cimd', '--scenario', 'auth/scope-step-up', '--expected-failures', file];
  const clumsy = { no_document: true, ignores_403: true };
  writeFileSync(file, 'server:\n  - tools-list\nclient:\n  - auth/basic-cimd\n  - auth/scope-step-up:scope-step-up-escalation\n');
  const known = await trial(clumsy, ...args);
  assert.equal(known.code, 0, known.stderr);
  const mended = await trial({}, ...args);
  assert.equal(mended.code, 1);
  assert.match(mended.stderr, /auth\/basic-cimd to fail, and it did not/);
  assert.match(mended.stderr, /scope-step-up-escalation to fail, and it did not/);
});

test('a cell of the hosted mode is judged at its revision, and told in the suite\'s JSON', async (t) => {
  const server = await tollgate(t);
  const mcp = server.mcp.replace(/\/mcp$/, '');
  const results = async (path) => (await fetch(`${server.issuer}/results/${path}`)).json();
  await use(`${mcp}/s/${unguessable}/2026-07-28/auth/scope-step-up/mcp`, { scenario: 'auth/scope-step-up', revision: '2026-07-28', mistakes: { forgets_scopes: true } });
  await use(`${mcp}/s/${unguessable}/2025-11-25/auth.metadata-default/mcp`, { scenario: 'auth/metadata-default', revision: '2025-11-25' });

  const cell = await results(`${unguessable}/2026-07-28/auth/scope-step-up`);
  const status = (id) => cell.checks.find((c) => c.id === id)?.status;
  assert.equal(status('scope-step-up-escalation'), 'SUCCESS', JSON.stringify(cell, null, 1));
  assert.equal(status('sep-2350-scope-union-on-reauth'), 'WARNING');
  assert.deepEqual([cell.verdict, cell.scoring, cell.summary.failed, cell.summary.warnings], ['pass', 'scored', 0, 1]);
  assert.equal((await results(`${unguessable}/2025-11-25/auth/metadata-default`)).verdict, 'pass');
  assert.equal((await results(`${unguessable}/2026-07-28/tools_call`)).state, 'not-tried');
  assert.equal((await results(`${unguessable}/2026-07-28/initialize`)).verdict, 'n/a');

  const { columns } = await results(unguessable);
  assert.deepEqual(columns.map(({ revision, scored }) => [revision, scored.total]), [['2025-11-25', 18], ['2026-07-28', 32]]);
  assert.equal(columns[1].scored.passed, 1);
  const who = (revision) => ({ name: 'client of the official scenarios', version: '1', revisions: [revision].flat() });
  assert.deepEqual(columns.map(({ identities }) => identities), [[who('2025-11-25')], [who('2026-07-28')]]);
  assert.deepEqual((await results(unguessable)).identities, [who(['2025-11-25', '2026-07-28'])]);
});

test('results that no journal was kept for are not told as if nobody had come', async (t) => {
  const { issuer, mcp } = await tollgate(t, { set: { 'journal.bytes': 0 } });
  await fetch(mcp.replace(/\/mcp$/, `/s/${unguessable}/2025-11-25/initialize/mcp`), { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' });
  for (const path of [`${unguessable}/2025-11-25/initialize`, unguessable]) {
    const answer = await fetch(`${issuer}/results/${path}`);
    assert.deepEqual([answer.status, (await answer.json()).error], [409, 'journal_off'], path);
  }
});

test('a RUN that is a revision is refused, and so is a scenario that needs an origin of its own', async (t) => {
  const { mcp } = await tollgate(t);
  const answer = async (path) => {
    const got = await fetch(mcp.replace(/\/mcp$/, path), { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' });
    return `${got.status} ${await got.text()}`;
  };
  assert.match(await answer('/s/tools_call/2025-11-25/mcp'), /^400 .*RUN is never a revision/s);
  assert.match(await answer('/s/2025-11-25/2025-11-25/tools_call/mcp'), /^400 .*never a revision/s);
  assert.match(await answer('/s/auth.metadata-var2/mine/mcp'), /^421 .*ports of its own/s);
});
