#!/usr/bin/env bash
# A token answer that leaves `scope` out, as it may when all that was asked for is granted, makes the next step-up give up what was granted.
#
# Versions: @modelcontextprotocol/client 2.4.0, beside it @modelcontextprotocol/sdk 1.32.2 (npm).
# Guess before running: `scope` is optional when it is what was asked for (RFC 6749 section 5.1), so both answers lead to the same
#   logins. With the source read, still before the run: not so, client 2 knows granted scopes from the answer only.
# Seen: told `scope: "read"`, client 2 answers the challenge scope="write" with a login for "read write", and is done. With `scope` left out
#   it logs in for "write" alone, and loses "read": MCP 2026-07-28, Step-Up Authorization Flow, wants the union with the scopes
#   *requested* before. A client that lives on makes up for it with a third login. Where each command is a new client on stored
#   tokens, read and write take turns, and every call is a login, for ever. SDK 1.x (here without a refresh token, else it
#   never steps up) asks for the challenge alone whatever the answer said.
# Touches: authorization servers that do not repeat the scope, behind MCP servers that challenge for each operation what it needs, as that
#   revision lets them. "Too many logins" is looked for in the MCP server, and lies in one member of the token answer.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
timeout 300 npm install --prefix "$work" --silent --ignore-scripts --no-audit --no-fund \
  @modelcontextprotocol/sdk@1.32.2 @modelcontextprotocol/client@2.4.0

cat > check.mjs <<'JS'
import http from 'node:http'
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { Client as Client1 } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport as Transport1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js'

// Both servers in one. A token is the list of its scopes, a code that of the login.
let named, refreshes
const server = http.createServer(async (req, res) => {
  let body = ''
  for await (const chunk of req) body += chunk
  const json = (value, status = 200) => res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
  const { pathname } = new URL(req.url, base)
  const prm = `${base}/.well-known/oauth-protected-resource/mcp`
  if (base + pathname === prm) return json({ resource: `${base}/mcp`, authorization_servers: [base], scopes_supported: ['read'] })
  if (pathname === '/.well-known/oauth-authorization-server') {
    return json({
      issuer: base, authorization_endpoint: `${base}/authorize`, token_endpoint: `${base}/token`, registration_endpoint: `${base}/register`,
      response_types_supported: ['code'], code_challenge_methods_supported: ['S256'], token_endpoint_auth_methods_supported: ['none'],
    })
  }
  if (pathname === '/register') return json({ ...JSON.parse(body), client_id: 'finding' }, 201)
  if (pathname === '/token') {
    const scope = new URLSearchParams(body).get('code')
    const refresh = refreshes ? { refresh_token: 'refresh' } : {}
    return json({ access_token: scope.replaceAll(' ', '.'), token_type: 'Bearer', ...refresh, ...(named ? { scope } : {}) })
  }
  if (pathname !== '/mcp') return res.writeHead(404).end()
  const refuse = (status, why) => res.writeHead(status, { 'www-authenticate': `Bearer ${why}resource_metadata="${prm}"` }).end()
  const token = req.headers.authorization?.slice(7)
  if (!token) return refuse(401, '')
  if (req.method !== 'POST') return res.writeHead(405).end()
  const { id, method, params } = JSON.parse(body)
  if (id === undefined) return res.writeHead(202).end()
  if (method === 'tools/call' && !token.split('.').includes(params.name)) {
    return refuse(403, `error="insufficient_scope", scope="${params.name}", `)
  }
  const serverInfo = { name: 'finding', version: '1' }
  const results = { initialize: { protocolVersion: params?.protocolVersion, capabilities: { tools: {} }, serverInfo }, 'tools/call': { content: [] } }
  const answer = results[method] ? { result: results[method] } : { error: { code: -32601, message: 'unknown' } }
  json({ jsonrpc: '2.0', id, ...answer })
})
await new Promise(r => server.listen(0, '127.0.0.1', r))
const base = `http://127.0.0.1:${server.address().port}`

// What an application keeps on disk, and its person: grants whatever the browser is sent to ask for.
class Login {
  logins = []
  redirectUrl = 'http://127.0.0.1:1/callback'
  clientMetadata = { redirect_uris: [this.redirectUrl], client_name: 'finding', token_endpoint_auth_method: 'none' }
  clientInformation() { return this.client }
  saveClientInformation(client) { this.client = client }
  tokens() { return this.kept }
  saveTokens(tokens) { this.kept = tokens }
  codeVerifier() { return this.verifier }
  saveCodeVerifier(verifier) { this.verifier = verifier }
  discoveryState() { return this.discovery }
  saveDiscoveryState(discovery) { this.discovery = discovery }
  redirectToAuthorization(url) { this.logins.push(url.searchParams.get('scope')) }
}
const libraries = { 'client 2': [Client, StreamableHTTPClientTransport], 'sdk 1': [Client1, Transport1] }

async function logins(library, clientPerCall) {
  const [C, T] = libraries[library]
  const login = new Login()
  let client, transport
  const attempt = async what => {
    for (let i = 0; i < 3; i++) {
      try { return await what() } catch (error) {
        if (!/unauthorized/i.test(error.name + error.message)) throw error
        await transport.finishAuth(login.logins.at(-1))
      }
    }
    throw new Error('three logins did not help')
  }
  const connect = async () => {
    transport = new T(new URL(`${base}/mcp`), { authProvider: login })
    client = new C({ name: 'finding', version: '1' })
    await client.connect(transport)
  }
  for (const name of ['read', 'write', 'read', 'write', 'read']) {
    if (!client || clientPerCall) await attempt(connect)
    await attempt(() => client.callTool({ name, arguments: {} }))
    if (clientPerCall) await client.close()
  }
  await client.close()
  return login.logins.join(', ')
}

let bad = 0
const turns = 'read, write, read, write, read'
for (const [library, clientPerCall, whenNamed, whenLeftOut] of [
  ['client 2', false, 'read, read write', 'read, write, write read'],
  ['client 2', true, 'read, read write', turns],
  ['sdk 1', false, turns, turns],
]) {
  refreshes = library !== 'sdk 1'
  for (named of [true, false]) {
    const seen = await logins(library, clientPerCall)
    const ok = seen === (named ? whenNamed : whenLeftOut)
    const how = `${library}, ${clientPerCall ? 'a client for each call' : 'one client'}, scope ${named ? 'named' : 'left out'}`
    console.log(`${ok ? 'as found' : 'CHANGED'}: ${how}: five calls, logins for: ${seen}`)
    bad += !ok
  }
}
process.exit(bad ? 1 : 0)
JS
timeout 60 node check.mjs
