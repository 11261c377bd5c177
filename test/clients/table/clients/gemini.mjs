// The MCP part of Gemini CLI without its login page (../../by-hand).
import { join } from 'node:path';

import { home_with_browser } from '../../lib/home.mjs';

export async function start(url, folder) {
  Object.assign(process.env, home_with_browser(folder).env, { GEMINI_CLI_HOME: folder, GEMINI_FORCE_FILE_STORAGE: 'true' });
  process.stdin.isTTY = process.stdout.isTTY = true; // it asks its window and not the terminal
  const core = await import(join(import.meta.dirname, '../../by-hand/node_modules/@google/gemini-cli-core/dist/index.js'));
  core.coreEvents.on('consent-request', ({ onConfirm }) => onConfirm(true));
  const nothing = { getDirectories: () => [folder], onDirectoriesChanged: () => () => {} };
  const settings = { emitMcpDiagnostic: () => {}, sanitizationConfig: {}, isTrustedFolder: () => true };
  const provider = new core.MCPOAuthProvider(new core.MCPOAuthTokenStorage());
  const connect = () => core.connectToMcpServer('1', 'it', { httpUrl: url, oauth: { enabled: true } }, false, nothing, settings);
  const log_in = () => provider.authenticate('it', {}, url);
  await log_in();
  let client = await connect();
  const restart = async () => {
    await client.close().catch(() => {});
    client = await connect();
  };
  return {
    call: async (name, args) => (await client.callTool({ name, arguments: args })).content[0].text,
    restart,
    async log_in() {
      await log_in();
      await restart();
    },
    close: () => client.close(),
  };
}
