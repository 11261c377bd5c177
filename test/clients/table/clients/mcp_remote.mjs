// mcp-remote, started again in the same home folder.
import { mcp_remote } from '../../lib/mcp_remote.mjs';

export async function start(url, folder) {
  const ends = [];
  const t = { after: (end) => ends.push(end) };
  let bridge = await mcp_remote(t, url, [], folder);
  return {
    call: (tool, args) => bridge.call(tool, args),
    async restart() {
      await bridge.stop().catch(() => {});
      bridge = await mcp_remote(t, url, [], folder);
    },
    async close() {
      await bridge.stop().catch(() => {});
      for (const end of ends) end();
    },
  };
}
