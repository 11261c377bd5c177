#!/usr/bin/env bash
# nginx auth_request hands on the first of two challenges only, the challenge of a 403 not at all, and a 429 as 500.
#
# Version: nginx 1.22.1 (Debian 12), whose plain proxy_pass keeps two WWW-Authenticate lines apart and whole.
# Guess before running: both challenges of a 401 arrive; a 403 may lose its own; other statuses become 500, as the manual says.
# Seen: of `DPoP …` and `Bearer …` only the line that came first is left, so which scheme a client learns depends on the order
#   in which the authorizing service wrote them. The 403 arrives bare: step-up (RFC 6750 section 3.1, insufficient_scope) ends
#   there. 429 and 503 with Retry-After become 500 without it.
# Touches: MCP servers guarded by auth_request: clients that only speak Bearer cannot find their authorization server, and step-up
#   never begins.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
timeout 120 apt-get -qq -o APT::Sandbox::User=root download nginx
dpkg -x nginx_*.deb root
root/usr/sbin/nginx -v 2>&1 | grep -F nginx/1.22.1

cat > check.mjs <<'JS'
import http from 'node:http'
import fs from 'node:fs'
import net from 'node:net'
import { spawn } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'

const listen = s => new Promise(r => s.listen(0, '127.0.0.1', () => r(s.address().port)))
const answers = {
  '/open': [200, {}],
  '/two': [401, { 'www-authenticate': ['DPoP algs="ES256"', 'Bearer resource_metadata="https://mcp.example/prm"'] }],
  '/scope': [403, { 'www-authenticate': 'Bearer error="insufficient_scope", scope="files:write"' }],
  '/busy': [429, { 'retry-after': '5' }],
  '/away': [503, { 'retry-after': '5' }],
}
// One server is the authorizing service (under /auth), the protected one, and (under /plain) one that answers by itself.
const server = http.createServer((req, res) => {
  const [, kind, name] = /^\/(auth|plain|app)(\/\w+)/.exec(req.url)
  const [status, headers] = kind === 'app' ? answers['/open'] : answers[name]
  res.writeHead(status, headers).end(kind)
})
const inner = await listen(server)
const probe = net.createServer()
const port = await listen(probe)
await new Promise(r => probe.close(r))

const dir = process.cwd()
const temp = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(n => `${n}_temp_path ${dir}/${n};`).join(' ')
fs.writeFileSync('nginx.conf', `daemon off; master_process off; pid ${dir}/pid; error_log ${dir}/log; events {}
http { access_log off; ${temp} server { listen 127.0.0.1:${port};
  location /plain/ { proxy_pass http://127.0.0.1:${inner}; }
  location /app/ { auth_request /auth; proxy_pass http://127.0.0.1:${inner}; }
  location = /auth { internal; set $name ""; if ($request_uri ~ "^/app(/.*)") { set $name $1; }
    proxy_pass http://127.0.0.1:${inner}/auth$name; proxy_pass_request_body off; proxy_set_header Content-Length ""; } } }`)
const nginx = spawn('root/usr/sbin/nginx', ['-c', `${dir}/nginx.conf`, '-e', `${dir}/log`], { stdio: 'inherit' })
process.on('exit', () => nginx.kill())

const ask = path => new Promise((resolve, reject) => {
  const req = http.get({ host: '127.0.0.1', port, path, agent: false, timeout: 5000 }, res => {
    res.resume().on('end', () => {
      const of = name => res.rawHeaders.filter((_, i) => i % 2 && res.rawHeaders[i - 1].toLowerCase() === name).map(v => v.split(' ')[0])
      resolve({ status: res.statusCode, challenges: of('www-authenticate'), retry: of('retry-after') })
    })
  })
  req.on('timeout', () => req.destroy(new Error('no answer within 5 s'))).on('error', reject)
})
for (let i = 0; ; i++) {
  try { await ask('/app/open'); break } catch (e) { if (i === 100) throw e; await sleep(50) }
}
let bad = 0
async function check(path, expected) {
  const seen = JSON.stringify(await ask(path))
  const ok = seen === JSON.stringify(expected)
  console.log(`${ok ? 'as found' : 'CHANGED'}: ${path}: ${seen}`)
  bad += !ok
}
await check('/app/open', { status: 200, challenges: [], retry: [] })
await check('/plain/two', { status: 401, challenges: ['DPoP', 'Bearer'], retry: [] })
await check('/app/two', { status: 401, challenges: ['DPoP'], retry: [] })
await check('/plain/scope', { status: 403, challenges: ['Bearer'], retry: [] })
await check('/app/scope', { status: 403, challenges: [], retry: [] })
await check('/plain/busy', { status: 429, challenges: [], retry: ['5'] })
await check('/app/busy', { status: 500, challenges: [], retry: [] })
await check('/app/away', { status: 500, challenges: [], retry: [] })
process.exit(bad ? 1 : 0)
JS
timeout 60 node check.mjs
