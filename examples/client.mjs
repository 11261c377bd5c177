// A client of the official SDK, which logs in by itself and calls a tool, once a second:
//   npm install @modelcontextprotocol/sdk@1.32.2
//   node client.mjs [MCP_URL [CALLS]]
import { once } from 'node:events';
import { createServer } from 'node:http';

import { UnauthorizedError } from '@modelcontextprotocol/sdk/client/auth.js';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { SSEClientTransport } from '@modelcontextprotocol/sdk/client/sse.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';

const url = new URL(process.argv[2] ?? 'http://localhost:9101/mcp');
const calls = Number(process.argv[3] ?? 1);
const say = (...words) => console.log(new Date().toISOString().slice(11, 19), ...words);

// The login ends here: the browser comes back with a code.
const page = createServer((request, response) => {
  response.end('You can close this window.\n');
  page.emit('answer', new URL(request.url, redirectUrl).searchParams);
}).listen(0, '127.0.0.1');
await once(page, 'listening');
const redirectUrl = `http://127.0.0.1:${page.address().port}/callback`;

// What the SDK wants of an application: keep what it is given, and show the login to the person.
const kept = {};
const authProvider = {
  redirectUrl,
  clientMetadata: {
    client_name: 'example client',
    redirect_uris: [redirectUrl],
    grant_types: ['authorization_code', 'refresh_token'],
    token_endpoint_auth_method: 'none',
  },
  clientInformation: () => kept.client,
  saveClientInformation: (client) => (kept.client = client),
  tokens: () => kept.tokens,
  saveTokens: (tokens) => {
    say(kept.tokens ? 'new tokens' : 'first tokens', `for ${tokens.expires_in} s`);
    kept.tokens = tokens;
  },
  codeVerifier: () => kept.verifier,
  saveCodeVerifier: (verifier) => (kept.verifier = verifier),
  // An application opens a browser. Where nobody is asked, this is one.
  redirectToAuthorization: async (login) => {
    say('login at', login.origin);
    kept.answer = once(page, 'answer').then(([query]) => query);
    const end = await browse(login);
    if (!end.href.startsWith(redirectUrl)) say('please open', login.href);
  },
};

// Follows redirects, with the cookies of each host, and returns where they end.
async function browse(address) {
  const cookies = {};
  for (let steps = 0; steps < 20; steps++) {
    const { hostname } = address;
    const answer = await fetch(address, { redirect: 'manual', headers: { cookie: (cookies[hostname] ?? []).join('; ') } });
    const set = (answer.headers.get('set-cookie') ?? '').matchAll(/(?:^|, )([^=;,\s]+=[^;,]*)/g);
    for (const [, cookie] of set) (cookies[hostname] ??= []).push(cookie);
    const next = answer.headers.get('location');
    if (!next) break;
    address = new URL(next, address);
  }
  return address;
}

// Runs it, and again after a login where the SDK wants one.
async function logged_in(run, transport) {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof UnauthorizedError)) throw error;
    const answer = await kept.answer;
    if (answer.has('error')) throw new Error(`no login: ${answer}`);
    await transport.finishAuth(answer.get('code'));
    return run();
  }
}

const Transport = url.pathname.endsWith('/sse') ? SSEClientTransport : StreamableHTTPClientTransport;
let client;
let transport;
async function connect() {
  client = new Client({ name: 'example client', version: '1' });
  transport = new Transport(url, { authProvider });
  await client.connect(transport);
}

await logged_in(connect, { finishAuth: (code) => transport.finishAuth(code) });
for (let call = 1; call <= calls; call++) {
  if (call > 1) await new Promise((wake) => setTimeout(wake, 1000));
  try {
    const message = `Hello ${call}`;
    const { content } = await logged_in(() => client.callTool({ name: 'echo', arguments: { message } }), transport);
    say(content[0].text);
  } catch (error) {
    say(`call ${call}:`, error.message);
  }
}
await client.close();
page.close();
page.closeAllConnections();
