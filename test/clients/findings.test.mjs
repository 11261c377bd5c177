// Every finding that a scenario of our own makes is failed by a client that does that one thing wrong (that a right client
// passes it shows verdict.test.mjs, and that the rules of every verdict are broken and kept, test/control/verdict).
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { calls, deed_of } from './lib/deeds.mjs';
import { refusal, right_client } from './lib/right_client.mjs';
import { control, outlive, sleep, tollgate } from './lib/tollgate.mjs';

// Scenario, mistakes, the findings that they break; what somebody does with it, and how often it is started.
// Once, and once more when the token is over.
const until_over = async (c) => {
  await calls(c, 1);
  await outlive(3);
  await calls(c, 1);
};
// The first call that fails is the last one.
const until_refused = (gap) => async (c) => {
  for (let i = 0; i < 10; i += 1, await sleep(gap)) await c.call('echo', { message: 'hi' });
};
const twice = (c) => calls(c, 2, 10);
const rows = [
  ['token.short', { never_refreshes: true }, ['refresh.done', 'login.once']],
  ['refresh.basic', { stops_after_renewal: true }, ['tool.called_after_refresh']],
  ['scope.forbidden', { steps_up_again: true }, ['stepup.bounded'], twice],
  ['discovery.spelling', { ignores_challenge: true }, ['discovery.read']],
  ['malicious.as', { guesses_endpoints: true }, ['login.not_opened']],
  ['malicious.as.redirect', { repeats_token: true }, ['token.not_repeated']],
  ['login.denied', { goes_on_without_code: true }, ['token.not_asked_for']],
  ['login.denied', {}, ['login.asked_seldom'], undefined, 3],
  ['login.abandoned', { goes_on_without_code: true }, ['token.not_asked_for']],
  ['login.abandoned', {}, ['login.asked_seldom'], undefined, 3],
  ['login.state', { ignores_state: true }, ['state.checked']],
  ['dcr.forgotten', { keeps_dead_credentials: true }, ['client.registered_again', 'tool.called_after_login'], until_refused(1000)],
  ['dcr.forgotten', { registers_twice: true }, ['client.registered_once']],
  ['redirect.port', { another_redirect: true }, ['redirect.registered']],
  ['pkce.absent', { trusts_without_pkce: true }, ['pkce.verified']],
  ['stepup.refresh_trap', { ignores_step_up: true }, ['stepup.asked', 'stepup.finished']],
  ['stepup.refresh_trap', { forgets_scopes: true }, ['stepup.union']],
  ['refresh.rotate', { never_refreshes: true }, ['refresh.twice'], (c) => calls(c, 2)],
  ['refresh.rotate', { uses_first_refresh_token: true }, ['refresh.newest_used']],
  ['refresh.rotate_restart', {}, ['restart.connected'], (c) => calls(c, 7)],
  ['refresh.stampede', { stampedes: true }, ['refresh.once_per_expiry']],
  ['refresh.transient', { logs_in_after_outage: true }, ['refresh.tried_again', 'login.not_for_an_outage'], until_over],
  ['refresh.transient', { changes_refresh_token: true }, ['refresh.same_token']],
  ['introspection.outage', {}, ['tool.called_after_outage'], until_refused(10)],
  ['refresh.dead', { keeps_dead_credentials: true }, ['login.again', 'refresh.given_up', 'tool.called_after_login'], (c) => calls(c, 10)],
  ['refresh.dead', { asks_twice: true }, ['login.asked_once']],
  ['session.lost', { keeps_dead_session: true }, ['session.begun_anew', 'tool.called_after_loss']],
  ['session.lost', { begins_twice: true }, ['session.begun_once']],
  ['stream.cut', { gives_up_on_cut: true }, ['stream.went_on'], twice],
  ['keys.rotate', {}, ['tool.called_after_rotation'], twice],
];

// That something was not seen yet is no pass, and all that can go wrong with these.
const never_broken = ['tool.called', 'token.redirected', 'login.came_back', 'login.page_shown', 'discovery.accepted'];

// On a busy machine a token may be over before the session has begun.
async function connected(client) {
  for (let left = 2; ; left -= 1) {
    try {
      return await client.connect();
    } catch (error) {
      if (left === 0 || error instanceof refusal) throw error;
    }
  }
}

async function judged(t, server, name, [scenario, mistakes, , deed = deed_of(scenario), times = 1]) {
  const made = await control(server.issuer, 'realms', { name, scenario });
  for (let i = 0; i < times; i += 1) {
    const client = new right_client(made.mcp, mistakes);
    t.after(() => client.close());
    try {
      await connected(client);
      await deed(client);
    } catch {
      // The verdict says what came of it.
    }
  }
  await fetch(`${server.issuer}/r/${name}/control/done`, { method: 'POST' });
  return (await fetch(`${server.issuer}/r/${name}/control/verdict`)).json();
}

test('each finding of a scenario is failed by a client', { concurrency: 12 }, async (t) => {
  const server = await tollgate(t, { set: { 'validation.recheck': '1m', 'journal.bytes': '4MiB' } });
  await Promise.all(
    rows.map((row, i) =>
      t.test(`${row[0]}: ${Object.keys(row[1])} ${row[2]}`, async (t) => {
        const { findings } = await judged(t, server, `r${i}`, row);
        const found = Object.fromEntries(findings.map(({ id, status }) => [id, status]));
        for (const id of row[2]) assert.match(found[id], /^(fail|warning)$/, `${id} is ${found[id]}: ${JSON.stringify(findings.filter((f) => f.by === 'client' && f.status !== 'pass'), null, 1)}`);
      }),
    ),
  );
});

test('no finding of a scenario is left out', async (t) => {
  const server = await tollgate(t);
  const { scenarios } = await (await fetch(`${server.issuer}/control/scenarios`)).json();
  const ours = scenarios.filter(({ name, official, persona }) => !official && !persona && name !== 'exam');
  const ids_in = async (scenario, i) => {
    await control(server.issuer, 'realms', { name: `s${i}`, scenario });
    const { findings } = await (await fetch(`${server.issuer}/r/s${i}/control/verdict`)).json();
    return findings.filter(({ id }) => !id.startsWith('fault.')).map(({ id }) => id);
  };
  await control(server.issuer, 'realms', { name: 'rules', policy: {} });
  const all = new Set((await Promise.all(ours.map(({ name }, i) => ids_in(name, i)))).flat());
  const rules = new Set((await ids_in('plain', 'rules')).filter((id) => id !== 'tool.called'));
  const broken = new Set(rows.flatMap(([, , ids]) => ids));
  assert.deepEqual([...all].filter((id) => !rules.has(id) && !broken.has(id) && !never_broken.includes(id)), []);
});
