// Ten workloads, each done to a bare Beast program (bench/rival) and to tollgate in turns: what one operation costs the
// server in CPU time, and how many times as much that is. The servers have core 0, the load (bench/load) core 1. CPU time and
// not speed, because whatever else the machine does takes from the latter; ratios of one run and not times, because machines differ.
import { options_of } from '../test/clients/lib/options.mjs';
import { rival, start_rival, tollgate } from './lib/contenders.mjs';
import { median, run, run_load } from './lib/measure.mjs';

const { values: options, positionals } = options_of('scripts/bench', {
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '7' },
    seconds: { type: 'string', default: '1' },
    connections: { type: 'string', default: '32' },
    sessions: { type: 'string', default: '2000' },
    check: { type: 'boolean', default: false },
    compare: { type: 'string' }, // the program of another build
    beside: { type: 'string' }, // another bare program
    verbose: { type: 'boolean', default: false },
  },
});

const microseconds = (value) => `${value.toFixed(1)} µs`;
const milliseconds = (value) => `${(value / 1000).toFixed(1)} ms`;
const kilobytes = (value) => `${(value / 1024).toFixed(2)} KiB`;
const cost = { of: (turn) => turn.cpu, shown: microseconds };
const workloads = [
  { id: 'W0', title: 'GET of a metadata document', target: 1.3, ...cost },
  { id: 'W1', title: 'tools/call echo, mcp.auth = "none"', target: 1.3, ...cost },
  { id: 'W2', title: 'the same, token introspected at another server', target: 1.6, ...cost },
  { id: 'W3', title: 'the same, validation.strategy = "local"', target: 1.35, ...cost },
  { id: 'W4', title: 'legacy HTTP+SSE: a call and its answer', target: 1.3, ...cost },
  { id: 'W6', title: 'client_credentials, opaque', target: 1.8, ...cost },
  { id: 'W7', title: 'code + PKCE, approved at once', target: 2.5, ...cost },
  { id: 'W8', title: 'introspection', target: 1.45, ...cost },
  { id: 'W5', title: 'memory of an idle legacy session', target: 2.2, once: true, of: (turn) => turn.bytes, shown: kilobytes },
  { id: 'W9', title: 'exec to the first answer', target: 1.5, of: (turn) => turn.wall, shown: milliseconds, aside: (turn) => turn.cpu },
];
const chosen = positionals.length === 0 ? workloads : workloads.filter(({ id }) => positionals.includes(id));

const load = (order) => run_load({ connections: Number(options.connections), milliseconds: Number(options.seconds) * 1000, ...order });

// Who is first in a round changes.
const in_turns = (all, round) => (round % 2 ? all : [...all].reverse());

async function run_rounds(all, rounds, turn) {
  for (let round = 1; round <= rounds; ++round) {
    for (const one of in_turns(all, round)) one.turns.push(await turn(one));
  }
}

async function start_and_load(one, id, elsewhere) {
  const server = await one.how[id].start(elsewhere);
  const order = await one.how[id].load(server, elsewhere);
  return { server, order: { ...order, pids: [server.pid] } };
}

// Servers stay up for all rounds, except where their memory is weighed: what is free there would make the next look cheap.
async function measure(workload, contenders) {
  const all = contenders.map((how) => ({ how, turns: [] }));
  const rounds = Number(options.rounds);
  if (workload.id === 'W9') {
    // Somebody else may take a port that was free a moment ago.
    const start_once = async (one) => load(await one.how.W9());
    const start = (one) => start_once(one).catch(() => start_once(one)).catch(() => start_once(one));
    await run_rounds(all, 3 * rounds, start);
    return all;
  }
  const elsewhere = workload.id === 'W2' ? await start_rival(process.env.BENCH_RIVAL, { measured: false }) : undefined;
  if (workload.once) {
    await run_rounds(all, Math.min(rounds, 3), async (one) => {
      const { server, order } = await start_and_load(one, workload.id);
      const said = await load({ ...order, connections: Number(options.sessions) });
      await server.stop();
      return said;
    });
    return all;
  }
  for (const one of all) Object.assign(one, await start_and_load(one, workload.id, elsewhere));
  for (const one of all) await load({ ...one.order, milliseconds: 200 });
  await run_rounds(all, rounds, (one) => load(one.order));
  for (const one of all) await one.server.stop();
  await elsewhere?.stop();
  return all;
}

// The median of what each round says: a slow moment of the machine meets all of a round.
const ratio = (one, base, of) => median(one.turns.map((turn, i) => of(turn) / of(base.turns[i])));

const connections = Number(options.connections);
const contenders = [rival(process.env.BENCH_RIVAL, 'bare Beast', connections)];
if (options.beside) contenders.push(rival(options.beside, 'the other', connections));
if (options.compare) contenders.push(tollgate(options.compare, 'before', connections));
contenders.push(tollgate(process.env.TOLLGATE, 'tollgate', connections));

await run(async () => {
  const names = contenders.map(({ name }) => name);
  console.log(`CPU time of the server for one operation, ${options.connections} connections, ${options.rounds} rounds of ${options.seconds} s, medians; ratios to bare Beast\n`);
  console.log(`| workload | ${names.join(' | ')} | ${names.slice(1).map((name) => `ratio${names.length > 2 ? `, ${name}` : ''}`).join(' | ')} | target |`);
  console.log(`|---|${'--:|'.repeat(2 * names.length)}`);
  const missed = [];
  for (const workload of chosen) {
    const all = await measure(workload, contenders);
    if (options.verbose) for (const one of all) console.error(workload.id, one.how.name, one.turns.map((turn) => workload.of(turn).toFixed(1)).join(' '));
    const costs = all.map((one) => {
      const aside = workload.aside ? ` (CPU ${workload.shown(median(one.turns.map(workload.aside)))})` : '';
      return workload.shown(median(one.turns.map(workload.of))) + aside;
    });
    const ratios = all.slice(1).map((one) => ratio(one, all[0], workload.of));
    const met = ratios.at(-1) <= workload.target;
    if (!met) missed.push(workload.id);
    console.log(`| ${workload.id} ${workload.title} | ${costs.join(' | ')} | ${ratios.map((one) => one.toFixed(2)).join(' | ')} | ${workload.target}${met ? '' : ' missed'} |`);
  }
  if (options.check && missed.length > 0) {
    console.log(`\nbeyond the target: ${missed.join(', ')}`);
    process.exitCode = 1;
  }
});
