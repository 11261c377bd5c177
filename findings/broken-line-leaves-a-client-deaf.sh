#!/usr/bin/env bash
# The line to the proxy breaks: behind nginx a client hears again in a second, behind Apache, h2o or http-proxy never.
#
# Versions: @modelcontextprotocol/sdk 1.32.2, @modelcontextprotocol/client 2.4.0, server 2.4.0 and node 2.1.2,
#   http-proxy 1.18.1, http-proxy-3 1.23.3 (npm); nginx 1.22.1, apache2 2.4.71, h2o 2.2.5 (Debian 12).
# Guess before running: a client that asks for the stream of its session again gets it, with Last-Event-ID or without;
#   the stream that lost its client is given up for the new one. After a first run with a relay that keeps silent it
#   was known that the server refuses; guessed was then: so behind all proxies that do not notice at once that a
#   client has gone, and behind http-proxy.
# Seen: so it is. The server believes that its old stream still has a reader, and answers 409, which the standard does
#   not know there (MCP 2025-11-25, Streamable HTTP: a stream or 405; a client may have several). Each client asks
#   twice, within three seconds, and never again. Calls work, so nobody sees it: what the server says by itself
#   (list_changed, log messages) is lost from then on. An event store, made for broken lines, does not help when it has
#   the optional `getStreamIdForEventId`, for which the server looks whether the stream is taken; one without it lets
#   the client have the stream, and nothing is lost (not guessed).
#   Apache and h2o notice when they have something to write. A heartbeat of 300 ms is soon enough; with that of 15 s,
#   which the SDKs have, the client has given up long before. http-proxy never tells the server that a client has
#   gone, however much it sends (not guessed); http-proxy-3 does at once.
# Touches: clients on a bad network, and servers with sessions behind such a proxy. A line that goes silent, without a
#   word that it broke, does the same behind nginx. A server that lets the new stream take the place of the old one
#   has no such trouble.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
timeout 300 npm install --prefix "$work" --silent --ignore-scripts --no-audit --no-fund \
  @modelcontextprotocol/sdk@1.32.2 @modelcontextprotocol/client@2.4.0 @modelcontextprotocol/server@2.4.0 \
  @modelcontextprotocol/node@2.1.2 http-proxy@1.18.1 http-proxy-3@1.23.3
timeout 300 apt-get -qq -o APT::Sandbox::User=root download nginx apache2-bin libapr1 libaprutil1 h2o libyaml-0-2
for package in *.deb; do dpkg -x "$package" root; done
export LD_LIBRARY_PATH=$work/root/usr/lib/x86_64-linux-gnu PATH=$work/root/usr/sbin:$work/root/usr/bin:$PATH
nginx -v 2>&1 | grep -F nginx/1.22.1
apache2 -v | grep -F Apache/2.4.71
h2o --version | grep -F 'version 2.2.5'

cat > check.mjs <<'JS'
import fs from 'node:fs'
import http from 'node:http'
import net from 'node:net'
import { randomUUID } from 'node:crypto'
import { spawn } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client as Client2, StreamableHTTPClientTransport as ClientTransport2 } from '@modelcontextprotocol/client'
import { NodeStreamableHTTPServerTransport as ServerTransport2 } from '@modelcontextprotocol/node'
import { Client as Client1 } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport as ClientTransport1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { McpServer as Server1 } from '@modelcontextprotocol/sdk/server/mcp.js'
import { StreamableHTTPServerTransport as ServerTransport1 } from '@modelcontextprotocol/sdk/server/streamableHttp.js'
import { McpServer as Server2 } from '@modelcontextprotocol/server'
import httpProxy from 'http-proxy'
import { createProxyServer } from 'http-proxy-3'

const listen = s => new Promise(r => s.listen(0, '127.0.0.1', () => r(s.address().port)))
const free = async () => {
  const s = net.createServer()
  const port = await listen(s)
  await new Promise(r => s.close(r))
  return port
}
const reachable = port => new Promise(r => {
  net.connect(port, '127.0.0.1', function () { this.destroy(); r(true) }).on('error', () => r(false))
})

// An event store as the interface asks for it, and one with its optional third method.
class Store {
  events = []
  async storeEvent(stream, message) {
    const id = `event${this.events.length + 1}`
    this.events.push({ id, stream, message })
    return id
  }
  async replayEventsAfter(last, { send }) {
    const at = this.events.findIndex(({ id }) => id === last)
    const { stream } = this.events[at]
    for (const e of this.events.slice(at + 1)) if (e.stream === stream) await send(e.id, e.message)
    return stream
  }
}
class StoreThatTells extends Store {
  async getStreamIdForEventId(event) { return this.events.find(({ id }) => id === event)?.stream }
}

// All MCP servers on one port, each with a path and a session of its own.
const paths = new Map()
const inner = await listen(http.createServer((req, res) => {
  const { transport, gets } = paths.get(req.url)
  if (req.method === 'GET') gets.push(res)
  transport.handleRequest(req, res)
}))

const dir = process.cwd()
const temp = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(n => `${n}_temp_path ${dir}/${n};`).join(' ')
const modules = ['mpm_event', 'authz_core', 'proxy', 'proxy_http']
  .map(n => `LoadModule ${n}_module ${dir}/root/usr/lib/apache2/modules/mod_${n}.so\n`).join('')
