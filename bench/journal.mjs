// What the journal costs: tollgate with it and without it, in turns on one core, at a call of a tool and at a token
// request; and what a realm weighs that nobody uses.
import { readFileSync } from 'node:fs';

import { options_of } from '../test/clients/lib/options.mjs';
import { measure, open_session, write_wrk_script } from './lib/call.mjs';
import { median, run, start_tollgate, wrk_script } from './lib/measure.mjs';

const { values: options } = options_of('scripts/bench', {
  options: {
    rounds: { type: 'string', default: '15' },
    seconds: { type: 'string', default: '2' },
    connections: { type: 'string', default: '32' },
    realms: { type: 'string', default: '1000' },
    check: { type: 'boolean', default: false },
  },
});
const most_lost = 0.1; // of the throughput
const most_bytes = 20 * 1024;

const client = { client_id: 'bench', client_secret: 'sixteen-characters-or-more' };
const settings = {
  'validation.strategy': 'local',
  'server.log_level': 'warning',
  clients: `[{client_id="${client.client_id}",client_secret="${client.client_secret}",grant_types=["client_credentials"]}]`,
  'realms.max': 100_000,
};

async function tools_call(server) {
  const call = await open_session(server);
  return { url: server.mcp.replace('localhost', '127.0.0.1'), script: write_wrk_script(`call.${server.child.pid}`, call) };
}

function token_request(server) {
  const form = new URLSearchParams({ ...client, grant_type: 'client_credentials' });
  const type = 'wrk.headers["content-type"] = "application/x-www-form-urlencoded"';
  const script = wrk_script(`token.${server.child.pid}`, `wrk.method = "POST"\nwrk.body = "${form}"\n${type}\n`);
  return { url: `${server.issuer.replace('localhost', '127.0.0.1')}/token`, script };
}

// Tokens that nobody uses must not fill the memory.
const loads = [
  { name: 'tools/call', make: tools_call, access_ttl: '1h' },
  { name: 'token', make: token_request, access_ttl: '5s' },
];

// The same load at both, turn by turn: whatever else the machine does meets both.
async function compare({ name, make, access_ttl }) {
  const both = [];
  for (const [label, bytes] of [['on', '1MiB'], ['off', 0]]) {
    const server = await start_tollgate({ ...settings, 'tokens.access_ttl': access_ttl, 'journal.bytes': bytes });
    both.push({ label, pid: server.child.pid, child: server.child, ...(await make(server)), turns: [] });
  }
  for (const one of both) await measure(one, { ...options, seconds: 1 });
  for (let round = 1; round <= Number(options.rounds); ++round) {
    // Strictly in turns: what a turn leaves to be cleared away is there at the next of the same one, whichever it is.
    for (const one of both) one.turns.push(await measure(one, options));
    const shown = both.map((one) => `${one.label} ${one.turns.at(-1).rate.toFixed(0)}/s ${one.turns.at(-1).cost.toFixed(1)} µs`);
    console.log(`${name}, round ${round}: journal ${shown.join('; ')}`);
  }
  for (const one of both) {
    one.child.removeAllListeners('exit');
    one.child.kill('SIGTERM');
  }
  const [on, off] = both.map((one) => one.turns);
  // Turn beside turn: what a machine does in between changes by more than the journal costs.
  const lost = 1 - median(on.map(({ rate }, round) => rate / off[round].rate));
  const [with_it, without] = [on, off].map((turns) => median(turns.map(({ cost }) => cost)).toFixed(1));
  console.log(`${name}: ${(lost * 100).toFixed(1)} % less in the median round; ${with_it} CPU µs per request with the journal, ${without} without`);
  return lost;
}

const resident = (pid) => Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) * 1024;

// Made, and never used.
async function weigh_realms() {
  const server = await start_tollgate(settings);
  const make = async (prefix, count) => {
    for (let i = 0; i < count; ++i) {
      const answer = await fetch(`${server.issuer}/control/realms`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ name: `${prefix}-${i}` }),
      });
      if (answer.status !== 201) throw new Error(`POST realms: ${answer.status} ${await answer.text()}`);
      await answer.text();
    }
  };
  // What the first ones need once is not theirs, and neither is the journal of the calls that make them.
  await make('first', 100);
  const before = resident(server.child.pid);
  await make('idle', Number(options.realms));
  const each = (resident(server.child.pid) - before) / Number(options.realms);
  console.log(`an idle realm: ${(each / 1024).toFixed(1)} KiB (${options.realms} of them)`);
  return each;
}

await run(async () => {
  console.log(`journal on and off, one worker on core 0, wrk on core 1, ${options.connections} connections, ${options.seconds} s a turn`);
  const losses = [];
  for (const load of loads) losses.push(await compare(load));
  const bytes = await weigh_realms();
  if (!options.check) return;
  if (losses.some((one) => one > most_lost)) {
    console.log(`more than the ${most_lost * 100} % that are allowed`);
    process.exitCode = 1;
  }
  if (bytes > most_bytes) {
    console.log(`more than the ${most_bytes / 1024} KiB that are allowed`);
    process.exitCode = 1;
  }
});
