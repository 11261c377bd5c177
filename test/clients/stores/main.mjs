// Runs the tests of clients over another store than memory: main.mjs STORE [FILE…], see scripts/test-stores.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

import { make_template } from '../lib/templates.mjs';
import { left_out, patterns_of } from './left_out.mjs';

const [store, ...named] = process.argv.slice(2);
const here = join(import.meta.dirname, '..');
const at_a_time = Number(process.env.JOBS ?? 2);
const scratch = mkdtempSync(join(tmpdir(), 'tollgate-stores-'));
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));

// A file in a process of its own: what scripts/test counts, and what it printed.
async function run_file(file, env) {
  const summary = join(scratch, `${file}.summary`);
  const skipped = patterns_of(store, file).map((pattern) => `--test-skip-pattern=${pattern}`);
  const reporters = ['spec', 'stdout', './lib/summary.mjs', summary].map((one, i) => `--test-reporter${i % 2 ? '-destination' : ''}=${one}`);
  const options = ['--test', '--test-timeout=1800000', '--test-force-exit', '--test-concurrency=1'];
  const child = spawn(process.execPath, [...options, ...skipped, ...reporters, file], { cwd: here, env, stdio: ['ignore', 'pipe', 'inherit'] });
  let printed = '';
  child.stdout.setEncoding('utf8').on('data', (text) => (printed += text));
  const code = await new Promise((done) => child.on('close', done));
  const lines = readFileSync(summary, 'utf8').split('\n').filter(Boolean);
  const passed = lines.filter((line) => line === 'passed 1').length;
  const failed = lines.filter((line) => line.startsWith('failed ')).map((line) => line.slice(7));
  if (code !== 0 && failed.length === 0) failed.push(`${file}: node --test ended with ${code}`);
  return { passed, failed, printed };
}

async function run_all(files, env) {
  const rest = [...files];
  const sum = { passed: 0, failed: [] };
  const worker = async () => {
    for (let file = rest.shift(); file; file = rest.shift()) {
      const began = Date.now();
      const { passed, failed, printed } = await run_file(file, env);
      console.log(`${file}: ${passed} passed, ${failed.length} failed, ${Math.round((Date.now() - began) / 1000)} s`);
      if (failed.length > 0) console.log(printed);
      sum.passed += passed;
      sum.failed.push(...failed);
    }
  };
  await Promise.all(Array.from({ length: at_a_time }, worker));
  return sum;
}

const all = readdirSync(here).filter((name) => name.endsWith('.test.mjs'));
for (const name of named) assert.ok(all.includes(basename(name)), `there is no test/clients/${name}`);
const wanted = named.length > 0 ? named.map((name) => basename(name)) : all;
const why_not = (name) => left_out(store).find(({ file, test }) => file === name && test === undefined)?.why;
for (const name of wanted) if (why_not(name)) console.log(`${name}: left out, ${why_not(name)}`);
const files = wanted.filter((name) => !why_not(name));
const template = await make_template(store, scratch);
const { passed, failed } = await run_all(files, { ...process.env, TEST_STORE: store, TEST_STORE_TEMPLATE: template });
for (const name of failed) console.log(`failed: ${name}`);
console.log(`${passed} passed, ${failed.length} failed`);
process.exitCode = failed.length === 0 ? 0 : 1;
