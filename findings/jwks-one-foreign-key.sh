#!/usr/bin/env bash
# One key that a library does not know makes it refuse the whole key set, and no two libraries agree which key that is.
#
# Versions (Debian 12): PyJWT 2.6.0, Authlib 1.2.0, jwcrypto 1.1.0; jose 6.2.18 (npm) for comparison.
# Guess before running: keys of a foreign type are skipped, as RFC 7517 section 5 says they should be.
# Seen: a signing key with a new key pair of type AKP (ML-DSA) beside it: PyJWT takes the good one, jwcrypto raises InvalidJWKType,
#   Authlib a bare KeyError: 'AKP'. With an X25519 key for encryption (RFC 8037) beside it: jwcrypto and Authlib take the good
#   one, PyJWT raises InvalidKeyError "Unsupported crv: X25519". jose takes the good one from both.
# Touches: an authorization server that adds a key, long before it signs anything with it, locks out resource servers at their
#   next fetch; trying the new set with one library proves nothing for the next.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
timeout 300 npm install --prefix "$work" --silent --ignore-scripts --no-audit --no-fund jose@6.2.18
timeout 120 apt-get -qq -o APT::Sandbox::User=root download python3-jwt python3-authlib python3-jwcrypto python3-cryptography \
  python3-cffi-backend python3-deprecated python3-wrapt
for deb in *.deb; do dpkg -x "$deb" root; done
for pinned in python3-jwt_2.6.0 python3-authlib_1.2.0 python3-jwcrypto_1.1.0; do ls "$pinned"-*; done

cat > sets.mjs <<'JS'
import fs from 'node:fs'
import { createLocalJWKSet, exportJWK, generateKeyPair } from 'jose'

const good = { ...await exportJWK((await generateKeyPair('ES256', { extractable: true })).publicKey), kid: 'good', use: 'sig' }
const x25519 = await exportJWK((await generateKeyPair('ECDH-ES', { crv: 'X25519', extractable: true })).publicKey)
const foreign = {
  none: [],
  AKP: [{ kty: 'AKP', alg: 'ML-DSA-44', kid: 'new', use: 'sig', pub: Buffer.alloc(1312, 7).toString('base64url') }],
  X25519: [{ ...x25519, kid: 'enc', use: 'enc' }],
}
for (const [name, keys] of Object.entries(foreign)) {
  const set = { keys: [...keys, good] }
  fs.writeFileSync(`${name}.json`, JSON.stringify(set))
  const key = await createLocalJWKSet(set)({ alg: 'ES256', kid: 'good' })
  if (key.type !== 'public') throw new Error(`CHANGED: jose finds no key in the set with ${name}`)
  console.log(`as found: jose, ${name}: good key found`)
}
JS
timeout 60 node sets.mjs

cat > check.py <<'PY'
import json
import sys
import warnings

warnings.simplefilter("ignore")
import jwt
from authlib.jose import JsonWebKey
from jwcrypto import jwk

readers = {
    "PyJWT": lambda text: jwt.PyJWKSet.from_json(text)["good"],
    "Authlib": lambda text: JsonWebKey.import_key_set(json.loads(text)).find_by_kid("good"),
    "jwcrypto": lambda text: jwk.JWKSet.from_json(text).get_key("good"),
}
refused = {("PyJWT", "X25519"): "InvalidKeyError", ("Authlib", "AKP"): "KeyError", ("jwcrypto", "AKP"): "InvalidJWKType"}
changed = False
for name, read in readers.items():
    for foreign in ("none", "AKP", "X25519"):
        with open(foreign + ".json") as file:
            text = file.read()
        try:
            seen = "good key found" if read(text) else "no key"
            said = seen
        except Exception as error:  # which one it is, is the finding
            seen = type(error).__name__
            said = f"{seen}: {error}"
        ok = seen == refused.get((name, foreign), "good key found")
        changed |= not ok
        print(f"{'as found' if ok else 'CHANGED'}: {name}, {foreign}: {said}")
sys.exit(1 if changed else 0)
PY
PYTHONPATH=root/usr/lib/python3/dist-packages timeout 60 /usr/bin/python3 check.py
