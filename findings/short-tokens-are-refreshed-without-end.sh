#!/usr/bin/env bash
# A token that lives for a minute is refreshed every second, one that lives for almost five minutes with every request.
#
# Versions: oidc-client-ts 3.5.0, google-auth-library 10.9.1, simple-oauth2 5.1.0 (npm), with the settings that they come with.
# Guess before running: a short token is refreshed some time before its end, so a few times a minute. With the sources read: oidc-client-ts
#   wants to be told 60 s before the end, and one second at the earliest; google-auth-library takes the last five minutes for no life at all.
# Seen: oidc-client-ts, with nobody doing anything, renews tokens of 60 s (and of 61) every second, 86,400 times a day in each open page, and
#   tokens of 65 s every five seconds. google-auth-library refreshes before each of ten requests in a row while the token has 290 s
#   to live, and never while it has 310; ten at once share one refresh. simple-oauth2 refreshes neither. No warning, no back-off: a
#   token that is short by the server's choice looks to both like one that is about to end.
# Touches: tests that shorten the life of tokens to see a refresh: they see nothing but refreshes. Authorization servers that rotate, limit or
#   log refreshes, when somebody sets the life of access tokens to a minute (RFC 6750 section 5.3: short-lived is the advice).
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
timeout 300 npm install --prefix "$work" --silent --ignore-scripts --no-audit --no-fund \
  oidc-client-ts@3.5.0 google-auth-library@10.9.1 simple-oauth2@5.1.0

cat > check.mjs <<'JS'
import http from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { OAuth2Client as GoogleClient } from 'google-auth-library'
import { InMemoryWebStorage, User, UserManager, WebStorageStateStore } from 'oidc-client-ts'
import { AuthorizationCode } from 'simple-oauth2'

// An authorization server whose tokens live for so many seconds, and what it guards.
async function tokensOf(lifetime) {
  const server = { refreshes: 0 }
  const listener = http.createServer((req, res) => {
    const token = () => ({ access_token: `token${++server.refreshes}`, token_type: 'Bearer', refresh_token: 'refresh', expires_in: lifetime })
    req.resume().on('end', () => {
      res.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(req.url === '/token' ? token() : {}))
    })
  })
  await new Promise(r => listener.listen(0, '127.0.0.1', r))
  return Object.assign(server, { base: `http://127.0.0.1:${listener.address().port}`, lifetime })
}

// A page that is left alone for six and a half seconds, with a token just got.
async function leftAlone(server) {
  const store = () => new WebStorageStateStore({ store: new InMemoryWebStorage() })
  const manager = new UserManager({
    authority: server.base, client_id: 'finding', redirect_uri: `${server.base}/callback`, userStore: store(), stateStore: store(),
    metadata: { issuer: server.base, authorization_endpoint: `${server.base}/authorize`, token_endpoint: `${server.base}/token` },
  })
  const expires_at = Math.floor(Date.now() / 1000) + server.lifetime
  await manager.storeUser(new User({ access_token: 'token0', token_type: 'Bearer', refresh_token: 'refresh', profile: { sub: 'someone' }, expires_at }))
  await manager.getUser()
  await sleep(6500)
  manager.stopSilentRenew()
  await manager.removeUser()
  return server.refreshes
}

async function tenRequests(server, atOnce) {
  const endpoints = { oauth2TokenUrl: `${server.base}/token` }
  const client = new GoogleClient({ clientId: 'finding', clientSecret: 'secret', endpoints })
  client.setCredentials({ refresh_token: 'refresh' })
  await client.getAccessToken()
  server.refreshes = 0
  const request = () => client.request({ url: `${server.base}/resource` })
  if (atOnce) await Promise.all(Array.from({ length: 10 }, request))
  else for (let i = 0; i < 10; i++) await request()
  return server.refreshes
}

async function tenUses(server) {
  const client = new AuthorizationCode({ client: { id: 'finding', secret: 'secret' }, auth: { tokenHost: server.base, tokenPath: '/token' } })
  let token = await client.createToken({ access_token: 'token0', refresh_token: 'refresh' }).refresh()
  server.refreshes = 0
  for (let i = 0; i < 10; i++) if (token.expired()) token = await token.refresh()
  return server.refreshes
}

const between = (low, high) => count => count >= low && count <= high
const trials = [
  ['oidc-client-ts, a page left alone for 6.5 s', 60, leftAlone, between(5, 7)],
  ['oidc-client-ts, a page left alone for 6.5 s', 61, leftAlone, between(5, 7)],
  ['oidc-client-ts, a page left alone for 6.5 s', 65, leftAlone, between(1, 2)],
  ['oidc-client-ts, a page left alone for 6.5 s', 120, leftAlone, between(0, 0)],
  ['google-auth-library, ten requests in a row', 290, server => tenRequests(server, false), between(10, 10)],
  ['google-auth-library, ten requests in a row', 310, server => tenRequests(server, false), between(0, 0)],
  ['google-auth-library, ten requests at once', 290, server => tenRequests(server, true), between(1, 1)],
  ['simple-oauth2, ten uses in a row', 60, tenUses, between(0, 0)],
]
const results = await Promise.all(trials.map(async ([what, lifetime, count, expected]) => {
  const seen = await count(await tokensOf(lifetime))
  const ok = expected(seen)
  console.log(`${ok ? 'as found' : 'CHANGED'}: ${what}, tokens of ${lifetime} s: ${seen} refreshes`)
  return ok
}))
process.exit(results.every(Boolean) ? 0 : 1)
JS
timeout 60 node check.mjs
