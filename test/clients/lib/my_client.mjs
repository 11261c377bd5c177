// The client that examples of pages take for the reader's own: connect(url) → { call(tool) }; or as a program, which
// takes the MCP URL, logs in and calls a tool.
import { argv } from 'node:process';
import { fileURLToPath } from 'node:url';

import { right_client } from './right_client.mjs';

export async function connect(url, mistakes = {}) {
  const client = new right_client(url, mistakes);
  await client.connect();
  return client;
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  const client = await connect(argv.at(-1), Object.fromEntries(argv.slice(2, -1).map((name) => [name, true])));
  await client.call('whoami');
  await client.close();
  process.exit(0);
}
