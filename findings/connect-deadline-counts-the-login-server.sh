#!/usr/bin/env bash
# Two agent frameworks give a connect three and five seconds, count the login server's metadata in, and open the browser after the error.
#
# Versions: @openai/agents-core 0.20.0, @mastra/mcp 2.0.0, beside them @modelcontextprotocol/client 2.4.0, which both stand on (npm).
# Guess before running: metadata documents that take six seconds each are waited for by everybody, as the MCP server itself is fast.
# Seen: the first request to the MCP server is answered with 401 at once, and what follows from it (two metadata documents and a
#   registration) happens inside that request and its deadline: 5 s in openai-agents, 3 s in Mastra, 60 s in the SDK alone. Three seconds
#   for each document, and connecting fails with "Version negotiation probe timed out", which is no UnauthorizedError; the login goes
#   on behind it, and the browser opens when the application has given up already. With a longer deadline
#   (clientSessionTimeoutSeconds, connectTimeout) all is well.
# Touches: authorization servers that wake up on demand or stand behind a VPN: the message speaks of the MCP server, which was fast, and
#   an application that waits for UnauthorizedError to take the code never does.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
timeout 400 npm install --prefix "$work" --silent --ignore-scripts --no-audit --no-fund \
  @modelcontextprotocol/client@2.4.0 @openai/agents-core@0.20.0 @mastra/mcp@2.0.0

cat > check.mjs <<'JS'
import http from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { MCPServerStreamableHttp } from '@openai/agents-core'
import { MCPClient } from '@mastra/mcp'

let slow // seconds that a metadata document takes
const server = http.createServer(async (req, res) => {
  const json = (status, value, headers) => {
    res.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(value))
  }
  let body = ''
  for await (const chunk of req) body += chunk
  const [, kind] = /^\/\.well-known\/oauth-(protected-resource|authorization-server)/.exec(req.url) ?? []
  if (kind) await sleep(slow * 1000)
  if (kind === 'protected-resource') return json(200, { resource: `${base}/mcp`, authorization_servers: [base] })
  if (kind === 'authorization-server') {
    return json(200, {
      issuer: base, authorization_endpoint: `${base}/authorize`, token_endpoint: `${base}/token`, registration_endpoint: `${base}/register`,
      response_types_supported: ['code'], grant_types_supported: ['authorization_code'], code_challenge_methods_supported: ['S256'],
      token_endpoint_auth_methods_supported: ['none'],
    })
  }
  if (req.url === '/register') return json(201, { ...JSON.parse(body), client_id: 'client' })
  if (req.url !== '/mcp') return res.writeHead(404).end()
  const challenge = `Bearer resource_metadata="${base}/.well-known/oauth-protected-resource/mcp"`
  res.writeHead(401, { 'www-authenticate': challenge }).end()
})
await new Promise(r => server.listen(0, '127.0.0.1', r))
const base = `http://127.0.0.1:${server.address().port}`
const url = `${base}/mcp`
for (const level of ['info', 'warn', 'error', 'debug']) console[level] = () => {}

class provider {
  browser = false
  redirectUrl = 'http://localhost:8765/callback'
  clientMetadata = { redirect_uris: ['http://localhost:8765/callback'], client_name: 'finding', token_endpoint_auth_method: 'none' }
  clientInformation() { return this.client }
  saveClientInformation(client) { this.client = client }
  tokens() {}
  saveTokens() {}
  redirectToAuthorization() { this.browser = true }
  saveCodeVerifier() {}
  codeVerifier() { return 'verifier' }
}
const openai = more => authProvider => new MCPServerStreamableHttp({ url, name: 'it', authProvider, ...more }).connect()
const mastra = more => async authProvider => {
  const servers = { it: { url: new URL(url), authProvider, ...more } }
  const { errors } = await new MCPClient({ id: String(Math.random()), servers }).listToolsetsWithErrors()
  throw new Error(errors.it)
}
const clients = {
  'client 2': authProvider => {
    const client = new Client({ name: 'finding', version: '1' }, { versionNegotiation: { mode: 'auto' } })
    return client.connect(new StreamableHTTPClientTransport(new URL(url), { authProvider }))
  },
  'openai-agents': openai(),
  mastra: mastra(),
  'openai-agents, 60 s': openai({ clientSessionTimeoutSeconds: 60 }),
  'mastra, 60 s': mastra({ connectTimeout: 60000 }),
}
// Was there a browser when connecting failed, and is there one a while later?
async function attempt(connect) {
  const it = new provider()
  let message
  try { await connect(it) } catch (e) { message = e.message }
  if (it.browser) return good
  for (let i = 0; i < 100 && !it.browser; i++) await sleep(100)
  return `${/probe timed out/.test(message) ? 'the probe timed out' : message}${it.browser ? ', and then a browser' : ''}`
}
const good = 'a browser'
const late = 'the probe timed out, and then a browser'
const cases = [
  ['1 s for each document', 1, [good, good, good, good, good]],
  ['3 s for each document', 3, [good, late, late, good, good]],
]
let bad = 0
for (const [name, how, expected] of cases) {
  slow = how
  for (const [i, [client, connect]] of Object.entries(clients).entries()) {
    const seen = await attempt(connect)
    console.log(`${seen === expected[i] ? 'as found' : 'CHANGED'}: ${name}, ${client}: ${seen}`)
    bad += seen !== expected[i]
  }
}
process.exit(bad ? 1 : 0)
JS
timeout 150 node check.mjs
