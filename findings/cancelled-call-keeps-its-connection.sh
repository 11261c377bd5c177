#!/usr/bin/env bash
# A call that was given up keeps its connection for good; where six are allowed, the sixth call cannot be cancelled.
#
# Versions: @modelcontextprotocol/sdk 1.32.2, @modelcontextprotocol/client 2.4.0, server 2.4.0 and node 2.1.2,
#   @hono/mcp 0.3.2, undici 7.30.2 (npm).
# Guess before running: after notifications/cancelled the server ends the POST's stream, or the client drops it;
#   nothing is left. Thought possible: SDK 1.x leaves it open. For a client with six connections: the seventh call
#   waits until one of the six is given back.
# Seen: neither side ends it, old or new SDK, with streams as with plain JSON. A cancelled request gets no answer (MCP
#   2025-11-25, Cancellation: the receiver SHOULD NOT send one), a stream is over once its answer is sent (Streamable
#   HTTP), and a client that hung up would cancel nothing: each side keeps a rule, nobody frees what the request held
#   ("free associated resources", says the same list), and the connection stays until the client is closed. A call that
#   timed out is a cancelled one. With six connections, as a browser has for HTTP/1.1, five cancelled calls leave one,
#   the sixth call takes it, and its cancellation waits behind the call that it is to stop: it arrives when the call is
#   over (not guessed). All of them speak 2025-11-25 here; in 2026-07-28 closing the connection is what cancels.
# Touches: agents with a stop button or short timeouts that run for days: a socket for each, on both sides and in each
#   proxy between; web pages, and clients whose connections are limited: they cannot cancel, and do all that follows
#   over one connection.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
timeout 300 npm install --prefix "$work" --silent --ignore-scripts --no-audit --no-fund \
  @modelcontextprotocol/sdk@1.32.2 @modelcontextprotocol/client@2.4.0 @modelcontextprotocol/server@2.4.0 \
  @modelcontextprotocol/node@2.1.2 @hono/mcp@0.3.2 @hono/node-server@2.1.9 hono@4.13.19 undici@7.30.2

cat > check.mjs <<'JS'
import http from 'node:http'
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { StreamableHTTPTransport as HonoTransport } from '@hono/mcp'
import { getRequestListener } from '@hono/node-server'
import { Client as Client2, StreamableHTTPClientTransport as ClientTransport2 } from '@modelcontextprotocol/client'
import { NodeStreamableHTTPServerTransport as ServerTransport2 } from '@modelcontextprotocol/node'
import { Client as Client1 } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport as ClientTransport1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { McpServer as Server1 } from '@modelcontextprotocol/sdk/server/mcp.js'
import { StreamableHTTPServerTransport as ServerTransport1 } from '@modelcontextprotocol/sdk/server/streamableHttp.js'
import { McpServer as Server2 } from '@modelcontextprotocol/server'
import { Hono } from 'hono'
import { Agent, fetch } from 'undici'

// A server for one client, with a tool that takes four seconds unless it is stopped; it knows its open POSTs.
async function serverWith(Server, transport, handle) {
  const state = { open: new Set(), started: 0, stopped: 0, finished: 0 }
  const mcp = new Server({ name: 'finding', version: '1' })
  mcp.registerTool('slow', {}, async extra => {
    const signal = extra.signal ?? extra.mcpReq.signal
    state.started++
    await sleep(4000, undefined, { signal }).then(() => state.finished++, () => state.stopped++)
    return { content: [] }
  })
  await mcp.connect(transport)
  const listener = http.createServer((req, res) => {
    if (req.method === 'GET') return res.writeHead(405).end()
    state.open.add(res)
    res.on('close', () => state.open.delete(res))
    handle(req, res)
  })
  await new Promise(r => listener.listen(0, '127.0.0.1', r))
  state.url = new URL(`http://127.0.0.1:${listener.address().port}/mcp`)
  return state
}
const node = (Server, Transport, enableJsonResponse) => () => {
  const transport = new Transport({ sessionIdGenerator: randomUUID, enableJsonResponse })
  return serverWith(Server, transport, (req, res) => transport.handleRequest(req, res))
}
const hono = () => {
  const transport = new HonoTransport({ sessionIdGenerator: randomUUID })
  const app = new Hono().all('/mcp', c => transport.handleRequest(c))
  return serverWith(Server1, transport, getRequestListener(app.fetch))
}
const servers = [
  ['SDK 1.x', node(Server1, ServerTransport1, false)], ['SDK 1.x, JSON', node(Server1, ServerTransport1, true)],
  ['SDK 2.x', node(Server2, ServerTransport2, false)], ['SDK 2.x, JSON', node(Server2, ServerTransport2, true)],
  ['@hono/mcp', hono],
]
const clients = [
  ['SDK 1.x', Client1, ClientTransport1, (client, options) => client.callTool({ name: 'slow' }, undefined, options)],
  ['SDK 2.x', Client2, ClientTransport2, (client, options) => client.callTool({ name: 'slow' }, options)],
]
async function connect(Client, Transport, url, connections) {
  const dispatcher = new Agent(connections ? { connections } : {})
  const client = new Client({ name: 'finding', version: '1' })
  await client.connect(new Transport(url, { fetch: (to, init) => fetch(to, { ...init, dispatcher }) }))
  return client
}

const until = async (holds, patience = 3000) => {
  for (const end = Date.now() + patience; !holds() && Date.now() < end;) await sleep(20)
}

async function trial([serverName, start], [clientName, Client, Transport, call]) {
  // Gives a call up once the tool runs: by a signal, and every other time by a timeout.
  const giveUp = async (state, client) => {
    const { started, stopped } = state
    const stop = new AbortController()
    const given = call(client, started % 2 ? { timeout: 1000 } : { signal: stop.signal }).catch(() => {})
    await until(() => state.started > started)
    stop.abort()
    await given
    await until(() => state.stopped > stopped, 1500)
  }
  // As many connections as it likes: ten calls are given up.
  const server = await start()
  const client = await connect(Client, Transport, server.url)
  for (let i = 0; i < 10; i++) await giveUp(server, client)
  await sleep(3000)
  const { stopped } = server
  const left = server.open.size
  await client.close()
  await until(() => !server.open.size)
  const closed = server.open.size

  // Six connections: five calls are given up, then a sixth.
  const narrow = await start()
  const six = await connect(Client, Transport, narrow.url, 6)
  for (let i = 0; i < 5; i++) await giveUp(narrow, six)
  const before = narrow.stopped
  await giveUp(narrow, six)
  await until(() => narrow.finished, 5000)
  const sixth = narrow.stopped - before
  const seen = `${stopped} stopped, ${left} POSTs open 3 s later, ${closed} after close; `
    + `of six connections: ${before} stopped, then ${sixth}, and ${narrow.finished} ran to its end`
  await six.close()
  const ok = seen === '10 stopped, 10 POSTs open 3 s later, 0 after close; '
    + 'of six connections: 5 stopped, then 0, and 1 ran to its end'
  console.log(`${ok ? 'as found' : 'CHANGED'}: server ${serverName}, client ${clientName}: ${seen}`)
  return ok
}
const results = await Promise.all(servers.flatMap(server => clients.map(client => trial(server, client))))
process.exit(results.every(Boolean) ? 0 : 1)
JS
timeout 120 node check.mjs
