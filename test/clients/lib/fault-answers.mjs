// Compares an answer with the line of a table that says what it must be.
import { createPublicKey, verify } from 'node:crypto';

import { parsed } from './exchange.mjs';
import { bytes_of } from './fault-tables.mjs';

// What differs from the step; nothing where all is as it says.
export function differences(step, got, { filled, key_set }) {
  const wrong = [];
  const says = (ok, text) => ok || wrong.push(`${step.at}: ${text}`);
  const status = got.head.split('\r\n')[0];
  if (['reset', 'closed', 'silent'].includes(step.status)) {
    const end = got.end === 'open' ? 'silent' : got.end;
    says(got.raw.length === 0 && end === step.status, `wanted ${step.status}, got ${end} after ${got.raw.length} bytes`);
    return wrong;
  }
  says(status.startsWith(`HTTP/1.1 ${step.status}`), `wanted ${step.status}, got ${status} ${got.body.slice(0, 300)}`);
  for (const wanted of step.headers.map((one) => filled(one))) {
    if (wanted === 'same') continue;
    if (wanted.startsWith('!~')) says(!got.head.includes(wanted.slice(2)), `has ${wanted.slice(2)}\n${got.head}`);
    else if (wanted.startsWith('!')) says(!new RegExp(`^${wanted.slice(1)}:`, 'im').test(got.head), `has ${wanted.slice(1)}\n${got.head}`);
    else if (wanted.startsWith('re ')) says(new RegExp(wanted.slice(3)).test(got.head), `does not match ${wanted}\n${got.head}`);
    // Behind data a reset may be told as an end by the time that they are read.
    else if (wanted === 'end reset') says(got.end !== 'open', 'ended open');
    else if (wanted.startsWith('end ')) says(got.end === wanted.slice(4), `ended ${got.end}`);
    else if (wanted.startsWith('takes ')) says(got.ms >= Number(wanted.slice(6)) - 2, `took ${got.ms} ms`);
    else if (wanted.startsWith('length ')) says(beyond(got) === Number(wanted.slice(7)), `Content-Length is ${beyond(got)} beyond the body`);
    else if (wanted.startsWith('bytes ')) says(got.raw.length > Number(wanted.slice(6)), `has ${got.raw.length} bytes`);
    else if (wanted.startsWith('raw ')) says(got.raw.toString().includes(bytes_of(wanted.slice(4))), `lacks ${wanted}\n${got.raw.toString().slice(0, 600)}`);
    else says(got.head.toLowerCase().includes(wanted.toLowerCase()), `lacks ${wanted}\n${got.head}`);
  }
  const text = Object.assign(String(got.body), {});
  for (const wanted of step.body.map((one) => filled(one))) {
    if (wanted.startsWith('re ')) {
      says(new RegExp(wanted.slice(3)).test(text), `does not match ${wanted}\n${JSON.stringify(String(text)).slice(0, 1200)}`);
      continue;
    }
    const [how, about] = wanted.split(' ');
    if (how in tells) {
      says(tells[how](text, about, key_set), `${about} is not ${how}\n${String(text).slice(0, 1200)}`);
      continue;
    }
    const what = JSON.parse(`"${wanted.replace(/^!/, '').replace(/(?<!\\)"/g, '\\"')}"`);
    const jwt = what.startsWith('jwt ');
    const shown = jwt ? unsealed(text) : text;
    const part = jwt ? what.slice(4) : what;
    if (wanted.startsWith('!')) says(!shown.includes(part), `has ${part}\n${shown.slice(0, 1200)}`);
    else says(shown.includes(part), `lacks ${part}\n${shown.slice(0, 1200)}`);
  }
  return wrong;
}

// By how much the length that the head names is more than what came.
function beyond(got) {
  return Number(/^content-length: (\d+)/im.exec(got.head)?.[1]) - (got.raw.length - parsed(got.raw).at);
}

const decoded = (part) => JSON.parse(Buffer.from(part, 'base64url').toString());

// A member of a JSON answer, or behind a dot a claim of a JWT that it has.
function member(text, path) {
  try {
    const [name, claim] = path.split('.');
    const value = JSON.parse(text)[name];
    return claim ? decoded(value.split('.')[1])[claim] : value;
  } catch {
    return undefined;
  }
}

// Whether one of the keys has signed it, whichever it says.
function is_signed(jwt, keys) {
  const [head, claims, signature] = String(jwt).split('.');
  if (signature === undefined) return false;
  const made = Buffer.from(signature, 'base64url');
  return keys.some((jwk) => {
    const key = { key: createPublicKey({ key: jwk, format: 'jwk' }), dsaEncoding: 'ieee-p1363' };
    return verify(jwk.alg === 'EdDSA' ? null : 'sha256', Buffer.from(`${head}.${claims}`), key, made);
  });
}

const seconds = () => Date.now() / 1000;
const tells = {
  past: (text, path) => member(text, path) < seconds(),
  future: (text, path) => member(text, path) > seconds(),
  signed: (text, path, keys) => is_signed(member(text, path), keys),
  forged: (text, path, keys) => member(text, path) !== undefined && !is_signed(member(text, path), keys),
};

// Header and claims of the JWTs in a token answer.
function unsealed(text) {
  let out = '';
  try {
    const o = JSON.parse(text);
    for (const name of ['access_token', 'id_token']) {
      const parts = String(o[name] ?? '').split('.');
      out += `${name} ${parts.length} `;
      for (const part of parts.slice(0, 2)) out += Buffer.from(part, 'base64url').toString() + ' ';
      out += parts.length === 3 ? `signature ${Buffer.from(parts[2], 'base64url').length} ` : '';
    }
  } catch {
    return '';
  }
  return out;
}
