// docs/agreement.md, made of the rows of a whole run.
import { reasons } from './reasons.mjs';

const told = (mistakes) => (Object.keys(mistakes).length === 0 ? 'right' : Object.entries(mistakes).map(([name, value]) => (value === true ? name : `${name} ${value}`)).join(', '));
const class_of = (status) => ({ FAILURE: 'bad', WARNING: 'bad', SUCCESS: 'good', fail: 'bad', warning: 'bad', pass: 'good' })[status] ?? '-';

// A line a check: how many clients, how many of them both found right and wrong, and where they differ.
function line_of(id, rows) {
  const both = (kind) => rows.filter((r) => r.alike && class_of(r.ours) === kind).length;
  const different = rows.filter((r) => !r.alike);
  const why = [...new Set(different.map((r) => r.reason?.name ?? 'no reason'))].map((name) => `${name} (${different.filter((r) => (r.reason?.name ?? 'no reason') === name).length})`);
  return `| \`${id}\` | ${rows.length} | ${both('good')} | ${both('bad')} | ${why.join(', ')} |`;
}

export function page_of(results) {
  const scenarios = [...new Set(results.map((r) => r.scenario))];
  const clients = new Set(results.map((r) => JSON.stringify([r.scenario, r.revision, r.mistakes]))).size;
  const lines = [
    '# Agreement with the official conformance suite',
    '',
    'Made by `scripts/agreement`.',
    '',
    `The official suite (\`@modelcontextprotocol/conformance\` 0.2.0-alpha.12) and tollgate judge the same ${clients} clients, right and wrong ones, in`,
    `the ${scenarios.length} client scenarios of the suite: ${results.length} verdicts over checks, of which ${results.filter((r) => r.alike && class_of(r.ours) !== '-').length} are alike;`,
    `of ${results.filter((r) => r.alike && class_of(r.ours) === '-').length} both say that the client never came so far. Where they differ it is for one of these reasons:`,
    '',
    ...reasons.map(({ name, text }) => `- **${name}**: ${text}`),
    '',
    'A check is *good* when it passed and *wrong* when it failed or warned. A check of the suite that can only fail says nothing of a client that did nothing',
    'wrong; tollgate says that it passed.',
    '',
    '## Check by check',
    '',
  ];
  for (const scenario of scenarios) {
    const rows = results.filter((r) => r.scenario === scenario);
    const wrong = [...new Set(rows.map((r) => told(r.mistakes)))].filter((m) => !['right', 'never_comes'].includes(m));
    lines.push(`### ${scenario}`, '', `Wrong clients: ${wrong.join('; ') || 'none'}.`, '', '| check | clients | both: good | both: wrong | different |', '|---|---|---|---|---|');
    for (const id of [...new Set(rows.map((r) => r.id))].sort()) lines.push(line_of(id, rows.filter((r) => r.id === id)));
    lines.push('');
  }
  return lines.join('\n');
}
