#!/usr/bin/env bash
# Two programs refresh one stored login at Cloudflare's provider: both are told 200, and the first has lost its login.
#
# Versions: @cloudflare/workers-oauth-provider 1.2.3 on Cloudflare's own runtime and KV for one's own machine (miniflare
#   4.20260426.0 with its workerd); client @modelcontextprotocol/client 2.4.0 (npm).
# Guess before running: its manual says that the new token and the one before it "can both recover a refresh whose
#   response was lost". So a second refresh with the old token works, and what both were given goes on working: the
#   manual says that using a new token ends the old one, not that it ends another new one. With the source read,
#   still before the run: a grant remembers two tokens only, so the answer that came first is not among them.
# Seen: so it is. Both access tokens work, and nothing is noticed for an hour. Then the program that came first gets
#   invalid_grant and opens a browser, while the one that came second refreshes on.
# Touches: two windows, or a command and an editor, that share one stored login and keep their tokens in memory: the
#   login is lost an hour after its cause, by the program that did nothing wrong. Whoever tests a client with a server
#   that takes a rotated token once more, and takes 200 twice for a pass.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
timeout 400 npm install --prefix "$work" --silent --ignore-scripts --no-audit --no-fund \
  @cloudflare/workers-oauth-provider@1.2.3 @modelcontextprotocol/client@2.4.0 miniflare@4.20260426.0

# What runs in workerd: the provider, before an MCP server without sessions; the person always agrees.
cat > worker.mjs <<'JS'
import { OAuthProvider } from './oauth-provider.js'

const mcp = { async fetch(request) {
  if (request.method !== 'POST') return new Response(null, { status: 405 })
  const { id, method, params } = await request.json()
  if (id === undefined) return new Response(null, { status: 202 })
  const result = {
    initialize: () => ({
      protocolVersion: params.protocolVersion, capabilities: { tools: {} },
      serverInfo: { name: 'finding', version: '1' },
    }),
    'tools/call': () => ({ content: [{ type: 'text', text: 'done' }] }),
  }[method]?.()
  const answer = result ? { result } : { error: { code: -32601, message: 'unknown' } }
  return Response.json({ jsonrpc: '2.0', id, ...answer })
} }
const person = { async fetch(request, env) {
  const asked = await env.OAUTH_PROVIDER.parseAuthRequest(request)
  const granted = { request: asked, userId: 'somebody', metadata: {}, scope: asked.scope, props: {} }
  const { redirectTo } = await env.OAUTH_PROVIDER.completeAuthorization(granted)
  return new Response(null, { status: 302, headers: { location: redirectTo } })
} }
let provider
export default { fetch(request, env, context) {
  const { origin } = new URL(request.url)
  provider ??= new OAuthProvider({
    apiRoute: '/mcp', apiHandler: mcp, defaultHandler: person, authorizeEndpoint: '/authorize', tokenEndpoint: '/token',
    clientRegistrationEndpoint: '/register', scopesSupported: ['read'],
    resourceMetadata: { resource: `${origin}/mcp`, authorization_servers: [origin] },
  })
  return provider.fetch(request, env, context)
} }
JS
cat > check.mjs <<'JS'
import fs from 'node:fs'
import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { Miniflare } from 'miniflare'

// The client reports each refusal there, which is no part of what is looked at.
for (const level of ['warn', 'error']) console[level] = () => {}
const module = (path, file) => ({ type: 'ESModule', path, contents: fs.readFileSync(file, 'utf8') })
const runtime = new Miniflare({
  modules: [
    module('worker.mjs', 'worker.mjs'),
    module('oauth-provider.js', 'node_modules/@cloudflare/workers-oauth-provider/dist/oauth-provider.js'),
  ],
  host: '127.0.0.1', port: 0, compatibilityDate: '2026-04-01', kvNamespaces: ['OAUTH_KV'], handleRuntimeStdio() {},
})
const base = (await runtime.ready).origin
let bad = 0
const check = (what, seen, expected) => {
  const ok = seen === expected
  console.log(`${ok ? 'as found' : 'CHANGED'}: ${what}: ${seen}`)
  bad += !ok
}

