#!/usr/bin/env bash
# A server lists a resource, a client asks for it by the very name that it read, and the server does not know it.
#
# Versions: @modelcontextprotocol/sdk 1.32.2, @modelcontextprotocol/server 2.4.0 with client 2.4.0, fastmcp 4.20.16,
#   zod 4.6.7 (npm).
# Guess before running: what resources/list names can be read by that name, whatever it looks like. With a feeling that
#   SDK 1.x parses the name as a URL first and then finds nothing; SDK 2.x and fastmcp were thought right.
# Seen: both SDKs parse what is asked for, write it anew as browsers do, and look for that among the names as they were
#   registered; what was registered is not written anew. So a name is found only if a browser would leave it alone.
#   "https://example.com" without a slash is not, nor a host with a capital, ":443", a query right behind the host,
#   "file://localhost/…", an IPv6 address with capitals, or a scheme with one as in "myNotes://team/one": each a URI by
#   RFC 3986 (sections 3.1 to 3.3), and each listed. "note://Team/One" is found, as its scheme is none of a browser's.
#   Templates are compared in the same way: one with a capital in its host matches nothing. SDK 1.x names another
#   address in its error than was asked for. With "https://example.com/" registered, too, the first name gives the text
#   of that one (not guessed). fastmcp, which stands on SDK 1.x, compares the names themselves, and finds all of them.
# Touches: servers over catalogues, sites and files whose names come from elsewhere: nothing fails when they register,
#   and each client that reads what it was told gets an error. A server helps itself with `new URL(name).href`.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
timeout 400 npm install --prefix "$work" --silent --ignore-scripts --no-audit --no-fund \
  @modelcontextprotocol/sdk@1.32.2 @modelcontextprotocol/client@2.4.0 @modelcontextprotocol/server@2.4.0 \
  fastmcp@4.20.16 zod@4.6.7

cat > check.mjs <<'JS'
import net from 'node:net'
import { Client as Client2, InMemoryTransport as Transport2 } from '@modelcontextprotocol/client'
import { Client as Client1 } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { InMemoryTransport as Transport1 } from '@modelcontextprotocol/sdk/inMemory.js'
import { McpServer as Server1, ResourceTemplate as Template1 } from '@modelcontextprotocol/sdk/server/mcp.js'
import { McpServer as Server2, ResourceTemplate as Template2 } from '@modelcontextprotocol/server'
import { FastMCP } from 'fastmcp'

const left = ['https://example.com/', 'file:///srv/notes.txt', 'note://Team/One', 'urn:isbn:0451450523']
const rewritten = [
  'https://example.com', 'https://Example.com/docs', 'https://example.com:443/docs', 'https://example.com?page=1',
  'https://[2001:DB8::1]/docs', 'file://localhost/srv/notes.txt', 'myNotes://team/one',
]
const textOf = uri => ({ contents: [{ uri, text: `text of ${uri}` }] })
const sdks = {
  'SDK 1.x': [Server1, Template1, Transport1, Client1],
  'SDK 2.x': [Server2, Template2, Transport2, Client2],
}
async function connect(sdk, register) {
  const [Server, Template, Transport, Client] = sdks[sdk]
  const server = new Server({ name: 'finding', version: '1' })
  register(server, Template)
  const [here, there] = Transport.createLinkedPair()
  const client = new Client({ name: 'finding', version: '1' })
  await Promise.all([server.connect(there), client.connect(here)])
  return client
}
const serving = (...uris) => server => {
  for (const uri of uris) server.registerResource(uri, uri, {}, async () => textOf(uri))
}
async function fastmcp(uri) {
  const port = await new Promise(r => {
    const s = net.createServer().listen(0, '127.0.0.1', () => { const { port } = s.address(); s.close(() => r(port)) })
  })
  const quiet = { debug() {}, error() {}, info() {}, log() {}, warn() {} }
  const server = new FastMCP({ name: 'finding', version: '1.0.0', logger: quiet })
  server.addResource({ uri, name: 'it', mimeType: 'text/plain', load: async () => ({ text: `text of ${uri}` }) })
  await server.start({ transportType: 'httpStream', httpStream: { port, host: '127.0.0.1', stateless: true } })
  const client = new Client1({ name: 'finding', version: '1' })
  await client.connect(new StreamableHTTPClientTransport(new URL(`http://127.0.0.1:${port}/mcp`)))
  return client
}
const read = (client, uri) => client.readResource({ uri }).then(
  ({ contents }) => contents[0].text === `text of ${uri}` ? 'found' : contents[0].text,
  error => /not found/.test(error.message) ? 'not found' : error.message)
// Reads what the list names, and nothing else.
async function firstOfList(client) {
  const { resources } = await client.listResources()
  return read(client, resources[0].uri)
}
let bad = 0
const check = (what, seen, expected) => {
  const ok = seen === expected
  console.log(`${ok ? 'as found' : 'CHANGED'}: ${what}: ${seen}`)
  bad += !ok
}
for (const sdk of Object.keys(sdks)) {
  for (const uri of [...left, ...rewritten]) {
    const expected = left.includes(uri) ? 'found' : 'not found'
    check(`${sdk}, ${uri}`, await firstOfList(await connect(sdk, serving(uri))), expected)
  }
  const both = await connect(sdk, serving('https://example.com', 'https://example.com/'))
  check(`${sdk}, without a slash beside one with it`, await firstOfList(both), 'text of https://example.com/')
  for (const [host, expected] of [['example.com', 'found'], ['Example.com', 'not found']]) {
    const client = await connect(sdk, (server, Template) => {
      const template = new Template(`https://${host}/{page}`, { list: undefined })
      server.registerResource('pages', template, {}, async () => textOf(`https://${host}/one`))
    })
    check(`${sdk}, a template at ${host}`, await read(client, `https://${host}/one`), expected)
  }
}
for (const uri of rewritten) check(`fastmcp, ${uri}`, await firstOfList(await fastmcp(uri)), 'found')
process.exit(bad ? 1 : 0)
JS
timeout 120 node check.mjs
