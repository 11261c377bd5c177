#!/usr/bin/env bash
# nghttpx sends the end of a login to itself: it takes every port of the host name that it was called by for its backend.
#
# Version: nghttpx 1.52.0 (Debian 12), as reverse proxy with nothing set but its addresses.
# Guess before running: that localhost:8765 comes out changed was known, from tollgate's trials of proxies. Guessed was the rest:
#   127.0.0.1 is left alone by a proxy called as localhost; https://localhost:8443 becomes http, too; relative ones stay.
# Seen: so it is. An absolute redirect to the host name of the request has scheme and port replaced by those of the request, whatever
#   they were. A proxy called as localhost breaks the callback http://localhost:8765, one called as 127.0.0.1 that of 127.0.0.1
#   (which RFC 8252 recommends): the browser ends on a 404 of the authorization server, which finds the code in its log, and
#   the client waits for ever. With --no-location-rewrite all is well.
# Touches: logins of desktop and command line clients at an authorization server tried behind nghttpx on one's own machine; in
#   production, web clients that live on another port of the same host.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
timeout 120 apt-get -qq -o APT::Sandbox::User=root download nghttp2-proxy libnghttp2-14 libc-ares2 libev4 libjemalloc2
for package in *.deb; do dpkg -x "$package" root; done
export LD_LIBRARY_PATH=$work/root/usr/lib/x86_64-linux-gnu
root/usr/sbin/nghttpx --version | grep -F nghttp2/1.52.0

cat > check.mjs <<'JS'
import http from 'node:http'
import net from 'node:net'
import { execFile, spawn } from 'node:child_process'
import { promisify } from 'node:util'
import { setTimeout as sleep } from 'node:timers/promises'

const listen = s => new Promise(r => s.listen(0, '127.0.0.1', () => r(s.address().port)))
const free = async () => { const s = net.createServer(); const port = await listen(s); await new Promise(r => s.close(r)); return port }
// The authorization server: a login that was agreed to, back to where the client wants it.
const origin_heard = []
const origin = http.createServer((req, res) => {
  const { pathname, searchParams } = new URL(req.url, 'http://origin')
  if (pathname !== '/authorize') return origin_heard.push(req.url) && res.writeHead(404).end()
  res.writeHead(302, { location: searchParams.get('redirect_uri') }).end()
})
const inner = await listen(origin)
// The client: a program of this machine that waits for its code.
const client_heard = []
const client = http.createServer((req, res) => { client_heard.push(req.url); res.end('you may close this window') })
const own = await listen(client)

async function nghttpx(...more) {
  const port = await free()
  const child = spawn('root/usr/sbin/nghttpx', [
    `--frontend=127.0.0.1,${port};no-tls`, `--backend=127.0.0.1,${inner}`, '--conf=/dev/null', '--workers=1', ...more,
  ], { stdio: 'ignore' })
  process.on('exit', () => child.kill())
  for (let i = 0; ; i++) {
    try { await fetch(`http://127.0.0.1:${port}/authorize?redirect_uri=/`, { redirect: 'manual' }); return port } catch (e) {
      if (i === 100) throw e
      await sleep(50)
    }
  }
}
const curl = async (...of) => (await promisify(execFile)('curl', ['-sS', '--max-time', '10', '--noproxy', '*', ...of])).stdout
const login = (host, redirect) => `http://${host}/authorize?redirect_uri=${encodeURIComponent(redirect)}`
const location = (host, redirect) => curl('-o', '/dev/null', '-w', '%header{location}', login(host, redirect))

let bad = 0
async function check(what, seen, expected) {
  const ok = await seen === expected
  console.log(`${ok ? 'as found' : 'CHANGED'}: ${what}: ${await seen}`)
  bad += !ok
}
const plain = await nghttpx()
const told = await nghttpx('--no-location-rewrite')
const callback = 'http://localhost:8765/callback?code=1'
const cases = [
  [`localhost:${plain}`, callback, `http://localhost:${plain}/callback?code=1`],
  [`localhost:${plain}`, 'http://127.0.0.1:8765/callback?code=1'],
  [`127.0.0.1:${plain}`, 'http://127.0.0.1:8765/callback?code=1', `http://127.0.0.1:${plain}/callback?code=1`],
  [`localhost:${plain}`, 'https://localhost:8443/callback?code=1', `http://localhost:${plain}/callback?code=1`],
  [`localhost:${plain}`, '/callback?code=1'],
  [`localhost:${told}`, callback],
]
for (const [host, redirect, expected] of cases) {
  const what = `called as ${host}${host.endsWith(told) ? ', --no-location-rewrite' : ''}, redirect to ${redirect}`
  await check(what, location(host, redirect), expected ?? redirect)
}
const own_callback = `http://localhost:${own}/callback?code=1`
const follow = port => curl('-L', '-o', '/dev/null', '-w', '%{http_code}', login(`localhost:${port}`, own_callback))
await check('a browser that follows ends with', follow(plain), '404')
await check('the code went to the authorization server', Promise.resolve(origin_heard.join()), '/callback?code=1')
await check('and not to the client', Promise.resolve(client_heard.join()), '')
await check('with --no-location-rewrite it ends with', follow(told), '200')
await check('the client has its code', Promise.resolve(client_heard.join()), '/callback?code=1')
process.exit(bad ? 1 : 0)
JS
timeout 60 node check.mjs
