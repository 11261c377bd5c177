// Clients of the command line: mcporter, mcpc and the Inspector's --cli.
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { home_with_browser, program } from '../../lib/home.mjs';

const packages = join(import.meta.dirname, '../../node_modules');

async function good(ending) {
  const { code, text, stderr } = await ending;
  assert.equal(code, 0, `${stderr}\n${text}`);
  return text;
}

const nothing = async () => {};

// Each command is a start of its own, so that there is nothing to start again.
async function mcporter(url, folder) {
  const home = home_with_browser(folder);
  mkdirSync(join(folder, 'config'), { recursive: true });
  const mcpServers = { it: { url, auth: 'oauth' } };
  writeFileSync(join(folder, 'config/mcporter.json'), JSON.stringify({ mcpServers, imports: [] }));
  const ask = program(home, join(packages, 'mcporter/dist/cli.js'));
  const log_in = () => good(ask('auth', 'it'));
  await log_in();
  const words = (args) => Object.entries(args).map(([name, value]) => `${name}=${value}`);
  return { call: (tool, args) => good(ask('call', `it.${tool}`, ...words(args))), log_in, close: nothing };
}

async function mcpc(url, folder) {
  const home = home_with_browser(folder);
  home.env.NODE_OPTIONS = `${process.env.NODE_OPTIONS ?? ''} --import=file://${join(import.meta.dirname, '../../lib/patient.mjs')}`;
  const ask = program(home, join(packages, '@apify/mcpc/bin/mcpc'));
  await good(ask('login', url));
  await good(ask('--json', 'connect', url, '@it'));
  const words = (args) => Object.entries(args).map(([name, value]) => `${name}:=${value}`);
  const restart = () => good(ask('@it', 'restart'));
  return {
    call: async (tool, args) => JSON.parse(await good(ask('--json', '@it', 'tools-call', tool, ...words(args)))).content[0].text,
    restart,
    async log_in() {
      await good(ask('login', url));
      await restart();
    },
    close: () => ask('close', '@it'),
  };
}

async function inspector(url, folder) {
  const home = home_with_browser(folder);
  // It has no terminal to ask at, and no keychain: without one it forgets its login with every command.
  Object.assign(home.env, { MCP_AUTO_OPEN_ENABLED: 'true', MCP_INSPECTOR_SECRET_STORE: 'file' });
  const ask = program(home, join(packages, '@modelcontextprotocol/inspector/clients/launcher/build/index.js'));
  const target = ['--cli', '--server-url', url, '--transport', 'http', '--format', 'json'];
  const call = async (tool, args) => {
    const text = await good(ask(...target, '--method', 'tools/call', '--tool-name', tool, '--tool-args-json', JSON.stringify(args)));
    return JSON.parse(text).result.content[0].text;
  };
  await call('echo', { message: 'the first call logs in' });
  return { call, close: nothing };
}

const commands = { mcporter, mcpc, inspector };

export const start = (url, folder, name) => commands[name](url, folder);
