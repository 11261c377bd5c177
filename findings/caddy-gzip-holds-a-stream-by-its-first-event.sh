#!/usr/bin/env bash
# With `encode gzip`, Caddy keeps an event stream live or holds all of it back until it ends: the length of its first event decides.
#
# Versions: caddy 2.6.2, haproxy 2.6.12, nginx 1.22.1 (Debian 12), each with compression turned on in one line.
# Guess before running: nginx flushes what it compresses; Caddy compresses only what begins with more than 512 bytes at once, and then does
#   not flush: from its source as remembered. HAProxy flushes, too. `Cache-Control: no-transform` is kept by all (an
#   intermediary "MUST NOT transform the content", RFC 9111 section 5.2.2.6).
# Seen: Caddy as guessed, but for no-transform: it compresses all the same, and holds the stream. A stream whose first event is short is
#   never compressed, however long the later ones are. HAProxy compresses every stream and holds each event until a later one
#   pushes it out (not guessed), and with no-transform leaves it alone. nginx is live, and compresses in spite of no-transform.
# Touches: event streams, of MCP too, behind `encode gzip`, which many Caddyfiles have: a call with progress works for months, and is dumb until
#   its end on the day on which the first message is long. With curl, which asks for no compression, it cannot be seen.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
timeout 300 apt-get -qq -o APT::Sandbox::User=root download caddy nginx haproxy liblua5.3-0 libopentracing-c-wrapper0 libopentracing1
for package in *.deb; do dpkg -x "$package" root; done
export LD_LIBRARY_PATH=$work/root/usr/lib/x86_64-linux-gnu
export PATH=$work/root/usr/sbin:$work/root/usr/bin:$PATH XDG_DATA_HOME=$work XDG_CONFIG_HOME=$work HOME=$work
caddy version | grep -F 2.6.2
nginx -v 2>&1 | grep -F nginx/1.22.1
haproxy -v | grep -F 'version 2.6.12'

cat > check.mjs <<'JS'
import fs from 'node:fs'
import http from 'node:http'
import net from 'node:net'
import zlib from 'node:zlib'
import { spawn } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'

const listen = s => new Promise(r => s.listen(0, '127.0.0.1', () => r(s.address().port)))
const free = async () => { const s = net.createServer(); const port = await listen(s); await new Promise(r => s.close(r)); return port }

let stream // the response that is being written
const origin = http.createServer((req, res) => {
  if (req.url === '/ready') return res.end()
  const cacheControl = req.url === '/no-transform' ? 'no-cache, no-transform' : 'no-cache'
  res.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': cacheControl, 'x-accel-buffering': 'no' }).flushHeaders()
  stream = res
})
const inner = await listen(origin)

const dir = process.cwd()
const temp = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(n => `${n}_temp_path ${dir}/${n};`).join(' ')
// Each: its configuration, how it is started.
const proxies = {
  caddy: [port => `{\n\tadmin off\n}\nhttp://localhost:${port} {\n\tbind 127.0.0.1\n\tencode gzip\n\treverse_proxy 127.0.0.1:${inner}\n}\n`,
    file => ['caddy', 'run', '--adapter', 'caddyfile', '--config', file]],
  haproxy: [port => `defaults\n mode http\n timeout connect 5s\n timeout client 50s\n timeout server 50s
listen l\n bind 127.0.0.1:${port}\n option http-no-delay\n compression algo gzip\n server s 127.0.0.1:${inner}\n`,
  file => ['haproxy', '-db', '-f', file]],
  nginx: [port => `daemon off; master_process off; pid ${dir}/${port}; error_log ${dir}/log; events {}
http { access_log off; ${temp} gzip on; gzip_types text/event-stream;
server { listen 127.0.0.1:${port}; location / { proxy_pass http://127.0.0.1:${inner}; proxy_http_version 1.1; } } }`,
  file => ['nginx', '-e', `${dir}/log`, '-c', file]],
}

// A stream of three events: how many of them arrive within a second of being written, before anything else is.
async function live(url, length) {
  let text = ''
  stream = undefined
  const req = http.get(url, { agent: false, headers: { 'accept-encoding': 'gzip' } })
  const ended = new Promise((resolve, reject) => req.on('error', reject).on('response', res => {
    const gzip = res.headers['content-encoding'] === 'gzip'
    const body = gzip ? res.pipe(zlib.createGunzip({ flush: zlib.constants.Z_SYNC_FLUSH })) : res
    body.on('data', data => { text += data }).on('end', () => resolve(gzip ? 'gzip' : 'plain'))
  }))
  while (!stream) await sleep(10)
  let count = 0
  for (const [i, size] of [length, 1, 1].entries()) {
    const event = `id: ${i}\ndata: ${'12'.repeat(size / 2)}\n\n`
    stream.write(event)
    for (let wait = 0; wait < 20 && !text.includes(event); wait++) await sleep(50)
    count += text.includes(event)
  }
  stream.end()
  return `${await ended}, ${count} of 3 in time`
}

const short = 400, long = 600
const all = 'gzip, 3 of 3 in time', none = 'gzip, 0 of 3 in time', plain = 'plain, 3 of 3 in time'
const found = { caddy: [plain, none, plain, none], haproxy: [none, none, plain, plain], nginx: [all, all, all, all] }
process.on('SIGTERM', () => process.exit(1))
let bad = 0
for (const [name, [configuration, command]] of Object.entries(proxies)) {
  const port = await free()
  fs.writeFileSync(`conf.${port}`, configuration(port))
  const [program, ...args] = command(`${dir}/conf.${port}`)
  const child = spawn(program, args, { stdio: 'ignore' })
  process.on('exit', () => child.kill())
  for (let i = 0; !await fetch(`http://localhost:${port}/ready`).catch(() => false); i++) {
    if (i === 100) throw new Error(`${name} does not answer`)
    await sleep(50)
  }
  let i = 0
  for (const path of ['no-cache', 'no-transform']) {
    for (const length of [short, long]) {
      const seen = await live(`http://localhost:${port}/${path}`, length)
      const ok = seen === found[name][i++]
      console.log(`${ok ? 'as found' : 'CHANGED'}: ${name}, ${path}, a first event of ${length}: ${seen}`)
      bad += !ok
    }
  }
}
process.exit(bad ? 1 : 0)
JS
timeout 100 node check.mjs
