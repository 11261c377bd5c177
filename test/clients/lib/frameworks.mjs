// MCP clients that agent frameworks bring along, behind one face. All begin with the MCP URL and the
// provider that an application gives them.
import assert from 'node:assert/strict';

import { auth as ai_sdk_auth, createMCPClient } from '@ai-sdk/mcp';
import { MultiServerMCPClient } from '@langchain/mcp-adapters';
import { MCPClient } from '@mastra/mcp';
import { auth as auth2 } from '@modelcontextprotocol/client';
import { auth as auth1 } from '@modelcontextprotocol/sdk/client/auth.js';
import { MCPServerStreamableHttp } from '@openai/agents-core';

import { memory_provider } from './oauth.mjs';
import { recorder } from './recorder.mjs';

const text_in = (content) => content.map((item) => item.text).join('');

// Some give structured content alone where there is any.
const text_of = (result) => (result.content ? text_in(result.content) : JSON.stringify(result));

const parameters_of = (url, { callback }, fetchFn) => ({
  serverUrl: url,
  authorizationCode: callback.searchParams.get('code'),
  iss: callback.searchParams.get('iss'),
  fetchFn,
});

// connect(url, authProvider, fetch) → { list(), call(name, args), close() }, or fails when a person is needed;
// finish(url, authProvider, fetch) is what follows when that person has approved.
export const ai_sdk = {
  name: '@ai-sdk/mcp',
  async connect(url, authProvider, fetch) {
    const client = await createMCPClient({ transport: { type: 'http', url, authProvider, fetch } });
    return {
      list: async () => (await client.listTools()).tools.map((tool) => tool.name),
      call: async (name, args) => {
        const tools = await client.tools();
        return text_of(await tools[name].execute(args, { toolCallId: name, messages: [] }));
      },
      close: () => client.close(),
    };
  },
  finish: (url, provider, fetch) =>
    ai_sdk_auth(provider, {
      ...parameters_of(url, provider, fetch),
      callbackState: provider.callback.searchParams.get('state'),
    }),
};

export const openai_agents = {
  name: '@openai/agents-core',
  async connect(url, authProvider, fetch) {
    const server = new MCPServerStreamableHttp({ url, name: 'tollgate', authProvider, fetch });
    await server.connect();
    return {
      list: async () => (await server.listTools()).map((tool) => tool.name),
      call: async (name, args) => text_in(await server.callTool(name, args)),
      close: () => server.close(),
    };
  },
  finish: (url, provider, fetch) => auth2(provider, parameters_of(url, provider, fetch)),
};

export const mastra = {
  name: '@mastra/mcp',
  async connect(url, authProvider, fetch) {
    const id = `tollgate-${Math.random()}`;
    const client = new MCPClient({ id, servers: { it: { url: new URL(url), authProvider, fetch } } });
    const { toolsets, errors } = await client.listToolsetsWithErrors();
    if (errors.it) {
      await client.disconnect();
      throw new Error(errors.it);
    }
    return {
      list: async () => Object.keys(toolsets.it),
      call: async (name, args) => text_of(await toolsets.it[name].execute(args, {})),
      close: () => client.disconnect(),
    };
  },
  finish: (url, provider, fetch) => auth2(provider, parameters_of(url, provider, fetch)),
};

const text_from = (answer) => (typeof answer === 'string' ? answer : answer.text);

export const langchain = {
  name: '@langchain/mcp-adapters',
  // It asks with the fetch of the process.
  async connect(url, authProvider) {
    const client = new MultiServerMCPClient({ mcpServers: { it: { url, transport: 'http', authProvider } } });
    const tools = await client.getTools();
    return {
      list: async () => tools.map((tool) => tool.name),
      call: async (name, args) => text_from(await tools.find((tool) => tool.name === name).invoke(args)),
      close: () => client.close(),
    };
  },
  finish: (url, provider) => auth1(provider, parameters_of(url, provider)),
};

// Logged in and connected: { list, call, close, provider, wire }. Whatever it asks goes by `ask`.
export async function logged_in(t, framework, url, ask = fetch) {
  const provider = new memory_provider();
  const wire = recorder(ask);
  if (framework === langchain) {
    t.mock.method(globalThis, 'fetch', wire.fetch);
  }
  await assert.rejects(async () => {
    const client = await framework.connect(url, provider, wire.fetch);
    await client.close();
  });
  assert.equal(provider.authorizations, 1, 'nobody was asked to approve');
  await framework.finish(url, provider, wire.fetch);
  const client = await framework.connect(url, provider, wire.fetch);
  t.after(() => client.close());
  return { ...client, provider, wire };
}
