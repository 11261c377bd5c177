// A program of its own: node crowd.mjs SECONDS < [{ name, mcp }, …]. A client of the SDK for each of these MCP servers, all
// at once: each logs in, calls tools and lists them, refreshes, and gives up after so many seconds. What became of them is a line of JSON
// on stdout: [{ name, steps, error }, …].
import { text } from 'node:stream/consumers';

import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { auth } from '@modelcontextprotocol/sdk/client/auth.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';

import { memory_provider } from './oauth.mjs';

const patience = Number(process.argv[2]) * 1000;
const targets = JSON.parse(await text(process.stdin));

// Faults make the SDK throw where nobody awaits it; that is its own affair.
process.on('unhandledRejection', () => {});

async function whole_way({ mcp }, signal, step) {
  const url = new URL(mcp);
  const authProvider = new memory_provider();
  const with_deadline = (input, init = {}) => fetch(input, { ...init, signal: init.signal ? AbortSignal.any([signal, init.signal]) : signal });
  const open = () => new StreamableHTTPClientTransport(url, { authProvider, fetch: with_deadline });
  const first = open();
  await new Client({ name: 'first', version: '1' }).connect(first).catch((error) => {
    if (!authProvider.callback) throw error;
  });
  step('authorized');
  await first.finishAuth(authProvider.callback.searchParams.get('code'));
  step('tokens');
  const client = new Client({ name: 'one of many', version: '1' });
  await client.connect(open());
  step('connected');
  await client.callTool({ name: 'echo', arguments: { message: 'here' } });
  await client.listTools();
  await auth(authProvider, { serverUrl: url, fetchFn: with_deadline });
  step('refreshed');
  await client.callTool({ name: 'echo', arguments: { message: 'again' } });
  step('done');
  await client.close();
}

const report = await Promise.all(
  targets.map(async (target) => {
    const signal = AbortSignal.timeout(patience);
    const steps = [];
    const late = new Promise((_, fail) => signal.addEventListener('abort', () => fail(new Error('gave up'))));
    try {
      await Promise.race([whole_way(target, signal, (name) => steps.push(name)), late]);
      return { name: target.name, steps };
    } catch (error) {
      return { name: target.name, steps, error: String(error?.message ?? error).slice(0, 200) };
    }
  }),
);
console.log(JSON.stringify(report));
process.exit(0);
