// Runs the steps of a composite action as a runner of GitHub does, as far as action.yml needs it: expressions that name
// inputs, outputs and two members of `github`; GITHUB_OUTPUT, GITHUB_PATH and GITHUB_STEP_SUMMARY; bash -e.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { parse } from 'yaml';

import { run, top } from './tollgate.mjs';

export const action = parse(readFileSync(join(top, 'action.yml'), 'utf8'));

const read = (file) => readFileSync(file, 'utf8');
const pairs = (text) => Object.fromEntries(text.split('\n').filter(Boolean).map((line) => line.split(/=(.*)/s).slice(0, 2)));

// What `${{ … }}` stands for in a text.
const filled = (text, known) =>
  String(text).replaceAll(/\$\{\{ *([^}]*?) *\}\}/g, (all, path) => {
    const value = path.split('.').reduce((at, name) => at?.[name], known);
    assert.notEqual(value, undefined, `${all} names nothing`);
    return value;
  });

// { code, summary, outputs, printed } after the steps, the last of them the first that failed. `folder` is where the
// repository is checked out; nothing of this process's environment is there.
export async function run_action(folder, given, { server_url = 'https://github.invalid', path = '/usr/bin:/bin' } = {}) {
  const temporary = join(folder, '.runner');
  mkdirSync(temporary);
  const inputs = Object.fromEntries(Object.entries(action.inputs).map(([name, { default: usual }]) => [name, given[name] ?? usual]));
  for (const [name, { required }] of Object.entries(action.inputs)) assert.ok(!required || inputs[name] !== undefined, name);
  for (const name of Object.keys(given)) assert.ok(name in action.inputs, name);
  const known = { inputs, steps: {}, github: { server_url, action_repository: 'owner/tollgate' } };
  const summary = join(temporary, 'summary');
  writeFileSync(summary, '');
  let printed = '';
  let code = 0;
  const paths = [path];
  for (const [index, step] of action.runs.steps.entries()) {
    if (!step.run) continue; // another action's
    assert.equal(step.shell, 'bash');
    const file = (name) => join(temporary, `${index}-${name}`);
    for (const name of ['output', 'path']) writeFileSync(file(name), '');
    writeFileSync(file('script.sh'), step.run);
    const env = Object.fromEntries(Object.entries(step.env).map(([name, value]) => [name, filled(value, known)]));
    const ended = await run('/usr/bin/bash', ['--noprofile', '--norc', '-eo', 'pipefail', file('script.sh')], {
      cwd: resolve(folder, filled(step['working-directory'] ?? '.', known)),
      env: {
        PATH: paths.join(':'),
        HOME: temporary,
        CI: 'true',
        GITHUB_ACTIONS: 'true',
        GITHUB_WORKSPACE: folder,
        RUNNER_TEMP: temporary,
        GITHUB_OUTPUT: file('output'),
        GITHUB_PATH: file('path'),
        GITHUB_STEP_SUMMARY: summary,
        ...env,
      },
      timeout: 100_000,
    });
    printed += ended.stdout + ended.stderr;
    known.steps[step.id] = { outputs: pairs(read(file('output'))) };
    paths.unshift(...read(file('path')).split('\n').filter(Boolean));
    code = ended.code;
    if (code !== 0) break;
  }
  const outputs = {};
  for (const [name, { value }] of Object.entries(action.outputs)) {
    const [, id, output] = /steps\.(\w+)\.outputs\.(\w+)/.exec(value);
    outputs[name] = known.steps[id]?.outputs[output];
  }
  return { code, printed, outputs, summary: read(summary) };
}
