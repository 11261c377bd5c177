#!/usr/bin/env bash
# Six HTTP clients read no_proxy in six ways, and none of the usual spellings of "loopback" means the same to all.
#
# Versions: undici 7.30.2 and axios 1.21.1 (npm), requests 2.28.1 and httpx 0.23.3, curl 7.88.1, wget 1.21.3 (Debian 12).
# Guess before running: host names and addresses are understood by all; 127.0.0.0/8 by curl and requests only; a port by none but
#   the newest; "localhost" never covers 127.0.0.1.
# Seen: for http://127.0.0.1:PORT, see the table below. axios alone takes "localhost" for 127.0.0.1, too. 127.0.0.1:PORT
#   is right for undici, axios and httpx, and to curl, wget and requests it is no match at all. A blank for a comma is fine for three,
#   and makes both names void for the other three. Only bare 127.0.0.1, between commas, is the same to all.
# Touches: tests behind a company's proxy: the login of one part goes straight to the local server, the next call of another part
#   goes to the proxy, with its token.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
timeout 300 npm install --prefix "$work" --silent --ignore-scripts --no-audit --no-fund undici@7.30.2 axios@1.21.1
timeout 120 apt-get -qq -o APT::Sandbox::User=root download curl libcurl4 wget python3-requests python3-urllib3 python3-chardet \
  python3-idna python3-certifi python3-httpx python3-httpcore python3-h11 python3-sniffio python3-anyio python3-rfc3986
for deb in *.deb; do dpkg -x "$deb" root; done
for pinned in curl_7.88.1 wget_1.21.3 python3-requests_2.28.1 python3-httpx_0.23.3; do ls "$pinned"[-+]*; done

cat > get.mjs <<'JS'
const [client, url] = process.argv.slice(2)
if (client === 'axios') await (await import('axios')).default.get(url, { timeout: 5000 })
else {
  const { EnvHttpProxyAgent, fetch } = await import('undici')
  await (await fetch(url, { dispatcher: new EnvHttpProxyAgent() })).text()
}
JS
cat > check.mjs <<'JS'
import http from 'node:http'
import { execFile } from 'node:child_process'
import fs from 'node:fs'

const went = []
const listen = s => new Promise(r => s.listen(0, '127.0.0.1', () => r(s.address().port)))
const server = http.createServer((_, res) => { went.push('direct'); res.end('server') })
const proxy = http.createServer((_, res) => { went.push('proxy'); res.end('proxy') })
proxy.on('connect', (_, socket) => { went.push('proxy'); socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n') })
const port = await listen(server)
const url = `http://127.0.0.1:${port}/`
const http_proxy = `http://127.0.0.1:${await listen(proxy)}`

const libraries = `${process.cwd()}/root/usr/lib`
const dir = fs.readdirSync(libraries).find(n => n.endsWith('-linux-gnu'))
const env = { PATH: process.env.PATH, HOME: process.cwd(), http_proxy, LD_LIBRARY_PATH: `${libraries}/${dir}`, PYTHONPATH: `${libraries}/python3/dist-packages` }
const commands = {
  undici: [process.execPath, 'get.mjs', 'undici', url],
  axios: [process.execPath, 'get.mjs', 'axios', url],
  httpx: ['/usr/bin/python3', '-c', `import httpx; httpx.get('${url}')`],
  requests: ['/usr/bin/python3', '-c', `import requests; requests.get('${url}', timeout=5)`],
  curl: ['root/usr/bin/curl', '-s', '-o', '/dev/null', url],
  wget: ['root/usr/bin/wget', '-q', '-t', '1', '-O', '/dev/null', url],
}
async function way([file, ...args], no_proxy) {
  went.length = 0
  await new Promise(r => execFile(file, args, { env: { ...env, no_proxy }, timeout: 20000 }, r))
  return went[0] ?? 'nowhere'
}
// Which clients go straight to the server; all others ask the proxy.
const expected = {
  '': [],
  '127.0.0.1': ['undici', 'axios', 'httpx', 'requests', 'curl', 'wget'],
  'as.example,127.0.0.1,': ['undici', 'axios', 'httpx', 'requests', 'curl', 'wget'],
  '127.0.0.0/8': ['axios', 'requests', 'curl'],
  localhost: ['axios'],
  [`127.0.0.1:${port}`]: ['undici', 'axios', 'httpx'],
  'as.example 127.0.0.1': ['undici', 'axios', 'curl'],
}
let bad = 0
for (const [value, direct] of Object.entries(expected)) {
  const seen = []
  for (const [name, command] of Object.entries(commands)) {
    const to = await way(command, value)
    if (to === 'nowhere') throw new Error(`${name} reached neither server nor proxy`)
    if (to === 'direct') seen.push(name)
  }
  const ok = seen.join() === direct.join()
  console.log(`${ok ? 'as found' : 'CHANGED'}: no_proxy="${value}": direct: ${seen.join(' ') || 'none'}`)
  bad += !ok
}
process.exit(bad ? 1 : 0)
JS
timeout 240 node check.mjs
