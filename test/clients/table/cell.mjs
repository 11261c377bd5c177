// One client and one fault: logs in, lets it go wrong, and calls until it works or nothing is left to try.
import { fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { make_realm } from './realm.mjs';

const echo = { tool: 'echo', args: { message: 'again' }, text: 'again' };

// The client in a process of its own. do(action, …args) → { value } or { error }; it takes `seconds` at most.
function driver(client, folder) {
  const child = fork(join(import.meta.dirname, 'driver.mjs'), [client.name, client.module], {
    cwd: folder,
    detached: true, // a group of its own: what it has started ends with it
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    env: { ...process.env, HOME: folder },
  });
  const waiting = new Map();
  const ready = Promise.withResolvers();
  const gone = new Promise((done) => child.on('exit', () => done({ error: 'its process ended' })));
  child.on('message', (message) => (message.ready ? ready.resolve() : waiting.get(message.id)?.(message)));
  let id = 0;
  return {
    async do(seconds, action, ...args) {
      await Promise.race([ready.promise, gone]);
      const answer = new Promise((done) => waiting.set(++id, done));
      if (child.connected) child.send({ id, action, args });
      const late = AbortSignal.timeout(seconds * 1000);
      const patience = new Promise((done) => late.addEventListener('abort', () => done({ error: `nothing for ${seconds} s`, late: true })));
      return Promise.race([answer, gone, patience]);
    },
    async end() {
      try {
        process.kill(-child.pid, 'SIGKILL');
      } catch {
        // It has ended already.
      }
      await gone;
    },
  };
}

// What is tried, one after another, until a call is answered as it should be.
const steps = ['call', 'next', 'restart', 'restart_again', 'log_in'];

const patience = 75; // seconds; the SDKs themselves wait 60

// → { steps: [{ step, ok, error?, seconds, restless, events }], fired }, or { trouble } where it did not get that far.
export async function run_cell(server, client, fault) {
  const seconds = (client.slow ? 20 : 8) + (fault.expires ? (client.ahead ?? 0) : 0);
  const realm = await make_realm(server, `${client.name}-${fault.name}`, fault.policy?.(seconds));
  const folder = mkdtempSync(join(tmpdir(), 'tollgate-'));
  const it = driver(client, folder);
  try {
    return await let_it_go_wrong(realm, it, folder, fault, seconds);
  } finally {
    await it.do(20, 'close');
    await it.end();
    await realm.remove();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function let_it_go_wrong(realm, it, folder, fault, seconds) {
  const { document } = await import('./clients/codex.mjs');
  await realm.document(document.client_id, document);
  await fault.before?.(realm, seconds);
  const start = () => it.do(fault.from_the_start ? 180 : 90, 'start', realm.mcp, folder);
  if (fault.from_the_start) return try_everything(realm, it, fault, 1, start);
  const { error } = await start();
  if (error) return { trouble: `no login: ${error}` };
  const first = await it.do(patience, 'call', echo.tool, echo.args);
  if (first.value !== echo.text) return { trouble: `no call after the login: ${first.error ?? first.value}` };
  const { next } = await realm.quiet();
  await fault.after?.(realm, seconds);
  return try_everything(realm, it, fault, next);
}

async function try_everything(realm, it, fault, since, start) {
  const wanted = fault.call ?? echo;
  const call = () => it.do(patience, 'call', wanted.tool, wanted.args);
  const after = async (act) => {
    const done = await act();
    return done.error || done.value === false ? done : call();
  };
  const acts = {
    call: () => (start ? after(start) : call()),
    next: call,
    restart: () => after(() => it.do(90, 'restart')),
    restart_again: () => after(() => it.do(90, 'restart')), // the first may be what meets the fault
    log_in: () => after(() => it.do(90, 'log_in')),
  };
  const done = [];
  for (const step of steps) {
    const began = Date.now();
    const { value, error } = await acts[step]();
    if (value === false) continue; // it has no such thing
    const took = (Date.now() - began) / 1000;
    const { next, restless } = await realm.quiet();
    const events = (await realm.events(since)).filter((event) => event.seq < next && event.type === 'exchange');
    since = next;
    const ok = value === wanted.text;
    done.push({ step, ok, error: ok ? undefined : (error ?? value), seconds: took, restless, events });
    if (ok) break;
  }
  const fired = (await realm.faults()).reduce((sum, one) => sum + one.fired, 0);
  return { steps: done, fired };
}
