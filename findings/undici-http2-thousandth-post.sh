#!/usr/bin/env bash
# undici 7 over HTTP/2 gives up the POST that uses up nginx's connection, and nginx carries it out all the same.
#
# Versions: undici 7.30.2 (npm) with allowH2, nginx 1.22.1 (Debian 12, its default keepalive_requests of 1000).
# Guess before running: after 1000 requests nginx says a polite GOAWAY, the client opens another connection, and no ordinary request
#   notices.
# Seen: the 1000th request fails at once: "fetch failed", cause `HTTP/2: "GOAWAY" frame received with code 0` (NO_ERROR). Its
#   stream is within the last stream id of that GOAWAY, so its answer was still to come (RFC 9113 section 6.8), and the
#   server does receive it, once, after the client was told that it failed.
# Touches: whoever turns allowH2 on behind nginx. In a long run one POST is lost but done: a lost /token answer with a rotating
#   refresh token looks like theft at the next refresh; a tool call repeated by hand runs twice.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
timeout 300 npm install --prefix "$work" --silent --ignore-scripts --no-audit --no-fund undici@7.30.2
timeout 120 apt-get -qq -o APT::Sandbox::User=root download nginx
dpkg -x nginx_*.deb root
root/usr/sbin/nginx -v 2>&1 | grep -F nginx/1.22.1

cat > check.mjs <<'JS'
import http from 'node:http'
import fs from 'node:fs'
import net from 'node:net'
import { execFileSync, spawn } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { Agent, fetch } from 'undici'

const listen = s => new Promise(r => s.listen(0, '127.0.0.1', () => r(s.address().port)))
const seen = new Map()
const upstream = http.createServer((req, res) => {
  seen.set(req.url, (seen.get(req.url) ?? 0) + 1)
  req.resume().on('end', () => res.end('done'))
})
const inner = await listen(upstream)
const probe = net.createServer()
const port = await listen(probe)
await new Promise(r => probe.close(r))

const dir = process.cwd()
execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', 'key', '-out', 'crt',
  '-days', '2', '-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1'], { stdio: 'ignore' })
const temp = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(n => `${n}_temp_path ${dir}/${n};`).join(' ')
fs.writeFileSync('nginx.conf', `daemon off; master_process off; pid ${dir}/pid; error_log ${dir}/log; events {}
http { access_log off; ${temp} server { listen 127.0.0.1:${port} ssl http2; ssl_certificate ${dir}/crt; ssl_certificate_key ${dir}/key;
  location / { proxy_pass http://127.0.0.1:${inner}; proxy_http_version 1.1; proxy_set_header Connection ""; } } }`)
const nginx = spawn('root/usr/sbin/nginx', ['-c', `${dir}/nginx.conf`, '-e', `${dir}/log`], { stdio: 'inherit' })
process.on('exit', () => nginx.kill())

const dispatcher = new Agent({ allowH2: true, connect: { ca: fs.readFileSync('crt') } })
const url = path => `https://127.0.0.1:${port}${path}`
for (let i = 0; ; i++) {
  try { await (await fetch(url('/ready'), { dispatcher })).text(); break } catch (e) { if (i === 100) throw e; await sleep(50) }
}
let failed
for (let i = 0; i < 1100 && !failed; i++) {
  const path = `/post/${i}`
  try { await (await fetch(url(path), { dispatcher, method: 'POST', body: 'a=b' })).text() } catch (e) {
    failed = { after: i, message: e.message, cause: e.cause?.message, path }
  }
}
for (let i = 0; failed && i < 100 && !seen.get(failed.path); i++) await sleep(20)
let bad = 0
const check = (what, ok, value) => { console.log(`${ok ? 'as found' : 'CHANGED'}: ${what}: ${JSON.stringify(value)}`); bad += !ok }
check('the 1000th request of the connection fails', failed?.after === 998, failed?.after)
check('with "no error"', failed?.cause === 'HTTP/2: "GOAWAY" frame received with code 0', failed?.cause)
check('the server had carried it out once', seen.get(failed?.path) === 1, seen.get(failed?.path) ?? 0)
process.exit(bad ? 1 : 0)
JS
timeout 90 node check.mjs
