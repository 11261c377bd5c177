// `tollgate test` that is ended by a signal: while its server starts, while a client runs, and while people use the
// URLs. Nothing that it has started may be left.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';

import { binary, quiet_environment, scratch_folder, until } from './lib/tollgate.mjs';

function start(t, ...args) {
  const child = spawn(binary, ['test', '--scenario', 'plain', ...args], { cwd: scratch_folder(t), env: quiet_environment, stdio: ['ignore', 'ignore', 'pipe'] });
  let told = '';
  child.stderr.setEncoding('utf8').on('data', (text) => (told += text));
  t.after(() => child.kill('SIGKILL'));
  const end = new Promise((done) => child.on('exit', (code, signal) => done({ code, signal })));
  return { pid: child.pid, kill: (signal) => child.kill(signal), told: () => told, end, ended: () => child.exitCode !== null };
}

// Of all its threads.
const children_of = (pid) =>
  readdirSync(`/proc/${pid}/task`).flatMap((thread) => readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' ').filter(Boolean));
// Without a pause: it is the moment of the start that is wanted.
async function first_child_of(pid) {
  for (const began = Date.now(); Date.now() - began < 60_000; await setImmediate()) {
    const [child] = children_of(pid);
    if (child) return child;
  }
  return assert.fail('no child was started');
}
const is_alive = (pid) => existsSync(`/proc/${pid}`) && !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));

describe('a signal ends tollgate test', { concurrency: 2 }, () => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
    test(`${signal}, while its server starts`, async (t) => {
      const trial = start(t, '--command', 'sleep 60 #');
      const server = await first_child_of(trial.pid);
      trial.kill(signal);
      assert.deepEqual(await trial.end, { code: 1, signal: null }, trial.told());
      assert.ok(!is_alive(server), 'the server is left');
    });

  test('SIGINT, while a client runs', async (t) => {
    const mark = join(scratch_folder(t), 'pid');
    const script = `${mark}.sh`;
    writeFileSync(script, `sleep 60 & echo $! > ${mark}; wait\n`);
    const trial = start(t, '--scenario', 'login.denied', '--parallel', '1', '--command', `sh ${script}`);
    const sleeper = await until(() => (existsSync(mark) && readFileSync(mark, 'utf8').trim()) || (trial.ended() && assert.fail(trial.told())));
    const children = children_of(trial.pid);
    trial.kill('SIGINT');
    assert.deepEqual(await trial.end, { code: 1, signal: null }, trial.told());
    for (const one of [...children, sleeper]) assert.ok(!is_alive(one), `${one} is left`);
    // What was never tried is nothing to put into a file of known failures.
    assert.match(trial.told(), /1 of 2 scenarios were not tried/);
    assert.doesNotMatch(trial.told(), /^ {2}- login\.denied/m);
  });

  test('SIGHUP, while people use the URLs', async (t) => {
    const trial = start(t, '--url-only');
    await until(() => /end this with Ctrl\+C/.test(trial.told()));
    const [server] = children_of(trial.pid);
    trial.kill('SIGHUP');
    assert.deepEqual(await trial.end, { code: 1, signal: null }, trial.told());
    assert.ok(!is_alive(server), 'the server is left');
  });
});
