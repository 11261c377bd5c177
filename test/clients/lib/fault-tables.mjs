// Reads the tables of test/wire/faults. README.md there has the notation.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

export const folder = join(import.meta.dirname, '../../wire/faults');

// The bytes that a column names as JSON writes them.
export const bytes_of = (text) => JSON.parse(`"${text}"`);

export function requests() {
  const text = readFileSync(join(folder, 'requests.http'), 'utf8');
  const all = new Map();
  for (const part of text.split(/^## /m).slice(1)) {
    const at = part.indexOf('\n');
    all.set(part.slice(0, at).trim(), part.slice(at + 1).replace(/\n+$/, ''));
  }
  return all;
}

// FAULT ⇥ REQUEST ⇥ STATUS ⇥ HEADERS ⇥ BODY. A line that begins with "+" is a further step of the fault
// above it, one with "~" a stream that is open while they go on, one with "=" a call of the control plane; "@ {…}" in front of a fault's line is laid over what makes it. README.md has the notation.
export function tables() {
  const all = [];
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.tsv')).sort()) {
    let [extra, steps] = [];
    readFileSync(join(folder, file), 'utf8').split('\n').forEach((line, n) => {
      if (line === '' || line.startsWith('#')) return;
      if (line.startsWith('@')) return void (extra = JSON.parse(line.slice(1)));
      const [name, request, status = '', headers = '', body = ''] = line.split('\t').map((one) => one.trim());
      if (name === '=') return void steps.push({ call: request, with: JSON.parse(status), headers: [], body: [] });
      const several = (text) => text.split(' ;; ').filter((one) => one !== '');
      const step = { request, status, headers: several(headers), body: several(body), at: `${file}:${n + 1}`, listens: name === '~' };
      if (name === '+' || name === '~') return void steps.push(step);
      steps = [step];
      for (const one of name.split(' ')) all.push({ name: one, extra, steps, at: step.at, file });
      extra = undefined;
    });
  }
  return all;
}
