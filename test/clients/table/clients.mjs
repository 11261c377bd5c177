// The clients of docs/clients.md: where each is started from, and what it is called there.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const installed = join(import.meta.dirname, '../node_modules');
const by_hand = join(import.meta.dirname, '../by-hand/node_modules');

// `each_time`: every call is a command of its own, with a session of its own.
// `ahead`: how many seconds before its end it takes a token for expired.
// `way`: how it is driven, for the page.
// `slow`: its login takes several processes, one after another.
const library = { module: 'libraries', way: 'an application of ours' };
const command = { module: 'commands', slow: true };
const hand = { folder: by_hand, slow: true };

export const every_client = [
  { name: 'sdk-1', title: 'SDK 1.x', package: '@modelcontextprotocol/sdk', ...library },
  { name: 'client-2', title: 'SDK 2.x', package: '@modelcontextprotocol/client', ...library },
  { name: 'ai-sdk', title: 'AI SDK', package: '@ai-sdk/mcp', ...library },
  { name: 'openai-agents', title: 'OpenAI Agents', package: '@openai/agents-core', ...library },
  { name: 'mastra', title: 'Mastra', package: '@mastra/mcp', ...library },
  { name: 'langchain', title: 'LangChain', package: '@langchain/mcp-adapters', ...library },
  { name: 'mcp-remote', title: 'mcp-remote', package: 'mcp-remote', module: 'mcp_remote', way: 'JSON-RPC on its stdin' },
  { name: 'mcporter', title: 'mcporter', package: 'mcporter', ahead: 60, each_time: true, ...command, way: '`mcporter auth` and `call`' },
  { name: 'mcpc', title: 'mcpc', package: '@apify/mcpc', ahead: 60, ...command, way: '`mcpc login`, `connect`, `tools-call`' },
  { name: 'inspector', title: 'Inspector', package: '@modelcontextprotocol/inspector', each_time: true, ...command, way: '`--cli`, secrets in a file' },
  { name: 'gemini', title: 'Gemini CLI', package: '@google/gemini-cli-core', ahead: 300, module: 'gemini', ...hand, way: 'its core package, no model' },
  { name: 'codex', title: 'Codex', package: '@openai/codex', ahead: 30, module: 'codex', ...hand, way: '`codex app-server`, no model' },
];

const package_of = ({ folder = installed, package: name }) => join(folder, name, 'package.json');

export const is_installed = (client) => existsSync(package_of(client));
export const version_of = (client) => JSON.parse(readFileSync(package_of(client), 'utf8')).version;
