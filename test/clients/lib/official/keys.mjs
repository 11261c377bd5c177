// Signatures that a client makes: assertions (RFC 7523) and DPoP proofs (RFC 9449).
import { createHash, createPrivateKey, generateKeyPairSync, randomUUID, sign } from 'node:crypto';

const encoded = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
const seconds = () => Math.floor(Date.now() / 1000);

function jwt(header, claims, key) {
  const text = `${encoded(header)}.${encoded(claims)}`;
  return `${text}.${sign('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
}

export function client_assertion(client_id, audience, pem) {
  const claims = { iss: client_id, sub: client_id, aud: audience, jti: randomUUID(), iat: seconds(), exp: seconds() + 60 };
  return jwt({ alg: 'ES256' }, claims, createPrivateKey(pem));
}

export class proofs {
  #keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  #jti;

  constructor(mistakes) {
    this.mistakes = mistakes;
  }

  for(method, url, { nonce, token } = {}) {
    const { origin, pathname } = new URL(url);
    if (!this.#jti || !this.mistakes.replays_proof) this.#jti = randomUUID();
    const claims = { jti: this.#jti, htm: method, htu: `${origin}${pathname}`, iat: seconds() };
    if (token) claims.ath = createHash('sha256').update(token).digest('base64url');
    if (nonce) claims.nonce = nonce;
    const jwk = this.#keys.publicKey.export({ format: 'jwk' });
    return jwt({ alg: 'ES256', typ: 'dpop+jwt', jwk }, claims, this.#keys.privateKey);
  }
}
