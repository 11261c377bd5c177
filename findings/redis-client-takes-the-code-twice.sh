#!/usr/bin/env bash
# The connection to Redis breaks once: ioredis says that the code was never issued, that the lock is somebody else's, and counts twice.
#
# Versions: ioredis 6.0.0, its sibling iovalkey 0.4.0, redis 6.3.1 (npm), redis-py 4.3.4, redis-server 7.0.15 (Debian 12).
# Guess before running: ioredis sends again what was not answered (its README says so of `autoResendUnfulfilledCommands`, on by default), also
#   commands that Redis has carried out already; the others report the broken connection.
# Seen: so it is, iovalkey as ioredis. The answer to GETDEL is lost: the second GETDEL finds nothing, and null, the word for "no such code",
#   is all that the program hears; the value is gone. SET … NX, that has set the key, gives null, "not yours". INCR gives 2. There is
#   no error. redis and redis-py throw, and the program knows that it does not know.
# Touches: authorization servers that keep codes, nonces, locks and limits in Redis: at each failover some good logins end in invalid_grant, a
#   DPoP proof or a jti that comes for the first time is a replay, a lock stays with nobody.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
timeout 300 npm install --prefix "$work" --silent --ignore-scripts --no-audit --no-fund ioredis@6.0.0 iovalkey@0.4.0 redis@6.3.1
timeout 120 apt-get -qq -o APT::Sandbox::User=root download redis-server redis-tools libjemalloc2 liblua5.1-0 liblzf1 lua-bitop lua-cjson \
  python3-redis python3-async-timeout python3-deprecated python3-wrapt python3-packaging python3-pyparsing
for deb in *.deb; do dpkg -x "$deb" root; done
for pinned in redis-tools_5%3a7.0.15 python3-redis_4.3.4; do ls "$pinned"[-+]*; done

# One command, and what it gives: the value as JSON, or "an error".
cat > command.py <<'PY'
import json
import sys
import redis
port, name = sys.argv[1:]
client = redis.Redis(port=int(port), decode_responses=True)
client.ping()
print('ready', flush=True)
sys.stdin.readline()
try:
    print(json.dumps({'INCR': lambda: client.incr('key'), 'GETDEL': lambda: client.getdel('key'), 'SET': lambda: client.set('key', 'me', nx=True)}[name]()))
except redis.exceptions.ConnectionError:
    print('an error')
PY
cat > check.mjs <<'JS'
import net from 'node:net'
import readline from 'node:readline'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import Redis from 'ioredis'
import Valkey from 'iovalkey'
import { createClient } from 'redis'

const listen = s => new Promise(r => s.listen(0, '127.0.0.1', () => r(s.address().port)))
const free = async () => { const s = net.createServer(); const port = await listen(s); await new Promise(r => s.close(r)); return port }

const real = await free()
const env = { ...process.env, LD_LIBRARY_PATH: 'root/usr/lib/x86_64-linux-gnu', PYTHONPATH: 'root/usr/lib/python3/dist-packages' }
const server = spawn('root/usr/bin/redis-server', ['--port', real, '--bind', '127.0.0.1', '--save', ''], { env, stdio: 'ignore' })
process.on('exit', () => server.kill()).on('SIGTERM', () => process.exit(1))
const direct = new Redis(real)
direct.on('error', () => {})
await direct.ping()

// A line to Redis that breaks, when told to, between a command and its answer.
let breaks = false
const line = net.createServer(client => {
  const redis = net.connect(real, '127.0.0.1')
  client.on('error', () => {}).on('close', () => redis.destroy())
  redis.on('error', () => {}).on('close', () => client.destroy())
  client.on('data', data => redis.write(data))
  redis.on('data', data => {
    if (!breaks) return client.write(data)
    breaks = false
    client.destroy()
  })
})
const port = await listen(line)

const told = async promise => promise.then(value => JSON.stringify(value), () => 'an error')
const likeIoredis = Library => async name => {
  const client = new Library(port, '127.0.0.1')
  client.on('error', () => {})
  await client.ping()
  breaks = true
  const result = await told({ INCR: () => client.incr('key'), GETDEL: () => client.getdel('key'), SET: () => client.set('key', 'me', 'NX') }[name]())
  client.disconnect()
  return result
}
const clients = {
  ioredis: likeIoredis(Redis),
  iovalkey: likeIoredis(Valkey),
  redis: async name => {
    const client = createClient({ url: `redis://127.0.0.1:${port}` })
    client.on('error', () => {})
    await client.connect()
    await sleep(100) // until what it says of itself is answered
    breaks = true
    const result = await told({ INCR: () => client.incr('key'), GETDEL: () => client.getDel('key'), SET: () => client.set('key', 'me', { NX: true }) }[name]())
    client.destroy()
    return result
  },
  'redis-py': async name => {
    const child = spawn('/usr/bin/python3', ['command.py', port, name], { env, stdio: ['pipe', 'pipe', 'inherit'] })
    const lines = readline.createInterface({ input: child.stdout })
    await once(lines, 'line')
    breaks = true
    child.stdin.end('\n')
    return (await once(lines, 'line'))[0]
  },
}
const again = { INCR: '2', GETDEL: 'null', SET: 'null' }
const found = { ioredis: again, iovalkey: again }
const left = { INCR: found => (found ? '2' : '1'), GETDEL: () => null, SET: () => 'me' }
let bad = 0
for (const [name, command] of Object.entries(clients)) {
  for (const verb of Object.keys(again)) {
    await direct.flushall()
    if (verb === 'GETDEL') await direct.set('key', 'claims')
    const seen = await command(verb)
    const after = await direct.get('key')
    const ok = seen === (found[name]?.[verb] ?? 'an error') && after === left[verb](found[name])
    console.log(`${ok ? 'as found' : 'CHANGED'}: ${name}, the answer to ${verb} is lost: it gives ${seen}, and the key is ${JSON.stringify(after)}`)
    bad += !ok
  }
}
process.exit(bad ? 1 : 0)
JS
timeout 60 node check.mjs
