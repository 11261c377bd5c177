#!/usr/bin/env bash
# A POST whose answer never came is sent again by curl, wget and httplib2, unasked and without a word: one refresh is two, and ends the login.
#
# Versions: curl 7.88.1, wget 1.21.3, httplib2 0.20.4, requests 2.28.1, httpx 0.23.3 (Debian 12), undici 7.30.2, axios 1.21.1 (npm).
# Guess before running: nobody repeats a POST that was sent whole: "SHOULD NOT automatically retry a request with a non-idempotent method"
#   (RFC 9110 section 9.2.2). With the source of curl known: but curl does, on a connection that it has used before; of wget and
#   httplib2, which count tries, the same was thought likely.
# Seen: curl sends it twice whenever it goes over a connection that served a request before, wget always, httplib2 (the client that
#   Google's API client for Python brings) when the connection was closed in good order but not when it was reset. All three then report
#   the second answer as the only one. requests, httpx, undici and axios throw, and send it once; curl was told no --retry.
#   The refresh token of the first try has been replaced by then, and the second looks like a thief's: 400 invalid_grant.
# Touches: restarts and crashes of authorization servers that rotate refresh tokens, and tools/call with effects: scripts of curl,
#   programs on libcurl. A client that reports an error has a login to lose as well, but knows that it was not told.
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

# Each posts once, and before that gets something over the same connection if it is told to.
cat > post.py <<'PY'
import sys
library, url, before = sys.argv[1:]
form = 'grant_type=refresh_token&refresh_token=one'
headers = {'content-type': 'application/x-www-form-urlencoded'}
if library == 'httplib2':
    import httplib2
    http = httplib2.Http(proxy_info=None)
    send = lambda method, body=None: http.request(url, method, body, headers)[0].status
else:
    session = __import__('requests').Session() if library == 'requests' else __import__('httpx').Client()
    how = {'data': form} if library == 'requests' else {'content': form}
    send = lambda method, body=None: session.request(method, url, headers=headers, **(how if body else {})).status_code
if before == 'yes':
    send('GET')
print(send('POST', form))
PY
cat > check.mjs <<'JS'
import http from 'node:http'
import { spawn } from 'node:child_process'
import axios from 'axios'
import { Agent, fetch } from 'undici'

// A token endpoint that rotates. It does the first refresh, and dies before it has answered.
let posts, valid, death
const server = http.createServer(async (req, res) => {
  let body = ''
  for await (const chunk of req) body += chunk
  if (req.method !== 'POST') return res.end('ready')
  const known = new URLSearchParams(body).get('refresh_token') === valid
  if (known) valid = 'two'
  if (++posts === 1) return death === 'reset' ? req.socket.resetAndDestroy() : req.socket.end()
  const answer = known ? { access_token: 'token', token_type: 'Bearer', refresh_token: valid } : { error: 'invalid_grant' }
  res.writeHead(known ? 200 : 400, { 'content-type': 'application/json' }).end(JSON.stringify(answer))
})
await new Promise(r => server.listen(0, '127.0.0.1', r))
const url = `http://127.0.0.1:${server.address().port}/token`
const form = 'grant_type=refresh_token&refresh_token=one'

const run = (program, ...args) => new Promise(resolve => {
  const env = { ...process.env, no_proxy: '*', LD_LIBRARY_PATH: 'root/usr/lib/x86_64-linux-gnu', PYTHONPATH: 'root/usr/lib/python3/dist-packages' }
  const child = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'pipe'] })
  let told = ''
  child.stdout.on('data', data => { told += data })
  child.stderr.on('data', data => { told += data })
  child.on('close', () => resolve(/\b400\b/.test(told) ? 400 : 'an error'))
})
const python = library => before => run('/usr/bin/python3', 'post.py', library, url, before ? 'yes' : 'no')
const clients = {
  curl: before => run('root/usr/bin/curl', '-sSq', ...(before ? [url, '--next', '-sS'] : []), '-w', ' %{http_code}', '-d', form, url),
  wget: before => (before ? undefined : run('root/usr/bin/wget', '--no-config', '-nv', '-O-', `--post-data=${form}`, url)),
  httplib2: python('httplib2'),
  requests: python('requests'),
  httpx: python('httpx'),
  undici: async before => {
    const dispatcher = new Agent({ connections: 1 })
    if (before) await (await fetch(url, { dispatcher })).text()
    return fetch(url, { dispatcher, method: 'POST', body: form }).then(res => res.status, () => 'an error')
  },
  axios: async before => {
    const options = { httpAgent: new http.Agent({ keepAlive: true }), proxy: false, validateStatus: () => true }
    if (before) await axios.get(url, options)
    return axios.post(url, form, options).then(res => res.status, () => 'an error')
  },
}

// How often the POST came: on a new connection that was closed or reset, and on a used one. wget's connection is new for each command.
const found = { curl: '1 1 2 2', wget: '2 2 - -', httplib2: '2 1 2 1' }
let bad = 0
for (const [name, post] of Object.entries(clients)) {
  const seen = []
  for (const before of [false, true]) {
    for (death of ['closed', 'reset']) {
      posts = 0
      valid = 'one'
      const told = await post(before)
      seen.push(told === undefined ? '-' : posts)
      if (told !== undefined && told !== (posts === 2 ? 400 : 'an error')) throw new Error(`${name}: ${posts} times, and told ${told}`)
    }
  }
  const ok = seen.join(' ') === (found[name] ?? '1 1 1 1')
  const [a, b, c, d] = seen.map(count => (count === '-' ? count : `${count}×`))
  console.log(`${ok ? 'as found' : 'CHANGED'}: ${name} sends it, on a new connection: ${a} (closed), ${b} (reset); on a used one: ${c}, ${d}`)
  bad += !ok
}
process.exit(bad ? 1 : 0)
JS
timeout 100 node check.mjs
