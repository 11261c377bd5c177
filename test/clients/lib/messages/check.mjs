// node lib/messages/check.mjs FOLDER: validates every message of the server that the tests have
// recorded there (RECORD_MCP_MESSAGES=FOLDER), against the JSON schema of its revision. Prints what
// is wrong and a count for each revision; exits with 1 when anything is.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { decoded, exchanges_on, exchanges_over_stdio } from './connections.mjs';
import { server_messages } from './exchanges.mjs';
import { complaints_about } from './rules.mjs';
import { schemas } from './schemas.mjs';

function recorded(file) {
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.filter((line) => line !== '').flatMap((line) => exchanges_in(JSON.parse(line)));
}

// The C++ tests write whole connections, pipes, or exchanges; all with one character for each byte.
function exchanges_in(line) {
  if (line.stdin !== undefined) return exchanges_over_stdio(line);
  if (line.sent !== undefined) return exchanges_on(line);
  return [line.raw ? { ...line, body: decoded(line.body), text: decoded(line.text) } : line];
}

export function check(folder) {
  const counts = {};
  const wrong = [];
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.jsonl')).sort())
    for (const { text, message, revision, guessed, methods, batch, exchange } of server_messages(recorded(join(folder, file)))) {
      counts[revision] = (counts[revision] ?? 0) + 1;
      const found = complaints_about(message, revision, methods);
      // An error before anything was agreed is as one of the revisions wants it.
      const fits = (other) => complaints_about(message, other, methods).length === 0;
      if (guessed && message?.error !== undefined && [...schemas.keys()].some(fits)) continue;
      if (batch && revision !== '2025-03-26') found.push('only 2025-03-26 knows batches');
      if (found.length > 0) wrong.push({ file, revision, asked: `${exchange.method} ${exchange.target} ${exchange.body}`, text, found });
    }
  return { counts, wrong };
}

if (process.argv[1] === import.meta.filename) {
  const { counts, wrong } = check(process.argv[2]);
  for (const w of wrong.slice(0, 20))
    console.log(`${w.file}, ${w.revision}: ${w.asked.slice(0, 300)}\n  ${w.text.slice(0, 600)}\n  ${w.found.slice(0, 6).join('\n  ')}`);
  const total = Object.values(counts).reduce((a, b) => a + b, 0);
  const each = Object.entries(counts).sort().map(([revision, n]) => `${n} of ${revision}`);
  console.log(`${total} MCP messages checked (${each.join(', ')}), ${wrong.length} invalid`);
  process.exitCode = wrong.length > 0 || total === 0 ? 1 : 0;
}
