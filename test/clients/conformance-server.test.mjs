// The official conformance suite against the server with its fixtures: whatever a revision
// requires and whatever the suite has besides that, without an expected-failures file. Each run
// once without authorization, and behind a bearer token, which a proxy adds: the suite cannot.
import { describe, test } from 'node:test';

import { check_server, latest_release, listed, newest_alpha, passed_everything } from './lib/conformance.mjs';
import { login } from './lib/oauth.mjs';
import { token_proxy } from './lib/proxy.mjs';
import { strategies } from './lib/strategies.mjs';
import { tollgate } from './lib/tollgate.mjs';

const runs = [
  { name: '0.2.0-alpha.12, 2025-11-25', program: newest_alpha, requirements: ['--requirements', '2025-11-25'] },
  {
    name: '0.2.0-alpha.12, 2026-07-28',
    program: newest_alpha,
    requirements: ['--requirements', '2026-07-28'],
    // The suite has no way yet to listen where this extension speaks.
    skipped: ['tasks-status-notifications'],
  },
  // The release knows no requirements: all that it has.
  { name: '0.1.16', program: latest_release, requirements: [], all: ['--suite', 'all'] },
];

// The strategies that ask the authorization server about the token at each request.
const asked = strategies.filter(({ name }) => ['introspection', 'userinfo'].includes(name));
const ways = [
  { way: 'without authorization', set: { 'mcp.auth': 'none' } },
  ...asked.map(({ name, set }) => ({ way: `behind a bearer token, strategy ${name}`, set, token: true })),
];

async function reachable_url(t, server, token) {
  if (!token) return server.mcp;
  const { access_token } = await login(server.issuer);
  return (await token_proxy(t, server.mcp, access_token)) + new URL(server.mcp).pathname;
}

// They wait more than they work.
describe('the official conformance suite', { concurrency: 4 }, () => {
  for (const { name, program, requirements, all, skipped } of runs) {
    for (const { way, set, token } of ways) {
      test(`${name}: every scenario passes ${way}`, async (t) => {
        const server = await tollgate(t, { set: { 'mcp.fixtures': true, ...set } });
        const url = await reachable_url(t, server, token);
        const scenarios = await listed(program, ...requirements);
        passed_everything(await check_server(t, program, url, ...(all ?? requirements)), scenarios, skipped);
      });
    }
  }
});
