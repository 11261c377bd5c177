#!/usr/bin/env bash
# One AbortSignal for several calls, aborted during the last: each call that was answered before is cancelled as well.
#
# Version: @modelcontextprotocol/sdk 1.32.2 and @modelcontextprotocol/client 2.4.0 (npm).
# Guess before running: neither tells the server anything of calls that have been answered; SDK 1.x may keep its listeners.
# Seen: SDK 1.x keeps them, and when the signal is aborted it sends notifications/cancelled for every call that the signal was
#   given to, oldest first: 21 of them for one call that runs. Node warns of a leak from the 11th call on. SDK 2.x sends one.
#   The standard: a cancellation MUST only name a request that is believed to be still in progress (MCP 2025-11-25, Cancellation,
#   Behavior Requirements).
# Touches: agents that have one "stop" for a whole run; gateways that give requests other ids, where an old id may be a new call's;
#   servers that count cancellations.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
timeout 300 npm install --prefix "$work" --silent --ignore-scripts --no-audit --no-fund \
  @modelcontextprotocol/sdk@1.32.2 @modelcontextprotocol/client@2.4.0 @modelcontextprotocol/server@2.4.0

cat > check.mjs <<'JS'
import { Client as Client1 } from '@modelcontextprotocol/sdk/client/index.js'
import { InMemoryTransport as Transport1 } from '@modelcontextprotocol/sdk/inMemory.js'
import { McpServer as Server1 } from '@modelcontextprotocol/sdk/server/mcp.js'
import { Client as Client2, InMemoryTransport as Transport2 } from '@modelcontextprotocol/client'
import { McpServer as Server2 } from '@modelcontextprotocol/server'

let bad = 0
for (const [name, Client, Transport, Server, call, expected] of [
  ['SDK 1.x', Client1, Transport1, Server1, (c, n, signal) => c.callTool({ name: n }, undefined, { signal }), 21],
  ['SDK 2.x', Client2, Transport2, Server2, (c, n, signal) => c.callTool({ name: n }, { signal }), 1],
]) {
  const server = new Server({ name: 'finding', version: '1' })
  let runs
  const running = new Promise(r => { runs = r })
  server.registerTool('quick', {}, async () => ({ content: [] }))
  server.registerTool('slow', {}, () => (runs(), new Promise(() => {})))
  const [here, there] = Transport.createLinkedPair()
  const client = new Client({ name: 'finding', version: '1' })
  await Promise.all([server.connect(there), client.connect(here)])
  const cancelled = []
  const send = here.send.bind(here)
  here.send = (message, options) => {
    if (message.method === 'notifications/cancelled') cancelled.push(message.params.requestId)
    return send(message, options)
  }
  const stop = new AbortController()
  for (let i = 0; i < 20; ++i) await call(client, 'quick', stop.signal)
  const last = call(client, 'slow', stop.signal).catch(() => {})
  await running
  stop.abort('that will do')
  await last
  await new Promise(r => setTimeout(r, 200))
  const ok = cancelled.length === expected
  console.log(`${ok ? 'as found' : 'CHANGED'}: ${name}, 20 answered calls and one that runs: cancelled ${cancelled.length} (ids ${cancelled.join(' ')})`)
  bad += !ok
}
process.exit(bad ? 1 : 0)
JS
timeout 60 node check.mjs
