// What somebody does with a client in each scenario.
import { refusal } from './right_client.mjs';
import { outlive, sleep } from './tollgate.mjs';

// On a slow machine a token of a few seconds is dead before the client is connected, and what a scenario has for calls meets it here:
// somebody connects again, as often as there are calls.
export async function connect(client, scenario) {
  const breaks_off = scenario.startsWith('refresh.transient') || scenario === 'dcr.forgotten';
  for (let left = breaks_off ? 8 : 1; ; left -= 1) {
    try {
      return await client.connect();
    } catch (error) {
      if (error instanceof refusal || left === 1) throw error;
    }
    await sleep(1000);
  }
}

// So many calls, one every `gap` milliseconds, whatever comes of each: real time is what scenarios are about.
export async function calls(client, count, gap = 1000, tool = 'echo', args = { message: 'hi' }) {
  for (let i = 0; i < count; i += 1) {
    await client.call(tool, args).catch((error) => {
      if (error instanceof refusal) throw error;
    });
    if (i + 1 < count) await sleep(gap);
  }
}

// What an assistant does who is asked to run the exam: what the results say. All of them.
export async function take_exam(client) {
  const said = [await client.call('run_exam')];
  for (let i = 0; i < 20 && !/The exam is over/.test(said.at(-1)); i += 1) {
    await client.call('exam_task').catch(() => {});
    const next = () => client.call('next_station');
    said.push(await next().catch(next).catch((error) => `failed: ${error.message}`));
  }
  return said;
}

// What somebody does in each scenario; the others need one call.
const deeds = {
  'token.short': (c) => calls(c, 7),
  'token.dies_early': (c) => calls(c, 5),
  'refresh.basic': (c) => calls(c, 7),
  'refresh.rotate': (c) => calls(c, 13),
  'refresh.rotate_restart': async (c) => {
    await calls(c, 7);
    await c.restart();
    await calls(c, 7);
  },
  'refresh.stampede': async (c) => {
    await calls(c, 1);
    await outlive(3);
    await Promise.all([1, 2, 3].map(() => calls(c, 1)));
  },
  'refresh.dead': (c) => calls(c, 7),
  'refresh.lost_response': (c) => calls(c, 7),
  // Three seconds till the server forgets the client, and more than three with the next token: it is always refreshed.
  'dcr.forgotten': (c) => calls(c, 9),
  'stepup.refresh_trap': (c) => calls(c, 2, 10, 'needs_scope', { scope: 'mcp:admin' }),
  'stepup.pingpong': (c) => calls(c, 2, 10, 'needs_scope', { scope: 'mcp:admin' }),
  'session.lost': (c) => calls(c, 8, 500),
  'stream.cut': (c) => calls(c, 5),
  'introspection.outage': (c) => calls(c, 7, 200),
  'keys.rotate': (c) => calls(c, 4, 10),
  'discovery.dies': (c) => calls(c, 6),
  exam: take_exam,
};
export const deed_of = (scenario) => {
  if (scenario.startsWith('mine.')) return (c) => calls(c, 7);
  if (scenario.startsWith('refresh.transient')) return (c) => calls(c, 8, 1500);
  return deeds[scenario] ?? ((c) => calls(c, 1));
};
