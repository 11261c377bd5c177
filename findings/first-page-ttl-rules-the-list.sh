#!/usr/bin/env bash
# The last page of a list says "over at once", and the client keeps it for an hour: only the first page's ttlMs counts.
#
# Version: @modelcontextprotocol/client 2.4.0 (npm), revision 2026-07-28.
# Guess before running: the shortest ttlMs of the pages rules the list that listResources() puts together. (Its source, seen by chance
#   before the run, said: the first.)
# Seen: the first. SEP-2549 takes each page for a response of its own, and gives the very example of a longer ttlMs for early pages
#   and a shorter one for the last. In that order what is new at the end is not seen before the first page is over; in the
#   other one all pages are asked for each time.
# Touches: servers that page their lists and say ttlMs page by page; tests that look for a new resource or tool on the last page.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
timeout 300 npm install --prefix "$work" --silent --ignore-scripts --no-audit --no-fund @modelcontextprotocol/client@2.4.0

cat > check.mjs <<'JS'
import http from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'

let ttls, asked, last // ttlMs of the two pages, the pages that were asked for, and what stands on the last
const server = http.createServer(async (req, res) => {
  let body = ''
  for await (const chunk of req) body += chunk
  if (req.method !== 'POST') return res.writeHead(405).end()
  const { id, method, params } = JSON.parse(body)
  if (id === undefined) return res.writeHead(202).end()
  const pages = [[{ uri: 'file:///old', name: 'old' }], last]
  const page = params?.cursor ? 1 : 0
  if (method === 'resources/list') asked.push(page + 1)
  const results = {
    'server/discover': {
      supportedVersions: ['2026-07-28'], capabilities: { resources: {} }, serverInfo: { name: 'finding', version: '1' }, ttlMs: 0,
    },
    'resources/list': { resources: pages[page], ttlMs: ttls[page], ...(page ? {} : { nextCursor: 'two' }) },
  }
  const answer = results[method]
    ? { result: { resultType: 'complete', cacheScope: 'private', ...results[method] } }
    : { error: { code: -32601, message: 'unknown' } }
  res.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ jsonrpc: '2.0', id, ...answer }))
})
await new Promise(r => server.listen(0, '127.0.0.1', r))
const url = new URL(`http://127.0.0.1:${server.address().port}/mcp`)

const hour = 3600 * 1000
let bad = 0
for (const [given, expected] of [
  [[hour, hour], 'pages asked for 1,2; listed old'],
  [[hour, 0], 'pages asked for 1,2; listed old'],
  [[0, hour], 'pages asked for 1,2,1,2; listed old,new'],
  [[0, 0], 'pages asked for 1,2,1,2; listed old,new'],
]) {
  ttls = given
  asked = []
  last = []
  const client = new Client({ name: 'finding', version: '1' }, { versionNegotiation: { mode: { pin: '2026-07-28' } } })
  await client.connect(new StreamableHTTPClientTransport(url))
  await client.listResources()
  last = [{ uri: 'file:///new', name: 'new' }]
  await sleep(500)
  const { resources } = await client.listResources()
  await client.close()
  const seen = `pages asked for ${asked}; listed ${resources.map(({ name }) => name)}`
  console.log(`${seen === expected ? 'as found' : 'CHANGED'}: ttlMs ${given[0]} then ${given[1]}, the list twice: ${seen}`)
  bad += seen !== expected
}
process.exit(bad ? 1 : 0)
JS
timeout 60 node check.mjs
