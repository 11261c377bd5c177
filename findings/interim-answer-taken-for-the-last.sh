#!/usr/bin/env bash
# "Still at work" and "go on", said before the answer by Node's own server: to one client the one is the answer, to another the other an error.
#
# Versions: undici 7.30.2, axios 1.21.1 (npm), requests 2.28.1, httplib2 0.20.4, both on http.client of Python 3.11, httpx 0.23.3,
#   curl 7.88.1, wget 1.21.3 (Debian 12).
# Guess before running: a client "MUST be able to parse one or more 1xx responses received prior to a final response, even if the client does
#   not expect one" (RFC 9110 section 15.2), so all wait for the answer. With the sources known: but undici has a word for 100,
#   "bad response", and http.client leaves out 100 only.
# Seen: exactly these. undici fails at a 100 that was not asked for (section 15.2.1: "the client can simply discard this interim response") and passes over
#   102 and 103. requests and httplib2 pass over 100, and take 102 and 103 for the answer: no body, and to requests a good one
#   (`ok` is true, raise_for_status() is silent). axios, httpx, curl and wget get the answer each time.
# Touches: servers that keep a long call alive with res.writeProcessing() or hint with res.writeEarlyHints(), or say 100 before they read a
#   body: tried with one of these clients, they look right. The call is carried out; its answer is lost, or read by nobody.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
timeout 300 npm install --prefix "$work" --silent --ignore-scripts --no-audit --no-fund undici@7.30.2 axios@1.21.1
timeout 120 apt-get -qq -o APT::Sandbox::User=root download curl libcurl4 wget python3-httplib2 python3-pyparsing python3-requests \
  python3-urllib3 python3-chardet python3-idna python3-certifi python3-httpx python3-httpcore python3-h11 python3-sniffio \
  python3-anyio python3-rfc3986
for deb in *.deb; do dpkg -x "$deb" root; done
for pinned in curl_7.88.1 wget_1.21.3 python3-httplib2_0.20.4 python3-requests_2.28.1 python3-httpx_0.23.3; do ls "$pinned"[-+]*; done
/usr/bin/python3 --version | grep -F 'Python 3.11.'

cat > post.py <<'PY'
import sys
library, url = sys.argv[1:]
if library == 'httplib2':
    import httplib2
    answer, body = httplib2.Http(proxy_info=None).request(url, 'POST', 'call')
    print(answer.status, body.decode())
else:
    answer = __import__(library).post(url, data={'a': 'call'})
    answer.raise_for_status()
    print(answer.status_code, answer.text)
PY
cat > check.mjs <<'JS'
import http from 'node:http'
import { execFile } from 'node:child_process'
import axios from 'axios'
import { fetch } from 'undici'

const interim = {
  nothing: () => {},
  100: res => res.writeContinue(),
  102: res => res.writeProcessing(),
  103: res => res.writeEarlyHints({ link: '</style.css>; rel=preload; as=style' }),
}
const server = http.createServer((req, res) => {
  req.resume().on('end', () => {
    interim[req.url.slice(1)](res)
    setTimeout(() => res.writeHead(200, { 'content-type': 'text/plain' }).end('done'), 100)
  })
})
await new Promise(r => server.listen(0, '127.0.0.1', r))
const base = `http://127.0.0.1:${server.address().port}`

const run = (program, ...args) => new Promise((resolve, reject) => {
  const env = { ...process.env, no_proxy: '*', LD_LIBRARY_PATH: 'root/usr/lib/x86_64-linux-gnu', PYTHONPATH: 'root/usr/lib/python3/dist-packages' }
  execFile(program, args, { env, timeout: 20_000 }, (error, told) => (error ? reject(error) : resolve(told.trim())))
})
const clients = {
  undici: async url => {
    const res = await fetch(url, { method: 'POST', body: 'call' })
    return `${res.status} ${await res.text()}`
  },
  axios: async url => {
    const res = await axios.post(url, 'call', { proxy: false })
    return `${res.status} ${res.data}`
  },
  requests: url => run('/usr/bin/python3', 'post.py', 'requests', url),
  httplib2: url => run('/usr/bin/python3', 'post.py', 'httplib2', url),
  httpx: url => run('/usr/bin/python3', 'post.py', 'httpx', url),
  curl: async url => `200 ${await run('root/usr/bin/curl', '-sfq', '-d', 'call', url)}`,
  wget: async url => `200 ${await run('root/usr/bin/wget', '--no-config', '-q', '--tries=1', '-O-', '--post-data=call', url)}`,
}
const python = { 102: '102', 103: '103' }
const found = { undici: { 100: 'an error: bad response' }, requests: python, httplib2: python }
let bad = 0
for (const [name, post] of Object.entries(clients)) {
  for (const before of Object.keys(interim)) {
    const seen = await post(`${base}/${before}`).catch(error => `an error: ${error.cause?.message ?? error.message}`)
    const ok = seen === (found[name]?.[before] ?? '200 done')
    console.log(`${ok ? 'as found' : 'CHANGED'}: ${name}, before 200 comes ${before}: ${seen}`)
    bad += !ok
  }
}
process.exit(bad ? 1 : 0)
JS
timeout 100 node check.mjs
