#!/usr/bin/env bash
# A client asks for errors only: on stdio it hears errors only, over HTTP the same server sends it everything.
#
# Versions: @modelcontextprotocol/sdk 1.32.2, @modelcontextprotocol/server 2.4.0 with client 2.4.0 and node 2.1.2,
#   fastmcp 4.20.16, zod 4.6.7 (npm).
# Guess before running: logging/setLevel (MCP 2025-11-25, Logging: "the minimum log level") rules what the server sends,
#   over HTTP as over stdio, in both SDKs. With a look at SDK 1.x, still before the run: over HTTP only where the server
#   hands the id of its session on.
# Seen: so it is, in SDK 2.x as well. A level is kept under the session that asked for it, and sendLoggingMessage() asks
#   for the level of no session, unless it is told one: over stdio there is none, and the two meet. Over HTTP, also
#   where each session has a server of its own, the level is answered with success and rules nothing. What a tool sends
#   by itself as notifications/message is never looked at, on stdio neither. SDK 2.x has `ctx.mcpReq.log`, which keeps
#   to the level (not guessed). fastmcp answers setLevel, notes the level and sends everything (not guessed).
# Touches: servers tried on stdio and run over HTTP: what is debugging to them fills the logs of others, and the context
#   of models where a host shows them what a server says. A client that wants silence has to filter by itself.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
timeout 400 npm install --prefix "$work" --silent --ignore-scripts --no-audit --no-fund \
  @modelcontextprotocol/sdk@1.32.2 @modelcontextprotocol/client@2.4.0 @modelcontextprotocol/server@2.4.0 \
  @modelcontextprotocol/node@2.1.2 fastmcp@4.20.16 zod@4.6.7

cat > server.mjs <<'JS'
import http from 'node:http'
import { randomUUID } from 'node:crypto'
import { NodeStreamableHTTPServerTransport as Http2 } from '@modelcontextprotocol/node'
import { McpServer as Server1 } from '@modelcontextprotocol/sdk/server/mcp.js'
import { StdioServerTransport as Stdio1 } from '@modelcontextprotocol/sdk/server/stdio.js'
import { StreamableHTTPServerTransport as Http1 } from '@modelcontextprotocol/sdk/server/streamableHttp.js'
import { McpServer as Server2 } from '@modelcontextprotocol/server'
import { StdioServerTransport as Stdio2 } from '@modelcontextprotocol/server/stdio'
import { FastMCP } from 'fastmcp'

// A tool that says something for debugging, in each way that its library has, and ends.
const message = data => ({ method: 'notifications/message', params: { level: 'debug', data } })
function sdk1() {
  const server = new Server1({ name: 'finding', version: '1' }, { capabilities: { logging: {} } })
  server.registerTool('work', {}, async extra => {
    await server.sendLoggingMessage({ level: 'debug', data: 'plain' })
    await server.sendLoggingMessage({ level: 'debug', data: 'with session' }, extra.sessionId)
    await extra.sendNotification(message('by itself'))
    return { content: [] }
  })
  return server
}
function sdk2() {
  const server = new Server2({ name: 'finding', version: '1' }, { capabilities: { logging: {} } })
  server.registerTool('work', {}, async ctx => {
    await server.sendLoggingMessage({ level: 'debug', data: 'plain' })
    await server.sendLoggingMessage({ level: 'debug', data: 'with session' }, ctx.sessionId)
    await ctx.mcpReq.log('debug', 'by mcpReq.log')
    await ctx.mcpReq.notify(message('by itself'))
    return { content: [] }
  })
  return server
}
const quiet = { debug() {}, error() {}, info() {}, log() {}, warn() {} }
async function fastmcp(options) {
  const server = new FastMCP({ name: 'finding', version: '1.0.0', logger: quiet })
  server.addTool({ name: 'work', execute: async (_, { log }) => { log.debug('by log'); return 'done' } })
  await server.start(options)
}
// Each session has a server of its own.
function overHttp(make, Transport, port) {
  const known = new Map()
  http.createServer(async (req, res) => {
    let transport = known.get(req.headers['mcp-session-id'])
    if (!transport) {
      const onsessioninitialized = id => { known.set(id, transport) }
      transport = new Transport({ sessionIdGenerator: randomUUID, onsessioninitialized })
      await make().connect(transport)
    }
    transport.handleRequest(req, res)
  }).listen(port, '127.0.0.1')
}
const [library, port] = process.argv.slice(2)
const httpStream = { port: Number(port), host: '127.0.0.1' }
await {
  'SDK 1.x': () => port ? overHttp(sdk1, Http1, port) : sdk1().connect(new Stdio1()),
  'SDK 2.x': () => port ? overHttp(sdk2, Http2, port) : sdk2().connect(new Stdio2()),
  fastmcp: () => fastmcp(port ? { transportType: 'httpStream', httpStream } : { transportType: 'stdio' }),
}[library]()
JS
cat > check.mjs <<'JS'
import net from 'node:net'
import { spawn } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'