const redirect_uri = 'http://127.0.0.1/callback'
const grant_types = ['authorization_code', 'refresh_token']
const registration = { redirect_uris: [redirect_uri], token_endpoint_auth_method: 'none', grant_types }
const client = await (await fetch(`${base}/register`, {
  method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(registration),
})).json()
const token = async fields => {
  const body = new URLSearchParams({ client_id: client.client_id, resource: `${base}/mcp`, ...fields })
  return (await fetch(`${base}/token`, { method: 'POST', body })).json()
}
const refresh = refresh_token => token({ grant_type: 'refresh_token', refresh_token })
async function login() {
  const code_verifier = 'verifier'.repeat(6)
  const query = new URLSearchParams({
    response_type: 'code', client_id: client.client_id, redirect_uri, scope: 'read', resource: `${base}/mcp`,
    code_challenge: createHash('sha256').update(code_verifier).digest('base64url'), code_challenge_method: 'S256',
  })
  const { headers } = await fetch(`${base}/authorize?${query}`, { redirect: 'manual' })
  const code = new URL(headers.get('location')).searchParams.get('code')
  return token({ grant_type: 'authorization_code', code, redirect_uri, code_verifier })
}
const word = answer => answer.error ?? 'good'

// By hand, one after the other.
const old = (await login()).refresh_token
const first = await refresh(old)
const second = await refresh(old)
check('one token refreshed twice', `${word(first)}, ${word(second)}`, 'good, good')
const opens = async ({ access_token }) => {
  const headers = { authorization: `Bearer ${access_token}`, 'content-type': 'application/json' }
  const body = '{"jsonrpc":"2.0","method":"notifications/initialized"}'
  return (await fetch(`${base}/mcp`, { method: 'POST', headers, body })).status
}
check('the access tokens of both', `${await opens(first)}, ${await opens(second)}`, '202, 202')
check('the refresh token of the first answer', word(await refresh(first.refresh_token)), 'invalid_grant')
check('that of the second', word(await refresh(second.refresh_token)), 'good')

// Two windows of a real client, which read the same login; an hour passes twice.
const kept = await login()
const windows = []
for (let i = 0; i < 2; i++) {
  const window = { tokens: kept, browsers: 0 }
  const authProvider = {
    redirectUrl: redirect_uri, clientMetadata: registration, clientInformation: () => client,
    tokens: () => window.tokens, saveTokens: tokens => { window.tokens = tokens },
    codeVerifier: () => 'verifier', saveCodeVerifier() {}, redirectToAuthorization() { window.browsers++ },
    invalidateCredentials: what => { if (what === 'tokens') window.tokens = undefined },
  }
  window.client = new Client({ name: 'finding', version: '1' })
  await window.client.connect(new StreamableHTTPClientTransport(new URL(`${base}/mcp`), { authProvider }))
  windows.push(window)
}
// Each client asks for a stream by itself, after it connected; it would refresh as well, and change the order.
await sleep(500)
const kv = await runtime.getKVNamespace('OAUTH_KV')
for (const [hour, expected] of [['first', ['answered', 'answered']], ['second', ['a browser opens', 'answered']]]) {
  // What KV does when the access tokens are over.
  for (const { name } of (await kv.list({ prefix: 'token:' })).keys) await kv.delete(name)
  for (const [i, window] of windows.entries()) {
    const seen = await window.client.callTool({ name: 'work', arguments: {} }).then(
      () => 'answered', error => window.browsers ? 'a browser opens' : error.message)
    check(`client 2, after the ${hour} hour, window ${i + 1}`, seen, expected[i])
  }
}
for (const window of windows) await window.client.close()
await runtime.dispose()
process.exit(bad ? 1 : 0)
JS
timeout 120 node check.mjs
