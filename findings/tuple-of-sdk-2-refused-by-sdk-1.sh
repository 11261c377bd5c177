#!/usr/bin/env bash
# A tool of the official SDK 2.x returns a pair of numbers as it declared: the official SDK 1.x refuses the result.
#
# Versions: @modelcontextprotocol/server 2.4.0, node 2.1.2, client 2.4.0, zod 4.6.7; @modelcontextprotocol/sdk 1.32.2
#   (npm).
# Guess before running: SDK 2.x lists z.tuple([number, number]) as JSON Schema 2020-12, prefixItems and items: false; SDK 1.x, whose Ajv is
#   that of draft-07, takes `items: false` for "no element at all".
# Seen: SDK 1.x refuses it, although `$schema` says 2020-12: "data/at/0 boolean schema is false". Where the tuple has a rest, numbers and then
#   words, the numbers are to be words: "data/at/0 must be string" (not guessed). An array of numbers passes.
#   MCP 2025-11-25 (Basic, JSON Schema Usage), the revision spoken here, makes 2020-12 the dialect that all MUST support.
# Touches: servers that move to SDK 2.x or zod 4 while clients stay on SDK 1.x: coordinates, ranges, pairs of name and value. The server's own
#   tests, with its own generation, are green, and the client reports a fault of the server.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
timeout 300 npm install --prefix "$work" --silent --ignore-scripts --no-audit --no-fund @modelcontextprotocol/server@2.4.0 \
  @modelcontextprotocol/node@2.1.2 @modelcontextprotocol/client@2.4.0 @modelcontextprotocol/sdk@1.32.2 zod@4.6.7

cat > check.mjs <<'JS'
import http from 'node:http'
import { McpServer, createMcpHandler } from '@modelcontextprotocol/server'
import { toNodeHandler } from '@modelcontextprotocol/node'
import * as two from '@modelcontextprotocol/client'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { z } from 'zod'

// The same values, declared as what they are, and as what both drafts say in the same words.
const tools = {
  pair: [z.tuple([z.number(), z.number()]), [1, 2]],
  rest: [z.tuple([z.number(), z.number()]).rest(z.string()), [1, 2, 'km']],
  array: [z.array(z.number()).min(2).max(2), [1, 2]],
}
const server = http.createServer(toNodeHandler(createMcpHandler(() => {
  const mcp = new McpServer({ name: 'finding', version: '1' })
  for (const [name, [at, value]] of Object.entries(tools)) {
    const structuredContent = { at: value }
    mcp.registerTool(name, { inputSchema: z.object({}), outputSchema: z.object({ at }) }, async () => (
      { content: [{ type: 'text', text: JSON.stringify(structuredContent) }], structuredContent }))
  }
  return mcp
})))
await new Promise(r => server.listen(0, '127.0.0.1', r))
const url = `http://127.0.0.1:${server.address().port}/mcp`

const official = async (C, T) => {
  const client = new C({ name: 'finding', version: '1' })
  await client.connect(new T(new URL(url)))
  const listed = (await client.listTools()).tools
  if (!listed.every(tool => tool.outputSchema.$schema.endsWith('/2020-12/schema'))) throw new Error('another dialect is listed')
  return name => client.callTool({ name, arguments: {} })
}
const clients = {
  'client 2': () => official(two.Client, two.StreamableHTTPClientTransport),
  'sdk 1': () => official(Client, StreamableHTTPClientTransport),
}
const mismatch = "Structured content does not match the tool's output schema: "
const refused = {
  pair: `${mismatch}data/at/0 boolean schema is false, data/at/1 boolean schema is false`,
  rest: `${mismatch}data/at/0 must be string, data/at/1 must be string`,
}
let bad = 0
for (const [client, connect] of Object.entries(clients)) {
  const call = await connect()
  for (const name of Object.keys(tools)) {
    const seen = await call(name).then(({ structuredContent }) => JSON.stringify(structuredContent), error => error.message)
    const expected = (client === 'sdk 1' && refused[name]) || JSON.stringify({ at: tools[name][1] })
    const ok = seen.endsWith(expected)
    console.log(`${ok ? 'as found' : 'CHANGED'}: ${client}, ${name}: ${seen}`)
    bad += !ok
  }
}
process.exit(bad ? 1 : 0)
JS
timeout 60 node check.mjs
