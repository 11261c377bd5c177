// The official suite as npm has it, on one client scenario: what it recorded, the worst of each check id.
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { newest_alpha } from '../conformance.mjs';

const here = import.meta.dirname;
// The suite wants Node.js 22; the tests run on 20, too.
const node_of_npm = (arch) => join(here, `../../node_modules/node-linux-${arch}/bin/node`);
const node = Number(process.versions.node.split('.')[0]) >= 22 ? process.execPath : node_of_npm(process.arch);

export const client_command = (mistakes) => `${process.execPath} ${join(here, 'run.mjs')} '${JSON.stringify(mistakes)}'`;

const run = (args) =>
  new Promise((resolve) => {
    execFile(node, [newest_alpha, ...args], { timeout: 120_000, maxBuffer: 1 << 26 }, (error, stdout, stderr) => resolve({ code: error?.code ?? 0, stdout, stderr }));
  });

export async function client_scenarios() {
  const { stdout } = await run(['list', '--client']);
  return [...stdout.matchAll(/^ +- (\S+) \[(.+)\]$/gm)].map(([, name, eras]) => ({ name, eras: eras.split(',') }));
}

const weight = { FAILURE: 3, WARNING: 2, SUCCESS: 1, INFO: 0, SKIPPED: 0 };

// On a busy machine its servers may not come up in time: once more, then.
export async function judged_by_suite(...client) {
  for (let left = 2; ; left -= 1) {
    try {
      return await judged_once(...client);
    } catch (error) {
      if (left === 0) throw error;
    }
  }
}

async function judged_once(scenario, mistakes, revision) {
  const folder = mkdtempSync(join(tmpdir(), 'suite-'));
  try {
    const args = ['client', '--command', client_command(mistakes), '--scenario', scenario, '-o', folder];
    if (revision) args.push('--spec-version', revision);
    const { stderr } = await run(args);
    const [made] = readdirSync(folder, { recursive: true }).filter((name) => name.endsWith('checks.json'));
    if (!made) throw new Error(`the suite recorded nothing of ${scenario}: ${stderr}`);
    const checks = {};
    for (const { id, status } of JSON.parse(readFileSync(join(folder, made), 'utf8')))
      if (!(id in checks) || weight[status] > weight[checks[id]]) checks[id] = status;
    return checks;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
