#!/usr/bin/env bash
# "Come back in a second", said to a refresh, opens a browser window for a new login; by which words, differs from client to client.
#
# Versions: @modelcontextprotocol/sdk 1.32.2, @modelcontextprotocol/client 2.4.0, @ai-sdk/mcp 2.0.99 (npm).
# Guess before running: with the source of sdk 1 read: a page and server_error open the browser, temporarily_unavailable is an
#   error to try again after; the other two do the same.
# Seen: all three take a proxy's page (502 while the authorization server restarts) and 503 server_error for a login that is over, whatever
#   Retry-After says. temporarily_unavailable, the same 503 in another word, is an error in sdk 1 and client 2 and a browser in
#   ai-sdk; 429 with an unregistered code is an error in client 2 only. None comes back by itself, none throws its tokens away.
# Touches: whoever restarts or limits an authorization server: each client at work asks its person to log in, and those without a person
#   stop. Which JSON an authorization server says 503 with decides it, and behind a proxy it has not the last word.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
timeout 300 npm install --prefix "$work" --silent --ignore-scripts --no-audit --no-fund \
  @modelcontextprotocol/sdk@1.32.2 @modelcontextprotocol/client@2.4.0 @ai-sdk/mcp@2.0.99

cat > check.mjs <<'JS'
import http from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import * as one from '@modelcontextprotocol/sdk/client/auth.js'
import * as two from '@modelcontextprotocol/client'
import * as ai from '@ai-sdk/mcp'

let answer, refreshes
const server = http.createServer((req, res) => {
  const json = (status, body, headers) => {
    res.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
  }
  if (req.url.startsWith('/.well-known/oauth-protected-resource')) {
    return json(200, { resource: `${base}/mcp`, authorization_servers: [base] })
  }
  if (req.url.startsWith('/.well-known/oauth-authorization-server')) {
    return json(200, {
      issuer: base, authorization_endpoint: `${base}/authorize`, token_endpoint: `${base}/token`, response_types_supported: ['code'],
      grant_types_supported: ['authorization_code', 'refresh_token'], code_challenge_methods_supported: ['S256'],
      token_endpoint_auth_methods_supported: ['none'],
    })
  }
  if (req.url !== '/token') return res.writeHead(404).end()
  refreshes++
  const [status, error] = answer
  const later = status === 400 ? {} : { 'retry-after': '1' }
  req.resume().on('end', () => {
    if (error) return json(status, { error }, later)
    res.writeHead(status, { 'content-type': 'text/html', ...later }).end(`<h1>${status}</h1>`)
  })
})
await new Promise(r => server.listen(0, '127.0.0.1', r))
const base = `http://127.0.0.1:${server.address().port}`

async function refresh(auth) {
  refreshes = 0
  let browser = false, forgotten = false
  // To which server they belong, as each of the clients writes it into what it saves.
  const owner = { issuer: base, authorization_server: base, token_endpoint: `${base}/token` }
  const provider = {
    redirectUrl: 'http://localhost:8765/callback',
    clientMetadata: { redirect_uris: ['http://localhost:8765/callback'], client_name: 'finding', token_endpoint_auth_method: 'none' },
    clientInformation: () => ({ client_id: 'client', ...owner }),
    saveClientInformation() {},
    tokens: () => forgotten ? undefined : { access_token: 'old', token_type: 'Bearer', refresh_token: 'refresh', ...owner },
    saveTokens() {},
    invalidateCredentials() { forgotten = true },
    redirectToAuthorization() { browser = true },
    saveCodeVerifier() {},
    codeVerifier: () => 'verifier',
    authorizationServerInformation: () => undefined,
    saveAuthorizationServerInformation() {},
  }
  let outcome = 'nothing'
  try { await auth(provider, { serverUrl: `${base}/mcp` }) } catch { outcome = 'an error' }
  await sleep(1500)
  return `${browser ? 'a browser' : outcome}${forgotten ? ', tokens thrown away' : ''}${refreshes === 1 ? '' : `, ${refreshes} times`}`
}
console.warn = () => {}
const [browser, error] = ['a browser', 'an error']
const cases = [
  [[502], [browser, browser, browser]],
  [[503, 'server_error'], [browser, browser, browser]],
  [[503, 'temporarily_unavailable'], [error, error, browser]],
  [[429, 'rate_limited'], [browser, error, browser]],
  [[400, 'invalid_grant'], Array(3).fill('a browser, tokens thrown away')], // a login that is over indeed
]
const clients = [['sdk 1', one.auth], ['client 2', two.auth], ['ai-sdk', ai.auth]]
let bad = 0
for (const [given, expected] of cases) {
  answer = given
  for (const [i, [name, auth]] of clients.entries()) {
    const seen = await refresh(auth)
    console.log(`${seen === expected[i] ? 'as found' : 'CHANGED'}: ${given.length > 1 ? given.join(' ') : `${given} page`}, ${name}: ${seen}`)
    bad += seen !== expected[i]
  }
}
process.exit(bad ? 1 : 0)
JS
timeout 60 node check.mjs
