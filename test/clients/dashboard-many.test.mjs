// The dashboard with ten thousand exchanges: a frame stays under 100 ms.
import assert from 'node:assert/strict';
import http from 'node:http';
import { test } from 'node:test';

import { browser } from './lib/chromium.mjs';
import { desk, heading, open_dashboard } from './lib/dashboard.mjs';
import { login } from './lib/oauth.mjs';
import { tollgate } from './lib/tollgate.mjs';

const many = 10_000;

// Requests over a few kept connections.
async function ask(url, times) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 8 });
  const one = () => new Promise((done, failed) => http.get(url, { agent }, (answer) => answer.resume().on('end', done)).on('error', failed));
  let left = times;
  const worker = async () => {
    while (left-- > 0) await one();
  };
  await Promise.all(Array.from({ length: 8 }, worker));
  agent.destroy();
}

// Counts the time between frames from now on; tick() waits for the next one.
function watch_frames() {
  globalThis.longest = 0;
  let before = performance.now();
  globalThis.tick = () =>
    new Promise((next) => {
      requestAnimationFrame((now) => {
        globalThis.longest = Math.max(globalThis.longest, now - before);
        before = now;
        next();
      });
    });
}

// The longest task of the page's main thread while `work` is done, in ms of its own time: what other
// programs of this machine take meanwhile is not the page's. A frame is one task. Beside it the longest
// time between two frames, by the clock on the wall.
async function longest_frame(page, work) {
  const chromium = page.context().browser();
  await page.evaluate(watch_frames);
  await chromium.startTracing(page, { categories: ['-*', 'toplevel', 'disabled-by-default-devtools.timeline', 'devtools.timeline', '__metadata'] });
  await work();
  const { traceEvents } = JSON.parse(String(await chromium.stopTracing()));
  const main = new Set(traceEvents.filter((e) => e.name === 'thread_name' && e.args.name === 'CrRendererMain').map((e) => `${e.pid} ${e.tid}`));
  const tasks = traceEvents.filter((e) => e.name === 'RunTask' && e.tdur !== undefined && main.has(`${e.pid} ${e.tid}`));
  assert.ok(tasks.length > 10, 'the trace tells the time of tasks');
  const own = Math.max(...tasks.map((e) => e.tdur)) / 1000;
  return { own, wall: await page.evaluate(() => globalThis.longest) };
}

const scroll = async () => {
  const rows = document.getElementById('rows');
  const all = rows.scrollHeight - rows.clientHeight;
  await globalThis.tick();
  for (let i = 0; i <= 60; ++i) {
    rows.scrollTop = (all * i) / 60;
    await globalThis.tick();
  }
};

const filter = async () => {
  const field = document.getElementById('filter');
  await globalThis.tick();
  for (const text of ['o', 'oa', 'oauth', 'phase:d', 'phase:discovery', 'is:problem', 'status:4', '']) {
    field.value = text;
    field.dispatchEvent(new Event('input'));
    await globalThis.tick();
  }
};

const choose = async () => {
  document.getElementById('rows').focus();
  await globalThis.tick();
  for (let i = 0; i < 40; ++i) {
    document.getElementById('rows').dispatchEvent(new KeyboardEvent('keydown', { key: i % 2 ? 'Home' : 'End', bubbles: true }));
    await globalThis.tick();
  }
};

test('ten thousand exchanges come in, scroll, filter and are chosen from without a slow frame', async (t) => {
  const server = await tollgate(t, { set: { 'journal.bytes': '64MiB', 'server.log_level': 'error' } });
  const page = await (await browser(t))(desk);
  await page.addInitScript(watch_frames);
  await open_dashboard(page, server.issuer);
  await ask(`${server.issuer}/.well-known/oauth-authorization-server`, many);
  await login(server.issuer);
  const shown = page.locator('#count').getByText(`${many + 3} requests`, { exact: true });
  await shown.waitFor({ timeout: 60_000 });
  assert.ok((await page.locator('.row').count()) < 60, 'only what is in sight is there');
  await page.locator('.row:visible').filter({ hasText: 'POST /token' }).waitFor();

  const frames = {};
  for (const [name, work] of Object.entries({ scroll, filter, choose })) frames[name] = await longest_frame(page, () => page.evaluate(work));
  // All of them at once, for who opens the page late.
  frames.open = await longest_frame(page, async () => {
    await page.reload();
    await page.evaluate(async (count) => {
      while (!document.getElementById('count').textContent.startsWith(count)) await globalThis.tick();
    }, String(many + 3));
  });
  await page.getByRole('tab', { name: 'Diagram' }).click();
  await heading(page, 'Sequence').waitFor();
  await page.getByText(`The last 200 of ${many + 3} requests`).waitFor();
  for (const [name, { own, wall }] of Object.entries(frames)) t.diagnostic(`${name}: ${Math.round(own)} ms of its own, ${Math.round(wall)} ms by the clock`);
  for (const [name, { own }] of Object.entries(frames)) assert.ok(own < 100, `${name}: a frame of ${own} ms`);
});

// What the server would send of a stream that is open for days, without waiting for it.
const much_on_a_stream = (times, size) => {
  /* global model, take_event */
  const row = model.rows[0];
  const rows = model.rows.length;
  for (let i = 0; i < times; ++i)
    take_event({ seq: model.last + 1, type: 'stream', exchange: row.seq, stream: { event: 'message', data: String(i) } }, size);
  const { length, heard, sizes } = row.stream;
  return { length, heard, bytes: model.bytes, of_row: row.size, of_sizes: sizes.reduce((a, b) => a + b, 0), rows, left: model.rows.length, last: row.stream.at(-1).stream.data };
};

test('a stream that goes on for ever does not fill the memory of the page', async (t) => {
  const server = await tollgate(t, { set: { 'server.log_level': 'error' } });
  const page = await (await browser(t))(desk);
  await open_dashboard(page, server.issuer);
  await ask(`${server.issuer}/.well-known/oauth-authorization-server`, 20);
  await page.locator('#count').getByText('20 requests', { exact: true }).waitFor();
  const told = await page.evaluate(`(${much_on_a_stream})(50000, 100)`);
  assert.ok(told.length <= 1100, `${told.length} events are kept`);
  assert.equal(told.heard, 50_000);
  assert.equal(told.last, '49999', 'the newest');
  assert.equal(told.left, told.rows);
  assert.ok(told.bytes < 1 << 20, `${told.bytes} bytes`);
  // Large ones: then whole exchanges go, the oldest first.
  const large = await page.evaluate(`(${much_on_a_stream})(500, 1 << 20)`);
  assert.ok(large.left < large.rows);
  assert.ok(large.bytes <= (64 << 20) * 1.1, `${large.bytes} bytes`);
});
