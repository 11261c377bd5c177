// The official conformance suite as npm has it: its newest alpha, which knows what each revision
// requires, and its latest release.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { run, scratch_folder } from './tollgate.mjs';

const packages = join(import.meta.dirname, '../node_modules/@modelcontextprotocol');
export const newest_alpha = join(packages, 'conformance-alpha/dist/index.js');
export const latest_release = join(packages, 'conformance/dist/index.js');

// Every scenario for servers that the suite says it has, scored or not.
export async function listed(program, ...args) {
  const { code, stdout, stderr } = await run(process.execPath, [program, 'list', '--server', ...args]);
  assert.equal(code, 0, stderr);
  const of_servers = /^Server scenarios.*\n((?: +- .*\n)*)/m.exec(stdout)?.[1] ?? '';
  const names = [...of_servers.matchAll(/^ +- (\S+)/gm), ...stdout.matchAll(/^ +- (\S+) \[server\]$/gm)].map((m) => m[1]);
  return [...new Set(names)].sort();
}

// Runs the server mode: { code, output, checks }, where checks is scenario → what it recorded.
export async function check_server(t, program, url, ...args) {
  const results = scratch_folder(t);
  const command = [program, 'server', '--url', url, '-o', results, ...args];
  const { code, stdout, stderr } = await run(process.execPath, command, { cwd: results, timeout: 110_000 });
  const checks = new Map();
  for (const folder of readdirSync(results)) {
    const scenario = /^server-(.+)-\d{4}-\d\d-\d\dT[\d-]+Z$/.exec(folder)[1];
    checks.set(scenario, JSON.parse(readFileSync(join(results, folder, 'checks.json'), 'utf8')));
  }
  return { code, output: `${stdout}\n${stderr}`, checks };
}

// Exactly these scenarios ran, each with at least one passed check and none that the suite holds
// against the server; warnings are held against it, too. `skipped` skip themselves.
export function passed_everything({ code, output, checks }, scenarios, skipped = []) {
  assert.deepEqual([...checks.keys()].sort(), scenarios, output);
  for (const [scenario, recorded] of checks) {
    const status = (...wanted) => recorded.filter((check) => wanted.includes(check.status));
    const quiet = skipped.includes(scenario);
    const bad = status('FAILURE', 'WARNING', ...(quiet ? [] : ['SKIPPED']));
    assert.deepEqual(bad, [], scenario);
    assert.equal(status('SUCCESS').length > 0, !quiet, `${scenario} has ${recorded.length} checks:\n${output}`);
  }
  assert.equal(code, 0, output);
}
