// See scripts/client-table.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { options_of } from '../lib/options.mjs';
import { tollgate, top } from '../lib/tollgate.mjs';
import { run_cell } from './cell.mjs';
import { every_client, is_installed, version_of } from './clients.mjs';
import { every_fault } from './faults.mjs';
import { page_with } from './page.mjs';
import { read } from './reading.mjs';

const { values } = options_of('scripts/client-table', {
  options: { client: { type: 'string', multiple: true }, fault: { type: 'string', multiple: true }, page: { type: 'boolean' }, again: { type: 'boolean' }, dry: { type: 'boolean' } },
});

const kept = join(import.meta.dirname, 'results.json');
const page = join(top, 'docs/clients.md');
const raw = join(top, 'build/client-table'); // what the journals said, to be read again

function chosen(all, names, what) {
  for (const name of names ?? []) {
    if (all.some((one) => one.name === name)) continue;
    console.error(`there is no ${what} "${name}": ${all.map((one) => one.name).join(', ')}`);
    process.exit(2);
  }
  return all.filter((one) => !names || names.includes(one.name));
}

const clients = chosen(every_client, values.client, 'client');
const faults = chosen(every_fault, values.fault, 'fault');

// Open streams are asked about rarely: it is the call that meets a dead token.
const patient = { 'validation.recheck': '10m', 'realms.max': 100 };
const of_2025 = { ...patient, 'mcp.versions': ['2024-11-05', '2025-03-26', '2025-06-18', '2025-11-25'] };

async function run_all(results) {
  const ends = [];
  const t = { after: (end) => ends.unshift(end) };
  const servers = { now: await tollgate(t, { set: patient }), with_sessions: await tollgate(t, { set: of_2025 }) };
  const began = Date.now();
  try {
    for (const client of clients) {
      if (!is_installed(client)) {
        console.error(`${client.name} is not installed: see test/clients/by-hand/README.md`);
        continue;
      }
      const old = results[client.name]?.version === version_of(client) ? results[client.name].cells : {};
      results[client.name] = { version: version_of(client), date: new Date().toISOString().slice(0, 10), cells: old };
      for (const fault of faults) {
        const server = fault.sessions ? servers.with_sessions : servers.now;
        const result = await run_cell(server, client, fault).catch((error) => ({ trouble: `${error.message}` }));
        if (!values.dry) writeFileSync(join(raw, `${client.name}.${fault.name}.json`), JSON.stringify(result));
        const cell = read(result, client, fault);
        results[client.name].cells[fault.name] = cell;
        console.error(`${Math.round((Date.now() - began) / 1000)} s: ${client.name}, ${fault.name}: ${JSON.stringify(cell)}`);
        if (!values.dry) writeFileSync(kept, `${JSON.stringify(results, null, 1)}\n`);
      }
    }
  } finally {
    for (const end of ends) await end();
  }
}

// The journals of the last run, where they are still there.
function read_again(results) {
  for (const client of clients)
    for (const fault of faults) {
      const file = join(raw, `${client.name}.${fault.name}.json`);
      if (results[client.name]?.cells[fault.name] && existsSync(file))
        results[client.name].cells[fault.name] = read(JSON.parse(readFileSync(file, 'utf8')), client, fault);
    }
  writeFileSync(kept, `${JSON.stringify(results, null, 1)}\n`);
}

mkdirSync(raw, { recursive: true });
const results = existsSync(kept) ? JSON.parse(readFileSync(kept, 'utf8')) : {};
if (values.again) read_again(results);
else if (!values.page) await run_all(results);
if (!values.dry) writeFileSync(page, page_with(readFileSync(page, 'utf8'), results));
process.exit(0);
