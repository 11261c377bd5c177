// The lines of test/wire/faults, put to the test: each finds a fault that does something else.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { complete } from './lib/exchange.mjs';
import { differences, made_of, prepare } from './lib/fault-play.mjs';
import { players, servers } from './lib/fault-servers.mjs';
import { requests, tables } from './lib/fault-tables.mjs';

const telling = tables().filter((one) => !one.steps.some((step) => step.headers.includes('same')));
const some_of = (entries, count) => entries.filter((one, n) => n % Math.ceil(entries.length / count) === 0);

// Whether the line of one fault tells it from that other one, which acts on the same request.
async function tells_from(p, entry, other) {
  const [step] = entry.steps;
  await p.begin();
  try {
    await prepare(p, { ...other, steps: [step] });
    await p.control('faults', 'POST', { ...made_of(other), trigger: { next: 1 } });
    const got = await p.send(step.request, step.status === 'silent' ? () => true : complete);
    return p.differences(step, got).length !== 0;
  } finally {
    await p.end();
  }
}

test('a fault that does something else than its line says is found', async (t) => {
  const player_of = players(t);
  const first = telling.filter((one) => !one.extra?.server && one.steps.length === 1);
  const wrong = [];
  const line = (one) => JSON.stringify([one.steps[0].status, one.steps[0].headers, one.steps[0].body]);
  for (const entry of some_of(first, 25)) {
    const like = (one) => one.steps[0].request === entry.steps[0].request && line(one) !== line(entry);
    const other = first.find(like);
    if (other && !(await tells_from(await player_of(entry), entry, other)))
      wrong.push(`${entry.at}: ${other.name} passes for ${entry.name}`);
  }
  assert.deepEqual(wrong, []);
});

// An effect that makes one thing wrong that the line of a fault is about: a header field is another, a member
// of the answer is missing, or the status is one that nobody has.
function spoiling(step, request) {
  const field = step.headers.map((one) => /^([A-Z][\w-]+): /.exec(one)?.[1]).find(Boolean);
  if (field && !/^(Content-Length|Transfer-Encoding)$/.test(field)) return { headers: { set: { [field]: 'spoiled' } } };
  const member = step.body.map((one) => /^"(\w+)":/.exec(one)?.[1]).find(Boolean);
  if (member && !request.includes('"jsonrpc"')) return { json: { remove: [member] } };
  if (/^\d{3}$/.test(step.status)) return { status: { code: 599 } };
}

// The effect belongs to the older fault, which has the last word.
async function is_spoiled(p, entry, effect) {
  await p.begin();
  try {
    await prepare(p, entry);
    await p.control('faults', 'POST', { effects: [effect] });
    await p.control('faults', 'POST', made_of(entry));
    return (await differences(p, entry, () => complete)).length > 0;
  } finally {
    await p.end();
  }
}

test('a fault with one thing wrong is found', async (t) => {
  const player_of = players(t);
  const sent = requests();
  const spoiled = telling
    .filter((one) => one.steps.length === 1)
    .map((entry) => ({ entry, effect: spoiling(entry.steps[0], sent.get(entry.steps[0].request)) }));
  const wrong = [];
  for (const kind of ['headers', 'json', 'status']) {
    const sampled = some_of(spoiled.filter((one) => one.effect && kind in one.effect), 8);
    assert.ok(sampled.length >= 7, `${sampled.length} of ${kind}`);
    for (const { entry, effect } of sampled)
      if (!(await is_spoiled(await player_of(entry), entry, effect))) wrong.push(`${entry.at}: ${entry.name} with ${JSON.stringify(effect)}`);
  }
  assert.deepEqual(wrong, []);
});

// The leg itself, with no fault of ours: what goes wrong at the provider, or on the way back, must look as the
// fault says that it does. (Where there is an id_token nobody asks for userinfo: the other endpoint stands for it.)
const legs = [
  { name: 'up.denied', at_provider: 'authz.access_denied' },
  { name: 'up.token_5xx', after: 'token.unavailable' },
  { name: 'up.userinfo_down', after: 'token.unavailable' },
  { name: 'up.state_bad', request: 'back_with_another_state' },
  { name: 'broker.cookie_lost', request: 'back_without_cookie' },
];

test('a fault of the way to a provider looks as what it is called', async (t) => {
  const p = await servers.broker(t);
  const at_provider = (name) => p.control('/r/idp/control/faults', 'POST', { name, trigger: { next: 1 } });
  for (const { name, request, ...leg } of legs)
    await t.test(name, async () => {
      const [step] = tables().find((one) => one.name === name && one.extra?.server === 'broker').steps;
      await p.begin();
      try {
        if (leg.at_provider) await at_provider(leg.at_provider);
        await p.prepare(p.requests.get(step.request));
        if (leg.after) await at_provider(leg.after);
        const got = await p.send(request ?? step.request);
        assert.deepEqual(p.differences(step, got).filter((one) => !/ lacks [a-z ]+\n<!doctype/.test(one)), []);
      } finally {
        await p.end();
      }
    });
});
