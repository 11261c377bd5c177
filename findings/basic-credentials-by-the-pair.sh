#!/usr/bin/env bash
# A hyphen in the client_id or a plus in the secret: whether a client gets its token depends on which library meets which.
#
# Versions: openid-client 6.9.0, @badgateway/oauth2-client 3.3.1, simple-oauth2 5.1.0, @modelcontextprotocol/client 2.4.0; as servers
#   oidc-provider 9.13.3, @node-oauth/oauth2-server 5.3.0 (npm). All with client_secret_basic.
# Guess before running: what form-encoding leaves alone, letters, digits and the hyphen of a UUID, passes everywhere; a plus is safe only where
#   both sides encode and decode as RFC 6749 section 2.3.1 and appendix B say. With the source of openid-client known: but it writes
#   %2D for a hyphen, which says the same to a server that decodes, and is another client to one that does not.
# Seen: openid-client and, not guessed, @badgateway/oauth2-client write %2D. oidc-provider decodes; @node-oauth/oauth2-server does not, and
#   refuses every UUID from these two with 401 invalid_client. With a plus, the MCP client, which encodes nothing, is refused
#   by oidc-provider, and the three others, which encode it, by @node-oauth/oauth2-server. Of the three kinds of credentials tried, only
#   letters and digits pass between all of them.
# Touches: whoever hands out client_ids (UUIDs, names with a hyphen) and secrets (base64): each client works with one's own server, and
#   "invalid_client" with another. Secrets are looked for in configuration files that are right.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
timeout 300 npm install --prefix "$work" --silent --ignore-scripts --no-audit --no-fund openid-client@6.9.0 @badgateway/oauth2-client@3.3.1 \
  simple-oauth2@5.1.0 @modelcontextprotocol/client@2.4.0 oidc-provider@9.13.3 @node-oauth/oauth2-server@5.3.0

cat > check.mjs <<'JS'
import http from 'node:http'
import { OAuth2Client } from '@badgateway/oauth2-client'
import { ClientCredentialsProvider, auth } from '@modelcontextprotocol/client'
import OAuth2Server from '@node-oauth/oauth2-server'
import * as openid from 'openid-client'
import { ClientCredentials } from 'simple-oauth2'

console.warn = console.info = () => {} // oidc-provider says that this is no setting for production
const { default: Provider } = await import('oidc-provider')

// Each knows the one client.
const servers = {
  'oidc-provider': (base, id, secret) => new Provider(base, {
    clients: [{ client_id: id, client_secret: secret, grant_types: ['client_credentials'], redirect_uris: [], response_types: [] }],
    features: { clientCredentials: { enabled: true }, devInteractions: { enabled: false } },
    ttl: { ClientCredentials: 600 },
  }).callback(),
  'oauth2-server': (base, id, secret) => {
    const oauth = new OAuth2Server({
      model: {
        getClient: async (asked, shown) => asked === id && shown === secret && { id, grants: ['client_credentials'] },
        getUserFromClient: async () => ({}),
        validateScope: async () => ['any'],
        saveToken: async (token, client, user) => ({ ...token, client, user }),
      },
    })
    return async (req, res) => {
      const json = (status, value, headers) => {
        res.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(value))
      }
      let form = ''
      for await (const chunk of req) form += chunk
      if (req.url === '/.well-known/oauth-authorization-server') {
        return json(200, {
          issuer: base, authorization_endpoint: `${base}/authorize`, token_endpoint: `${base}/token`, response_types_supported: ['code'],
          grant_types_supported: ['client_credentials'], token_endpoint_auth_methods_supported: ['client_secret_basic'],
        })
      }
      if (req.url !== '/token') return res.writeHead(404).end()
      const { headers, method } = req
      const request = new OAuth2Server.Request({ headers, method, query: {}, body: Object.fromEntries(new URLSearchParams(form)) })
      const response = new OAuth2Server.Response()
      await oauth.token(request, response).catch(() => {})
      json(response.status, response.body, response.headers)
    }
  },
}
const clients = {
  'openid-client': async (base, id, secret) => {
    const config = new openid.Configuration({ issuer: base, token_endpoint: `${base}/token` }, id, secret, openid.ClientSecretBasic(secret))
    openid.allowInsecureRequests(config)
    await openid.clientCredentialsGrant(config)
  },
  badgateway: (base, clientId, clientSecret) => (
    new OAuth2Client({ clientId, clientSecret, tokenEndpoint: `${base}/token`, authenticationMethod: 'client_secret_basic' }).clientCredentials()),
  'simple-oauth2': (base, id, secret) => new ClientCredentials({ client: { id, secret }, auth: { tokenHost: base, tokenPath: '/token' } }).getToken({}),
  'MCP client 2': (base, clientId, clientSecret) => {
    const provider = new ClientCredentialsProvider({ clientId, clientSecret })
    return auth(provider, { serverUrl: `${base}/mcp` })
  },
}
const credentials = {
  plain: ['client1', 'secret1'],
  hyphen: ['7f2c1d7e-90ab-4c3d-8e5f-0a1b2c3d4e5f', 'secret1'],
  plus: ['client1', 'k8+2sX/0aQ=='],
}
// Who is refused with what; everything else gets a token.
const refused = {
  'oidc-provider': { 'MCP client 2': ['plus'] },
  'oauth2-server': { 'openid-client': ['hyphen', 'plus'], badgateway: ['hyphen', 'plus'], 'simple-oauth2': ['plus'] },
}
let bad = 0
for (const [server, make] of Object.entries(servers)) {
  for (const [kind, [id, secret]] of Object.entries(credentials)) {
    let handler, status
    const listener = http.createServer((req, res) => {
      if (req.url === '/token') res.on('finish', () => { status = res.statusCode })
      return handler(req, res)
    })
    await new Promise(r => listener.listen(0, '127.0.0.1', r))
    const base = `http://127.0.0.1:${listener.address().port}`
    handler = make(base, id, secret)
    for (const [client, get] of Object.entries(clients)) {
      status = 0
      const token = await get(base, id, secret).then(() => true, () => false)
      const expected = refused[server][client]?.includes(kind) ? 401 : 200
      const ok = status === expected && token === (expected === 200)
      console.log(`${ok ? 'as found' : 'CHANGED'}: ${client} at ${server}, ${kind}: ${status}`)
      bad += !ok
    }
    listener.close()
  }
}
process.exit(bad ? 1 : 0)
JS
timeout 60 node check.mjs
