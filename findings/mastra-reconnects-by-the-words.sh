#!/usr/bin/env bash
# Mastra's MCP client opens a new session after a 404 when the body happens to say "HTTP 404", and stays dead when it does not.
#
# Versions: @mastra/mcp 2.0.0, which brings @modelcontextprotocol/client 2.4.0 (npm).
# Guess before its source was read: it opens a new session after any 404, and repeats the call once. (The source was read before this
#   was run, and said otherwise.)
# Seen: it looks for these words in the message of the error, and the SDK below it writes "Error POSTing to endpoint: " and the body
#   of the answer. So "session not found", with or without JSON-RPC around it, is an error for this call and every one after it,
#   as the old session id is sent for ever; the same 404 with "HTTP 404" in its body is a new session and an answer. A 500 whose body
#   says "HTTP 404" is one as well: it is the words that are read, and not the status.
# Touches: whoever restarts an MCP server that keeps sessions (MCP 2025-11-25, Session Management 4: on 404 the client MUST start a new
#   session): agents on Mastra need a restart themselves, unless the server's or a proxy's page says the words.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
timeout 300 npm install --prefix "$work" --silent --ignore-scripts --no-audit --no-fund @mastra/mcp@2.0.0 @modelcontextprotocol/client@2.4.0

cat > check.mjs <<'JS'
import http from 'node:http'
import { MCPClient } from '@mastra/mcp'

let lost, session, sessions
const error = text => JSON.stringify({ jsonrpc: '2.0', id: null, error: { code: -32001, message: text } })
const server = http.createServer(async (req, res) => {
  let body = ''
  for await (const chunk of req) body += chunk
  if (req.method !== 'POST') return res.writeHead(405).end()
  const { id, method } = JSON.parse(body)
  const json = (value, headers) => {
    res.writeHead(200, { 'content-type': 'application/json', ...headers }).end(JSON.stringify({ jsonrpc: '2.0', id, ...value }))
  }
  if (method === 'initialize') {
    session = `session-${++sessions}`
    const result = { protocolVersion: '2025-11-25', capabilities: { tools: {} }, serverInfo: { name: 'finding', version: '1' } }
    return json({ result }, { 'mcp-session-id': session })
  }
  const named = req.headers['mcp-session-id']
  if (named === undefined) return json({ error: { code: -32601, message: 'unknown' } })
  if (named !== session) {
    const type = lost.body.startsWith('{') ? 'application/json' : 'text/plain'
    return res.writeHead(lost.status, { 'content-type': type }).end(lost.body)
  }
  if (id === undefined) return res.writeHead(202).end()
  if (method === 'tools/list') return json({ result: { tools: [{ name: 'work', inputSchema: { type: 'object' } }] } })
  json({ result: { content: [{ type: 'text', text: 'done' }] } })
})
await new Promise(r => server.listen(0, '127.0.0.1', r))
const url = new URL(`http://127.0.0.1:${server.address().port}/mcp`)
for (const level of ['info', 'warn', 'error', 'debug']) console[level] = () => {}

// Two calls after the server has forgotten its sessions.
async function after(how, name) {
  lost = how
  sessions = 0
  const client = new MCPClient({ id: name, servers: { it: { url } } })
  const { it } = await client.listToolsets()
  const call = async () => {
    try {
      const result = await it.work.execute({}, {})
      return JSON.stringify(result).includes('done') ? 'answered' : 'an error'
    } catch { return 'an error' }
  }
  if (await call() !== 'answered') throw new Error('the first call failed')
  session = 'another'
  const seen = [await call(), await call()]
  const anew = sessions - 1
  await client.disconnect()
  return `${seen.join(', then ')}, ${anew} new session${anew === 1 ? '' : 's'}`
}
const dead = 'an error, then an error, 0 new sessions'
const alive = 'answered, then answered, 1 new session'
const cases = [
  ['404, text', { status: 404, body: 'session not found' }, dead],
  ['404, JSON-RPC error', { status: 404, body: error('Session not found') }, dead],
  ['404, empty', { status: 404, body: '' }, dead],
  ['404, "HTTP 404" in the text', { status: 404, body: 'HTTP 404: session not found' }, alive],
  ['500, "HTTP 404" in the text', { status: 500, body: 'HTTP 404: session not found' }, alive],
]
let bad = 0
for (const [name, how, expected] of cases) {
  const seen = await after(how, name)
  console.log(`${seen === expected ? 'as found' : 'CHANGED'}: ${name}: ${seen}`)
  bad += seen !== expected
}
process.exit(bad ? 1 : 0)
JS
timeout 100 node check.mjs
