#!/usr/bin/env bash
# One resource whose lastModified is a day, not a second, and the whole list is refused.
#
# Versions: @modelcontextprotocol/sdk 1.32.2, @modelcontextprotocol/client 2.4.0 (npm).
# Guess before running: an annotation is a hint (the specification's word), so one that a client does not like costs at most that hint.
# Seen: the specification asks for "an ISO 8601 formatted string". Both clients only know the profile with date, time, seconds and
#   Z or a full offset: 2025-01-12 (a date of ISO 8601), 2025-01-12T15:00Z (no seconds), …+01 (hours only) and 20250112T150058Z
#   (basic format) make resources/list fail as a whole, with the good resource in it; tools/call loses its text in the same way.
# Touches: servers over file systems, wikis and calendars, where a day is all that is known; the tool has run by the time its result is
#   refused.
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

let lastModified
let ran = 0
const results = {
  initialize: p => ({ protocolVersion: p.protocolVersion, capabilities: { resources: {}, tools: {} }, serverInfo: { name: 'finding', version: '1' } }),
  'resources/list': () => ({ resources: [{ uri: 'doc://plain', name: 'plain' }, { uri: 'doc://dated', name: 'dated', annotations: { lastModified } }] }),
  'tools/call': () => { ran++; return { content: [{ type: 'text', text: 'written', annotations: { lastModified } }] } },
}
const server = http.createServer(async (req, res) => {
  if (req.method !== 'POST') return res.writeHead(405).end()
  let body = ''
  for await (const chunk of req) body += chunk
  const { id, method, params } = JSON.parse(body)
  if (id === undefined) return res.writeHead(202).end()
  const answer = results[method] ? { result: results[method](params) } : { error: { code: -32601, message: 'unknown' } }
  res.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ jsonrpc: '2.0', id, ...answer }))
})
await new Promise(r => server.listen(0, '127.0.0.1', r))
const url = new URL(`http://127.0.0.1:${server.address().port}/mcp`)

const tried = async f => { try { return await f() } catch (e) { return /invalid_format/.test(e.message) ? 'refused' : e.message } }
let bad = 0
const check = (what, seen, expected) => { const ok = seen === expected; console.log(`${ok ? 'as found' : 'CHANGED'}: ${what}: ${seen}`); bad += !ok }
for (const [name, C, T] of [['sdk 1', Client, StreamableHTTPClientTransport], ['client 2', two.Client, two.StreamableHTTPClientTransport]]) {
  const client = new C({ name: 'finding', version: '1' })
  await client.connect(new T(url))
  for (const [value, fine] of [
    ['2025-01-12T15:00:58Z', true], ['2025-01-12T15:00:58.5+01:00', true],
    ['2025-01-12', false], ['2025-01-12T15:00Z', false], ['2025-01-12T15:00:58+01', false], ['20250112T150058Z', false],
  ]) {
    lastModified = value
    const list = await tried(async () => `${(await client.listResources()).resources.length} resources`)
    check(`${name}, resources/list with ${value}`, list, fine ? '2 resources' : 'refused')
    const before = ran
    const call = await tried(async () => (await client.callTool({ name: 'write', arguments: {} })).content[0].text)
    check(`${name}, tools/call with ${value}, run ${ran - before}×`, call, fine ? 'written' : 'refused')
  }
  await client.close()
}
server.closeAllConnections()
process.exit(bad ? 1 : 0)
JS
timeout 60 node check.mjs
