// Every named fault, once: that it fires, counts, and is gone. test/wire/faults says what comes over the wire.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { player, tables } from './lib/faults.mjs';
import { tollgate } from './lib/tollgate.mjs';

const config = () => ({
  set: {
    clients:
      '[{client_id="service",client_secret="a-secret-of-a-test-that-is-long",grant_types=["client_credentials"],scope="mcp:tools"},' +
      '{client_id="app",redirect_uris=["http://127.0.0.1:7777/callback"],token_endpoint_auth_method="none"}]',
  },
});

// A silent connection is enough of an answer where silence is wanted, and a long one is waited for.
function enough_for(step) {
  if (step.status === 'silent') return () => true;
  const bytes = step.headers.find((one) => one.startsWith('bytes '));
  return bytes && ((raw) => raw.length > Number(bytes.slice(6)));
}

async function play(p, entry) {
  await p.begin();
  try {
    const first = entry.steps[0];
    const { policy, ...extra } = entry.extra ?? {};
    if (policy) await p.control('policy', 'PATCH', policy);
    for (const step of entry.steps) await p.prepare(p.requests.get(step.request) ?? '');
    const made = await p.control('faults', 'POST', { name: entry.name, trigger: { next: entry.steps.length }, ...extra });
    const wrong = [];
    for (const step of entry.steps) {
      const got = await p.send(step.request, enough_for(step));
      wrong.push(...p.differences(step, got));
    }
    const { fired } = await p.control(`faults/${made.id}`);
    if (fired < 1) wrong.push(`${entry.at}: it has not fired`);
    const { removed } = await p.control('faults', 'DELETE');
    if (removed !== 1) wrong.push(`${entry.at}: ${removed} were removed`);
    // Gone: what it did is not done any more. State that it has changed is made anew.
    p.values.access_token = undefined;
    await p.prepare(p.requests.get(first.request));
    const after = await p.send(first.request);
    if (!first.headers.includes('same') && p.differences(first, after).length === 0)
      wrong.push(`${entry.at}: it is still on\n${after.head}`);
    return wrong;
  } finally {
    await p.end();
  }
}

const wanted = process.env.FAULT;
const all = tables().filter((one) => !wanted || one.name.startsWith(wanted));

test('named faults', async (t) => {
  const server = await tollgate(t, config());
  const p = new player(server);
  for (const entry of all)
    await t.test(entry.name, async () => {
      const wrong = await play(p, entry);
      assert.equal(wrong.join('\n'), '');
    });
});

// What listeners do is met by connection-faults.test.mjs. The others are played nowhere yet: they want a
// provider from which a browser comes back, or a proof of a key.
const elsewhere = [
  /^tls\./,
  /^net\.(refuse|no_accept|listen_backlog|black_hole|accept_\w+|garbage\w*)$/,
  /^up\.(denied|state_bad|token_5xx|userinfo_down|slow_login)$/,
  /^broker\.(cookie_lost|restart_loses_pending)$/,
  /\.use_dpop_nonce$/,
];

test('every named fault has its bytes, and every line names a fault', async (t) => {
  const server = await tollgate(t, config(t));
  const catalogue = await (await fetch(new URL('/control/catalogue', server.issuer))).json();
  const names = new Set(catalogue.faults.flatMap((one) => [one.name, ...(one.aliases ?? [])]));
  const played = new Set(tables().map((one) => one.name));
  const unknown = [...played].filter((name) => !names.has(name));
  assert.deepEqual(unknown, []);
  const missing = catalogue.faults.filter((one) => one.name !== 'raw' && !elsewhere.some((some) => some.test(one.name)) && ![one.name, ...(one.aliases ?? [])].some((name) => played.has(name)));
  if (!wanted) assert.deepEqual(missing.map((one) => one.name), []);
});
