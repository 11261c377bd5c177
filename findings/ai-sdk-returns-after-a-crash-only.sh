#!/usr/bin/env bash
# A server that ends a stream politely loses the AI SDK's MCP client; one that crashes gets it back, unless Caddy is polite for it.
#
# Versions: @ai-sdk/mcp 2.0.99, beside it @modelcontextprotocol/client 2.4.0 (npm); caddy 2.6.2 (Debian 12).
# Guess before its source was read: it comes back with Last-Event-ID after an end as after a break, for the GET stream and for that of a
#   call that has no answer yet. (The source of its GET was read before the run, and said otherwise.)
# Seen: after an orderly end of its GET stream it never asks again; after a broken one it does, a second later, with Last-Event-ID.
#   Behind Caddy, which makes an end of a break, it is deaf after the server's crash as well. The stream of a call it never asks for
#   again. MCP 2025-11-25 lets a server end each stream after an event with an id, so that the client polls, and this
#   very client takes 2025-11-25. The other client comes back from all three, and has the answer of its call.
# Touches: servers that end streams to spare connections, that restart, or stand behind Caddy: what they ask by the GET stream
#   (elicitation) reaches nobody, and nothing is reported. Tests of resumption that only cut the line see nothing of it.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
timeout 300 npm install --prefix "$work" --silent --ignore-scripts --no-audit --no-fund @ai-sdk/mcp@2.0.99 @modelcontextprotocol/client@2.4.0
timeout 120 apt-get -qq -o APT::Sandbox::User=root download caddy
dpkg -x caddy_*.deb root
export XDG_DATA_HOME=$work XDG_CONFIG_HOME=$work HOME=$work
root/usr/bin/caddy version | grep -F 2.6.2

cat > check.mjs <<'JS'
import http from 'node:http'
import fs from 'node:fs'
import net from 'node:net'
import { spawn } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { createMCPClient } from '@ai-sdk/mcp'
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'

const listen = s => new Promise(r => s.listen(0, '127.0.0.1', () => r(s.address().port)))
let over // how a stream is over: end or destroy
let gets // the Last-Event-ID of each GET
const answer = (id, rest) => JSON.stringify({ jsonrpc: '2.0', id, ...rest })
const server = http.createServer(async (req, res) => {
  const stream = text => res.writeHead(200, { 'content-type': 'text/event-stream' }).write(text)
  if (req.method === 'DELETE') return res.writeHead(200).end()
  if (req.method === 'GET') {
    const last = req.headers['last-event-id'] ?? 'none'
    gets.push(last)
    if (last.startsWith('call')) return stream(`id: done\ndata: ${answer(+last.slice(4), { result: { content: [] } })}\n\n`)
    stream('id: 1\nretry: 100\ndata:\n\n')
    return gets.length === 1 && sleep(100).then(() => res[over]())
  }
  let body = ''
  for await (const chunk of req) body += chunk
  const { id, method } = JSON.parse(body)
  if (id === undefined) return res.writeHead(202).end()
  if (method === 'tools/call') return stream(`id: call${id}\nretry: 100\ndata:\n\n`), sleep(100).then(() => res[over]())
  const results = {
    initialize: { protocolVersion: '2025-11-25', capabilities: { tools: {} }, serverInfo: { name: 'finding', version: '1' } },
    'tools/list': { tools: [{ name: 'work', inputSchema: { type: 'object' } }] },
  }
  res.writeHead(200, { 'content-type': 'application/json' })
  res.end(answer(id, results[method] ? { result: results[method] } : { error: { code: -32601, message: 'unknown' } }))
})
const inner = await listen(server)
const probe = net.createServer()
const port = await listen(probe)
await new Promise(r => probe.close(r))
fs.writeFileSync('Caddyfile', `{\n\tadmin off\n}\nhttp://127.0.0.1:${port} {\n\tbind 127.0.0.1\n\treverse_proxy 127.0.0.1:${inner}\n}\n`)
const caddy = spawn('root/usr/bin/caddy', ['run', '--adapter', 'caddyfile', '--config', 'Caddyfile'], { stdio: 'ignore' })
process.on('exit', () => caddy.kill())
for (let i = 0; ; i++) {
  try { await fetch(`http://127.0.0.1:${port}/`, { method: 'DELETE' }); break } catch (e) { if (i === 100) throw e; await sleep(50) }
}

// Each gives back how to call the tool and how to close.
const clients = {
  'ai-sdk': async url => {
    const client = await createMCPClient({ transport: { type: 'http', url }, onUncaughtError() {} })
    const { work } = await client.tools()
    return [() => work.execute({}, { messages: [], toolCallId: '1' }), () => client.close()]
  },
  'client 2': async url => {
    const client = new Client({ name: 'finding', version: '1' })
    await client.connect(new StreamableHTTPClientTransport(new URL(url)))
    return [() => client.callTool({ name: 'work' }), () => client.close()]
  },
}
const ways = { 'an end': ['end', inner], 'a break': ['destroy', inner], 'a break behind Caddy': ['destroy', port] }
const found = { 'ai-sdk': { 'an end': [false, false], 'a break': [true, false], 'a break behind Caddy': [false, false] } }
let bad = 0
for (const [name, connect] of Object.entries(clients)) {
  for (const [way, [how, at]] of Object.entries(ways)) {
    over = how
    gets = []
    const asked = async id => {
      for (let i = 0; i < 60 && !gets.some(last => id.test(last)); i++) await sleep(50)
      return gets.some(last => id.test(last))
    }
    const [call, close] = await connect(`http://127.0.0.1:${at}/mcp`)
    if (!await asked(/none/)) throw new Error(`${name} did not open a stream`)
    const stream = await asked(/^1$/)
    call().catch(() => {})
    const seen = [stream, await asked(/call/)]
    await close()
    const ok = seen.join() === (found[name]?.[way] ?? [true, true]).join()
    const words = seen.map(back => back ? 'asked for again' : 'given up')
    console.log(`${ok ? 'as found' : 'CHANGED'}: ${name}, ${way}: the GET stream is ${words[0]}, that of a call is ${words[1]}`)
    bad += !ok
  }
}
process.exit(bad ? 1 : 0)
JS
timeout 100 node check.mjs
