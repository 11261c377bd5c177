// The checker of messages itself: what it must find, or it is worth nothing.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { exchanges_over_stdio } from './lib/messages/connections.mjs';
import { server_messages } from './lib/messages/exchanges.mjs';
import { complaints_about } from './lib/messages/rules.mjs';

const response = (result) => ({ jsonrpc: '2.0', id: 1, result });
const clean = (...args) => assert.deepEqual(complaints_about(...args), []);
const wrong = (...args) => assert.notDeepEqual(complaints_about(...args), []);
const tool = { name: 'echo', inputSchema: { type: 'object' } };
const every = ['2024-11-05', '2025-03-26', '2025-06-18', '2025-11-25'];

describe('the checker of messages', () => {
  test('knows the results of every revision by the request', () => {
    for (const revision of every) {
      clean(response({ tools: [tool] }), revision, ['tools/list']);
      wrong(response({ tools: [{ name: 'echo' }] }), revision, ['tools/list']);
      wrong(response({ tools: [tool] }), revision, ['tools/call']);
      clean(response({ content: [{ type: 'text', text: 'x' }] }), revision, ['tools/call']);
      wrong(response({ content: [{ type: 'words', text: 'x' }] }), revision, ['tools/call']);
      wrong(response({ tools: [tool] }), revision, []);
    }
    const modern = { resultType: 'complete', ttlMs: 1000, cacheScope: 'public', tools: [tool] };
    clean(response(modern), '2026-07-28', ['tools/list']);
    wrong(response({ tools: [tool] }), '2026-07-28', ['tools/list']);
  });

  test('finds in 2024-11-05 what came later', () => {
    const later = { ...tool, annotations: { readOnlyHint: true } };
    const audio = { type: 'audio', data: 'AAAA', mimeType: 'audio/wav' };
    const progress = { progressToken: 1, progress: 2, message: 'soon' };
    const sampled = { messages: [{ role: 'user', content: audio }], maxTokens: 1 };
    const initialized = { protocolVersion: 'x', capabilities: { completions: {} }, serverInfo: { name: 'x', version: '1' } };
    for (const [check, revision] of [[wrong, '2024-11-05'], [clean, '2025-03-26']]) {
      check(response({ tools: [later] }), revision, ['tools/list']);
      check(response({ content: [audio] }), revision, ['tools/call']);
      check(response({ messages: [{ role: 'user', content: audio }] }), revision, ['prompts/get']);
      check(response(initialized), revision, ['initialize']);
      check({ jsonrpc: '2.0', method: 'notifications/progress', params: progress }, revision, []);
      check({ jsonrpc: '2.0', id: 1, method: 'sampling/createMessage', params: sampled }, revision, []);
    }
  });

  test('knows requests and notifications of the server', () => {
    const progress = { jsonrpc: '2.0', method: 'notifications/progress', params: { progressToken: 1, progress: 2 } };
    for (const revision of every) clean(progress, revision, []);
    wrong({ ...progress, params: { progress: 2 } }, '2025-11-25', []);
    wrong({ ...progress, method: 'notifications/nonsense' }, '2025-11-25', []);
    const roots = { jsonrpc: '2.0', id: 7, method: 'roots/list' };
    clean(roots, '2025-11-25', []);
    wrong(roots, '2026-07-28', []);
  });

  test('knows errors, also those whose id could not be read', () => {
    const error = { code: -32700, message: 'Parse error' };
    clean({ jsonrpc: '2.0', id: null, error }, '2025-06-18', []);
    clean({ jsonrpc: '2.0', error }, '2025-11-25', []);
    wrong({ jsonrpc: '2.0', id: null, error }, '2025-11-25', []);
    wrong({ jsonrpc: '2.0', id: 1, error: { code: 'x', message: '' } }, '2025-06-18', []);
    wrong({ jsonrpc: '2.0', id: 1, error: { code: -32022, message: 'x' } }, '2026-07-28', []);
  });

  test('knows the Tasks extension by its own schema', () => {
    const task = { taskId: 't', status: 'working', createdAt: '2026-01-01T00:00:00Z', lastUpdatedAt: '2026-01-01T00:00:00Z', ttlMs: 1000 };
    const modern = (resultType, more) => response({ resultType, ...more });
    clean(modern('task', task), '2026-07-28', ['tools/call']);
    clean(modern('complete', task), '2026-07-28', ['tasks/get']);
    wrong(modern('task', { ...task, status: 'lost' }), '2026-07-28', ['tools/call']);
    wrong(modern('complete', { ...task, status: 'completed' }), '2026-07-28', ['tasks/get']);
    const told = { jsonrpc: '2.0', method: 'notifications/tasks', params: task };
    clean(told, '2026-07-28', []);
    wrong({ ...told, params: { ...task, taskId: 7 } }, '2026-07-28', []);
    wrong(told, '2025-11-25', []);
  });

  test('follows both eras over stdio', () => {
    const early = '{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"x"}}';
    const hello = '{"jsonrpc":"2.0","id":1,"result":{"protocolVersion":"2025-11-25"}}';
    const meta = { _meta: { 'io.modelcontextprotocol/protocolVersion': '2026-07-28' } };
    const stdin = ['{', JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize' }), JSON.stringify({ jsonrpc: '2.0', id: 2, method: 'server/discover', params: meta })];
    const stdout = [early, hello, '{"jsonrpc":"2.0","id":2,"result":{}}', 'nonsense', '{"cut'];
    const found = [...server_messages(exchanges_over_stdio({ stdin: stdin.join('\n'), stdout: stdout.join('\n') }))];
    assert.deepEqual(found.map((m) => m.revision), ['2025-03-26', '2025-11-25', '2026-07-28', '2025-11-25']);
    assert.deepEqual(found.map((m) => m.methods), [[], ['initialize'], ['server/discover'], []]);
    assert.equal(found[3].message, undefined);
  });

  test('follows a session over both transports', () => {
    const post = (target, body, answer = {}) => ({ method: 'POST', target, headers: {}, body: JSON.stringify(body), status: 200, type: 'application/json', text: '', ...answer });
    const ask = (id, method) => ({ jsonrpc: '2.0', id, method });
    const initialized = JSON.stringify({ jsonrpc: '2.0', id: 1, result: { protocolVersion: '2025-06-18' } });
    const listed = JSON.stringify({ jsonrpc: '2.0', id: 2, result: { tools: [] } });
    const over_sse = [
      { method: 'GET', target: '/sse', headers: {}, body: '', status: 200, type: 'text/event-stream',
        text: `event: endpoint\ndata: /messages?sessionId=s\n\ndata: ${initialized}\n\n: beat\n\ndata: ${listed}\n\ndata: {"cut` },
      post('/messages?sessionId=s', ask(1, 'initialize'), { type: 'text/plain' }),
      post('/messages?sessionId=s', ask(2, 'tools/list'), { type: 'text/plain' }),
    ];
    const streamable = [
      post('/mcp', ask(1, 'initialize'), { session: 's', text: initialized }),
      { ...post('/mcp', ask(2, 'tools/list'), { text: listed }), headers: { 'mcp-session-id': 's' } },
    ];
    for (const exchanges of [over_sse, streamable]) {
      const found = [...server_messages(exchanges)];
      assert.deepEqual(found.map((m) => m.revision), ['2025-06-18', '2025-06-18']);
      assert.deepEqual(found.map((m) => m.methods), [['initialize'], ['tools/list']]);
    }
  });
});
