// What scripts/chaos does.
import { connect, sdk1_http } from '../lib/clients.mjs';
import { instances } from '../lib/instances.mjs';
import { options_of } from '../lib/options.mjs';
import { SteadyClient } from '../lib/steady_client.mjs';
import { sleep } from '../lib/tollgate.mjs';

const { values } = options_of('scripts/chaos', { options: { minutes: { type: 'string', default: '5' }, clients: { type: 'string', default: '12' } } });
const minutes = Number(values.minutes);
const count = Number(values.clients);
if (!(minutes > 0) || !(count > 0)) {
  console.error('usage: scripts/chaos [--minutes N] [--clients N]');
  process.exit(2);
}

// A client waits for an instance that is missed (ten seconds), for Redis, and for its own next try.
const longest_wait = 45_000;
const between_kills = [3_000, 8_000];
const between_restarts = 60_000;

const ends = [];
const t = { after: (work) => ends.unshift(work) };
const between = ([least, most]) => least + Math.random() * (most - least);

// A client whose answer was cut off sends its request again while the first may still be under way. What comes second is refused, and
// no more: were it a reuse that ends the login, nobody could tell that from a token that was lost.
const set = { 'tokens.refresh_reuse': 'reject', 'tokens.code_reuse': 'reject', 'tokens.access_ttl': '20s', 'validation.recheck': '1m' };
const server = await instances(t, { set: { ...set, 'server.log_level': 'warning' } });
const end = Date.now() + minutes * 60_000;
const going_on = () => Date.now() < end;
const done = { kills: 0, starts_in_vain: 0, restarts: 0, calls: 0, failed_calls: 0, sessions: 0 };

async function kill_one_now_and_then() {
  while (going_on()) {
    await sleep(between(between_kills));
    const victim = server.instances[Math.floor(Math.random() * server.instances.length)];
    await victim.kill();
    done.kills++;
    await sleep(between([200, 2_000]));
    // Without Redis it does not begin (exit code 3), and whoever starts it tries again.
    while (!(await victim.again().catch(() => false))) {
      done.starts_in_vain++;
      await sleep(300);
    }
  }
}

async function restart_redis_once_a_minute() {
  for (let next = Date.now() + between_restarts / 2; going_on(); next += between_restarts) {
    while (going_on() && Date.now() < next) await sleep(200);
    if (!going_on()) return;
    await server.store.stop();
    await server.store.start();
    done.restarts++;
  }
}

// The SDK, which refreshes by itself. A session ends with its owner, and so does a login whose answer was lost: then it begins again.
const callers = Array.from({ length: 4 }, () => ({ helped_at: Date.now(), longest: 0 }));
async function call_without_end(caller) {
  while (going_on()) {
    const closing = [];
    try {
      const { call } = await connect({ after: (work) => closing.push(work) }, sdk1_http, server);
      done.sessions++;
      for (let i = 0; going_on(); i++) {
        await call('echo', { message: `${i}` }, { timeout: 20_000 });
        done.calls++;
        caller.longest = Math.max(caller.longest, Date.now() - caller.helped_at);
        caller.helped_at = Date.now();
        await sleep(50);
      }
    } catch {
      done.failed_calls++;
      await sleep(250);
    }
    for (const close of closing) await Promise.resolve(close()).catch(() => {});
  }
}

const clients = Array.from({ length: count }, () => new SteadyClient(server.issuer));
console.log(`${minutes} minutes, ${count} clients that refresh and ${callers.length} that call tools`);
const report = setInterval(() => {
  const refreshes = clients.reduce((sum, client) => sum + client.refreshes, 0);
  console.log(`${Math.round((end - Date.now()) / 1000)} s left: ${refreshes} refreshes, ${done.calls} calls, ${done.kills} kills`);
}, 15_000);
await Promise.all([
  kill_one_now_and_then(),
  restart_redis_once_a_minute(),
  ...callers.map(call_without_end),
  ...clients.map((client) => client.live(going_on)),
]);
clearInterval(report);

const sum = (of) => clients.reduce((all, client) => all + of(client), 0);
const lost = clients.flatMap((client) => client.lost);
const twice = clients.flatMap((client) => client.twice);
const longest = Math.max(...clients.map((client) => Math.max(client.longest_gap, client.waiting())), ...callers.map((one) => one.longest));
const stuck = longest > longest_wait;
console.log(`kills of an instance            ${done.kills}`);
console.log(`starts without Redis            ${done.starts_in_vain}`);
console.log(`restarts of Redis               ${done.restarts}`);
console.log(`logins                          ${sum((client) => client.logins)}`);
console.log(`refreshes                       ${sum((client) => client.refreshes)}`);
console.log(`answers that did not come       ${sum((client) => client.uncertain)}`);
console.log(`tool calls, failed, sessions    ${done.calls}, ${done.failed_calls}, ${done.sessions}`);
console.log(`longest without an answer       ${(longest / 1000).toFixed(1)} s`);
console.log(`acknowledged writes lost        ${lost.length}`);
console.log(`second successes                ${twice.length}`);
console.log(`clients stuck                   ${stuck ? 'yes' : 'none'}`);
for (const what of [...new Set(lost)].slice(0, 10)) console.log(`lost: ${what}`);
for (const work of ends) await Promise.resolve(work()).catch((error) => console.error(error.message));
process.exit(lost.length > 0 || twice.length > 0 || stuck ? 1 : 0);
