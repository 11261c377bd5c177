// Plays one line: makes its fault, compares the answers, and looks whether it counts and goes.
import { complete, is_whole } from './exchange.mjs';
import { bytes_of } from './fault-tables.mjs';

// A silent connection is enough of an answer where silence is wanted, and a long one is waited for.
function enough_for(step) {
  if (step.status === 'silent') return () => true;
  // How it ends is waited for, and so are bytes that follow an answer which is whole.
  if (step.headers.some((one) => /^end (closed|reset)$/.test(one))) return () => false;
  const wanted = step.headers.filter((one) => one.startsWith('raw ')).map((one) => bytes_of(one.slice(4)));
  if (wanted.length > 0) return (raw) => wanted.every((one) => raw.toString().includes(one));
  const bytes = step.headers.find((one) => one.startsWith('bytes '));
  if (bytes) return (raw) => raw.length > Number(bytes.slice(6));
  return step.headers.some((one) => one.startsWith('takes ')) ? is_whole : complete;
}

// Before a fault is there: what the requests of its line need, in a realm of its own.
export async function prepare(p, entry) {
  const { policy } = entry.extra ?? {};
  if (policy) await p.control('policy', 'PATCH', policy);
  for (const step of entry.steps) await p.prepare(p.wants(step));
  if (entry.steps.some((step) => step.body.some((one) => /^(signed|forged) /.test(one)))) p.key_set = await p.keys();
}

export function made_of(entry, name = entry.name) {
  const { policy, server, ...extra } = entry.extra ?? {};
  return { name, trigger: { next: entry.steps.length }, ...extra };
}

// The steps of a line, each with what is wrong with the answer that came. Streams are opened before other
// requests are sent, and are open until those are answered.
async function* compared(p, entry, enough) {
  const streams = [];
  let over = false;
  try {
    for (const step of entry.steps)
      if (step.listens) streams.push([step, await p.open(step.request, (raw) => over && enough(step)(raw))]);
    for (const step of entry.steps)
      if (step.call) await p.control(step.call, 'POST', step.with);
      else if (!step.listens) yield p.differences(step, await p.send(step.request, enough(step)));
    over = true;
    for (const [step, { got }] of streams) yield p.differences(step, await got);
  } finally {
    over = true;
  }
}

// What is wrong with the answers that come while a fault is on.
export async function differences(p, entry, enough = enough_for) {
  const wrong = [];
  for await (const some of compared(p, entry, enough)) wrong.push(...some);
  return wrong;
}

// Gone: some step is answered in another way. State that the fault has changed is made anew. What only takes
// its time is asked for often, because a busy machine takes its time as well.
async function is_gone(p, entry) {
  const tries = entry.steps.some((step) => step.headers.some((one) => one.startsWith('takes '))) ? 20 : 1;
  for (let n = 0; n < tries; n += 1) {
    p.values.access_token = undefined;
    for (const step of entry.steps) await p.prepare(p.wants(step));
    for await (const wrong of compared(p, entry, () => complete)) if (wrong.length > 0) return true;
  }
  return false;
}

export async function play(p, entry) {
  await p.begin();
  try {
    await prepare(p, entry);
    const made = await p.control('faults', 'POST', made_of(entry));
    const wrong = await differences(p, entry);
    const { fired } = await p.control(`faults/${made.id}`);
    if (fired < 1) wrong.push(`${entry.at}: it has not fired`);
    const { removed } = await p.control('faults', 'DELETE');
    if (removed !== 1) wrong.push(`${entry.at}: ${removed} were removed`);
    const same = entry.steps.some((step) => step.headers.includes('same'));
    if (!same && !(await is_gone(p, entry))) wrong.push(`${entry.at}: it is still on, or its line tells nothing`);
    return wrong;
  } finally {
    await p.end();
  }
}
