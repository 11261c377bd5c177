// Client libraries in an application of ours (../application.mjs).
import * as kinds from '../../lib/clients.mjs';
import { application } from '../application.mjs';

// One generation of the SDK, with the options that it has by itself.
function sdk(kind) {
  let transport; // the last one: what a login is handed to
  return {
    async connect(url, provider) {
      transport = new kind.Transport(new URL(url), { authProvider: provider });
      const client = kind.make();
      await client.connect(transport);
      const call = async (name, args) => kinds.text_of(await kind.call(client, { name, arguments: args }));
      return { call, close: () => client.close() };
    },
    finish: (_, provider) => kind.finish(transport, provider.callback),
  };
}

// Those of lib/frameworks.mjs, which is imported only where it is needed: it takes long.
async function framework(name) {
  const { [name]: found } = await import('../../lib/frameworks.mjs');
  return found;
}

// The tools are fetched once, as applications do.
async function ai_sdk() {
  const { createMCPClient } = await import('@ai-sdk/mcp');
  const connect = async (url, authProvider) => {
    const client = await createMCPClient({ transport: { type: 'http', url, authProvider } });
    const tools = await client.tools();
    const call = async (name, args) => {
      const { content } = await tools[name].execute(args, { toolCallId: name, messages: [] });
      return content.map((item) => item.text).join('');
    };
    return { call, close: () => client.close() };
  };
  return { ...(await framework('ai_sdk')), connect };
}

const libraries = {
  'sdk-1': () => sdk(kinds.sdk1_http),
  'client-2': () => sdk(kinds.client2_http),
  'ai-sdk': ai_sdk,
  'openai-agents': () => framework('openai_agents'),
  mastra: () => framework('mastra'),
  langchain: () => framework('langchain'),
};

export const start = async (url, folder, name) => application(await libraries[name](), url);
