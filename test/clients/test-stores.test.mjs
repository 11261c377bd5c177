// The part of scripts/test-stores that CI runs, and whether the list of what the script leaves out speaks of tests that are there.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';

import { every_client, connect } from './lib/clients.mjs';
import { check_server, listed, newest_alpha, passed_everything } from './lib/conformance.mjs';
import { marks_of, text_of } from './lib/pages.mjs';
import { tollgate } from './lib/tollgate.mjs';
import { everything } from './stores/left_out.mjs';

// readme.test.mjs names a test after the page and the marker whose blocks it runs.
function is_of_a_page(title) {
  const [, page, marker] = /^(\S+\.md): what it says under (.+) works/.exec(title) ?? [];
  return page !== undefined && marks_of(text_of(page)).marked.has(marker);
}

for (const { file, test: title, why } of everything)
  test(`${file}${title ? `, "${title}"` : ''} is there to be left out: ${why}`, () => {
    const path = join(import.meta.dirname, file);
    assert.ok(existsSync(path));
    if (title === undefined) return;
    if (file === 'readme.test.mjs' && is_of_a_page(title)) return;
    const source = readFileSync(path, 'utf8').replaceAll("\\'", "'");
    assert.ok(['\'', '`', '"'].some((quote) => source.includes(quote + title)), 'no test of that name');
  });

describe('the official conformance suite, through three instances', { concurrency: 2 }, () => {
  // The suite has no way yet to listen where the extension for tasks speaks.
  for (const [revision, skipped] of [['2025-11-25'], ['2026-07-28', ['tasks-status-notifications']]])
    test(`every scenario of ${revision} passes`, async (t) => {
      const server = await tollgate(t, { store: 'instances', set: { 'mcp.fixtures': true, 'mcp.auth': 'none' } });
      const scenarios = await listed(newest_alpha, '--requirements', revision);
      passed_everything(await check_server(t, newest_alpha, server.mcp, '--requirements', revision), scenarios, skipped);
    });
});

test('every client logs in and calls a tool over SQLite', async (t) => {
  const server = await tollgate(t, { store: 'sqlite' });
  for (const kind of every_client)
    await t.test(kind.name, async (t) => {
      const { call } = await connect(t, kind, server);
      assert.equal(await call('echo', { message: 'kept' }), 'kept');
    });
});
