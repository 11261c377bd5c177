#!/usr/bin/env bash
# Two clients on the same parser: one resumes after an event that is only an id, the other never learns that id and asks for no resumption.
#
# Versions: eventsource 5.1.5, @modelcontextprotocol/sdk 1.32.2, @modelcontextprotocol/client 2.4.0 (npm); all three parse with
#   eventsource-parser.
# Guess before running: `id: 7` and a blank line sets the last event id (HTML standard, "event stream interpretation": the id is kept even
#   when the data is empty and no event is fired), so all of them send Last-Event-ID: 7 when they come back.
# Seen: eventsource does. The MCP clients learn ids from fired events only, and `id: 7` alone fires none: their GET stream comes back
#   without Last-Event-ID, and a tools/call whose answer was to follow on the resumed stream is never fetched: it ends in its
#   time-out. With an empty `data:` line, as MCP 2025-11-25 writes its priming event, all three resume.
# Touches: servers on event stream libraries that write no line for empty data: no answer of theirs is ever resumed.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
timeout 300 npm install --prefix "$work" --silent --ignore-scripts --no-audit --no-fund \
  eventsource@5.1.5 @modelcontextprotocol/sdk@1.32.2 @modelcontextprotocol/client@2.4.0

cat > check.mjs <<'JS'
import http from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { EventSource } from 'eventsource'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import * as two from '@modelcontextprotocol/client'

const listen = server => new Promise(r => server.listen(0, '127.0.0.1', () => r(`http://127.0.0.1:${server.address().port}/mcp`)))
const events = (res, text) => res.writeHead(200, { 'content-type': 'text/event-stream' }).end(text)

async function plain(prime) {
  const ids = []
  const server = http.createServer((req, res) => {
    ids.push(req.headers['last-event-id'] ?? 'none')
    if (ids.length > 1) return res.writeHead(204).end()
    events(res, prime)
  })
  const source = new EventSource(await listen(server))
  for (let i = 0; i < 100 && ids.length < 2; i++) await sleep(50)
  source.close()
  server.close()
  server.closeAllConnections()
  return `came back with ${ids[1] ?? 'nothing'}`
}
async function mcp(C, T, prime) {
  let call
  const server = http.createServer(async (req, res) => {
    if (req.method === 'GET') {
      if (req.headers['last-event-id'] !== '7') return res.writeHead(405).end()
      return events(res, `data: ${JSON.stringify({ jsonrpc: '2.0', id: call, result: { content: [{ type: 'text', text: 'resumed' }] } })}\n\n`)
    }
    let body = ''
    for await (const chunk of req) body += chunk
    const { id, method, params } = JSON.parse(body)
    if (id === undefined) return res.writeHead(202).end()
    if (method === 'tools/call') { call = id; return events(res, prime) }
    const result = { protocolVersion: params?.protocolVersion, capabilities: { tools: {} }, serverInfo: { name: 'finding', version: '1' } }
    const answer = method === 'initialize' ? { result } : { error: { code: -32601, message: 'unknown' } }
    res.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ jsonrpc: '2.0', id, ...answer }))
  })
  const client = new C({ name: 'finding', version: '1' })
  await client.connect(new T(new URL(await listen(server))))
  const request = { name: 'slow', arguments: {} }
  const options = { timeout: 4000 }
  let seen
  try {
    seen = (await (C === Client ? client.callTool(request, undefined, options) : client.callTool(request, options))).content[0].text
  } catch (e) { seen = /timed out/i.test(e.message) ? 'timed out' : e.message }
  await client.close()
  server.close()
  server.closeAllConnections()
  return seen
}
const bare = 'retry: 100\nid: 7\n\n'
const empty = 'retry: 100\nid: 7\ndata:\n\n'
let bad = 0
const check = (what, seen, expected) => { const ok = seen === expected; console.log(`${ok ? 'as found' : 'CHANGED'}: ${what}: ${seen}`); bad += !ok }
check('eventsource 5, id and empty data', await plain(empty), 'came back with 7')
check('eventsource 5, id alone', await plain(bare), 'came back with 7')
for (const [name, C, T] of [['sdk 1', Client, StreamableHTTPClientTransport], ['client 2', two.Client, two.StreamableHTTPClientTransport]]) {
  check(`${name}, id and empty data`, await mcp(C, T, empty), 'resumed')
  check(`${name}, id alone`, await mcp(C, T, bare), 'timed out')
}
process.exit(bad ? 1 : 0)
JS
timeout 60 node check.mjs
