#!/usr/bin/env bash
# One 401 costs mcporter its login: it registers as a new client first, and presents the refresh token of the old one as the new one.
#
# Versions: mcporter 0.12.3 (npm).
# Guess before running: it refreshes with its refresh token, as the SDK that it is made of does, and the call is answered.
# Seen: `mcporter call` with an access token that the server refuses begins with POST /register (its callback has a new random port for
#   each command, and the registration of before names another), and then sends the old refresh token with the new client_id.
#   RFC 6749 section 6 binds a refresh token to its client, so this is invalid_grant, and a browser opens. The refresh token was good.
#   A token that has expired by its own notes it refreshes as itself where `mcporter call` had logged in; where `mcporter auth` had and a
#   call went well since, it sends the dead token, and all goes as above.
# Touches: servers that revoke or shorten tokens, or are restarted with other keys, and after `mcporter auth` all whose tokens expire: each
#   time a new client in the list of the authorization server and a login of a person; where there is none (cron, CI), the end. A server
#   that takes a refresh token presented by another client for stolen ends the whole login.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
timeout 300 npm install --prefix "$work" --silent --ignore-scripts --no-audit --no-fund mcporter@0.12.3

cat > check.mjs <<'JS'
import http from 'node:http'
import fs from 'node:fs'
import { execFile } from 'node:child_process'

const clients = new Map() // client_id -> redirect URI
const log = []
let good = 'first', owner
const server = http.createServer(async (req, res) => {
  let body = ''
  for await (const chunk of req) body += chunk
  const { pathname, searchParams } = new URL(req.url, base)
  const json = (status, value, headers) => {
    res.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(value))
  }
  if (pathname.startsWith('/.well-known/oauth-protected-resource')) {
    return json(200, { resource: `${base}/mcp`, authorization_servers: [base] })
  }
  if (pathname === '/.well-known/oauth-authorization-server') {
    return json(200, {
      issuer: base, authorization_endpoint: `${base}/authorize`, token_endpoint: `${base}/token`, registration_endpoint: `${base}/register`,
      response_types_supported: ['code'], grant_types_supported: ['authorization_code', 'refresh_token'],
      code_challenge_methods_supported: ['S256'], token_endpoint_auth_methods_supported: ['none'],
    })
  }
  if (pathname === '/register') {
    const client_id = `client-${clients.size + 1}`
    clients.set(client_id, JSON.parse(body).redirect_uris)
    log.push(`register ${client_id}`)
    return json(201, { ...JSON.parse(body), client_id })
  }
  if (pathname === '/authorize') {
    const back = new URL(searchParams.get('redirect_uri'))
    back.searchParams.set('code', 'code')
    back.searchParams.set('state', searchParams.get('state') ?? '')
    log.push('browser')
    return res.writeHead(302, { location: back.href }).end()
  }
  if (pathname === '/token') {
    const form = new URLSearchParams(body)
    const [grant, client] = [form.get('grant_type'), form.get('client_id')]
    log.push(`${grant} ${client}`)
    if (grant === 'refresh_token' && client !== owner) return json(400, { error: 'invalid_grant' })
    owner = client
    return json(200, { access_token: good, token_type: 'Bearer', expires_in: 3600, refresh_token: 'refresh' })
  }
  if (pathname !== '/mcp' || req.method !== 'POST') return res.writeHead(404).end()
  if (req.headers.authorization !== `Bearer ${good}`) {
    log.push('401')
    const challenge = `Bearer error="invalid_token", resource_metadata="${base}/.well-known/oauth-protected-resource/mcp"`
    return res.writeHead(401, { 'www-authenticate': challenge }).end()
  }
  const { id, method } = JSON.parse(body)
  if (id === undefined) return res.writeHead(202).end()
  const results = {
    initialize: { protocolVersion: '2025-11-25', capabilities: { tools: {} }, serverInfo: { name: 'finding', version: '1' } },
    'tools/list': { tools: [{ name: 'work', inputSchema: { type: 'object' } }] },
    'tools/call': { content: [{ type: 'text', text: 'done' }] },
  }
  json(200, { jsonrpc: '2.0', id, ...(results[method] ? { result: results[method] } : { error: { code: -32601, message: 'unknown' } }) })
})
await new Promise(r => server.listen(0, '127.0.0.1', r))
const base = `http://127.0.0.1:${server.address().port}`

// The browser of its home follows redirects: whoever it belongs to approves at once.
fs.mkdirSync('config')
fs.writeFileSync('config/mcporter.json', JSON.stringify({ mcpServers: { it: { url: `${base}/mcp`, auth: 'oauth' } }, imports: [] }))
fs.writeFileSync('xdg-open', '#!/bin/sh\ncurl -s -L --retry 50 --retry-connrefused --retry-delay 1 -o /dev/null "$1" &\n', { mode: 0o755 })
const home = process.cwd()
const env = { ...process.env, HOME: home, XDG_CONFIG_HOME: `${home}/.config`, BROWSER: `${home}/xdg-open`, PATH: `${home}:${process.env.PATH}` }
const mcporter = (...args) => new Promise(done => {
  execFile(process.execPath, ['node_modules/mcporter/dist/cli.js', ...args], { env, timeout: 60000 }, (_, stdout) => done(stdout.trim()))
})
const story = async (...args) => {
  log.length = 0
  const said = await mcporter(...args)
  return `${log.join(', ')}${said.endsWith('done') ? ', answered' : ''}`
}
let bad = 0
const check = (name, seen, expected) => {
  const ok = expected.test(seen)
  console.log(`${ok ? 'as found' : 'CHANGED'}: ${name}: ${seen}`)
  bad += !ok
}
check('mcporter auth', await story('auth', 'it'), /register client-1, browser, authorization_code client-1/)
check('a call', await story('call', 'it.work'), /^, answered$/)
// Its notes say that the token has expired, and so it has.
const expire = () => {
  const notes = '.mcporter/credentials.json'
  const kept = JSON.parse(fs.readFileSync(notes))
  for (const { tokens } of Object.values(kept.entries)) tokens.expires_at -= 4000
  fs.writeFileSync(notes, JSON.stringify(kept))
}
const anew = n => new RegExp(`^401, .*register client-${n}, refresh_token client-${n}, .*browser, authorization_code client-${n}, answered$`)
good = 'second'
expire()
check('expired, the login was by auth', await story('call', 'it.work'), anew(2))
good = 'third'
expire()
check('expired, the login was by call', await story('call', 'it.work'), /^refresh_token client-2, answered$/)
good = 'fourth' // the server refuses the third one from now on; the refresh token is good
check('refused', await story('call', 'it.work'), anew(3))
const ports = new Set([...clients.values()].map(uris => uris.join()))
console.log(`${ports.size} redirect URIs in ${clients.size} registrations`)
process.exit(bad || ports.size !== clients.size ? 1 : 0)
JS
timeout 200 node check.mjs
