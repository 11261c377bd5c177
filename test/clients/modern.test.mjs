// What is new in 2026-07-28, as client 2.x uses it: log messages by _meta, questions in rounds,
// subscriptions that are a stream of their own.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { Client, LOG_LEVEL_META_KEY, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';

import { client2_modern, connect, overheard, text_of } from './lib/clients.mjs';
import { login } from './lib/oauth.mjs';
import { metric, tollgate, until } from './lib/tollgate.mjs';

const with_fixtures = { set: { 'mcp.fixtures': true } };
const logged = ['Tool execution started', 'Tool processing data', 'Tool execution completed'];

const streams_open = (server) => metric(server, 'tollgate_streams_open');

describe(client2_modern.name, { concurrency: 4 }, () => {
  test('hears the log of a call that asks for it, from its level on', async (t) => {
    const { client, transport } = await connect(t, client2_modern, await tollgate(t, with_fixtures));
    const { notes } = overheard(transport);
    const told = [];
    client.setNotificationHandler('notifications/message', ({ params }) => told.push(params));
    const log_of = async (level) => {
      const before = notes('notifications/message').length;
      const _meta = level ? { [LOG_LEVEL_META_KEY]: level } : {};
      await client.callTool({ name: 'test_logging_tool', arguments: {}, _meta });
      return notes('notifications/message').slice(before).map((note) => note.data);
    };
    assert.deepEqual(await log_of(undefined), []);
    assert.deepEqual(await log_of('debug'), logged);
    assert.deepEqual(await log_of('info'), logged);
    assert.deepEqual(await log_of('warning'), []);
    await until(() => told.length === 2 * logged.length);
    assert.ok(told.every((note) => note.level === 'info'));
  });

  test('is told of a log level that there is not', async (t) => {
    const { client } = await connect(t, client2_modern, await tollgate(t, with_fixtures));
    const asked = { name: 'test_logging_tool', arguments: {}, _meta: { [LOG_LEVEL_META_KEY]: 'loud' } };
    await assert.rejects(client.callTool(asked), { code: -32602 });
  });

  test('answers what the server asks for in rounds', async (t) => {
    const server = await tollgate(t, with_fixtures);
    const { access_token } = await login(server.issuer);
    const options = { capabilities: { elicitation: {} }, versionNegotiation: { mode: { pin: '2026-07-28' } } };
    const client = new Client({ name: 'asked', version: '1' }, options);
    const asked = [];
    client.setRequestHandler('elicitation/create', ({ params }) => {
      asked.push(params.message);
      return { action: 'accept', content: { name: 'Ada' } };
    });
    await client.connect(new StreamableHTTPClientTransport(new URL(server.mcp), { authProvider: { token: async () => access_token } }));
    t.after(() => client.close());
    const answer = await client.callTool({ name: 'test_input_required_result_elicitation', arguments: {} });
    assert.equal(text_of(answer), 'Hello, Ada!');
    assert.deepEqual(asked, ['What is your name?']);
  });

  test('listens on a stream of its own, for as long as it likes', async (t) => {
    const server = await tollgate(t, with_fixtures);
    const { call, client } = await connect(t, client2_modern, server);
    const heard = [];
    client.setNotificationHandler('notifications/tools/list_changed', () => heard.push('tools'));
    client.setNotificationHandler('notifications/prompts/list_changed', () => heard.push('prompts'));
    const subscription = await client.listen({ toolsListChanged: true });
    assert.equal(await streams_open(server), 1);
    await call('test_trigger_prompt_change');
    await call('test_trigger_tool_change');
    await until(() => heard.length > 0);
    assert.deepEqual(heard, ['tools']);
    await subscription.close();
    await until(async () => (await streams_open(server)) === 0);
    assert.equal(await call('echo', { message: 'still here' }), 'still here');
  });
});
