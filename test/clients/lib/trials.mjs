// `tollgate test` with a right client for every scenario, and what it said of it.
import assert from 'node:assert/strict';
import { join } from 'node:path';

import { binary, quiet_environment, run } from './tollgate.mjs';

const client = `${process.execPath} ${join(import.meta.dirname, 'any_client.mjs')}`;

// Scenario → { realm, said }, where `said` is { verdict, client, FINDING: STATUS }. Without names all scenarios; `url` is the control
// base of a server that runs already.
export async function trial({ parallel, names = [], url, patience, timeout = 119_000 }) {
  // Some of these servers answer what no schema has, on purpose.
  const env = { ...quiet_environment, RECORD_MCP_MESSAGES: '' };
  const args = ['test', '--command', client, '--parallel', String(parallel), '--format', 'json'];
  if (url) args.push('--url', url);
  if (patience) args.push('--timeout', patience);
  for (const name of names) args.push('--scenario', name);
  const { stdout, stderr } = await run(binary, args, { timeout, maxBuffer: 1 << 26, env });
  assert.notEqual(stdout, '', stderr);
  const { scenarios } = JSON.parse(stdout);
  const said = ({ verdict, client: { state }, findings }) => ({ verdict, client: state, ...Object.fromEntries(findings.map(({ id, status }) => [id, status])) });
  return new Map(scenarios.map((one) => [one.scenario, { realm: one.realm, said: said(one) }]));
}
