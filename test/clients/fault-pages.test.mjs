// The pages of the groups of faults, docs/faults/*.md, are what the catalogue says. With WRITE_FAULT_PAGES=1 they are written
// (scripts/fault-pages).
import assert from 'node:assert/strict';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { fault_pages, groups } from './lib/fault_groups.mjs';
import { tollgate, top } from './lib/tollgate.mjs';

const folder = join(top, 'docs/faults');

test('the page of each group of faults says what the catalogue says', async (t) => {
  const server = await tollgate(t);
  const { faults } = await (await fetch(`${server.issuer}/control/catalogue`)).json();
  const grouped = new Set(groups.flatMap(([, ids]) => ids));
  const left = faults.filter(({ id, name }) => name !== 'raw' && !grouped.has(id?.split('-')[0])).map(({ name }) => name);
  assert.deepEqual(left, []);
  const pages = fault_pages(faults);
  if (process.env.WRITE_FAULT_PAGES) for (const [name, text] of Object.entries(pages)) writeFileSync(join(folder, name), text);
  assert.deepEqual(readdirSync(folder).sort(), Object.keys(pages).sort());
  for (const [name, text] of Object.entries(pages)) assert.equal(readFileSync(join(folder, name), 'utf8'), text, `docs/faults/${name}: run scripts/fault-pages`);
  const index = readFileSync(join(top, 'docs/faults.md'), 'utf8');
  for (const name of Object.keys(pages)) assert.ok(index.includes(`(faults/${name})`), name);
});
