// The exam: passed by a client on the SDK, failed by broken ones at the station where they are broken.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { client2_modern, sdk1_http, connect as connect_sdk } from './lib/clients.mjs';
import { take_exam } from './lib/deeds.mjs';
import { right_client } from './lib/right_client.mjs';
import { tollgate, unguessable } from './lib/tollgate.mjs';

const stations = ['refresh', 'step-up', 'session', 'stream', 'keys', 'authorization-server'];
const exam_url = (server) => server.mcp.replace(/\/mcp$/, `/s/exam/${unguessable}/mcp`);
const control_of = (server) => `${server.issuer}/s/exam/${unguessable}/control`;
const verdict_of = async (server) => (await fetch(`${control_of(server)}/verdict`)).json();

async function examined(t, server, mistakes = {}) {
  const client = new right_client(exam_url(server), mistakes);
  t.after(() => client.close());
  await client.connect();
  const said = await take_exam(client);
  await fetch(`${control_of(server)}/done`, { method: 'POST' });
  return { client, said, verdict: await verdict_of(server) };
}

const states = (verdict) => Object.fromEntries(verdict.stations.map(({ name, state }) => [name, state]));
const all = (state) => Object.fromEntries(stations.map((name) => [name, state]));
const bad = (verdict) => verdict.findings.filter(({ status }) => ['fail', 'warning'].includes(status)).map(({ id }) => id);

describe('the exam', { concurrency: 4 }, () => {
  test('is passed by a right client, which is told so with a link to a report', async (t) => {
    const server = await tollgate(t);
    const { said, verdict } = await examined(t, server);
    assert.match(said[0], /The exam of this MCP client begins.*Station 1 of 6: .*Call the tool exam_task with \{\}, then call next_station/);
    assert.match(said[1], /^refresh: passed\.\nStation 2 of 6/);
    const last = said.at(-1);
    assert.match(last, /The exam is over and passed: 6 of 6 stations/);
    assert.deepEqual(states(verdict), all('passed'));
    assert.deepEqual(bad(verdict), []);
    assert.equal(verdict.verdict, 'pass', JSON.stringify(verdict.findings.filter(({ status }) => status === 'not_reached')));
    const page = await (await fetch(/address of the report: (\S+)/.exec(last)[1])).text();
    for (const name of stations) assert.match(page, new RegExp(`<b>${name}</b> passed`));
  });

  const rows = [
    [{ never_refreshes: true }, 'refresh', 'exam.refresh.used', ['refresh', 'keys']],
    [{ ignores_step_up: true }, 'step-up', 'exam.stepup.asked', ['step-up']],
    [{ keeps_dead_session: true }, 'session', 'exam.session.begun_anew', ['session']],
    [{ gives_up_on_cut: true }, 'stream', 'exam.stream.went_on', ['stream']],
    [{ keeps_authorization_server: true }, 'authorization-server', 'exam.as.followed', ['authorization-server']],
    [{ keeps_client_id: true }, 'authorization-server', 'exam.as.own_client', ['authorization-server']],
  ];
  for (const [mistakes, station, finding, failed] of rows) {
    test(`is failed at the station ${station} by a client that ${Object.keys(mistakes)[0]}`, async (t) => {
      const server = await tollgate(t);
      const { verdict, said } = await examined(t, server, mistakes);
      const now = states(verdict);
      assert.deepEqual(
        stations.filter((name) => now[name] === 'failed'),
        failed,
        JSON.stringify([now, bad(verdict), said], null, 1),
      );
      // What it could come to it has passed.
      for (const name of stations.slice(0, stations.indexOf(station))) assert.equal(now[name], 'passed', name);
      assert.ok(bad(verdict).includes(finding), `${bad(verdict)}`);
    });
  }

  test('goes on after a reconnect and a new login, and begins anew when it is asked to', async (t) => {
    const server = await tollgate(t);
    const first = new right_client(exam_url(server));
    await first.connect();
    await first.call('run_exam');
    await first.call('exam_task');
    assert.match(await first.call('next_station'), /^refresh: passed\.\nStation 2 of 6/);
    await first.close();
    const second = new right_client(exam_url(server));
    t.after(() => second.close());
    await second.connect();
    assert.match(await second.call('run_exam'), /^The exam goes on where it was\. Station 2 of 6/);
    const said = await take_exam(second);
    assert.match(said.at(-1), /over and passed: 6 of 6/);
    assert.match(await second.call('run_exam'), /The exam is over and passed/, 'it stays over');
    assert.match(await second.call('run_exam', { again: true }), /begins.*Station 1 of 6/);
    assert.deepEqual(states(await verdict_of(server)), { ...all('ahead'), refresh: 'under_way' });
  });

  test('leaves the lost session out for a client that has none', async (t) => {
    const server = await tollgate(t);
    const { call } = await connect_sdk(t, client2_modern, { ...server, mcp: exam_url(server) });
    await call('run_exam');
    let text = '';
    for (let i = 0; i < 6; i += 1) {
      await call('exam_task').catch(() => {});
      text = await call('next_station').catch((error) => error.message);
      if (/Station 4 of 6/.test(text)) break;
    }
    assert.match(text, /Station 4 of 6/, 'it goes from the second to the fourth');
    const verdict = await verdict_of(server);
    assert.equal(states(verdict).session, 'left_out');
    const found = verdict.findings.find(({ id }) => id === 'exam.session');
    assert.deepEqual([found.status, found.by], ['not_reached', 'configuration']);
  });

  test('does not let a client by that has not done the task', async (t) => {
    const server = await tollgate(t);
    const client = new right_client(exam_url(server));
    t.after(() => client.close());
    await client.connect();
    assert.match(await client.call('next_station'), /begins.*Station 1 of 6/);
    assert.match(await client.call('next_station'), /^Nothing has shown yet.*Station 1 of 6/);
  });

  test('has its tools and its prompt in its scenario alone', async (t) => {
    const server = await tollgate(t);
    const names = async (url) => {
      const { client } = await connect_sdk(t, sdk1_http, { ...server, mcp: url });
      const { tools } = await client.listTools();
      const { prompts } = await client.listPrompts();
      return { tools: tools.map(({ name }) => name), prompts: prompts.map(({ name }) => name), client };
    };
    const here = await names(exam_url(server));
    for (const name of ['run_exam', 'next_station', 'exam_task']) assert.ok(here.tools.includes(name), name);
    assert.ok(here.prompts.includes('run_exam'));
    const { messages } = await here.client.getPrompt({ name: 'run_exam' });
    assert.match(messages[0].content.text, /run_exam.*next_station.*exam_task/);
    const elsewhere = await names(server.mcp);
    assert.ok(!elsewhere.tools.includes('run_exam') && !elsewhere.prompts.includes('run_exam'));
  });
});
