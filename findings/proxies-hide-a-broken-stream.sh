#!/usr/bin/env bash
# An event stream that breaks off arrives as one that is over, from Caddy always, from h2o and nginx by the way that it broke.
#
# Versions: caddy 2.6.2, h2o 2.2.5, nginx 1.22.1, haproxy 2.6.12, apache2 2.4.71, nghttpx 1.52.0 (Debian 12).
# Guess before running: caddy, h2o and nginx with its HTTP/1.0 hide it, haproxy and apache2 do not: known from tollgate's trials of
#   proxies. Guessed was the rest: nghttpx and nginx with HTTP/1.1 show it. A reset instead of a FIN is shown by all
#   but h2o. Where Content-Length says how long the answer is, all of them show the break.
# Seen: curl ends with 0 (whole) or 18 and 56 (broken). HAProxy, Apache, nghttpx, and nginx once it is told to speak HTTP/1.1, always show
#   the break. Caddy never does, not even a reset, which was not guessed. h2o shows a reset and an end inside a chunk, but an
#   end between two chunks, the usual death of a server that waits for its next event, it makes a good one. nginx as it comes
#   (HTTP/1.0) takes each FIN for the end and shows the reset. With Content-Length all of them show it.
# Touches: whoever takes "the stream has ended" for "that was all": logs, model answers and calls are cut short and look whole. A
#   client of MCP cannot know by the end whether to come back with Last-Event-ID, and a test of a crash passes or fails by the proxy.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
timeout 300 apt-get -qq -o APT::Sandbox::User=root download caddy h2o nginx haproxy liblua5.3-0 libopentracing-c-wrapper0 libopentracing1 \
  apache2-bin libapr1 libaprutil1 nghttp2-proxy libnghttp2-14 libc-ares2 libev4 libjemalloc2 libyaml-0-2
for package in *.deb; do dpkg -x "$package" root; done
export LD_LIBRARY_PATH=$work/root/usr/lib/x86_64-linux-gnu
export PATH=$work/root/usr/sbin:$work/root/usr/bin:$PATH XDG_DATA_HOME=$work XDG_CONFIG_HOME=$work HOME=$work
caddy version | grep -F 2.6.2
h2o --version | grep -F 'version 2.2.5'
nginx -v 2>&1 | grep -F nginx/1.22.1
haproxy -v | grep -F 'version 2.6.12'
apache2 -v | grep -F Apache/2.4.71
nghttpx --version | grep -F nghttp2/1.52.0

cat > check.mjs <<'JS'
import fs from 'node:fs'
import net from 'node:net'
import { execFile, spawn } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'

const listen = s => new Promise(r => s.listen(0, '127.0.0.1', () => r(s.address().port)))
const free = async () => { const s = net.createServer(); const port = await listen(s); await new Promise(r => s.close(r)); return port }

// The server dies in the middle of a stream: one event whole, one begun.
const event = 'id: 1\ndata: {"progress":1}\n\n'
const chunk = text => `${text.length.toString(16)}\r\n${text}\r\n`
const head = 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-cache\r\nX-Accel-Buffering: no\r\n'
const chunked = `${head}Transfer-Encoding: chunked\r\n\r\n${chunk(event)}`
const answers = {
  '/whole': [`${chunked}0\r\n\r\n`],
  '/inside': [chunked + 'ff\r\nid: 2\nda', 'end'],
  '/between': [chunked, 'end'],
  '/reset': [chunked + 'ff\r\nid: 2\nda', 'resetAndDestroy'],
  '/length': [`${head}Content-Length: 255\r\n\r\n${event}`, 'end'],
}
const origin = net.createServer(socket => {
  let request = ''
  socket.on('error', () => {}).on('data', async data => {
    request += data
    if (!request.includes('\r\n\r\n')) return
    const [text, then] = answers[/^GET (\S+)/.exec(request)[1]]
    // To a client of HTTP/1.0 a body cannot be chunked: its end is the end of the connection.
    const old = / HTTP\/1\.0\r\n/.test(request) && text.startsWith(chunked)
    request = ''
    socket.write(old ? text.replace('Transfer-Encoding: chunked\r\n', '').replace(chunk(event), event).replace(/(ff|0\r\n)\r\n/, '') : text)
    await sleep(200)
    if (then || old) socket[then ?? 'end']()
  })
})
const inner = await listen(origin)

