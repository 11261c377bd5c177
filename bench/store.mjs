// What a store costs: a tool call whose token is looked up there, and a refresh with rotation, with the records in memory, in
// SQLite and in Redis, in turns. What counts is the CPU time of tollgate (not of Redis, not of nginx), and its ratio to the memory
// backend in the same round. Then three instances behind nginx beside one alone behind it.
import { options_of } from '../test/clients/lib/options.mjs';
import { behind_nginx, end_all, leave_core_0, loads, over } from './lib/stores.mjs';
import { median, run, run_load } from './lib/measure.mjs';

const { values: options, positionals } = options_of('scripts/bench', {
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '9' },
    seconds: { type: 'string', default: '1' },
    connections: { type: 'string', default: '32' },
    check: { type: 'boolean', default: false },
  },
});
const connections = Number(options.connections);
const rounds = Number(options.rounds);
const milliseconds = Number(options.seconds) * 1000;

const each_store = { memory: () => over('memory'), sqlite: () => over('sqlite'), redis: () => over('redis') };
const as_many = (realms) => ({ 'one instance': () => behind_nginx(1, realms), 'three instances': () => behind_nginx(3, realms) });
// `targets`: of the ratio to the first.
const comparisons = [
  { id: 'call', title: 'tool call, token checked in the store', load: 'call', begin: each_store, targets: { redis: 2.0 } },
  { id: 'refresh', title: 'refresh with rotation', load: 'refresh', begin: each_store, targets: { redis: 2.5 } },
  { id: 'instances', title: 'tool call behind nginx, one realm', load: 'call', begin: as_many(1), targets: { 'three instances': 1.1 } },
  { id: 'instances', title: 'tool call behind nginx, 30 realms', load: 'call', begin: as_many(30), targets: { 'three instances': 1.1 } },
];
const least_refreshes = 5000; // a second, with SQLite

const missed = [];
const verdict = (met, what) => {
  if (!met) missed.push(what);
  return met ? '' : ' missed';
};

// Who is first in a round changes.
const in_turns = (all, round) => (round % 2 ? all : [...all].reverse());

async function prepare(name, begin, load) {
  const server = await begin();
  const order = { connections, milliseconds, ...(await loads[load](server, connections)), pids: server.pids };
  await run_load({ ...order, milliseconds: Math.max(milliseconds, 1000) });
  return { name, server, order, costs: [] };
}

async function compare({ title, load, begin, targets }) {
  const all = [];
  for (const [name, one] of Object.entries(begin)) all.push(await prepare(name, one, load));
  for (let round = 0; round < rounds; ++round) {
    for (const one of in_turns(all, round)) one.costs.push((await run_load(one.order)).cpu);
  }
  const [base] = all;
  for (const one of all) {
    const ratio = median(one.costs.map((cost, i) => cost / base.costs[i]));
    const target = targets[one.name];
    const passed = one.server.passed_on ? `, ${await one.server.passed_on()} passed on` : '';
    const met = target === undefined ? '' : `${target}${verdict(ratio <= target, `${title}: ${one.name}`)}`;
    console.log(`| ${title} | ${one.name}${passed} | ${median(one.costs).toFixed(1)} µs | ${ratio.toFixed(2)} | ${met} |`);
  }
  await end_all();
}

// Server and load share both cores, as fast as they go.
async function count_refreshes() {
  const title = 'refreshes a second, SQLite, both cores';
  const { order } = await prepare(title, () => over('sqlite', { cores: '0,1', 'server.workers': 2 }), 'refresh');
  const walls = [];
  for (let round = 0; round < rounds; ++round) walls.push((await run_load(order, { core: '0,1' })).wall);
  const rate = 1e6 / median(walls);
  console.log(`| ${title} | | ${rate.toFixed(0)}/s | | ${least_refreshes}/s${verdict(rate >= least_refreshes, title)} |`);
  await end_all();
}

async function main() {
  leave_core_0();
  console.log(`CPU time of tollgate for one operation, ${connections} connections, ${rounds} rounds of ${options.seconds} s, medians; ratios to the first of each\n`);
  console.log('| operation | with | CPU time | ratio | target |\n|---|---|--:|--:|--:|');
  const wanted = (id) => positionals.length === 0 || positionals.includes(id);
  for (const one of comparisons) if (wanted(one.id)) await compare(one);
  if (wanted('rate')) await count_refreshes();
  if (options.check && missed.length > 0) {
    console.log(`\nbeyond the target: ${missed.join('; ')}`);
    process.exitCode = 1;
  }
}

// What was started ends also where something fails.
await run(async () => {
  try {
    await main();
  } finally {
    await end_all();
  }
});
