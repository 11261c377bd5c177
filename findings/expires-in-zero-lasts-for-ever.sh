#!/usr/bin/env bash
# "This token is over at once" (expires_in: 0) means "it never ends" to three client libraries out of five.
#
# Versions: Authlib 1.2.0, requests-oauthlib 1.3.0 (Debian 12), @badgateway/oauth2-client 3.3.1, google-auth-library 10.9.1,
#   simple-oauth2 5.1.0 (npm).
# Guess before running: 0 is a number of seconds like 1 (RFC 6749 section 5.1: the lifetime in seconds), and the next use refreshes.
#   With the sources read, still before the run: not in Authlib, @badgateway/oauth2-client and google-auth-library.
# Seen: these three take 0 for "not said" and use the token on, where after expires_in 1 they refresh. simple-oauth2 refreshes both.
#   requests-oauthlib refreshes, finds the new token over as well, and throws TokenExpiredError, so that no request leaves it.
#   (Not guessed: it cannot use a server at all whose tokens live for 0 seconds.)
# Touches: tests that set the lifetime to 0 to see a client refresh: they test nothing, or see it break. Use 1, and wait.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
timeout 300 npm install --prefix "$work" --silent --ignore-scripts --no-audit --no-fund \
  @badgateway/oauth2-client@3.3.1 google-auth-library@10.9.1 simple-oauth2@5.1.0
timeout 120 apt-get -qq -o APT::Sandbox::User=root download python3-authlib python3-cryptography python3-cffi-backend \
  python3-requests-oauthlib python3-oauthlib python3-requests python3-urllib3 python3-certifi python3-chardet python3-idna python3-six
for deb in *.deb; do dpkg -x "$deb" root; done
for pinned in python3-authlib_1.2.0 python3-requests-oauthlib_1.3.0; do ls "$pinned"[-+]*; done

# Each takes a token by its refresh token, waits, and uses the token as its library uses it. The server counts.
cat > check.py <<'PY'
import sys
import time
import warnings
warnings.simplefilter('ignore')
library, base = sys.argv[1:]
token = {'access_token': 'none', 'token_type': 'Bearer', 'refresh_token': 'refresh'}
if library == 'Authlib':
    from authlib.integrations.requests_client import OAuth2Session
    session = OAuth2Session('client', 'secret', token=token, token_endpoint=base + '/token')
else:
    from requests_oauthlib import OAuth2Session
    session = OAuth2Session('client', token=token, auto_refresh_url=base + '/token', auto_refresh_kwargs={'client_id': 'client'},
                            token_updater=lambda new: None)
session.trust_env = False
session.refresh_token(base + '/token', refresh_token='refresh')
time.sleep(1.5)
try:
    session.get(base + '/resource').raise_for_status()
except Exception as error:
    if type(error).__name__ != 'TokenExpiredError':
        raise
PY
cat > check.mjs <<'JS'
import http from 'node:http'
import { spawn } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { OAuth2Client, OAuth2Fetch } from '@badgateway/oauth2-client'
import { OAuth2Client as GoogleClient } from 'google-auth-library'
import { AuthorizationCode } from 'simple-oauth2'

let lifetime, grants, used
const server = http.createServer((req, res) => {
  const body = {}
  if (req.url === '/resource') used = req.headers.authorization
  else Object.assign(body, { access_token: `token${++grants}`, token_type: 'Bearer', refresh_token: 'refresh', expires_in: lifetime })
  req.resume().on('end', () => res.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body)))
})
await new Promise(r => server.listen(0, '127.0.0.1', r))
const base = `http://127.0.0.1:${server.address().port}`

const python = library => new Promise((resolve, reject) => {
  const path = 'root/usr/lib/python3/dist-packages'
  const env = { ...process.env, PYTHONPATH: path, AUTHLIB_INSECURE_TRANSPORT: '1', OAUTHLIB_INSECURE_TRANSPORT: '1' }
  const child = spawn('/usr/bin/python3', ['check.py', library, base], { env, stdio: 'inherit' })
  child.on('exit', code => code ? reject(new Error(`${library}: ${code}`)) : resolve())
})
const libraries = {
  Authlib: () => python('Authlib'),
  'requests-oauthlib': () => python('requests-oauthlib'),
  '@badgateway/oauth2-client': async () => {
    const client = new OAuth2Client({ clientId: 'client', tokenEndpoint: `${base}/token` })
    const first = await client.refreshToken({ accessToken: 'none', refreshToken: 'refresh', expiresAt: null })
    const session = new OAuth2Fetch({ client, getNewToken: () => first, getStoredToken: () => first, scheduleRefresh: false })
    await sleep(1500)
    await session.fetch(`${base}/resource`)
  },
  'google-auth-library': async () => {
    const endpoints = { oauth2TokenUrl: `${base}/token` }
    const client = new GoogleClient({ clientId: 'client', clientSecret: 'secret', endpoints, eagerRefreshThresholdMillis: 1 })
    client.setCredentials({ refresh_token: 'refresh' })
    await client.getAccessToken()
    await sleep(1500)
    await client.request({ url: `${base}/resource` })
  },
  'simple-oauth2': async () => {
    const client = new AuthorizationCode({ client: { id: 'client', secret: 'secret' }, auth: { tokenHost: base, tokenPath: '/token' } })
    let token = await client.createToken({ access_token: 'none', refresh_token: 'refresh' }).refresh()
    await sleep(1500)
    if (token.expired()) token = await token.refresh()
    await fetch(`${base}/resource`, { headers: { authorization: `Bearer ${token.token.access_token}` } })
  },
}
const kept = 'Bearer token1', renewed = 'Bearer token2'
const found = { Authlib: kept, 'requests-oauthlib': 'nothing', '@badgateway/oauth2-client': kept, 'google-auth-library': kept }
let bad = 0
for (const [name, use] of Object.entries(libraries)) {
  for (lifetime of [1, 0]) {
    grants = 0
    used = 'nothing'
    await use()
    const expected = lifetime ? renewed : found[name] ?? renewed
    console.log(`${used === expected ? 'as found' : 'CHANGED'}: ${name}, expires_in ${lifetime}, 1.5 s later it uses ${used}`)
    bad += used !== expected
  }
}
process.exit(bad ? 1 : 0)
JS
timeout 100 node check.mjs