const dir = process.cwd()
const temp = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(n => `${n}_temp_path ${dir}/${n};`).join(' ')
const modules = ['mpm_event', 'authz_core', 'proxy', 'proxy_http']
  .map(n => `LoadModule ${n}_module ${dir}/root/usr/lib/apache2/modules/mod_${n}.so\n`).join('')
const nginx = more => [port => `daemon off; master_process off; pid ${dir}/${port}; error_log ${dir}/log; events {}
http { access_log off; ${temp} server { listen 127.0.0.1:${port}; location / { proxy_pass http://127.0.0.1:${inner}; ${more} } } }`,
file => ['nginx', '-e', `${dir}/log`, '-c', file]]
// Each: its configuration, how it is started.
const proxies = {
  direct: [],
  caddy: [port => `{\n\tadmin off\n}\nhttp://localhost:${port} {\n\tbind 127.0.0.1\n\treverse_proxy 127.0.0.1:${inner}\n}\n`,
    file => ['caddy', 'run', '--adapter', 'caddyfile', '--config', file]],
  h2o: [port => `hosts:\n  "localhost:${port}":\n    listen: {host: 127.0.0.1, port: ${port}}\n    paths:
      "/":\n        proxy.reverse.url: "http://127.0.0.1:${inner}/"\n`, file => ['h2o', '-c', file]],
  nginx: nginx(''),
  'nginx with HTTP/1.1': nginx('proxy_http_version 1.1; proxy_set_header Connection "";'),
  haproxy: [port => `defaults\n mode http\n timeout connect 5s\n timeout client 50s\n timeout server 50s
listen l\n bind 127.0.0.1:${port}\n server s 127.0.0.1:${inner}\n`, file => ['haproxy', '-db', '-f', file]],
  apache2: [port => `ServerRoot ${dir}\nServerName localhost\nDefaultRuntimeDir ${dir}\nPidFile ${dir}/${port}\nErrorLog ${dir}/log
User www-data\nGroup www-data\n${modules}Listen 127.0.0.1:${port}\nProxyPass / http://127.0.0.1:${inner}/\n`,
  file => ['apache2', '-DFOREGROUND', '-f', file]],
  nghttpx: [port => `frontend=127.0.0.1,${port};no-tls\nbackend=127.0.0.1,${inner}\nworkers=1\n`, file => ['nghttpx', `--conf=${file}`]],
}

// What was found, in the order of `answers`.
const found = {
  direct: '0 18 18 56 18',
  caddy: '0 0 0 0 18',
  h2o: '0 56 0 56 18',
  nginx: '0 0 0 18 18',
  'nginx with HTTP/1.1': '0 18 18 18 18',
  haproxy: '0 18 18 18 18',
  apache2: '0 18 18 18 18',
  nghttpx: '0 18 18 18 18',
}

// What curl says at the end of an answer: 0 is a whole one.
const curl = url => new Promise(r => {
  execFile('curl', ['-sN', '--max-time', '10', '--noproxy', '*', url], (e, body) => r({ code: e ? e.code : 0, body }))
})
let bad = 0
for (const [name, [configuration, command]] of Object.entries(proxies)) {
  let port = inner
  if (configuration) {
    port = await free()
    fs.writeFileSync(`conf.${port}`, configuration(port))
    const [program, ...args] = command(`${dir}/conf.${port}`)
    const child = spawn(program, args, { stdio: 'ignore' })
    process.on('exit', () => child.kill())
    for (let i = 0; (await curl(`http://localhost:${port}/whole`)).code; i++) {
      if (i === 100) throw new Error(`${name} does not answer`)
      await sleep(50)
    }
  }
  const seen = []
  for (const path of Object.keys(answers)) {
    const { code, body } = await curl(`http://localhost:${port}${path}`)
    seen.push(body.startsWith(event) ? code : 'lost')
  }
  const ok = seen.join(' ') === found[name]
  console.log(`${ok ? 'as found' : 'CHANGED'}: ${name}: ${Object.keys(answers).map((path, i) => `${path} ${seen[i]}`).join(', ')}`)
  bad += !ok
}
process.exit(bad ? 1 : 0)
JS
timeout 100 node check.mjs
