// Runs every client against the official suite and against tollgate, and prints where they differ.
//   main.mjs [--scenario TEXT] [--page FILE]
import { writeFileSync } from 'node:fs';

import { client_scenarios } from '../lib/official/suite.mjs';
import { options_of } from '../lib/options.mjs';
import { compared } from './compare.mjs';
import { elsewhere, mistakes } from './mistakes.mjs';
import { page_of } from './page.mjs';
import { reason_of } from './reasons.mjs';

const { values } = options_of('scripts/agreement', { options: { scenario: { type: 'string' }, page: { type: 'string' } } });

async function rows() {
  const all = [];
  for (const { name } of await client_scenarios())
    for (const one of [{}, { never_comes: true }, ...(mistakes[name] ?? [])]) all.push({ scenario: name, mistakes: one });
  for (const [scenario, revision, one] of elsewhere) all.push({ scenario, revision, mistakes: one });
  return all.filter(({ scenario }) => !values.scenario || scenario.includes(values.scenario));
}

const told = ({ mistakes: m }) => (Object.keys(m).length === 0 ? 'right' : JSON.stringify(m));
const clients = await rows();
const results = [];
const work = async () => {
  for (let client = clients.shift(); client; client = clients.shift()) {
    const checks = await compared(client);
    const judged = checks.map((row) => ({ ...row, reason: row.alike ? undefined : reason_of({ ...row, others: checks }) }));
    results.push(...judged);
    for (const { scenario, id, suite, ours, alike, reason } of judged)
      if (!alike) console.log(`${scenario} ${told(client)} ${id}: suite ${suite || 'nothing'}, tollgate ${ours || 'nothing'}: ${reason?.name ?? 'NO REASON'}`);
  }
};
await Promise.all([work(), work()]);
const different = results.filter(({ alike }) => !alike);
const unexplained = different.filter(({ reason }) => !reason);
console.log(`${results.length} checks, ${different.length} different, ${unexplained.length} of them without a reason`);
if (values.page) writeFileSync(values.page, page_of(results));
process.exit(unexplained.length === 0 ? 0 : 1);
