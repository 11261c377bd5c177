#!/usr/bin/env bash
# Behind supergateway, a client that counts its requests from 1 cancels another call than the one that it names.
#
# Versions: supergateway 4.0.0 (--streamableHttp to stdio), beside it mcp-remote 0.15.1; server of @modelcontextprotocol/sdk 1.32.2 (npm).
# Guess before running, with the gateway's source read: it numbers requests anew, from 0, but passes notifications/cancelled on as it
#   came, so that of calls 2 and 3 cancelling 2 ends 3.
# Seen: so it is. Cancelling 2 (index) stops 3 (payment) at the server; the client has no answer for the call that it still wants, and
#   gets one for the call that it gave up. With ids from 0, as the official SDK's client counts, both numberings agree by luck
#   and all is well. With strings for ids nothing is stopped. mcp-remote, in the same place, hands the ids on.
# Touches: clients on stdio in front of a remote server that do not count from 0: VS Code counts from 1 (mcpServerRequestHandler.ts).
#   A test with the official client shows nothing of it.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
timeout 300 npm install --prefix "$work" --silent --ignore-scripts --no-audit --no-fund \
  supergateway@4.0.0 mcp-remote@0.15.1 @modelcontextprotocol/sdk@1.32.2
export HOME=$work MCP_REMOTE_CONFIG_DIR=$work/config

cat > check.mjs <<'JS'
import http from 'node:http'
import { randomUUID } from 'node:crypto'
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js'

// A server with two tools that take their time, and say when they are told to stop.
const sessions = new Map()
let begun, stopped
const server = http.createServer(async (req, res) => {
  let transport = sessions.get(req.headers['mcp-session-id'])
  if (!transport) {
    if (req.method !== 'POST') return res.writeHead(404).end()
    transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID, onsessioninitialized: id => { sessions.set(id, transport) },
    })
    const mcp = new McpServer({ name: 'finding', version: '1' })
    for (const name of ['index', 'payment']) {
      mcp.registerTool(name, {}, async ({ signal }) => {
        begun.push(name)
        signal.addEventListener('abort', () => stopped.push(name))
        await sleep(2500)
        return { content: [{ type: 'text', text: name }] }
      })
    }
    await mcp.connect(transport)
  }
  await transport.handleRequest(req, res)
})
await new Promise(r => server.listen(0, '127.0.0.1', r))
const url = `http://127.0.0.1:${server.address().port}/mcp`

// A client on stdio, with the ids that it likes: calls index, then payment, and cancels index.
async function cancelled(command, ids) {
  begun = []
  stopped = []
  const child = spawn(process.execPath, command, { stdio: ['pipe', 'pipe', 'ignore'] })
  process.on('exit', () => child.kill())
  const answers = new Set()
  createInterface({ input: child.stdout }).on('line', line => { const { id } = JSON.parse(line); answers.add(id) })
  const send = message => child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)
  const until = async done => { for (let i = 0; i < 300 && !done(); i++) await sleep(50) }
  const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'finding', version: '1' } }
  send({ id: ids[0], method: 'initialize', params })
  await until(() => answers.has(ids[0]))
  send({ method: 'notifications/initialized' })
  send({ id: ids[1], method: 'tools/call', params: { name: 'index' } })
  await until(() => begun.length === 1)
  send({ id: ids[2], method: 'tools/call', params: { name: 'payment' } })
  await until(() => begun.length === 2)
  send({ method: 'notifications/cancelled', params: { requestId: ids[1], reason: 'no longer needed' } })
  await sleep(4000)
  child.stdin.end()
  child.kill()
  const answered = ['index', 'payment'].filter((_, i) => answers.has(ids[i + 1]))
  return `stopped: ${stopped.join() || 'none'}; answered: ${answered.join()}`
}
const gateways = {
  supergateway: ['node_modules/supergateway/dist/index.js', '--streamableHttp', url, '--logLevel', 'none'],
  'mcp-remote': ['node_modules/mcp-remote/dist/proxy.js', url, '--transport', 'http-only'],
}
const cases = [
  ['supergateway', [0, 1, 2], 'stopped: index; answered: payment'],
  ['supergateway', [1, 2, 3], 'stopped: payment; answered: index'],
  ['supergateway', ['a', 'b', 'c'], 'stopped: none; answered: index,payment'],
  ['mcp-remote', [1, 2, 3], 'stopped: index; answered: payment'],
]
let bad = 0
for (const [name, ids, expected] of cases) {
  const seen = await cancelled(gateways[name], ids)
  console.log(`${seen === expected ? 'as found' : 'CHANGED'}: ${name}, ids ${ids}, ${ids[1]} (index) is cancelled: ${seen}`)
  bad += seen !== expected
}
process.exit(bad ? 1 : 0)
JS
timeout 120 node check.mjs
