// All scenarios at once in one `tollgate test`, in the time that a person waits; and what is said of a client does not
// depend on who else is there.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { trial } from './lib/trials.mjs';

// Quick ones of every kind: discovery, a login that fails, registration, scopes, sessions, keys, and the official suite's.
const few = ['plain', 'login.denied', 'login.state', 'pkce.absent', 'redirect.port', 'stepup.refresh_trap', 'keys.rotate', 'discovery.spelling', 'auth/scope-step-up', 'auth/iss-wrong-issuer', 'tools_call'];

test('all scenarios run at once in two minutes, and a few of them one by one with the same verdicts', async () => {
  const all = await trial({ parallel: 24 });
  assert.ok(all.size > 90, `${all.size} scenarios`);
  for (const [name, { said }] of await trial({ parallel: 1, names: few })) assert.deepEqual(all.get(name).said, said, name);
});
