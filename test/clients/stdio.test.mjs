// `tollgate stdio` with the stdio transports of both generations of the SDK.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import * as v2 from '@modelcontextprotocol/client';
import { StdioClientTransport as StdioClientTransport2 } from '@modelcontextprotocol/client/stdio';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';

import { login } from './lib/oauth.mjs';
import { binary, scratch_folder, tollgate } from './lib/tollgate.mjs';

const text_of = (result) => result.content.map((item) => item.text).join('');

// A client of a process of its own; `more` are further --set.
async function connect(t, more, token) {
  const args = ['stdio', ...Object.entries(more).flatMap(([key, value]) => ['--set', `${key}=${value}`])];
  const env = token ? { MCP_ACCESS_TOKEN: token } : {};
  const transport = new StdioClientTransport({ command: binary, args, env, cwd: scratch_folder(t), stderr: 'pipe' });
  const client = new Client({ name: 'stdio', version: '1' });
  await client.connect(transport);
  t.after(() => client.close());
  return { client, transport };
}

describe('SDK 1.x over stdio', () => {
  test('lists and calls tools, hears progress, and cancels', async (t) => {
    const { client } = await connect(t, { 'mcp.auth': 'none' });
    const { tools } = await client.listTools();
    assert.ok(tools.some((tool) => tool.name === 'slow'));
    assert.equal(text_of(await client.callTool({ name: 'echo', arguments: { message: 'hello' } })), 'hello');
    const heard = [];
    const onprogress = (progress) => heard.push(progress.progress);
    const slow = (seconds, options) => client.callTool({ name: 'slow', arguments: { seconds } }, undefined, options);
    assert.equal(text_of(await slow(0.5, { onprogress })), 'Done.');
    assert.ok(heard.length >= 3, `${heard.length} progress notifications`);
    const stop = new AbortController();
    const first = Promise.withResolvers();
    const cancelled = assert.rejects(slow(60, { onprogress: first.resolve, signal: stop.signal }));
    await first.promise;
    stop.abort('enough');
    await cancelled;
    assert.equal(text_of(await client.callTool({ name: 'echo', arguments: { message: 'still here' } })), 'still here');
  });

  test('takes its token from the environment and asks the running server about it', async (t) => {
    const server = await tollgate(t, {});
    const { access_token } = await login(server.issuer, { resource: server.mcp, scope: 'openid mcp:tools' });
    const { client } = await connect(
      t,
      {
        'authorization_server.listen': new URL(server.issuer).host,
        'mcp.listen': new URL(server.mcp).host,
        'validation.strategy': 'userinfo',
      },
      access_token,
    );
    const who = JSON.parse(text_of(await client.callTool({ name: 'whoami', arguments: {} })));
    assert.equal(who.subject, 'demo');
    assert.equal(who.transport, 'stdio');
  });
});

describe('client 2.x over stdio', () => {
  for (const { mode, revision } of [
    { mode: 'legacy', revision: '2025-11-25' },
    { mode: 'auto', revision: '2026-07-28' },
    { mode: { pin: '2026-07-28' }, revision: '2026-07-28' },
  ]) {
    test(`${JSON.stringify(mode)}: lists and calls tools, hears progress, and cancels`, async (t) => {
      const args = ['stdio', '--set', 'mcp.auth=none'];
      const transport = new StdioClientTransport2({ command: binary, args, cwd: scratch_folder(t), stderr: 'pipe' });
      const client = new v2.Client({ name: 'stdio', version: '2' }, { versionNegotiation: { mode } });
      await client.connect(transport);
      t.after(() => client.close());
      assert.equal(client.getNegotiatedProtocolVersion(), revision);
      const call = async (name, args, options) => text_of(await client.callTool({ name, arguments: args }, options));
      const { tools } = await client.listTools();
      assert.ok(tools.some((tool) => tool.name === 'slow'));
      assert.equal(await call('echo', { message: 'hello' }), 'hello');
      let heard = 0;
      assert.equal(await call('slow', { seconds: 0.5 }, { onprogress: () => (heard += 1) }), 'Done.');
      assert.ok(heard >= 9, `${heard} progress notifications`);
      const stop = new AbortController();
      const first = Promise.withResolvers();
      const slow = call('slow', { seconds: 300 }, { onprogress: first.resolve, signal: stop.signal });
      await first.promise;
      stop.abort('enough');
      await assert.rejects(slow, /enough/);
      assert.equal(await call('echo', { message: 'still here' }), 'still here');
    });
  }
});
