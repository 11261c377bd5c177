// Many realms at once, each with a fault of its own: none sees another's. And the same script of faults, twice: the same
// journal.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';

import { json_of, register, authorize, token_request } from './lib/oauth.mjs';
import { tollgate } from './lib/tollgate.mjs';

const realms = 200;
const processes = 4;
// How many seconds a client waits that is never answered; a server under a sanitizer is slow at answering all of them.
const patience = Number(process.env.TOLLGATE_PATIENCE ?? 8);

async function call(url, method, body) {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(url, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
  return json_of(answer);
}

// So many at a time.
async function each(list, work, at_a_time = 16) {
  const rest = [...list.entries()];
  const worker = async () => {
    for (let next = rest.shift(); next; next = rest.shift()) await work(next[1], next[0]);
  };
  await Promise.all(Array.from({ length: at_a_time }, worker));
}

// Every so-manieth of the catalogue, so that all its groups are there.
async function two_hundred_faults(server) {
  const { faults } = await call(`${server.issuer}/control/catalogue`, 'GET');
  const named = faults.filter(({ name }) => name !== 'raw');
  assert.ok(named.length >= realms, `${named.length} faults`);
  return Array.from({ length: realms }, (_, i) => named[Math.floor((i * named.length) / realms)]);
}

const acts_on_connections = (fault) => fault.effects.some((effect) => effect.connect ?? effect.tls);

async function prepare(server, fault, i) {
  const name = `r${i}`;
  const isolation = acts_on_connections(fault) ? 'port' : 'path';
  const realm = await call(`${server.issuer}/control/realms`, 'POST', { name, isolation, seed: i + 1 });
  const control = `${server.issuer}/r/${name}/control`;
  const made = await call(`${control}/faults`, 'POST', { name: fault.name });
  return { name, control, fault: fault.name, mcp: made.acts_at?.mcp ?? realm.mcp };
}

function crowd(targets) {
  const program = spawn(process.execPath, [join(import.meta.dirname, 'lib/crowd.mjs'), String(patience)], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, RECORD_MCP_MESSAGES: '' }, // faults alter messages on purpose
  });
  program.stdin.end(JSON.stringify(targets));
  let out = '';
  program.stdout.on('data', (part) => (out += part));
  return new Promise((done, fail) => {
    program.on('error', fail);
    program.on('close', (code) => (code === 0 ? done(JSON.parse(out)) : fail(new Error(`crowd.mjs left with ${code}`))));
  });
}

// Everything that a realm tells of itself.
const journal_of = async ({ control }) => (await call(`${control}/events`, 'GET')).events;

test('two hundred realms have two hundred faults at once, and none sees another\'s', async (t) => {
  const server = await tollgate(t, { set: { 'server.log_level': 'warning', 'realms.max': realms + 10 } });
  const all = [];
  await each(await two_hundred_faults(server), async (fault, i) => (all[i] = await prepare(server, fault, i)));
  const groups = Array.from({ length: processes }, (_, n) => all.filter((_, i) => i % processes === n));
  const reports = new Map((await Promise.all(groups.map(crowd))).flat().map((one) => [one.name, one]));
  assert.equal(reports.size, realms);

  const clients = new Map();
  let fired = 0;
  await each(all, async (realm) => {
    const events = await journal_of(realm);
    const own = new Set([realm.fault]);
    for (const event of events) {
      assert.equal(event.realm, realm.name);
      for (const name of event.faults ?? []) assert.ok(own.has(name), `${realm.name} with ${realm.fault} saw ${name}`);
      if (event.type === 'fault') assert.equal(event.outcome, realm.fault);
      if (event.client_id) clients.set(event.client_id, (clients.get(event.client_id) ?? new Set()).add(realm.name));
    }
    const { faults } = await call(`${realm.control}/faults`, 'GET');
    assert.deepEqual(faults.map(({ name }) => name), [realm.fault]);
    // The journal tells of the fault when, and only when, it has fired.
    const told = events.some((event) => event.type === 'fault');
    if (faults[0].fired > 0) ++fired;
    if (told) assert.ok(faults[0].fired > 0, `${realm.fault} is told and never fired`);
  });
  // A client registers in its own realm alone.
  for (const [id, seen] of clients) if (!/^https?:/.test(id)) assert.equal(seen.size, 1, `${id} was seen in ${[...seen]}`);
  const done = [...reports.values()].filter(({ steps }) => steps.at(-1) === 'done').length;
  t.diagnostic(`${fired} of ${realms} faults fired; ${done} clients came to the end`);
  assert.ok(fired > realms / 2, `${fired} faults fired`);
  // The realm that nobody spoiled.
  assert.equal((await call(`${server.issuer}/control/state`, 'GET')).faults.length, 0);
});

