#!/usr/bin/env bash
# A server that also takes Kerberos or a password: its Bearer challenge is read only where it happens to stand first.
#
# Versions: @modelcontextprotocol/sdk 1.32.2, @modelcontextprotocol/client 2.4.0, @ai-sdk/mcp 2.0.99 (npm).
# Guess before running: of "DPoP …" and "Bearer …" (RFC 9110 section 11.6.1: several challenges, in several lines or in
#   one) SDK 1.x reads the first only; client 2 and the AI SDK find the Bearer challenge wherever it stands.
# Seen: all three look at the first word of all. client 2 goes on when it is Bearer or DPoP, the others when it is
#   Bearer. Behind Negotiate or Basic nobody reads it: not the resource_metadata, not the scope. Where the metadata
#   stand at the well-known path, too, the person is asked for every scope of scopes_supported instead of the one that
#   the server named; where they are only named (RFC 9728 section 5.1), all log in at the MCP server's own origin, for
#   no scope, both SDKs without `resource`. Two blanks behind the word Bearer, which the grammar has (RFC 9110 section
#   11.3: 1*SP), do the same. Once the first word is right the whole line is one to them: the scope of a DPoP challenge
#   that follows is taken for that of Bearer.
# Touches: MCP servers behind gateways that offer a login of the house beside OAuth: nothing is wrong with either
#   challenge, and the order of two lines decides what people are asked to grant.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
timeout 300 npm install --prefix "$work" --silent --ignore-scripts --no-audit --no-fund \
  @modelcontextprotocol/sdk@1.32.2 @modelcontextprotocol/client@2.4.0 @ai-sdk/mcp@2.0.99

cat > check.mjs <<'JS'
import http from 'node:http'
import { createMCPClient } from '@ai-sdk/mcp'
import { Client as Client2, StreamableHTTPClientTransport as Transport2 } from '@modelcontextprotocol/client'
import { Client as Client1 } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport as Transport1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js'

// Both servers in one. The metadata of the resource are always at /named, and at the well-known path if `wellKnown`.
let challenge, wellKnown
const server = http.createServer(async (req, res) => {
  let body = ''
  for await (const chunk of req) body += chunk
  const json = (value, status = 200) =>
    res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
  if (req.url === '/mcp') return res.writeHead(401, { 'www-authenticate': challenge }).end()
  if (req.url === '/named' || (wellKnown && req.url === '/.well-known/oauth-protected-resource/mcp')) {
    const scopes_supported = ['read', 'write', 'admin']
    return json({ resource: `${base}/mcp`, authorization_servers: [`${base}/as`], scopes_supported })
  }
  // The issuer is at /as; who does not know it takes the origin for one, as MCP did in its first revision with OAuth.
  for (const path of ['', '/as']) {
    if (req.url === `/.well-known/oauth-authorization-server${path}`) {
      return json({
        issuer: base + path, authorization_endpoint: `${base}${path}/authorize`, token_endpoint: `${base}${path}/token`,
        registration_endpoint: `${base}/register`, response_types_supported: ['code'],
        code_challenge_methods_supported: ['S256'], token_endpoint_auth_methods_supported: ['none'],
      })
    }
  }
  if (req.url === '/register') return json({ ...JSON.parse(body), client_id: 'finding' }, 201)
  json({}, 404)
})
await new Promise(r => server.listen(0, '127.0.0.1', r))
const base = `http://127.0.0.1:${server.address().port}`
const url = `${base}/mcp`

const info = { name: 'finding', version: '1' }
const libraries = {
  'SDK 1.x': authProvider => new Client1(info).connect(new Transport1(new URL(url), { authProvider })),
  'client 2': authProvider => new Client2(info).connect(new Transport2(new URL(url), { authProvider })),
  'AI SDK': authProvider => createMCPClient({ transport: { type: 'http', url, authProvider } }),
}
// Where the library sends the person, and what for.
async function asked(connect) {
  const kept = {}
  await connect({
    redirectUrl: 'http://127.0.0.1/callback',
    clientMetadata: { redirect_uris: ['http://127.0.0.1/callback'], token_endpoint_auth_method: 'none' },
    clientInformation: () => kept.client,
    saveClientInformation: client => { kept.client = client },
    tokens: () => undefined,
    saveTokens: () => {},
    saveCodeVerifier: verifier => { kept.verifier = verifier },
    codeVerifier: () => kept.verifier,
    redirectToAuthorization: to => { kept.to = to },
  }).catch(() => {})
  if (!kept.to) return 'no login'
  const { searchParams: query, pathname } = kept.to
  return `${pathname} for ${query.get('scope') ?? 'nothing'}${query.has('resource') ? '' : ', no resource'}`
}

const bearer = `Bearer resource_metadata="${base}/named", scope="read"`
const right = '/as/authorize for read'
const all = '/as/authorize for read write admin'
const lost = '/authorize for nothing, no resource'
const first = [[right, right, right], [right, right, right]]
const lostAi = '/authorize for nothing'
const unread = [[all, all, all], [lost, lost, lostAi]]
const cases = [
  ['Bearer', bearer, first],
  ['Bearer, then a line Negotiate', [bearer, 'Negotiate'], first],
  ['Negotiate, then a line Bearer', ['Negotiate', bearer], unread],
  ['Basic and Bearer in one line', `Basic realm="house", ${bearer}`, unread],
  ['DPoP, then a line Bearer', ['DPoP algs="ES256"', bearer], [[all, right, all], [lost, right, lostAi]]],
  ['Bearer and two blanks', bearer.replace(' ', '  '), unread],
  ['Bearer without scope, then DPoP with its own', [bearer.split(',')[0], 'DPoP algs="ES256", scope="write"'],
    Array(2).fill(Array(3).fill('/as/authorize for write'))],
]
let bad = 0
for (const [name, lines, expected] of cases) {
  challenge = lines
  for (const [i, where] of ['at the well-known path, too', 'named only'].entries()) {
    wellKnown = i === 0
    for (const [j, library] of Object.keys(libraries).entries()) {
      const seen = await asked(libraries[library])
      const ok = seen === expected[i][j]
      console.log(`${ok ? 'as found' : 'CHANGED'}: ${name}; metadata ${where}; ${library}: ${seen}`)
      bad += !ok
    }
  }
}
process.exit(bad ? 1 : 0)
JS
timeout 60 node check.mjs
