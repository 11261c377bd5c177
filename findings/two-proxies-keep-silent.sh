#!/usr/bin/env bash
# A server dies over a POST: six proxies say 502 or 500, HAProxy and Apache say nothing, and curl sends it again.
#
# Versions: nginx 1.22.1, caddy 2.6.2, h2o 2.2.5, nghttpx 1.52.0, squid 5.7, lighttpd 1.4.69, haproxy 2.6.12, apache2
#   2.4.71; curl 7.88.1, httplib2 0.20.4, requests 2.28.1 (Debian 12); Node's own http.
# Guess before running: each proxy answers 502, unless it sends the POST again itself, which RFC 9110 section 9.2.2
#   forbids it: Squid was thought to. After a first run, in which two proxies gave no answer at all: curl and httplib2
#   take that for a connection that had grown old, and send the POST again.
# Seen: no proxy sends it again. HAProxy and Apache answer 502 when the POST is the first request of its client's
#   connection; when another request came before, they close that connection without a word, HAProxy on purpose: the
#   client is to see what it would have seen without a proxy, and may try again. curl and httplib2 do, whatever the
#   method, over a new connection: the server has carried the POST out twice, and the client is told 200. Behind the
#   others it is carried out once, and the client is told that something failed. The connection to the server need not
#   have been an old one: `http-reuse never` and `disablereuse=on` change nothing (not guessed).
# Touches: restarts of servers behind HAProxy or Apache. A refresh that rotates comes twice, and the second looks like
#   theft. Whoever counts 502 at the proxy sees none. What seven clients do without a proxy stands in
#   post-without-answer-sent-twice.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
chmod 755 "$work" # squid and apache2 become other users
timeout 300 apt-get -qq -o APT::Sandbox::User=root download nginx caddy h2o libyaml-0-2 nghttp2-proxy libev4 \
  squid squid-common squid-langpack libecap3 libltdl7 lighttpd haproxy liblua5.3-0 libopentracing-c-wrapper0 \
  libopentracing1 apache2-bin libapr1 libaprutil1 curl libcurl4 python3-httplib2 python3-pyparsing python3-requests \
  python3-urllib3 python3-idna python3-chardet python3-certifi
for package in *.deb; do dpkg -x "$package" root; done
ls nginx_1.22.1-* caddy_2.6.2-* h2o_2.2.5* nghttp2-proxy_1.52.0-* squid_5.7-* lighttpd_1.4.69-* haproxy_2.6.12-* \
  apache2-bin_2.4.71-* curl_7.88.1-* python3-httplib2_0.20.4-* python3-requests_2.28.1*
export PATH=$work/root/usr/sbin:$work/root/usr/bin:$PATH

# Gets something and then posts, over one connection.
cat > post.py <<'PY'
import sys
library, url = sys.argv[1:]
if library == 'httplib2':
    import httplib2
    http = httplib2.Http(proxy_info=None)
    send = lambda method, body=None: http.request(url, method, body)[0].status
else:
    import requests
    session = requests.Session()
    send = lambda method, body=None: session.request(method, url, data=body).status_code
send('GET')
print(send('POST', 'grant_type=refresh_token'))
PY
cat > check.mjs <<'JS'
import fs from 'node:fs'
import http from 'node:http'
import net from 'node:net'
import { spawn } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'

process.setMaxListeners(20)
const dir = process.cwd()
const environment = {
  ...process.env, no_proxy: '*', LD_LIBRARY_PATH: `${dir}/root/usr/lib/x86_64-linux-gnu`,
  PYTHONPATH: `${dir}/root/usr/lib/python3/dist-packages`,
}
const listen = s => new Promise(r => s.listen(0, '127.0.0.1', () => r(s.address().port)))
const free = async () => {
  const s = net.createServer()
  const port = await listen(s)
  await new Promise(r => s.close(r))
  return port
}
const reachable = port => new Promise(r => {
  net.connect(port, '127.0.0.1', function () { this.destroy(); r(true) }).on('error', () => r(false))
})

// Carries out each POST, and dies over the first one before it has answered.
let carriedOut
const inner = await listen(http.createServer(async (req, res) => {
  for await (const chunk of req) void chunk
  if (req.method === 'POST' && ++carriedOut === 1) return req.socket.end()
  res.end('done')
}))

const temp = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(n => `${n}_temp_path ${dir}/${n};`).join(' ')
const modules = ['mpm_event', 'authz_core', 'proxy', 'proxy_http']
  .map(n => `LoadModule ${n}_module ${dir}/root/usr/lib/apache2/modules/mod_${n}.so\n`).join('')
