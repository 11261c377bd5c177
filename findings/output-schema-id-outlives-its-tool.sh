#!/usr/bin/env bash
# A tool's output is checked with the schema that the tool had before the list changed, if both schemas have the same $id.
#
# Versions: @modelcontextprotocol/sdk 1.32.2, @modelcontextprotocol/client 2.4.0 (npm), with the Ajv that each brings.
# Guess before running: every tools/list replaces the cached validators, as a list without $id shows.
# Seen: the validators are dropped, but Ajv finds the old schema again by its $id. A result that fits the schema just listed
#   is refused by both: "Structured content does not match the tool's output schema: data must have required property 'p'".
#   Nothing but a new client object helps. Without $id the same change is followed.
# Touches: servers whose schemas carry an $id (generators like to write one) and change while a client stays connected:
#   an upgrade behind a gateway, a tool that is reloaded.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
timeout 300 npm install --prefix "$work" --silent --ignore-scripts --no-audit --no-fund \
  @modelcontextprotocol/sdk@1.32.2 @modelcontextprotocol/client@2.4.0

cat > check.mjs <<'JS'
import http from 'node:http'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import * as two from '@modelcontextprotocol/client'

let age, id
const schemas = {
  old: () => ({ ...id, type: 'object', properties: { p: { type: 'number' } }, required: ['p'] }),
  new: () => ({ ...id, type: 'object', properties: { q: { type: 'string' } }, required: ['q'] }),
}
const outputs = { old: { p: 1 }, new: { q: 'one' } }
const results = {
  initialize: p => ({ protocolVersion: p.protocolVersion, capabilities: { tools: { listChanged: true } }, serverInfo: { name: 'finding', version: '1' } }),
  'tools/list': () => ({ tools: [{ name: 'measure', inputSchema: { type: 'object' }, outputSchema: schemas[age]() }] }),
  'tools/call': () => ({ content: [], structuredContent: outputs[age] }),
}
const server = http.createServer(async (req, res) => {
  if (req.method !== 'POST') return res.writeHead(405).end()
  let body = ''
  for await (const chunk of req) body += chunk
  const message = JSON.parse(body)
  if (message.id === undefined) return res.writeHead(202).end()
  const result = results[message.method]
  const answer = result ? { result: result(message.params) } : { error: { code: -32601, message: 'unknown' } }
  res.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ jsonrpc: '2.0', id: message.id, ...answer }))
})
await new Promise(r => server.listen(0, '127.0.0.1', r))
const url = new URL(`http://127.0.0.1:${server.address().port}/mcp`)

async function call(client) {
  await client.listTools()
  try { await client.callTool({ name: 'measure', arguments: {} }); return 'accepted' } catch (e) { return e.message }
}
let bad = 0
const check = (what, ok, value) => { console.log(`${ok ? 'as found' : 'CHANGED'}: ${what}: ${value}`); bad += !ok }
for (const [name, C, T] of [['sdk 1', Client, StreamableHTTPClientTransport], ['client 2', two.Client, two.StreamableHTTPClientTransport]]) {
  const connect = async () => { const c = new C({ name: 'finding', version: '1' }); await c.connect(new T(url)); return c }
  for (const wanted of ['accepted', 'refused']) {
    id = wanted === 'refused' ? { $id: 'https://mcp.example/schemas/measure' } : {}
    const client = await connect()
    age = 'old'
    const first = await call(client)
    check(`${name}, ${id.$id ? 'with' : 'without'} $id, first schema`, first === 'accepted', first)
    age = 'new'
    const second = await call(client)
    const ok = wanted === 'accepted' ? second === 'accepted' : second.includes("must have required property 'p'")
    check(`${name}, ${id.$id ? 'with' : 'without'} $id, second schema listed, output fits it`, ok, second)
    await client.close()
  }
  const fresh = await connect()
  const again = await call(fresh)
  check(`${name}, the same output at a new client`, again === 'accepted', again)
  await fresh.close()
}
server.closeAllConnections()
process.exit(bad ? 1 : 0)
JS
timeout 60 node check.mjs
