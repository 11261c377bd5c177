#!/usr/bin/env bash
# "Come back in thirty days", said with the retry field of an event stream, means "come back now".
#
# Versions: eventsource 5.1.5, @modelcontextprotocol/sdk 1.32.2, @modelcontextprotocol/client 2.4.0 (npm), each on Node's timers.
# Guess before running: a retry of 2592000000 ms (digits only, which is all the HTML standard asks) is waited for, or is cut to
#   some upper limit.
# Seen: setTimeout holds 31 bits of milliseconds, 24.8 days; a longer wait becomes 1 ms, with a TimeoutOverflowWarning on
#   stderr only. All three clients are back in a moment. A retry of 24 days is kept: none of them is back within the second.
# Touches: servers that send a very long retry to keep clients away while they are closed get the very opposite; so does
#   everything that hands "seconds until" from a server (expires_in, Retry-After) to setTimeout.
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

const mcp = (C, T) => async url => {
  const client = new C({ name: 'finding', version: '1' })
  await client.connect(new T(new URL(url)))
  return () => client.close()
}
const clients = {
  'eventsource 5': async url => { const source = new EventSource(url); return () => source.close() },
  'sdk 1': mcp(Client, StreamableHTTPClientTransport),
  'client 2': mcp(two.Client, two.StreamableHTTPClientTransport),
}

// How often a client asks for the stream: until it has come back, or for a second. The third time it is told to stay away.
async function visits(connect, retry) {
  let count = 0
  const server = http.createServer(async (req, res) => {
    if (req.method === 'GET') {
      if (++count > 2) return res.writeHead(req.headers['mcp-protocol-version'] ? 405 : 204).end()
      return res.writeHead(200, { 'content-type': 'text/event-stream' }).end(`retry: ${retry}\nid: 1\ndata:\n\n`)
    }
    let body = ''
    for await (const chunk of req) body += chunk
    const { id, method, params } = body ? JSON.parse(body) : {}
    if (id === undefined) return res.writeHead(202).end()
    const result = { protocolVersion: params?.protocolVersion, capabilities: {}, serverInfo: { name: 'finding', version: '1' } }
    const answer = method === 'initialize' ? { result } : { error: { code: -32601, message: 'unknown' } }
    res.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ jsonrpc: '2.0', id, ...answer }))
  })
  await new Promise(r => server.listen(0, '127.0.0.1', r))
  const close = await connect(`http://127.0.0.1:${server.address().port}/mcp`)
  for (let i = 0; i < 100 && count < 1; i++) await sleep(50)
  for (let i = 0; i < 20 && count < 2; i++) await sleep(50)
  await close()
  server.close()
  server.closeAllConnections()
  return count
}

const day = 24 * 3600 * 1000
let bad = 0
const check = (what, ok) => { console.log(`${ok ? 'as found' : 'CHANGED'}: ${what}`); bad += !ok }
for (const [name, connect] of Object.entries(clients)) {
  check(`${name}: told to wait 24 days, it stays away`, await visits(connect, 24 * day) === 1)
  check(`${name}: told to wait 30 days, it is back within a second`, await visits(connect, 30 * day) >= 2)
}
process.exit(bad ? 1 : 0)
JS
timeout 60 node check.mjs