const free = () => new Promise(r => {
  const s = net.createServer().listen(0, '127.0.0.1', () => { const { port } = s.address(); s.close(() => r(port)) })
})
const reachable = port => new Promise(r => {
  net.connect(port, '127.0.0.1', function () { this.destroy(); r(true) }).on('error', () => r(false))
})
async function http(library) {
  const port = await free()
  const child = spawn(process.execPath, ['server.mjs', library, port], { stdio: 'ignore' })
  process.on('exit', () => child.kill())
  while (!await reachable(port)) await sleep(100)
  return new StreamableHTTPClientTransport(new URL(`http://127.0.0.1:${port}/mcp`))
}
const stdio = library => (
  new StdioClientTransport({ command: process.execPath, args: ['server.mjs', library], stderr: 'ignore' }))

// What a client hears that asked for errors, and one that asked for everything.
async function heardAt(level, transport) {
  const client = new Client({ name: 'finding', version: '1' })
  const heard = []
  client.fallbackNotificationHandler = async ({ method, params }) => {
    if (method === 'notifications/message') heard.push(params.data.message ?? params.data)
  }
  await client.connect(transport)
  await sleep(1000) // for the stream that the client opens by itself; on it comes what belongs to no request
  await client.setLoggingLevel(level)
  await client.callTool({ name: 'work' })
  await sleep(500)
  await client.close()
  return heard.sort().join(', ') || 'nothing'
}
const all = { 'SDK 1.x': 'by itself, plain, with session', 'SDK 2.x': 'by itself, by mcpReq.log, plain, with session' }
const trials = [
  ['SDK 1.x', 'stdio', stdio, 'debug', all['SDK 1.x']],
  ['SDK 1.x', 'stdio', stdio, 'error', 'by itself'],
  ['SDK 1.x', 'HTTP', http, 'debug', all['SDK 1.x']],
  ['SDK 1.x', 'HTTP', http, 'error', 'by itself, plain'],
  ['SDK 2.x', 'stdio', stdio, 'debug', all['SDK 2.x']],
  ['SDK 2.x', 'stdio', stdio, 'error', 'by itself'],
  ['SDK 2.x', 'HTTP', http, 'debug', all['SDK 2.x']],
  ['SDK 2.x', 'HTTP', http, 'error', 'by itself, plain'],
  ['fastmcp', 'stdio', stdio, 'error', 'by log'],
  ['fastmcp', 'HTTP', http, 'error', 'by log'],
]
let bad = 0
for (const [library, name, open, level, found] of trials) {
  const seen = await heardAt(level, await open(library))
  console.log(`${seen === found ? 'as found' : 'CHANGED'}: ${library}, ${name}, level ${level}, heard: ${seen}`)
  bad += seen !== found
}
process.exit(bad ? 1 : 0)
JS
timeout 120 node check.mjs
