#!/usr/bin/env bash
# The MCP SDK takes every RFC 6570 template, drops what it does not know without a word, and does not recognise its own URIs.
#
# Versions: UriTemplate of @modelcontextprotocol/sdk 1.32.2 and of @modelcontextprotocol/client 2.4.0; url-template 3.1.1 for
#   comparison (npm).
# Guess before running: what is not supported is refused when the template is made; what is, expands as the RFC's examples and is
#   matched again with the same values.
# Seen: {id:3}, {;k} and their like are accepted and expand to nothing, so two different items get one URI. {?list*} joins with commas.
#   match() of an expansion gives null for {a,b}, for {/path*}, and for {?q,limit} when one of the two is left out; values come back
#   still percent-encoded ("a b" as "a%20b"). Both generations agree to the letter.
# Touches: servers that offer templates with optional queries: reads without every one of the parameters, in the
#   template's order, are "resource not found".
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
timeout 300 npm install --prefix "$work" --silent --ignore-scripts --no-audit --no-fund \
  @modelcontextprotocol/sdk@1.32.2 @modelcontextprotocol/client@2.4.0 url-template@3.1.1

cat > check.mjs <<'JS'
import { parseTemplate } from 'url-template'
import { UriTemplate as One } from '@modelcontextprotocol/sdk/shared/uriTemplate.js'
import { UriTemplate as Two } from '@modelcontextprotocol/client'

// template, values, the RFC's expansion, the SDK's expansion, what the SDK reads from its own expansion
const rows = [
  ['doc://x/{id}', { id: '7' }, 'doc://x/7', 'doc://x/7', { id: '7' }],
  ['doc://x{?q,limit}', { q: '1', limit: '2' }, 'doc://x?q=1&limit=2', 'doc://x?q=1&limit=2', { q: '1', limit: '2' }],
  ['doc://x{?q,limit}', { q: '1' }, 'doc://x?q=1', 'doc://x?q=1', null],
  ['doc://x{?q,limit}', {}, 'doc://x', 'doc://x', null],
  ['doc://x/{a,b}', { a: '1', b: '2' }, 'doc://x/1,2', 'doc://x/1,2', null],
  ['doc://x{/path*}', { path: ['a', 'b'] }, 'doc://x/a/b', 'doc://x/a/b', null],
  ['doc://x/{id}', { id: 'a b' }, 'doc://x/a%20b', 'doc://x/a%20b', { id: 'a%20b' }],
  ['doc://x/{id:3}', { id: 'abcdef' }, 'doc://x/abc', 'doc://x/', undefined],
  ['doc://x{;k}', { k: 'v' }, 'doc://x;k=v', 'doc://x', undefined],
  ['doc://x{?list*}', { list: ['a', 'b'] }, 'doc://x?list=a&list=b', 'doc://x?list=a,b', undefined],
]
let bad = 0
function check(what, seen, expected) {
  const ok = JSON.stringify(seen) === JSON.stringify(expected)
  console.log(`${ok ? 'as found' : 'CHANGED'}: ${what}: ${JSON.stringify(seen)}`)
  bad += !ok
}
for (const [template, values, standard, expansion, match] of rows) {
  const given = `${template} with ${JSON.stringify(values)}`
  check(`url-template expands ${given}`, parseTemplate(template).expand(values), standard)
  for (const [name, Template] of [['sdk 1', One], ['client 2', Two]]) {
    const t = new Template(template)
    check(`${name} expands ${given}`, t.expand(values), expansion)
    if (match !== undefined) check(`${name} matches ${expansion}`, t.match(expansion), match)
  }
}
process.exit(bad ? 1 : 0)
JS
timeout 60 node check.mjs
