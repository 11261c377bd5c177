#!/usr/bin/env bash
# The server that keeps the standard's MUST is the one whose error code the client library does not read.
#
# Versions: oauth4webapi 3.8.8, openid-client 6.9.0 (npm).
# Guess before running: a token endpoint's error is in `error` of the exception, whatever other headers there are.
# Seen: RFC 6749 section 5.2: invalid_client for a client that used the Authorization header MUST be 401 with WWW-Authenticate.
#   As soon as that header is there, both throw for the challenge and leave the JSON body unread: `error` is undefined, code
#   is OAUTH_WWW_AUTHENTICATE_CHALLENGE. The same answer without the header, which breaks the MUST, gives error "invalid_client".
#   A 400 use_dpop_nonce that adds a challenge loses its error code, too.
# Touches: code that says `if (e.error === 'invalid_client') register again`: it works with lax servers only.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
timeout 300 npm install --prefix "$work" --silent --ignore-scripts --no-audit --no-fund oauth4webapi@3.8.8 openid-client@6.9.0

cat > check.mjs <<'JS'
import http from 'node:http'
import * as oauth from 'oauth4webapi'
import * as oidc from 'openid-client'

let answer
const server = http.createServer((req, res) => {
  req.resume().on('end', () => {
    const { status, error, challenge } = answer
    res.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store', ...(challenge && { 'www-authenticate': challenge }) })
    res.end(JSON.stringify({ error }))
  })
})
await new Promise(r => server.listen(0, '127.0.0.1', r))
const issuer = `http://127.0.0.1:${server.address().port}`
const metadata = { issuer, token_endpoint: `${issuer}/token` }

const config = new oidc.Configuration(metadata, 'client', {}, oidc.ClientSecretBasic('secret'))
oidc.allowInsecureRequests(config)
const libraries = {
  oauth4webapi: async () => {
    const client = { client_id: 'client' }
    const response = await oauth.refreshTokenGrantRequest(metadata, client, oauth.ClientSecretBasic('secret'), 'token', { [oauth.allowInsecureRequests]: true })
    await oauth.processRefreshTokenResponse(metadata, client, response)
  },
  'openid-client': () => oidc.refreshTokenGrant(config, 'token'),
}
let bad = 0
async function check(name, what, given, expected) {
  answer = given
  let seen = 'no error at all'
  try { await libraries[name]() } catch (e) { seen = `error ${e.error}, code ${e.code}, status ${e.status ?? e.cause?.status}` }
  const ok = seen.startsWith(expected)
  console.log(`${ok ? 'as found' : 'CHANGED'}: ${name}, ${what}: ${seen}`)
  bad += !ok
}
const hidden = 'error undefined, code OAUTH_WWW_AUTHENTICATE_CHALLENGE'
for (const name of Object.keys(libraries)) {
  await check(name, '401 without a challenge', { status: 401, error: 'invalid_client' }, 'error invalid_client, code OAUTH_RESPONSE_BODY_ERROR')
  await check(name, '401 with the challenge', { status: 401, error: 'invalid_client', challenge: 'Basic realm="as"' }, hidden)
  await check(name, '400 without a challenge', { status: 400, error: 'use_dpop_nonce' }, 'error use_dpop_nonce, code OAUTH_RESPONSE_BODY_ERROR')
  await check(name, '400 with a challenge', { status: 400, error: 'use_dpop_nonce', challenge: 'DPoP error="use_dpop_nonce"' }, hidden)
}
server.closeAllConnections()
process.exit(bad ? 1 : 0)
JS
timeout 60 node check.mjs
