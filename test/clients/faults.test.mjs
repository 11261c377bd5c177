// Every named fault, once: that it fires, counts, and is gone. test/wire/faults says what comes over the wire.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { play } from './lib/fault-play.mjs';
import { players } from './lib/fault-servers.mjs';
import { tables } from './lib/fault-tables.mjs';
import { tollgate } from './lib/tollgate.mjs';

const wanted = process.env.FAULT;
const all = tables().filter((one) => !wanted || one.name.startsWith(wanted));

test('named faults', async (t) => {
  const player_of = players(t);
  for (const entry of all)
    await t.test(entry.name, async () => {
      const wrong = await play(await player_of(entry), entry);
      assert.equal(wrong.join('\n'), '');
    });
});

// What listeners do is met by connection-faults.test.mjs.
const elsewhere = [/^tls\./, /^net\.(refuse|no_accept|listen_backlog|black_hole|accept_\w+|garbage\w*)$/];

test('every named fault has its bytes, and every line names a fault', async (t) => {
  const server = await tollgate(t);
  const catalogue = await (await fetch(new URL('/control/catalogue', server.issuer))).json();
  const names = new Set(catalogue.faults.flatMap((one) => [one.name, ...(one.aliases ?? [])]));
  const played = new Set(tables().map((one) => one.name));
  const unknown = [...played].filter((name) => !names.has(name));
  assert.deepEqual(unknown, []);
  const missing = catalogue.faults.filter((one) => one.name !== 'raw' && !elsewhere.some((some) => some.test(one.name)) && ![one.name, ...(one.aliases ?? [])].some((name) => played.has(name)));
  if (!wanted) assert.deepEqual(missing.map((one) => one.name), []);
});
