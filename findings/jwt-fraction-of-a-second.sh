#!/usr/bin/env bash
# A token with fractions of a second in iat and nbf is refused by all three libraries until its second is over, not by all for the same claim.
#
# Versions: PyJWT 2.6.0, Authlib 1.2.0 (Debian 12), jose 6.2.18 (npm).
# Guess before running: NumericDate may have a fraction (RFC 7519 section 2), so 50 ms ago is in the past for everybody; and iat is not
#   checked at all, since section 4.1.6 names no check for it, unlike exp and nbf.
# Seen: all three cut their own clock to whole seconds. PyJWT cuts nbf, too, but then demands that the uncut iat be no later: iat
#   1000.55 at 1000.60 is "The token is not yet valid (iat)". Authlib and jose do not mind iat, but compare the uncut nbf.
#   0.4 s later each takes the very same token; without fractions it is good at once.
#   PyJWT alone refuses a whole iat a minute ahead (a server's clock that runs fast).
# Touches: servers that write time.time() or Date.now() / 1000: the first call after a login fails, the second never does, and
#   leaving nbf or iat out mends it for one resource server and not for the next.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
timeout 300 npm install --prefix "$work" --silent --ignore-scripts --no-audit --no-fund jose@6.2.18
timeout 120 apt-get -qq -o APT::Sandbox::User=root download python3-jwt python3-authlib python3-cryptography python3-cffi-backend
for deb in *.deb; do dpkg -x "$deb" root; done
for pinned in python3-jwt_2.6.0 python3-authlib_1.2.0; do ls "$pinned"-*; done

cat > check.mjs <<'JS'
import { SignJWT, jwtVerify } from 'jose'
import { setTimeout as sleep } from 'node:timers/promises'

const key = new TextEncoder().encode('k'.repeat(32))
const sign = claims => new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).sign(key)
const verify = async token => { try { await jwtVerify(token, key); return 'good' } catch (e) { return e.message } }
await verify(await sign({})) // so that nothing has to be loaded when the clock matters
// The time, once it is between .5 and .7 of a second: room to verify within that second.
async function late() {
  for (let i = 0; i < 1000; i++) {
    const now = Date.now() / 1000
    if (now % 1 >= 0.5 && now % 1 <= 0.7) return now
    await sleep(10)
  }
  throw new Error('the clock does not move')
}
let bad = 0
const check = (what, seen, expected) => { const ok = seen === expected; console.log(`${ok ? 'as found' : 'CHANGED'}: jose, ${what}: ${seen}`); bad += !ok }
const early = '"nbf" claim timestamp check failed'
check('iat 50 ms ago', await verify(await sign({ iat: await late() - 0.05 })), 'good')
const now = await late()
const token = await sign({ nbf: now - 0.05 })
check('nbf 50 ms ago', await verify(token), early)
check('nbf without its fraction', await verify(await sign({ nbf: Math.floor(now) })), 'good')
while (Date.now() / 1000 < Math.floor(now) + 1) await sleep(10)
check('nbf once its second is over', await verify(token), 'good')
check('iat 60 s ahead', await verify(await sign({ iat: Math.floor(now) + 60 })), 'good')
process.exit(bad ? 1 : 0)
JS
timeout 60 node check.mjs

cat > check.py <<'PY'
import sys
import time
import warnings

warnings.simplefilter("ignore")
import jwt
from authlib.jose import jwt as authlib_jwt

KEY = "k" * 32
libraries = {
    "PyJWT": lambda token: jwt.decode(token, KEY, algorithms=["HS256"]),
    "Authlib": lambda token: authlib_jwt.decode(token, KEY).validate(),
}
refusals = {("PyJWT", "iat"): "The token is not yet valid (iat)", ("Authlib", "nbf"): "invalid_token: The token is not valid yet"}


def late():
    """The time, once it is between .5 and .7 of a second: room to verify within that second."""
    for _ in range(1000):
        now = time.time()
        if 0.5 <= now % 1 <= 0.7:
            return now
        time.sleep(0.01)
    raise TimeoutError("the clock does not move")


changed = 0


def check(name, what, claims, expected):
    global changed
    try:
        libraries[name](jwt.encode(claims, KEY, algorithm="HS256"))
        got = "good"
    except Exception as error:  # which one, is the finding
        got = str(error)
    print(f"{'as found' if got == expected else 'CHANGED'}: {name}, {what}: {got}")
    changed += got != expected


for name in libraries:
    check(name, "no times at all", {}, "good")
    for claim in ("iat", "nbf"):
        now = late()
        check(name, f"{claim} 50 ms ago", {claim: now - 0.05}, refusals.get((name, claim), "good"))
        check(name, f"{claim} without its fraction", {claim: int(now)}, "good")
        time.sleep(max(0, int(now) + 1.02 - time.time()))
        check(name, f"{claim} once its second is over", {claim: now - 0.05}, "good")
    check(name, "iat 60 s ahead", {"iat": int(time.time()) + 60}, refusals.get((name, "iat"), "good"))
sys.exit(1 if changed else 0)
PY
PYTHONPATH=root/usr/lib/python3/dist-packages timeout 60 /usr/bin/python3 check.py
