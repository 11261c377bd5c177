// The GitHub Action: the scripts of its steps, run in an empty folder with what a runner sets, from each kind of package.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { dirname, join } from 'node:path';
import { describe, test } from 'node:test';

import { parse } from 'yaml';

import { action, run_action } from './lib/action.mjs';
import { pieces_of, text_of } from './lib/pages.mjs';
import { binary, run, scratch_folder, top } from './lib/tollgate.mjs';

const client = join(import.meta.dirname, 'lib/scenario_client.mjs');
const path = `${dirname(process.execPath)}:/usr/bin:/bin`;
const version = /^project\(tollgate VERSION ([0-9.]+)/m.exec(text_of('CMakeLists.txt'))[1];

// Packages as scripts/package lays them out, with the program that was built here.
async function packed(t, kind) {
  const folder = scratch_folder(t);
  const root = join(folder, { tarball: `tollgate-${version}-linux-x64`, npm: 'package', deb: 'tree' }[kind]);
  const bin = { tarball: root, npm: join(root, 'lib'), deb: join(root, 'usr/bin') }[kind];
  mkdirSync(bin, { recursive: true });
  copyFileSync(binary, join(bin, 'tollgate'));
  const file = join(folder, { tarball: `tollgate-${version}-linux-x64.tar.gz`, npm: `tollgate-${version}.tgz`, deb: 'tollgate.deb' }[kind]);
  if (kind === 'npm') {
    mkdirSync(join(root, 'bin'));
    copyFileSync(join(top, 'packaging/npm/tollgate'), join(root, 'bin/tollgate'));
  }
  if (kind === 'deb') {
    mkdirSync(join(root, 'DEBIAN'));
    writeFileSync(join(root, 'DEBIAN/control'), `Package: tollgate\nVersion: ${version}\nArchitecture: amd64\nMaintainer: x <x@localhost>\nDescription: x\n`);
  }
  const [command, ...args] = kind === 'deb' ? ['dpkg-deb', '-Znone', '--build', root, file] : ['tar', '-C', folder, '-czf', file, root.slice(folder.length + 1)];
  const { code, stderr } = await run(command, args);
  assert.equal(code, 0, stderr);
  return file;
}

const plain = { command: `node ${client}`, scenarios: 'plain\n' };

describe('the action', { concurrency: 2 }, () => {
  test('installs the tarball, tests the client, and writes summary and reports', async (t) => {
    const folder = scratch_folder(t);
    const given = { ...plain, package: await packed(t, 'tarball'), scenarios: 'plain pkce.absent\nlogin.state\n' };
    const { code, printed, outputs, summary } = await run_action(folder, given, { path });
    assert.equal(code, 0, printed);
    assert.equal(outputs.verdict, 'pass');
    for (const scenario of ['plain', 'pkce.absent', 'login.state']) assert.match(summary, new RegExp(`\\| ${scenario} \\| pass \\| done \\|`));
    const report = (name) => readFileSync(join(outputs.reports, name), 'utf8');
    assert.equal(JSON.parse(report('verdicts.json')).scenarios.length, 3);
    assert.match(report('junit.xml'), /<testsuites name="tollgate">/);
    assert.equal(JSON.parse(report('verdicts.sarif')).version, '2.1.0');
    assert.match((await run(outputs.program, ['--version'])).stdout, /^tollgate /);
  });

  test('fails when the client does, says so, and keeps to what is expected', async (t) => {
    const given = { ...plain, command: `node ${client} plain_pkce`, package: binary, 'working-directory': 'client' };
    const folder = scratch_folder(t);
    mkdirSync(join(folder, 'client'));
    const failed = await run_action(folder, given, { path });
    assert.equal(failed.code, 1, failed.printed);
    assert.equal(failed.outputs.verdict, 'fail');
    assert.match(failed.printed, /::error title=tollgate::the verdict is fail/);
    assert.match(failed.summary, /\| fail \| MUST \| pkce\.s256 \|/);
    const again = scratch_folder(t);
    mkdirSync(join(again, 'client'));
    writeFileSync(join(again, 'client/known.yml'), 'client:\n  - plain:pkce.s256\n');
    const known = await run_action(again, { ...given, 'expected-failures': 'known.yml' }, { path });
    assert.equal(known.code, 0, known.printed);
  });

  for (const kind of ['npm', 'deb']) {
    test(`installs from the ${kind} package`, async (t) => {
      const { code, printed, outputs } = await run_action(scratch_folder(t), { ...plain, package: await packed(t, kind) }, { path });
      assert.equal(code, 0, printed);
      assert.equal(outputs.verdict, 'pass');
    });
  }

  test('fetches the release of its own repository, and compares its SHA-256', async (t) => {
    const tarball = readFileSync(await packed(t, 'tarball'));
    const asked = [];
    const releases = createServer((request, response) => {
      asked.push(request.url);
      if (request.url.includes('0.0.9')) return response.writeHead(404).end();
      response.end(tarball);
    }).listen(0, '127.0.0.1');
    await new Promise((done) => releases.once('listening', done));
    t.after(() => releases.close());
    const at = { server_url: `http://127.0.0.1:${releases.address().port}`, path };
    const sha256 = createHash('sha256').update(tarball).digest('hex');
    const fetched = await run_action(scratch_folder(t), { ...plain, sha256 }, at);
    assert.equal(fetched.code, 0, fetched.printed);
    assert.deepEqual(asked, [`/owner/tollgate/releases/download/v${version}/tollgate-${version}-linux-x64.tar.gz`]);
    const other = await run_action(scratch_folder(t), { ...plain, sha256: '0'.repeat(64) }, at);
    assert.equal(other.code, 1);
    assert.match(other.printed, /::error title=tollgate::the SHA-256 of/);
    const none = await run_action(scratch_folder(t), { ...plain, version: '0.0.9' }, at);
    assert.equal(none.code, 1);
    assert.match(none.printed, /could not fetch http\S+; input "package" names a file/);
  });

  test('says what is wrong with its inputs', async (t) => {
    const missing = await run_action(scratch_folder(t), { ...plain, package: 'nowhere.tgz' }, { path });
    assert.match(missing.printed, /there is no file nowhere\.tgz/);
    const unknown = await run_action(scratch_folder(t), { ...plain, package: binary, scenarios: 'plian' }, { path });
    assert.equal(unknown.code, 2);
    assert.match(unknown.printed, /plain/);
    assert.equal(unknown.outputs.verdict, 'error');
  });
});

test('the page names every input and output, the example only such, and the version is the one of the program', () => {
  const page = text_of('docs/github-action.md');
  for (const name of [...Object.keys(action.inputs), ...Object.keys(action.outputs)]) assert.ok(page.includes(`\`${name}\``), name);
  const workflow = parse(text_of('examples/github/mcp-client.yml'));
  const [block] = pieces_of(page).filter(({ language }) => language === 'yaml').flatMap((piece) => parse(piece.block));
  for (const step of [workflow.jobs.tollgate.steps.at(-1), block]) {
    assert.match(step.uses, new RegExp(`/tollgate@v${version}$`));
    for (const name of Object.keys(step.with)) assert.ok(name in action.inputs, name);
  }
  assert.equal(action.inputs.version.default, version);
  assert.ok(existsSync(join(top, 'action.yml')));
});
