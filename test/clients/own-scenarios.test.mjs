// Scenarios of the user's own, as docs/scenarios.md shows one: listed, found by URL, and judged like the others.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { calls } from './lib/deeds.mjs';
import { right_client } from './lib/right_client.mjs';
import { binary, run, scratch_folder, tollgate, top, unguessable } from './lib/tollgate.mjs';

const page = readFileSync(join(top, 'docs/scenarios.md'), 'utf8');
const shown = /```toml\n(.*?)```/s.exec(page)[1];
const client = `${process.execPath} ${join(import.meta.dirname, 'lib/scenario_client.mjs')}`;

function written(t, text = shown) {
  const folder = scratch_folder(t);
  const file = join(folder, 'mine.toml');
  writeFileSync(file, text);
  return { folder, file };
}

test('the one of the page is right, and stands last in the list', async (t) => {
  const { file } = written(t);
  const checked = await run(binary, ['check', '--config', file]);
  assert.equal(checked.code, 0, checked.stderr);
  const { stdout } = await run(binary, ['scenarios', '--config', file]);
  assert.match(stdout.trim().split('\n').at(-1), /^mine\.late_refresh +The first refresh is answered with 503/);
});

test('a mistake is told as the page tells it', async (t) => {
  const { file } = written(t, shown.replace('grant_type = "refresh_token", status', 'grant_typ = "refresh_token", status'));
  for (const args of [['check'], ['scenarios'], ['test', '--command', 'x'], ['serve']]) {
    const { code, stderr } = await run(binary, [...args, '--config', file]);
    assert.equal(code, 2, args.join(' '));
    const told = /^mine\.toml:.*$/m.exec(page)[0];
    assert.equal(stderr.trim().replace(/^.*\//, ''), told);
  }
});

test('tollgate test runs it by name and by its suite, and tells a right client from one that gives up', async (t) => {
  const { file } = written(t);
  const trial = (mistakes, ...which) =>
    run(binary, ['test', '--config', file, '--command', `${client} ${mistakes}`, '--format', 'json', ...which], { timeout: 110_000 });
  const [right, wrong] = await Promise.all([trial('', '--suite', 'own'), trial('logs_in_after_outage', '--scenario', 'mine.late_refresh')]);
  const findings = ({ stdout, stderr }) => {
    const { scenarios } = JSON.parse(stdout || assert.fail(stderr));
    assert.deepEqual(scenarios.map(({ scenario }) => scenario), ['mine.late_refresh']);
    return Object.fromEntries(scenarios[0].findings.map(({ id, status }) => [id, status]));
  };
  const good = findings(right);
  assert.deepEqual([good['mine.came_back'], good['mine.one_login'], good['fault.token.unavailable']], ['pass', 'pass', 'pass']);
  assert.equal(right.code, 0, right.stderr);
  assert.equal(findings(wrong)['mine.one_login'], 'warning');
});

test('its URL can be pasted', async (t) => {
  const { folder, file } = written(t);
  const server = await tollgate(t, { config: file, folder });
  const url = server.mcp.replace(/\/mcp$/, `/s/mine.late_refresh/${unguessable}/mcp`);
  const used = new right_client(url);
  t.after(() => used.close());
  await used.connect();
  await calls(used, 1);
  const verdict = await (await fetch(`${server.issuer}/s/mine.late_refresh/${unguessable}/control/verdict`)).json();
  assert.equal(verdict.scenario, 'mine.late_refresh');
});

test('the page at /s has every scenario with a URL that works, and configurations for clients', async (t) => {
  const { folder, file } = written(t);
  const server = await tollgate(t, { config: file, folder });
  const listed = await (await fetch(`${server.issuer}/s`)).text();
  const { scenarios } = await (await fetch(`${server.issuer}/control/scenarios`)).json();
  for (const { name } of scenarios) assert.ok(listed.includes(`\n${name}\n    `), name);
  const url = /\nmine\.late_refresh\n {4}(\S+)\n/.exec(listed)[1];
  const client = new right_client(url);
  t.after(() => client.close());
  await client.connect();
  assert.equal(await client.call('echo', { message: 'hi' }), 'hi');

  const setup = await (await fetch(`${server.mcp.replace(/\/mcp$/, '/s')}?scenario=auth/basic-cimd`)).text();
  for (const one of ['code --add-mcp', 'claude mcp add --transport http tollgate-auth-basic-cimd http://', '"mcpServers"', '[mcp_servers.tollgate-auth-basic-cimd]', 'inspector', 'StreamableHTTPClientTransport'])
    assert.ok(setup.includes(one), one);
  const browser = await fetch(`${server.issuer}/s?scenario=plain`, { headers: { accept: 'text/html' } });
  assert.match(await browser.text(), /<h1>Scenario plain<\/h1>.*<pre>http:\/\/localhost:\d+\/s\/plain\/\S+\/mcp<\/pre>/s);
  assert.equal((await fetch(`${server.issuer}/s?scenario=plan`)).status, 404);
});
