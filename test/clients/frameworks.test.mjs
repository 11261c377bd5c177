// The MCP clients of agent frameworks: @ai-sdk/mcp, @openai/agents-core, @mastra/mcp and
// @langchain/mcp-adapters, from the MCP URL alone. What each makes of a refused token is its own.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { ai_sdk, langchain, logged_in, mastra, openai_agents } from './lib/frameworks.mjs';
import { control, tollgate } from './lib/tollgate.mjs';

const every_framework = [
  { framework: ai_sdk, revision: '2026-07-28' },
  { framework: openai_agents, revision: '2026-07-28' },
  { framework: mastra, revision: '2026-07-28' },
  { framework: langchain, revision: '2025-11-25' },
];

// An open stream is asked about rarely, so that it is the call that meets the dead token.
const patient = { 'validation.recheck': '1m' };

// A fetch that, once armed, holds back what the token endpoint says until so many requests were refused:
// then they are all under way at once, however slow the machine is.
function held_until_refused() {
  let left = 0;
  let all = Promise.withResolvers();
  const ask = globalThis.fetch;
  return {
    arm(count) {
      left = count;
      all = Promise.withResolvers();
    },
    async fetch(url, init) {
      const answer = await ask(url, init);
      if (answer.status === 401 && left > 0 && --left === 0) all.resolve();
      if (left > 0 && new URL(url).pathname === '/token') await all.promise;
      return answer;
    },
  };
}

// Four calls at the same time, all with a token that has just been revoked.
async function call_with_a_dead_token(t, framework, set = {}) {
  const server = await tollgate(t, { set: { ...patient, ...set } });
  const gate = held_until_refused();
  const client = await logged_in(t, framework, server.mcp, gate.fetch);
  const messages = ['one', 'two', 'three', 'four'];
  await control(server.issuer, 'revoke-access');
  client.wire.clear();
  gate.arm(messages.length);
  const ended = await Promise.allSettled(messages.map((message) => client.call('echo', { message })));
  return { ...client, messages, good: ended.filter((one) => one.status === 'fulfilled').map((one) => one.value) };
}

for (const { framework, revision } of every_framework) {
  describe(framework.name, () => {
    test(`logs_in_from_the_url_and_speaks_${revision}`, async (t) => {
      const server = await tollgate(t);
      const { call, list, provider, wire } = await logged_in(t, framework, server.mcp);
      assert.ok((await list()).includes('echo_tool'));
      assert.match(await call('echo_tool', { message: 'hello' }), /^Server received via .+: hello$/);
      const who = JSON.parse(await call('whoami', {}));
      assert.equal(who.subject, 'demo');
      assert.equal(who.protocol_version, revision);
      assert.equal(provider.authorizations, 1);
      assert.equal(wire.calls.filter((c) => c.line === 'POST /register 201').length, 1);
      const code = wire.calls.find((c) => c.body.includes('grant_type=authorization_code'));
      assert.equal(new URLSearchParams(code.body).get('resource'), server.mcp);
    });

    test('refreshes_after_a_401_with_its_resource_and_repeats_the_call', async (t) => {
      const server = await tollgate(t, { set: patient });
      const { call, provider, wire } = await logged_in(t, framework, server.mcp);
      await control(server.issuer, 'revoke-access');
      assert.equal(await call('echo', { message: 'still here' }), 'still here');
      const refreshes = wire.calls.filter((c) => c.body.includes('grant_type=refresh_token'));
      assert.equal(refreshes.length, 1, wire.lines().join('\n'));
      assert.equal(new URLSearchParams(refreshes[0].body).get('resource'), server.mcp);
      assert.equal(provider.authorizations, 1, 'nobody had to log in again');
    });
  });
}

test('@ai-sdk/mcp: refreshes_once_for_parallel_401s', async (t) => {
  const { good, messages, provider, wire } = await call_with_a_dead_token(t, ai_sdk);
  assert.deepEqual(good, messages);
  assert.equal(wire.refreshes(), 1, wire.lines().join('\n'));
  assert.equal(provider.authorizations, 1);
});

// RFC 9700 section 4.14.2: a refresh token that comes twice ends its family.
for (const framework of [openai_agents, mastra, langchain]) {
  test(`${framework.name}: presents_one_refresh_token_for_each_of_parallel_401s_and_loses_its_login`, async (t) => {
    const { good, provider, wire } = await call_with_a_dead_token(t, framework);
    assert.deepEqual(good, []);
    assert.ok(wire.refreshes() > 1, wire.lines().join('\n'));
    assert.ok(provider.authorizations > 1);
  });

  test(`${framework.name}: keeps_its_login_over_parallel_401s_where_reuse_is_forgiven`, async (t) => {
    const forgiving = { 'tokens.refresh_reuse': 'grace:10s' };
    const { good, messages, provider, wire } = await call_with_a_dead_token(t, framework, forgiving);
    assert.deepEqual(good, messages);
    assert.ok(wire.refreshes() > 1, wire.lines().join('\n'));
    assert.equal(provider.authorizations, 1);
  });
}
