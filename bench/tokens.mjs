// tollgate beside oidc-provider, in turns, each with one core and wrk on another:
//   token   client_credentials with a secret (Basic), an opaque token
//   login   an authorization request of a browser that is logged in, and its code for tokens
//           (PKCE, an id_token signed with RS256)
// Both write their log, if any, into a file.
import { openSync } from 'node:fs';
import { join } from 'node:path';

import { options_of } from '../test/clients/lib/options.mjs';
import { cpu_microseconds, folder, median, ready_line, run, start, start_tollgate, wrk, wrk_script } from './lib/measure.mjs';

const { values: options, positionals } = options_of('scripts/bench', {
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '5' },
    connections: { type: 'string', default: '16' },
  },
});
const redirect_uri = 'https://app.example/callback';
const secret = 'a-secret-of-the-bench';
// RFC 7636 Appendix B.
const verifier = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';
const challenge = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM';
const form = 'application/x-www-form-urlencoded';

async function tollgate() {
  const clients = [
    `{client_id="service", client_secret="${secret}", grant_types=["client_credentials"]}`,
    `{client_id="app", token_endpoint_auth_method="none", grant_types=["authorization_code"], redirect_uris=["${redirect_uri}"]}`,
  ];
  // More tokens in seconds than anybody's tests have in a day.
  const unbounded = { 'limits.tokens': 1_000_000_000, 'limits.client_tokens': 1_000_000_000 };
  const server = await start_tollgate({ clients: `[${clients}]`, ...unbounded });
  return { name: 'tollgate', pid: server.child.pid, issuer: server.issuer.replace('localhost', '127.0.0.1') };
}

async function oidc_provider() {
  const log_file = join(folder, 'oidc-provider.log');
  const file = join(import.meta.dirname, 'rival/server.mjs');
  const child = start([process.execPath, file], ['ignore', 'pipe', openSync(log_file, 'w')]);
  const { issuer } = await ready_line(child, log_file);
  return { name: 'oidc-provider', pid: child.pid, issuer };
}

async function endpoints(server) {
  const answer = await fetch(`${server.issuer}/.well-known/openid-configuration`);
  const metadata = await answer.json();
  return { authorize: new URL(metadata.authorization_endpoint), token: new URL(metadata.token_endpoint) };
}

const lua = JSON.stringify; // the same escapes for what is used here

function token_script(token) {
  const basic = Buffer.from(`service:${secret}`).toString('base64');
  return `
wrk.method = "POST"
wrk.path = ${lua(token.pathname)}
wrk.headers["Content-Type"] = "${form}"
wrk.headers["Authorization"] = "Basic ${basic}"
wrk.body = "grant_type=client_credentials"
`;
}

// The cookies of a browser that logged in: followed by hand, because there may be several steps.
async function logged_in(url) {
  const cookies = new Map();
  let at = url;
  for (let step = 0; step < 8; ++step) {
    const cookie = [...cookies.values()].join('; ');
    const answer = await fetch(at, { redirect: 'manual', headers: cookie ? { cookie } : {} });
    for (const line of answer.headers.getSetCookie()) cookies.set(line.split('=')[0], line.split(';')[0]);
    const location = answer.headers.get('location');
    if (!location) throw new Error(`${at} answered ${answer.status}: ${await answer.text()}`);
    at = new URL(location, at);
    if (at.href.startsWith(redirect_uri)) return [...cookies.values()].join('; ');
  }
  throw new Error(`${url} never came back`);
}

// Every code that comes in a Location goes out in the next request.
async function login_script({ authorize, token }) {
  authorize.search = new URLSearchParams({
    client_id: 'app',
    redirect_uri,
    response_type: 'code',
    scope: 'openid mcp:tools',
    state: 's',
    code_challenge: challenge,
    code_challenge_method: 'S256',
  });
  const cookie = await logged_in(authorize);
  const body = new URLSearchParams({ grant_type: 'authorization_code', client_id: 'app', redirect_uri, code_verifier: verifier });
  return `
local codes = {}
logins, failures = 0, 0
local cookies = {}
${cookie ? `cookies["Cookie"] = ${lua(cookie)}` : ''}
local form = { ["Content-Type"] = "${form}" }
function request()
  local code = table.remove(codes)
  if code then return wrk.format("POST", ${lua(token.pathname)}, form, ${lua(`${body}&code=`)} .. code) end
  return wrk.format("GET", ${lua(authorize.pathname + authorize.search)}, cookies)
end
function response(status, headers, body)
  local location = headers["Location"] or headers["location"]
  local code = location and location:match("[?&]code=([^&]+)")
  if code then codes[#codes + 1] = code
  elseif status == 200 and body:find("id_token", 1, true) then logins = logins + 1
  else failures = failures + 1 end
end
local only
function setup(thread) only = thread end
function done() print("logins: " .. only:get("logins") .. " errors: " .. only:get("failures")) end
`;
}

async function measure(server, what, seconds) {
  const before = cpu_microseconds(server.pid);
  const output = await wrk({ url: server.issuer, script: server.script, connections: options.connections, seconds });
  const cpu = cpu_microseconds(server.pid) - before;
  if (what === 'token' && /Non-2xx/.test(output)) throw new Error(`${server.name}: not every answer was a token:\n${output}`);
  if (what === 'login' && !/errors: 0$/m.test(output)) throw new Error(`${server.name}: not every login succeeded:\n${output}`);
  const count = Number((what === 'login' ? /logins: (\d+)/ : /(\d+) requests in/).exec(output)[1]);
  return { rate: count / seconds, cost: cpu / count };
}

const shown = ({ rate, cost }) => `${rate.toFixed(0)}/s ${cost.toFixed(1)} µs`;

await run(async () => {
  const what = positionals[0] ?? 'token';
  const all = [await tollgate(), await oidc_provider()];
  for (const server of all) {
    const where = await endpoints(server);
    server.script = wrk_script(server.name, what === 'login' ? await login_script(where) : token_script(where.token));
    server.turns = [];
    await measure(server, what, 1);
  }
  console.log(`${what}: one core a server, wrk on another, ${options.connections} connections, ${options.seconds} s a turn`);
  for (let round = 1; round <= Number(options.rounds); ++round) {
    for (const server of all) server.turns.push(await measure(server, what, Number(options.seconds)));
    console.log(`round ${round}: ${all.map((server) => `${server.name} ${shown(server.turns.at(-1))}`).join('; ')}`);
  }
  const [ours, theirs] = all.map(({ turns }) => ({
    rate: median(turns.map((turn) => turn.rate)),
    cost: median(turns.map((turn) => turn.cost)),
  }));
  console.log(`tollgate ${shown(ours)}; oidc-provider ${shown(theirs)} (CPU µs per ${what})`);
  console.log(`tollgate issues ${(ours.rate / theirs.rate).toFixed(1)} times as many, for ${(theirs.cost / ours.cost).toFixed(1)} times less CPU`);
});