// Faults that draw by lot, by their turn and by a list, against one client.
const script = [
  { name: 'token.unavailable', trigger: { script: ['ok', 'fault', 'ok', 'fault'] } },
  { name: 'token.server_error', trigger: { probability: 0.4 } },
  { name: 'net.delay_log_normal', params: { median_ms: 5, when: 'after' }, trigger: { every: 2 } },
  { name: 'asm.wrong_types', trigger: { nth: 2 } },
  { name: 'http.103', select: { endpoint: 'resource_metadata' }, trigger: { probability: 0.5 } },
];

async function run_of_the_script(t) {
  const server = await tollgate(t, { set: { 'server.workers': 1, 'tokens.refresh_rotation': 'never' } });
  const realm = await call(`${server.issuer}/control/realms`, 'POST', { name: 'scripted', seed: 42 });
  const control = `${server.issuer}/r/scripted/control`;
  const { client_id } = await register(realm.issuer);
  const { verifier, callback } = await authorize(realm.issuer, client_id);
  const first = await token_request(realm.issuer, {
    grant_type: 'authorization_code',
    client_id,
    code: callback.searchParams.get('code'),
    code_verifier: verifier,
    redirect_uri: 'http://localhost:8765/callback',
  });
  const { refresh_token } = await json_of(first);
  for (const fault of script) await call(`${control}/faults`, 'POST', fault);
  for (let i = 0; i < 12; ++i) {
    const answer = await token_request(realm.issuer, { grant_type: 'refresh_token', client_id, refresh_token });
    await answer.text();
    for (const path of ['/.well-known/oauth-authorization-server', '/.well-known/oauth-protected-resource'])
      await (await fetch(`${new URL(path.endsWith('resource') ? realm.mcp : realm.issuer).origin}${path}/r/scripted${path.endsWith('resource') ? '/mcp' : ''}`)).text();
  }
  const { events } = await call(`${control}/events`, 'GET');
  // What is drawn anew for each run, and its times.
  const anonymous = (value) =>
    typeof value === 'string'
      ? value
          .replaceAll(client_id, 'CLIENT')
          .replace(/localhost(:|%3A)\d+/g, 'localhost$1PORT')
          .replace(/~[\w-]{8}/g, '~SECRET')
          .replace(/(code_challenge=)[\w-]+/g, '$1CHALLENGE')
          .replace(/("client_id_issued_at":)\d+/g, '$1TIME')
          // An ETag: the port is in the document.
          .replace(/^"[\w-]{24}"$/, 'ETAG')
      : value;
  return JSON.stringify(events, (key, value) => (['time', 'arrived', 'family'].includes(key) ? undefined : anonymous(value)), 1);
}

test('the same faults with the same seed give the same journal', async (t) => {
  const [one, two] = [await run_of_the_script(t), await run_of_the_script(t)];
  // Line by line, so that a difference can be read.
  const [lines, others] = [one.split('\n'), two.split('\n')];
  for (const [i, line] of lines.entries()) assert.equal(line, others[i]);
  assert.equal(lines.length, others.length);
  for (const name of script.map((fault) => fault.name)) assert.ok(one.includes(name), `${name} never acted`);
});
