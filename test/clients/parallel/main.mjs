// What scripts/test-parallel does.
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { options_of } from '../lib/options.mjs';
import { tollgate } from '../lib/tollgate.mjs';
import { trial } from '../lib/trials.mjs';

const { values } = options_of('scripts/test-parallel', {
  options: { rounds: { type: 'string', default: '3' }, scenario: { type: 'string', multiple: true, default: [] } },
});
const rounds = Number(values.rounds);
if (!(rounds > 0)) {
  console.error('usage: scripts/test-parallel [--rounds N] [--scenario S]…');
  process.exit(2);
}

const at_once = 24;
// Who measures what depends on the load must not end a client because of it.
const patience = '15m';
const long = 3_600_000;
const ends = [];
const t = { after: (work) => ends.unshift(work) };
const folder = mkdtempSync(join(tmpdir(), 'tollgate-parallel-'));

// A server for each trial: nothing of one is left in the next. What differs is told by its journal.
async function trial_on_a_server(parallel) {
  const server = await tollgate(t, { set: { 'server.log_level': 'error', 'journal.bytes': '4MiB' } });
  const began = Date.now();
  const results = await trial({ parallel, names: values.scenario, url: server.control[0], patience, timeout: long });
  console.log(`${results.size} scenarios, ${parallel} at once: ${((Date.now() - began) / 1000).toFixed(0)} s`);
  return { server, results };
}

async function keep_journal({ server, results }, scenario, called) {
  const { realm } = results.get(scenario);
  const answer = await fetch(`${server.issuer}/r/${realm}/control/events?since=0`);
  const file = join(folder, `${scenario.replaceAll('/', '.')}.${called}.json`);
  writeFileSync(file, await answer.text());
  return file;
}

// "verdict pass / incomplete, tool.called pass / not_reached"
const differences = (first, second) =>
  [...new Set([...Object.keys(first), ...Object.keys(second)])]
    .filter((what) => first[what] !== second[what])
    .map((what) => `${what} ${first[what] ?? '-'} / ${second[what] ?? '-'}`)
    .join(', ');

const alone = await trial_on_a_server(1);
let count = 0;
for (let round = 1; round <= rounds; ++round) {
  const together = await trial_on_a_server(at_once);
  for (const [scenario, { said }] of alone.results) {
    const different = differences(said, together.results.get(scenario).said);
    if (!different) continue;
    ++count;
    const files = [await keep_journal(alone, scenario, 'alone'), await keep_journal(together, scenario, `at-once-${round}`)];
    console.log(`${scenario}: ${different}\n  ${files.join('\n  ')}`);
  }
  await together.server.stop();
}
for (const end of ends) await end();
console.log(count === 0 ? 'the same verdicts and findings each time' : `${count} times another verdict or finding at once than alone`);
process.exit(count === 0 ? 0 : 1);
