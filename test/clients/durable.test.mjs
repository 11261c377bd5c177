// With store.backend = "sqlite" what was acknowledged outlives the process, however it ends.
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Person } from './lib/durable.mjs';
import { binary, control, free_ports, run, scratch_folder, sleep, tollgate, until } from './lib/tollgate.mjs';

// Always the same addresses: tokens name them.
async function durable(t, more = {}) {
  const folder = scratch_folder(t);
  const [as, mcp] = await free_ports(2);
  const set = {
    'authorization_server.listen': `localhost:${as}`,
    'mcp.listen': `localhost:${mcp}`,
    'store.backend': 'sqlite',
    'server.log_level': 'warning',
    ...more,
  };
  return { folder, set, start: () => tollgate(t, { own_ports: false, folder, set }) };
}

const json_of = async (url) => (await fetch(url)).json();

// TOLLGATE_KILLS: how often. Without it as often as there is time for.
test('what was acknowledged is there after kill -9 at any moment', { timeout: 3_600_000 }, async (t) => {
  const kills = Number(process.env.TOLLGATE_KILLS ?? 30);
  const budget = process.env.TOLLGATE_KILLS ? Infinity : 12_000;
  const { start } = await durable(t);
  let server = await start();
  const people = Array.from({ length: 6 }, () => new Person(server.issuer));
  await Promise.all(people.map((p) => p.register()));
  const began = Date.now();
  let done = 0;
  for (; done < kills && (done < 3 || Date.now() - began < budget); done++) {
    let up = true;
    const lives = people.map((p) => p.live(() => up));
    await sleep(randomInt(20, 250)); // any moment will do: that is what is tested
    await server.kill();
    up = false;
    await Promise.all(lives);
    server = await start();
    await Promise.all(people.map((p) => p.check()));
    if (done % 3 === 2) await Promise.all(people.map((p) => p.try_a_reuse()));
  }
  const acknowledged = people.reduce((sum, p) => sum + p.acknowledged, 0);
  t.diagnostic(`${done} kills, ${acknowledged} acknowledged writes, all found again`);
  assert.ok(acknowledged > done, 'there was hardly any load');
});

test('keys, seeds, realms, policy, faults and the clock are as they were after a crash', async (t) => {
  const { start } = await durable(t, { 'tokens.seed_refresh': ['seeded-once'], 'tokens.refresh_rotation': 'always' });
  let server = await start();
  const person = new Person(server.issuer);
  await person.register();
  const seeded = await person.token({ grant_type: 'refresh_token', refresh_token: 'seeded-once' });
  assert.equal(seeded.status, 200);
  await control(server.issuer, 'rotate-keys');
  await control(server.issuer, 'realms', { name: 'alpha', policy: { access_ttl: '7s' } });
  const alpha = `${server.issuer}/r/alpha`;
  const in_alpha = (call, body, method = 'POST') =>
    fetch(`${alpha}/control/${call}`, { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  await in_alpha('policy', { 'tokens.refresh_ttl': '3h' }, 'PATCH');
  await in_alpha('clock', { advance: '2h' });
  await in_alpha('faults', { name: 'refresh.invalid_grant', trigger: { nth: 2 } });
  const state = async () => ({
    keys: await json_of(`${server.issuer}/.well-known/jwks.json`),
    policy: await json_of(`${alpha}/control/policy`),
    faults: await json_of(`${alpha}/control/faults`),
  });
  const before = await state();
  assert.equal(before.policy['tokens.access_ttl'], '7s');
  assert.ok(before.keys.keys.length > 1, 'no key was rotated');

  await server.kill();
  server = await start();
  assert.deepEqual(await state(), before);
  const clock = await json_of(`${alpha}/control/clock`);
  assert.ok(Math.abs(clock.offset_seconds - 7200) < 2, JSON.stringify(clock));
  const reused = await person.token({ grant_type: 'refresh_token', refresh_token: 'seeded-once' });
  assert.equal(reused.body.error, 'invalid_grant');

  await fetch(`${server.issuer}/control/realms/alpha`, { method: 'DELETE' });
  await server.kill();
  server = await start();
  assert.equal((await fetch(`${alpha}/control/policy`)).status, 404);
});

test('what a removal or a restore has answered is so after kill -9 at any moment', async (t) => {
  const { start } = await durable(t);
  let server = await start();
  const send = (call, body, method = 'POST', at = server.issuer) =>
    fetch(`${at}/control/${call}`, { method, headers: { 'content-type': 'application/json' }, body: body && JSON.stringify(body) });
  assert.equal((await send('realms', { name: 'kept' })).status, 201);
  const kept = `${server.issuer}/r/kept`;
  await send('policy', { 'tokens.access_ttl': '9s' }, 'PATCH', kept);
  await send('faults', { name: 'refresh.invalid_grant' }, 'POST', kept);
  await send('clock', { advance: '8h' }, 'POST', kept);
  for (let round = 0; round < 6; round++) {
    assert.equal((await send('realms', { name: 'gone' })).status, 201);
    assert.equal((await send('realms/gone', undefined, 'DELETE')).status, 204);
    assert.equal((await send('realms', { name: 'gone' })).status, 201, 'the name is free at once');
    assert.equal((await send('realms/gone', undefined, 'DELETE')).status, 204);
    const { id } = await (await send('realms/kept/snapshot')).json();
    let up = true;
    const restores = (async () => {
      while (up) await send('realms/kept/restore', { id }).catch(() => {});
    })();
    await sleep(randomInt(1, 60)); // any moment will do: that is what is tested
    await server.kill();
    up = false;
    await restores;
    server = await start();
    const { realms } = await json_of(`${server.issuer}/control/realms`);
    assert.deepEqual(realms.map((r) => r.name).sort(), ['default', 'kept']);
    assert.equal((await json_of(`${kept}/control/policy`))['tokens.access_ttl'], '9s');
    assert.equal((await json_of(`${kept}/control/faults`)).faults.length, 1);
    assert.ok((await json_of(`${kept}/control/clock`)).offset_seconds > 20_000);
  }
});

test('a second program on the same file is refused with a sentence', async (t) => {
  const { folder, start } = await durable(t);
  await start();
  const path = join(folder, 'tollgate.db');
  const second = await run(binary, ['serve', '--set', 'authorization_server.listen=localhost:0', '--set', 'mcp.listen=localhost:0', '--set', 'store.backend=sqlite', '--set', `store.path=${path}`], { cwd: folder });
  assert.equal(second.code, 3);
  assert.match(second.stderr, /tollgate\.db is in use by another tollgate; end that one first/);
});

// A disk without room: as little as a file may grow to here.
test('a full disk is 503 with Retry-After and a line in the log, and nothing is half-written', async (t) => {
  const { folder, set, start } = await durable(t);
  // The limit is in blocks of 512 bytes; ignored, the signal becomes an error of the write.
  const full = ['sh', '-c', 'trap "" XFSZ; ulimit -S -f 600; exec "$0" "$@"'];
  const server = await tollgate(t, { own_ports: false, folder, set, inside: full });
  const register = () =>
    fetch(`${server.issuer}/register`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ redirect_uris: ['http://localhost:1/callback'], client_name: 'x'.repeat(4000) }),
    });
  const told = [];
  let answer = await register();
  for (; answer.status === 201 && told.length < 500; answer = await register()) told.push((await answer.json()).client_id);
  assert.equal(answer.status, 503);
  assert.equal(answer.headers.get('retry-after'), '1');
  assert.equal((await answer.json()).error, 'temporarily_unavailable');
  await until(() => /store_write_failed/.test(server.log()));
  assert.equal((await control(server.issuer, 'state')).clients, told.length);
  await server.stop();
  const again = await start();
  assert.equal((await control(again.issuer, 'state')).clients, told.length);
});

