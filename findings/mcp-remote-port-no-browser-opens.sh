#!/usr/bin/env bash
# The port that mcp-remote derives from a server's URL can be one that every browser refuses: nobody logs in at that server, ever.
#
# Version: mcp-remote 0.15.1 (npm), Node's fetch (which keeps the list of ports of the Fetch standard, as browsers do).
# Guess before running: the callback listens where a browser may go, for whatever URL; or on another port when that one is no good.
# Seen: for http://localhost:8931/teams/2821/mcp it is port 3659, always. mcp-remote listens there and waits; the person approves, and
#   the redirect is never sent: "bad port" (Chromium: ERR_UNSAFE_PORT). curl, which knows no such list, gets through and the login
#   ends well. Of the ports that can come out 15 are on the list, so that one URL in about two thousand is such a one.
# Touches: whoever gives each team, agent or test a path of its own: one of them cannot log in, the same one each time, on every
#   machine. A port as second argument helps: mcp-remote URL 3334.
set -euo pipefail

work=$(mktemp -d)
trap 'kill $(jobs -p) 2>/dev/null || true; rm -rf "$work"' EXIT
cd "$work"
timeout 300 npm install --prefix "$work" --silent --ignore-scripts --no-audit --no-fund mcp-remote@0.15.1

cat > check.mjs <<'JS'
import { spawn } from 'node:child_process'
import { execFile } from 'node:child_process'
import http from 'node:http'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'

const base = 'http://localhost:8931'
const path = '/teams/2821/mcp'
const port = 3659
const json = (res, status, body, headers) => res.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
let tokens = 0
const server = http.createServer((req, res) => {
  const { pathname, searchParams } = new URL(req.url, base)
  if (pathname === `/.well-known/oauth-protected-resource${path}`) return json(res, 200, { resource: base + path, authorization_servers: [base] })
  if (pathname === '/.well-known/oauth-authorization-server') {
    return json(res, 200, {
      issuer: base, authorization_endpoint: `${base}/authorize`, token_endpoint: `${base}/token`, registration_endpoint: `${base}/register`,
      response_types_supported: ['code'], grant_types_supported: ['authorization_code'], code_challenge_methods_supported: ['S256'],
      token_endpoint_auth_methods_supported: ['none'],
    })
  }
  let body = ''
  req.on('data', (d) => (body += d)).on('end', () => {
    if (pathname === '/register') return json(res, 201, { client_id: 'c', ...JSON.parse(body) })
    if (pathname === '/authorize') {
      const to = new URL(searchParams.get('redirect_uri'))
      to.searchParams.set('code', 'code')
      to.searchParams.set('state', searchParams.get('state'))
      return res.writeHead(302, { location: to.href }).end()
    }
    if (pathname === '/token') {
      tokens++
      return json(res, 200, { access_token: 'a', token_type: 'Bearer', expires_in: 3600 }, { 'cache-control': 'no-store' })
    }
    if (pathname !== path) return res.writeHead(404).end()
    json(res, 401, {}, { 'www-authenticate': `Bearer resource_metadata="${base}/.well-known/oauth-protected-resource${path}"` })
  })
})
await new Promise((done) => server.listen(8931, 'localhost', done))

const env = { ...process.env, HOME: process.cwd(), MCP_REMOTE_CONFIG_DIR: process.cwd(), BROWSER: 'true', DISPLAY: '' }
const child = spawn(process.execPath, ['node_modules/mcp-remote/dist/proxy.js', base + path], { env })
const lines = createInterface({ input: child.stderr })
child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'finding', version: '1' } } })}\n`)
const url = await new Promise((done, fail) => {
  setTimeout(() => fail(new Error('no URL to log in at')), 60_000).unref()
  lines.on('line', (line) => line.startsWith(`${base}/authorize?`) && done(line))
})

let bad = 0
const check = (what, seen, expected) => {
  console.log(`${seen === expected ? 'as found' : 'CHANGED'}: ${what}: ${seen}`)
  bad += seen !== expected
}
const callback = (await fetch(url, { redirect: 'manual' })).headers.get('location')
check('the port of the callback', Number(new URL(callback).port), port)
const browser = await fetch(callback).then((answer) => answer.status, (error) => error.cause?.message)
check('what a browser says to it', browser, 'bad port')
check('tokens by then', tokens, 0)
// The port itself is fine.
const { stdout } = await promisify(execFile)('curl', ['-s', '-o', '/dev/null', '-w', '%{http_code}', callback])
check('what curl says to it', stdout, '200')
for (let i = 0; i < 100 && tokens === 0; i++) await new Promise((done) => setTimeout(done, 100))
check('tokens after that', tokens, 1)
child.kill('SIGKILL')
process.exit(bad ? 1 : 0)
JS
timeout 120 node check.mjs
