// A program of its own, for environments that a running process cannot change (trusted
// certificates): node whole-way.mjs MCP_URL → the answer of echo, on stdout.
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';

import { memory_provider } from './oauth.mjs';

const url = new URL(process.argv[2]);
const authProvider = new memory_provider();
const first = new StreamableHTTPClientTransport(url, { authProvider });
await new Client({ name: 'first', version: '1' }).connect(first).catch((error) => {
  if (!authProvider.callback) throw error;
});
await first.finishAuth(authProvider.callback.searchParams.get('code'));
const client = new Client({ name: 'whole way', version: '1' });
await client.connect(new StreamableHTTPClientTransport(url, { authProvider }));
const answer = await client.callTool({ name: 'echo', arguments: { message: 'all the way' } });
console.log(answer.content[0].text);
await client.close();