const program = (configuration, command) => async () => {
  const port = await free()
  fs.writeFileSync(`${port}.conf`, configuration(port))
  const [name, ...args] = command(`${dir}/${port}.conf`)
  const child = spawn(name, args, { stdio: 'ignore' })
  process.on('exit', () => child.kill())
  for (let i = 0; i < 100; i++) {
    if (await reachable(port)) return port
    await sleep(100)
  }
  throw new Error(`${name} does not listen`)
}
const library = create => () => {
  const proxy = create({ target: `http://127.0.0.1:${inner}` })
  proxy.on('error', () => {})
  return listen(http.createServer((req, res) => proxy.web(req, res)))
}
const all = 'heard one two three four'
const deaf = 'heard one, 2 x 409'
const nginx = program(port => `daemon off; master_process off; pid ${dir}/${port}; error_log ${dir}/log; events {}
http { access_log off; ${temp} server { listen 127.0.0.1:${port}; location / {
proxy_pass http://127.0.0.1:${inner}; proxy_http_version 1.1; proxy_set_header Connection ""; } } }`,
file => ['nginx', '-e', `${dir}/log`, '-c', file])
const proxies = [
  ['no proxy', () => inner, all, all, all, all],
  ['nginx', nginx, all, all, all, all],
  ['nginx behind a line that goes silent', nginx, deaf, all, deaf, deaf],
  ['http-proxy-3', library(createProxyServer), all, all, all, all],
  ['apache2', program(port => `ServerRoot ${dir}\nServerName localhost\nDefaultRuntimeDir ${dir}\nPidFile ${dir}/${port}
ErrorLog ${dir}/log
User www-data\nGroup www-data\n${modules}Listen 127.0.0.1:${port}\nProxyPass / http://127.0.0.1:${inner}/\n`,
  file => ['apache2', '-DFOREGROUND', '-f', file]), deaf, all, deaf, all],
  ['h2o', program(port => `hosts:\n  "localhost:${port}":\n    listen: {host: 127.0.0.1, port: ${port}}\n    paths:
      "/":\n        proxy.reverse.url: "http://127.0.0.1:${inner}/"\n`, file => ['h2o', '-c', file]),
    deaf, all, deaf, all],
  ['http-proxy', library(options => httpProxy.createProxyServer(options)), deaf, all, deaf, deaf],
]
const kinds = [
  ['as it comes', () => ({})],
  ['event store', () => ({ eventStore: new Store() })],
  ['store with getStreamIdForEventId', () => ({ eventStore: new StoreThatTells() })],
  ['heartbeat of 300 ms', () => ({ keepAliveMs: 300 })],
]
const sdks = [
  ['SDK 1.x', Server1, ServerTransport1, Client1, ClientTransport1],
  ['SDK 2.x', Server2, ServerTransport2, Client2, ClientTransport2],
]

async function trial(port, silent, options, [, Server, ServerTransport, Client, ClientTransport]) {
  const transport = new ServerTransport({ sessionIdGenerator: randomUUID, ...options })
  const mcp = new Server({ name: 'finding', version: '1' }, { capabilities: { logging: {} } })
  await mcp.connect(transport)
  const path = `/${randomUUID()}`
  const gets = []
  paths.set(path, { transport, gets })

  // The line between the client and the proxy. One that goes silent does not tell the proxy that it broke.
  const ends = new Set()
  const line = await listen(net.createServer(client => {
    const proxy = net.connect(port, '127.0.0.1')
    for (const end of [client, proxy]) end.on('error', () => {})
    for (const end of silent ? [client] : [client, proxy]) ends.add(end)
    client.pipe(proxy).pipe(client)
  }))
  const client = new Client({ name: 'finding', version: '1' })
  const heard = []
  client.fallbackNotificationHandler = async ({ params }) => { heard.push(params.data) }
  client.onerror = () => {}
  await client.connect(new ClientTransport(new URL(`http://127.0.0.1:${line}${path}`)))
  const say = async data => {
    await mcp.server.sendLoggingMessage({ level: 'info', data })
    await sleep(500)
  }
  await sleep(500)
  await say('one')
  for (const end of ends) end.resetAndDestroy()
  await sleep(5000)
  await say('two')
  await say('three')
  await sleep(5000)
  await say('four')
  await client.ping()
  const refused = gets.filter(({ statusCode }) => statusCode === 409).length
  await client.close()
  return `heard ${heard.join(' ')}${refused ? `, ${refused} x 409` : ''}`
}
let bad = 0
for (const [proxy, start, ...found] of proxies) {
  const port = await start()
  const trials = kinds.flatMap(([name, options], i) => sdks.map(async sdk => {
    const seen = await trial(port, proxy.endsWith('silent'), options(), sdk)
    console.log(`${seen === found[i] ? 'as found' : 'CHANGED'}: ${proxy}, ${sdk[0]}, ${name}: ${seen}`)
    bad += seen !== found[i]
  }))
  await Promise.all(trials)
}
process.exit(bad ? 1 : 0)
JS
timeout 240 node check.mjs
