// `tollgate stdio` with the stdio transports of both generations of the SDK.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

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
    const cancelled = assert.rejects(slow(60, { signal: stop.signal }));
    setTimeout(() => stop.abort('enough'), 100);
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