test('tollgate store moves all records to another file', async (t) => {
  const { folder, set, start } = await durable(t);
  const first = await start();
  const person = new Person(first.issuer);
  await person.register();
  await person.log_in();
  await person.refresh();
  const store = (action, file, path = 'tollgate.db') =>
    run(binary, ['store', action, file, '--set', 'store.backend=sqlite', '--set', `store.path=${path}`], { cwd: folder });

  const busy = await store('export', 'out.jsonl');
  assert.equal(busy.code, 3);
  assert.match(busy.stderr, /is in use by another tollgate/);
  await first.stop();
  assert.equal((await store('export', 'out.jsonl')).code, 0);
  const text = readFileSync(join(folder, 'out.jsonl'), 'utf8');
  for (const secret of [person.login.access, person.login.refresh, person.login.redeem.code, 'PRIVATE KEY'])
    assert.ok(!text.includes(secret), 'a secret is in the file');

  const keyless = await store('import', 'out.jsonl', 'other.db');
  assert.equal(keyless.code, 3);
  assert.match(keyless.stderr, /needs its key first: copy the file/);
  assert.ok(!existsSync(join(folder, 'other.db')));
  writeFileSync(join(folder, 'other.db.key'), readFileSync(join(folder, 'tollgate.db.key')));
  const moved = await store('import', 'out.jsonl', 'other.db');
  assert.equal(moved.code, 0, moved.stderr);
  assert.match((await store('import', 'out.jsonl', 'other.db')).stderr, /has records already/);
  set['store.path'] = 'other.db';
  await start();
  await person.check();
  await person.try_a_reuse();
});

test('tollgate store says what cannot be moved', async (t) => {
  const folder = scratch_folder(t);
  const store = (...args) => run(binary, ['store', ...args], { cwd: folder });
  const memory = await store('export', '-');
  assert.equal(memory.code, 2);
  assert.match(memory.stderr, /in the memory of the running server alone/);
  writeFileSync(join(folder, 'letter.txt'), 'Dear friend\n');
  const letter = await store('import', 'letter.txt', '--set', 'store.backend=sqlite');
  assert.equal(letter.code, 1);
  assert.match(letter.stderr, /letter\.txt:1: is no JSON object/);
  const missing = await store('export', '-', '--set', 'store.backend=sqlite');
  assert.equal(missing.code, 3);
  assert.match(missing.stderr, /tollgate\.db does not exist/);
});