const apache2 = options => [port => `ServerRoot ${dir}\nServerName localhost\nDefaultRuntimeDir ${dir}
PidFile ${dir}/${port}\nErrorLog ${dir}/log\nUser www-data\nGroup www-data\n${modules}Listen 127.0.0.1:${port}
ProxyPass / http://127.0.0.1:${inner}/ ${options}\n`, file => ['apache2', '-DFOREGROUND', '-f', file]]
const haproxy = options => [port => `defaults\n mode http\n timeout connect 5s\n timeout client 50s\n timeout server 50s
listen all\n bind 127.0.0.1:${port}\n ${options}\n server inner 127.0.0.1:${inner}\n`, file => ['haproxy', '-f', file]]
const squid = `${dir}/root/usr/share/squid`
const proxies = {
  nginx: [port => `daemon off; master_process off; pid ${dir}/${port}; error_log ${dir}/log; events {}
http { access_log off; ${temp} server { listen 127.0.0.1:${port}; location / {
proxy_pass http://127.0.0.1:${inner}; proxy_http_version 1.1; proxy_set_header Connection ""; } } }`,
  file => ['nginx', '-e', `${dir}/log`, '-c', file]],
  caddy: [port => `{\n\tadmin off\n}\nhttp://localhost:${port} {\n\tbind 127.0.0.1
\treverse_proxy 127.0.0.1:${inner}\n}\n`, file => ['caddy', 'run', '--adapter', 'caddyfile', '--config', file]],
  h2o: [port => `hosts:\n  "localhost:${port}":\n    listen: {host: 127.0.0.1, port: ${port}}\n    paths:\n      "/":
        proxy.reverse.url: "http://127.0.0.1:${inner}/"\n`, file => ['h2o', '-c', file]],
  nghttpx: [port => `frontend=127.0.0.1,${port};no-tls\nbackend=127.0.0.1,${inner}\n`,
    file => ['nghttpx', '--conf', file]],
  squid: [port => `pid_filename none\naccess_log none\ncache_log ${dir}/squid.log\ncoredump_dir none
visible_hostname localhost\nshutdown_lifetime 0 seconds\npinger_enable off\nmime_table ${squid}/mime.conf
unlinkd_program ${dir}/root/usr/lib/squid/unlinkd\nlogfile_daemon ${dir}/root/usr/lib/squid/log_file_daemon
icon_directory ${squid}/icons\nerror_directory ${squid}/errors/English\nhttp_port 127.0.0.1:${port} accel
http_access allow all\ncache_peer 127.0.0.1 parent ${inner} 0 no-query no-digest originserver\nnever_direct allow all
cache deny all\n`, file => ['squid', '-N', '-f', file]],
  lighttpd: [port => `server.document-root = "${dir}"\nserver.bind = "127.0.0.1"\nserver.port = ${port}
server.modules += ( "mod_proxy" )\nproxy.server = ( "" => (( "host" => "127.0.0.1", "port" => ${inner} )) )\n`,
  file => ['lighttpd', '-D', '-m', `${dir}/root/usr/lib/lighttpd`, '-f', file]],
  haproxy: haproxy(''),
  'haproxy, http-reuse never': haproxy('http-reuse never'),
  apache2: apache2(''),
  'apache2, disablereuse=on': apache2('disablereuse=on'),
}
async function start([configuration, command]) {
  const port = await free()
  fs.writeFileSync(`${port}.conf`, configuration(port))
  const [name, ...args] = command(`${dir}/${port}.conf`)
  const child = spawn(name, args, { stdio: 'ignore', env: environment })
  process.once('exit', () => child.kill())
  for (let i = 0; i < 100; i++) {
    if (await reachable(port)) return `http://localhost:${port}/token`
    await sleep(100)
  }
  throw new Error(`${name} does not listen`)
}

const node = used => async url => {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 })
  const send = (method, body) => new Promise(resolve => {
    const request = http.request(url, { family: 4, method, agent }, response => {
      response.resume().on('end', () => resolve(response.statusCode))
    })
    request.on('error', () => resolve('no answer')).end(body)
  })
  if (used) await send('GET')
  const told = await send('POST', 'grant_type=refresh_token')
  agent.destroy()
  return told
}
const run = (program, ...args) => new Promise(resolve => {
  const child = spawn(program, args, { env: environment, stdio: ['ignore', 'pipe', 'ignore'] })
  let told = ''
  child.stdout.on('data', data => { told += data })
  child.on('close', code => resolve(code ? 'no answer' : told.trim().slice(-3)))
})
const form = ['-d', 'grant_type=refresh_token']
const clients = {
  'Node, new connection': node(false),
  Node: node(true),
  curl: url => run('curl', '-q4s', url, '--next', '-4s', '-w', ' %{http_code}', ...form, url),
  httplib2: url => run('/usr/bin/python3', 'post.py', 'httplib2', url),
  requests: url => run('/usr/bin/python3', 'post.py', 'requests', url),
}
const said = status => Array(5).fill(`${status} (1×)`)
const silent = ['502 (1×)', 'no answer (1×)', '200 (2×)', '200 (2×)', 'no answer (1×)']
let bad = 0
for (const [name, proxy] of Object.entries(proxies)) {
  const url = await start(proxy)
  const seen = []
  for (const post of Object.values(clients)) {
    carriedOut = 0
    const told = await post(url)
    seen.push(`${told} (${carriedOut}×)`)
  }
  const found = /haproxy|apache2/.test(name) ? silent : said(name === 'lighttpd' ? 500 : 502)
  const ok = seen.join() === found.join()
  const what = Object.keys(clients).map((client, i) => `${client}: ${seen[i]}`).join(', ')
  console.log(`${ok ? 'as found' : 'CHANGED'}: ${name}: ${what}`)
  bad += !ok
}
process.exit(bad ? 1 : 0)
JS
timeout 200 node check.mjs
