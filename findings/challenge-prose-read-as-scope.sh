#!/usr/bin/env bash
# A sentence for people in a challenge is read as the scope to ask for.
#
# Versions: @modelcontextprotocol/sdk 1.32.2, @modelcontextprotocol/client 2.4.0 (npm).
# Guess before running: the parameters of WWW-Authenticate are parsed one after another, as RFC 9110 section 11.6.1 writes them.
# Seen: each parameter is looked for by itself, anywhere in the line: `scope=` within the quoted error_description comes first
#   and is taken, with the quote that ends the sentence. The client sends people to /authorize with scope=`files:write"`, which is no
#   scope (RFC 6749 section 3.3 allows no quote). The same happens to `error`. When the description stands last all is well.
#   Names of parameters in capitals, the same to RFC 9110, are not seen at all.
# Touches: servers whose error_description explains with `scope=…` what is missing: they get invalid_scope, or a token for less.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
timeout 300 npm install --prefix "$work" --silent --ignore-scripts --no-audit --no-fund \
  @modelcontextprotocol/sdk@1.32.2 @modelcontextprotocol/client@2.4.0

cat > check.mjs <<'JS'
import http from 'node:http'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { extractWWWAuthenticateParams } from '@modelcontextprotocol/sdk/client/auth.js'
import * as two from '@modelcontextprotocol/client'

let challenge, origin
const server = http.createServer(async (req, res) => {
  const json = (status, body) => res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  let body = ''
  for await (const chunk of req) body += chunk
  if (req.url.startsWith('/.well-known/oauth-protected-resource')) return json(200, { resource: `${origin}/mcp`, authorization_servers: [origin] })
  if (req.url.startsWith('/.well-known/oauth-authorization-server')) {
    return json(200, { issuer: origin, authorization_endpoint: `${origin}/authorize`, token_endpoint: `${origin}/token`,
      registration_endpoint: `${origin}/register`, response_types_supported: ['code'], code_challenge_methods_supported: ['S256'] })
  }
  if (req.url === '/register') return json(201, { ...JSON.parse(body), client_id: 'finding' })
  if (req.url === '/mcp') return res.writeHead(401, { 'www-authenticate': challenge }).end()
  return json(404, {})
})
await new Promise(r => server.listen(0, '127.0.0.1', r))
origin = `http://127.0.0.1:${server.address().port}`

// The scope that a client asks for at /authorize after that challenge.
async function asked(C, T, text) {
  challenge = text
  const kept = {}
  const authProvider = {
    redirectUrl: 'http://127.0.0.1/callback',
    clientMetadata: { redirect_uris: ['http://127.0.0.1/callback'] },
    clientInformation: () => kept.client,
    saveClientInformation: c => { kept.client = c },
    tokens: () => undefined,
    saveTokens: () => {},
    saveCodeVerifier: v => { kept.verifier = v },
    codeVerifier: () => kept.verifier,
    redirectToAuthorization: url => { kept.url = url },
  }
  try {
    await new C({ name: 'finding', version: '1' }).connect(new T(new URL(`${origin}/mcp`), { authProvider }))
  } catch (e) { if (!kept.url) throw e }
  return kept.url.searchParams.get('scope')
}
let bad = 0
function check(what, seen, expected) {
  const ok = seen === expected
  console.log(`${ok ? 'as found' : 'CHANGED'}: ${what}: ${JSON.stringify(seen)}`)
  bad += !ok
}
const prose = 'error_description="this tool needs scope=files:write"'
const scope = 'scope="files:read files:write"'
for (const [name, C, T, parse] of [
  ['sdk 1', Client, StreamableHTTPClientTransport, extractWWWAuthenticateParams],
  ['client 2', two.Client, two.StreamableHTTPClientTransport, two.extractWWWAuthenticateParams],
]) {
  check(`${name} asks, description last`, await asked(C, T, `Bearer error="invalid_token", ${scope}, ${prose}`), 'files:read files:write')
  check(`${name} asks, description first`, await asked(C, T, `Bearer error="invalid_token", ${prose}, ${scope}`), 'files:write"')
  check(`${name} asks, name in capitals`, await asked(C, T, `Bearer error="invalid_token", SCOPE="files:read"`), null)
  const headers = { 'www-authenticate': 'Bearer error_description="upstream said error=expired", error="invalid_token"' }
  const params = parse(new Response('', { status: 401, headers }))
  check(`${name} reads the error`, params.error, 'expired"')
}
server.closeAllConnections()
process.exit(bad ? 1 : 0)
JS
timeout 60 node check.mjs
