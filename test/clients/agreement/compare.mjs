// The verdicts of the official suite and of tollgate over one client, side by side.
import { client_command, judged_by_suite } from '../lib/official/suite.mjs';
import { binary, run } from '../lib/tollgate.mjs';

// What the suite notes without judging.
const notes = /^(incoming|outgoing)-|^server-info$|^scope-retry-auth-attempt$/;

async function judged_by_tollgate(scenario, mistakes, revision) {
  const args = ['test', '--command', client_command(mistakes), '--scenario', scenario, '--format', 'json', '--timeout', '60s'];
  if (revision) args.push('--era', revision);
  const { stdout, stderr } = await run(binary, args, { timeout: 120_000 });
  if (stdout === '') throw new Error(stderr);
  const [{ findings }] = JSON.parse(stdout).scenarios;
  // Rules of every verdict have a dot in their name, checks of the suite have none.
  const checks = findings.filter(({ id }) => !id.includes('.'));
  return Object.fromEntries(checks.map((check) => [check.id, check]));
}

const class_of = (status) =>
  ({ FAILURE: 'bad', WARNING: 'bad', SUCCESS: 'good', fail: 'bad', warning: 'bad', pass: 'good' })[status] ?? 'silent';

// The suite is silent about what nobody did wrong where a check only ever fails.
function is_alike(suite, ours) {
  const [theirs, own] = [class_of(suite), class_of(ours)];
  return theirs === own || (theirs === 'silent' && own === 'good');
}

export async function compared({ scenario, revision, mistakes }) {
  const [suite, ours] = await Promise.all([judged_by_suite(scenario, mistakes, revision), judged_by_tollgate(scenario, mistakes, revision)]);
  const ids = [...new Set([...Object.keys(suite), ...Object.keys(ours)])].filter((id) => !notes.test(id)).sort();
  return ids.map((id) => {
    const { status = '', text = '' } = ours[id] ?? {};
    const unreached = status === 'not_reached' || text.startsWith('The client has not come so far');
    return { scenario, revision, mistakes, id, suite: suite[id] ?? '', ours: status, unreached, alike: is_alike(suite[id], status) };
  });
}
