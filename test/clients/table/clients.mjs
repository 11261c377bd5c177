// The clients of docs/clients.md: where each is started from, and what it is called there.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const installed = join(import.meta.dirname, '../node_modules');
const by_hand = join(import.meta.dirname, '../by-hand/node_modules');

// `each_time`: every call is a command of its own, with a session of its own.
// `slow`: its login takes several processes, one after another.
export const every_client = [
  { name: 'sdk-1', title: '`@modelcontextprotocol/sdk`', module: 'libraries', package: '@modelcontextprotocol/sdk' },
  { name: 'client-2', title: '`@modelcontextprotocol/client`', module: 'libraries', package: '@modelcontextprotocol/client' },
  { name: 'ai-sdk', title: '`@ai-sdk/mcp`', module: 'libraries', package: '@ai-sdk/mcp' },
  { name: 'openai-agents', title: '`@openai/agents-core`', module: 'libraries', package: '@openai/agents-core' },
  { name: 'mastra', title: '`@mastra/mcp`', module: 'libraries', package: '@mastra/mcp' },
  { name: 'langchain', title: '`@langchain/mcp-adapters`', module: 'libraries', package: '@langchain/mcp-adapters' },
  { name: 'mcp-remote', title: '`mcp-remote`', module: 'mcp_remote', package: 'mcp-remote' },
  { name: 'mcporter', title: '`mcporter`', module: 'commands', package: 'mcporter', slow: true, each_time: true },
  { name: 'mcpc', title: '`mcpc`', module: 'commands', package: '@apify/mcpc', slow: true },
  { name: 'inspector', title: 'Inspector `--cli`', module: 'commands', package: '@modelcontextprotocol/inspector', slow: true, each_time: true },
  { name: 'gemini', title: 'Gemini CLI (core)', module: 'gemini', package: '@google/gemini-cli-core', folder: by_hand, slow: true },
  { name: 'codex', title: 'Codex (app server)', module: 'codex', package: '@openai/codex', folder: by_hand, slow: true },
];

const package_of = ({ folder = installed, package: name }) => join(folder, name, 'package.json');

export const is_installed = (client) => existsSync(package_of(client));
export const version_of = (client) => JSON.parse(readFileSync(package_of(client), 'utf8')).version;
