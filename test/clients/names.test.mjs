// Names that strangers choose, at a name server that never answers for them: what is ours goes on.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, test } from 'node:test';

import { name_server, no_names_here } from './lib/names.mjs';
import { free_ports, scratch_folder, tollgate, until, unguessable } from './lib/tollgate.mjs';
import { walker } from './lib/walker.mjs';

const why_not = no_names_here();
if (why_not) console.error(`\n*** NOT RUN: names.test.mjs: ${why_not} ***\n`);

const callback = 'http://localhost:1/callback';
const challenge = createHash('sha256').update('v'.repeat(43)).digest('base64url');

// A provider that has a name in DNS only, and a broker that asks the test's own name server.
async function both(t) {
  const folder = scratch_folder(t);
  const names = await name_server(t, folder, ['provider.test']);
  const [at_provider, at_broker] = await free_ports(2);
  const provider = `http://provider.test:${at_provider}`;
  await tollgate(t, {
    set: {
      'authorization_server.listen': `localhost:${at_provider}`,
      'authorization_server.public_url': provider,
      clients: `[{client_id="broker",client_secret="the-broker-s-own",redirect_uris=["http://localhost:${at_broker}/callback"]}]`,
    },
  });
  const broker = await tollgate(t, {
    folder,
    inside: names.inside,
    set: {
      'authorization_server.listen': `localhost:${at_broker}`,
      'authorization_server.mode': 'broker',
      'authorization_server.consent': 'auto',
      'upstream.issuer': provider,
      'upstream.allow_insecure_http': true,
      'upstream.client_id': 'broker',
      'upstream.client_secret': 'the-broker-s-own',
      clients: `[{client_id="app",redirect_uris=["${callback}"]}]`,
      'server.workers': 1,
    },
  });
  return { names, broker, browser: new walker({ [provider]: at_provider }) };
}

const login_url = (issuer) =>
  `${issuer}/authorize?${new URLSearchParams({
    response_type: 'code',
    client_id: 'app',
    redirect_uri: callback,
    state: 's',
    code_challenge: challenge,
    code_challenge_method: 'S256',
  })}`;

// Somebody without an account or a registration.
async function stranger(issuer, name) {
  const began = performance.now();
  const client_id = encodeURIComponent(`https://${name}.test/client.json`);
  const answer = await fetch(`${issuer}/authorize?client_id=${client_id}`);
  const text = await answer.text();
  const { status, headers } = answer;
  return { status, text, again: headers.get('retry-after'), took: performance.now() - began };
}

describe('names that strangers choose', { skip: why_not }, () => {
  test('hold up neither logins, nor other realms, nor the end', async (t) => {
    const { names, broker, browser } = await both(t);
    const { issuer } = broker;
    const all = Array.from({ length: 30 }, (_, i) => stranger(issuer, `slow${i}`));
    const at_once = [];
    for (const one of all) one.then((answer) => at_once.push(answer));
    await until(() => at_once.length === 26);
    for (const { status, again } of at_once) assert.deepEqual([status, again], [503, '1']);
    await until(() => [...names.asked].filter((name) => name.startsWith('slow')).length === 4);

    // Meanwhile a person logs in at the provider, which is asked by its name.
    const began = performance.now();
    const back = await browser.walk(login_url(issuer), callback);
    assert.ok(back.searchParams.get('code'), back.href);
    assert.ok(performance.now() - began < 3000, 'the login did not wait for those names');
    assert.ok(names.asked.has('provider.test'));

    // Another realm has places of its own, and a name that does not exist is told at once.
    const elsewhere = `${issuer}/s/plain/${unguessable}`;
    const opened = await fetch(`${issuer}/.well-known/oauth-authorization-server/s/plain/${unguessable}`);
    assert.equal(opened.status, 200);
    const unknown = await stranger(elsewhere, 'unknown');
    assert.deepEqual([unknown.status, unknown.again], [503, '5']);
    assert.match(unknown.text, /has no public address/);
    assert.ok(unknown.took < 3000);

    const waited = (await Promise.all(all)).filter(({ again }) => again !== '1');
    assert.equal(waited.length, 4);
    for (const { status, text, again } of waited) {
      assert.deepEqual([status, again], [503, '5']);
      assert.match(text, /did not come within 5 seconds/);
    }
    // Nobody waits for them any more, but the name server is still being asked.
    const next = await stranger(issuer, 'slow31');
    assert.deepEqual([next.status, next.again], [503, '1']);

    // The request is answered, the look-up goes on: the end does not wait for it.
    const last = await stranger(elsewhere, 'slow-at-the-end');
    assert.deepEqual([last.status, last.again], [503, '5']);
    const told = performance.now();
    await broker.stop();
    assert.ok(performance.now() - told < 2000, `the end took ${performance.now() - told} ms`);
  });
});
