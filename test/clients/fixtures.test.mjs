// The fixtures for vitest and pytest, each in a folder that has nothing but what they say they need: the examples of
// docs/fixtures.md as they stand there, and what a test that fails is told.
import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, test } from 'node:test';

import { pieces_of, text_of } from './lib/pages.mjs';
import { binary, run, scratch_folder, tollgate, top } from './lib/tollgate.mjs';

const modules = join(import.meta.dirname, 'node_modules');
const my_client = join(import.meta.dirname, 'lib/my_client.mjs');
const python = '/usr/bin/python3'; // Debian's, which has Debian's pytest

const blocks_of = (language) =>
  pieces_of(text_of('docs/fixtures.md'))
    .filter((piece) => piece.language === language)
    .map(({ block }) => block);

// Nothing of this process's but where programs are.
const clean = { PATH: `${dirname(process.execPath)}:/usr/bin:/bin`, TOLLGATE: binary, NO_COLOR: '1', CI: 'true' };

function vitest_folder(t, tests) {
  const folder = scratch_folder(t);
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(join(modules, 'vitest'), join(folder, 'node_modules/vitest'));
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  copyFileSync(join(top, 'fixtures/vitest/tollgate.mjs'), join(folder, 'tollgate.mjs'));
  writeFileSync(join(folder, 'my-client.mjs'), `export * from ${JSON.stringify(my_client)};`);
  writeFileSync(join(folder, 'a.test.mjs'), tests);
  return folder;
}

const vitest = (folder, env = {}) =>
  run(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', '--testTimeout=60000', '--hookTimeout=60000', '--reporter=verbose'], {
    cwd: folder,
    env: { ...clean, HOME: folder, ...env },
    timeout: 110_000,
  });

function pytest_folder(t, tests, conftest = blocks_of('python')[0]) {
  const folder = scratch_folder(t);
  copyFileSync(join(top, 'fixtures/pytest/tollgate_pytest.py'), join(folder, 'tollgate_pytest.py'));
  writeFileSync(join(folder, 'conftest.py'), conftest);
  writeFileSync(join(folder, 'test_a.py'), tests);
  return folder;
}

const pytest = (folder, env = {}) =>
  run(python, ['-m', 'pytest', '-q', '-p', 'no:cacheprovider'], {
    cwd: folder,
    env: { ...clean, HOME: folder, MY_CLIENT: `${process.execPath} ${my_client}`, ...env },
    timeout: 110_000,
  });

describe('fixtures', { concurrency: 2 }, () => {
  test('vitest: the examples of the page pass as they stand there', async (t) => {
    const [example] = blocks_of('js');
    const { code, stdout, stderr } = await vitest(vitest_folder(t, example));
    assert.equal(code, 0, stdout + stderr);
    assert.match(stdout, /Tests +3 passed/);
  });

  test('pytest: the examples of the page pass as they stand there', async (t) => {
    const [, example] = blocks_of('python');
    const { code, stdout, stderr } = await pytest(pytest_folder(t, example));
    assert.equal(code, 0, stdout + stderr);
    assert.match(stdout, /3 passed/);
  });

  const failing_js = `
    import { expect } from 'vitest';
    import { test } from './tollgate.mjs';
    import { connect } from './my-client.mjs';
    test('fails', async ({ realm }) => {
      const client = await connect(realm.mcp, { no_resource: true });
      await client.call('whoami');
      console.log('realm ' + realm.control);
      expect(1).toBe(2);
    });
    test('waits in vain', async ({ realm }) => { await realm.until('refresh', { seconds: 1 }); });
    test.extend({ scenario: 'refresh.ded' })('has no such scenario', async ({ realm }) => {});
  `;

  test('vitest: a test that fails is told what the server saw, and its realm is gone', async (t) => {
    const server = await tollgate(t);
    const { code, stdout, stderr } = await vitest(vitest_folder(t, failing_js), { TOLLGATE_URL: `${server.issuer}/control` });
    const said = stdout + stderr;
    assert.equal(code, 1, said);
    assert.match(said, /expected 1 to be 2[^]*tollgate saw:\nFAIL {2}scenario plain[^]*fail +MUST +resource\.sent/);
    assert.match(said, /no event \{"type":"refresh"\} within 1 seconds/);
    assert.match(said, /POST http\S+\/control\/realms answered 400: .*refresh\.dead/);
    assert.equal((await fetch(/realm (http\S+)/.exec(said)[1] + '/state')).status, 404);
    const { realms } = await (await fetch(`${server.issuer}/control/realms`)).json();
    assert.deepEqual(realms.map(({ name }) => name), ['default']);
  });

  const failing_py = `
import os, shlex, subprocess

def test_fails(realm):
    subprocess.run([*shlex.split(os.environ["MY_CLIENT"]), "no_resource", realm.mcp], check=True)
    assert 1 == 2

def test_waits_in_vain(realm):
    realm.until("refresh", seconds=1)
`;

  test('pytest: a test that fails is told what the server saw, and its realm is gone', async (t) => {
    const server = await tollgate(t);
    const { code, stdout, stderr } = await pytest(pytest_folder(t, failing_py), { TOLLGATE_URL: `${server.issuer}/control` });
    assert.equal(code, 1, stdout + stderr);
    assert.match(stdout, /assert 1 == 2[^]*tollgate saw[^]*FAIL {2}scenario plain[^]*fail +MUST +resource\.sent/);
    assert.match(stdout, /no event \{"type": "refresh"\} within 1 seconds/);
    const { realms } = await (await fetch(`${server.issuer}/control/realms`)).json();
    assert.deepEqual(realms.map(({ name }) => name), ['default']);
  });

  test('both say what to set when there is no program', async (t) => {
    const nowhere = { TOLLGATE: '/nowhere/tollgate' };
    const js = `import { test } from './tollgate.mjs'; test('x', async ({ realm }) => {});`;
    const runs = [vitest(vitest_folder(t, js), nowhere), pytest(pytest_folder(t, 'def test_x(realm): pass'), nowhere)];
    for (const { code, stdout, stderr } of await Promise.all(runs)) {
      assert.equal(code, 1);
      assert.match(stdout + stderr, /tollgate did not start[^]*\/nowhere\/tollgate[^]*set TOLLGATE, or TOLLGATE_URL/);
    }
  });
});
