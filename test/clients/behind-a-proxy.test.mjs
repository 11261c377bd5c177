// docs/behind-a-proxy.md shows the files of examples/proxies, which scripts/test-proxies runs, and says of each
// proxy what the script expects.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { pieces_of, text_of } from './lib/pages.mjs';
import { top } from './lib/tollgate.mjs';
import { proxies } from './proxies/proxies.mjs';
import { rows } from './proxies/rows.mjs';

const page = text_of('docs/behind-a-proxy.md');
const folder = join(top, 'examples/proxies');
const files = readdirSync(folder);

test('every configuration stands in the page as it is in its file, and no other does', () => {
  const shown = pieces_of(page).filter(({ block, language }) => block !== undefined && language !== 'sh');
  const shipped = files.map((name) => readFileSync(join(folder, name), 'utf8'));
  assert.deepEqual(shown.map(({ block }) => block).sort(), shipped.sort());
});

test('every configuration is tried by the script', () => {
  assert.deepEqual(Object.values(proxies).map(({ file }) => file).sort(), files.sort());
});

test('what the script expects to see is of rows that it has', () => {
  const names = rows.map(({ name }) => name);
  for (const { seen = {}, negative = [] } of Object.values(proxies))
    for (const name of [...Object.keys(seen), ...negative.map(({ row }) => row)]) assert.ok(names.includes(name), name);
});

test('the table at the head says of every proxy when it passes a cancellation on, as the script expects it', () => {
  const lines = [...page.matchAll(/^\| \[(\w+)\]\(.*\| (at once|late) \| \d+ kB \|$/gm)];
  const told = Object.fromEntries(lines.map(([, name, when]) => [name.toLowerCase(), when]));
  const expected = Object.entries(proxies).map(([name, { seen }]) => [
    name === 'apache2' ? 'apache' : name,
    seen?.['cancel by closing a stream'] ? 'late' : 'at once',
  ]);
  assert.deepEqual(told, Object.fromEntries(expected));
});
