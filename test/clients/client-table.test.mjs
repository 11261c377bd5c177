// What docs/clients.md is made by (scripts/client-table), for one client and two faults, so that it goes on working.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { run_cell } from './table/cell.mjs';
import { every_client } from './table/clients.mjs';
import { every_fault } from './table/faults.mjs';
import { cell_text } from './table/page.mjs';
import { read } from './table/reading.mjs';
import { tollgate } from './lib/tollgate.mjs';

const client = every_client.find(({ name }) => name === 'sdk-1');
const named = (name) => every_fault.find((fault) => fault.name === name);

async function cell(t, name) {
  const server = await tollgate(t, { set: { 'validation.recheck': '1m', 'mcp.versions': ['2025-11-25'] } });
  const result = await run_cell(server, client, named(name));
  const { errors, ...read_from_it } = read(result, client, named(name));
  return { errors, ...read_from_it, text: cell_text(read_from_it, client, named(name)) };
}

test('a revoked token is a refresh and the call again, and nobody is asked', async (t) => {
  const { errors, text, asked, met, word } = await cell(t, 'revoked');
  assert.deepEqual({ errors, word, asked, met }, { errors: [], word: 'ok', asked: 0, met: true });
  assert.equal(text, '**ok** refresh, call again (3)');
});

test('a session that is gone stays gone until the client is started again', async (t) => {
  const { errors, text, asked, met, word } = await cell(t, 'session-404-text');
  assert.deepEqual({ word, asked, met }, { word: 'restart', asked: 0, met: true });
  assert.match(errors.join('\n'), /^call: .*session not found\n+next: /);
  assert.match(text, /^\*\*restart\*\* \(\d+\)$/);
});

test('cells of the page say who was asked, what was never met and how long it took', () => {
  const plain = { word: 'ok', asked: 0, actions: ['refresh'], requests: 3, met: true, seconds: 0, errors: [] };
  const text = (cell, more = {}) => cell_text({ ...plain, ...cell }, { ...client, ...more }, named('session-404'));
  assert.equal(text({}), '**ok** refresh (3)');
  assert.equal(text({ asked: 1, actions: ['refresh', 'browser'] }), '**login** refresh, browser (3)');
  assert.equal(text({ word: 'next call', asked: 1, actions: [] }), '**next call, login** (3)');
  assert.equal(text({ word: 'by hand', asked: 1 }), '**by hand** refresh (3)');
  assert.equal(text({ met: false }), '**ok** refresh, fault not met (3)');
  assert.equal(text({}, { each_time: true }), '–');
  assert.equal(text({ seconds: 60, restless: true }), '**ok** refresh, after 60 s, keeps asking (3)');
  assert.equal(text({ word: 'next call', actions: [], seconds: 75, hangs: true }), '**next call** no answer for 75 s (3)');
  assert.equal(cell_text({ trouble: 'no login' }, client, named('revoked')), 'not run');
});
