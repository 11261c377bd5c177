// Plays the tables of test/wire/faults: each named fault once, at the bytes of the wire.
import { createHash, generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';

import { until } from './tollgate.mjs';

export const folder = join(import.meta.dirname, '../../wire/faults');

// How long a silent connection is listened to, and how long any answer may take.
const silence = 300;
const patience = 20_000;
// How long a connection is listened to behind an answer that is whole.
const settled = 15;

// The bytes that a column names as JSON writes them.
export const bytes_of = (text) => JSON.parse(`"${text}"`);

export function requests() {
  const text = readFileSync(join(folder, 'requests.http'), 'utf8');
  const all = new Map();
  for (const part of text.split(/^## /m).slice(1)) {
    const at = part.indexOf('\n');
    all.set(part.slice(0, at).trim(), part.slice(at + 1).replace(/\n+$/, ''));
  }
  return all;
}

// FAULT ⇥ REQUEST ⇥ STATUS ⇥ HEADERS ⇥ BODY. A line that begins with "+" is a further step of the fault
// above it; "@ {…}" in front of a fault's line is laid over what makes it. README.md has the notation.
export function tables() {
  const all = [];
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.tsv')).sort()) {
    let extra;
    readFileSync(join(folder, file), 'utf8').split('\n').forEach((line, n) => {
      if (line === '' || line.startsWith('#')) return;
      if (line.startsWith('@')) return void (extra = JSON.parse(line.slice(1)));
      const [name, request, status = '', headers = '', body = ''] = line.split('\t').map((one) => one.trim());
      const several = (text) => text.split(' ;; ').filter((one) => one !== '');
      const step = { request, status, headers: several(headers), body: several(body), at: `${file}:${n + 1}` };
      if (name === '+') return void all.at(-1).steps.push(step);
      for (const one of name.split(' ')) all.push({ name: one, extra, steps: [step], at: step.at, file });
      extra = undefined;
    });
  }
  return all;
}

// Sends the bytes, and tells what came: { raw, head, body, end }, end being closed, reset or open.
function exchange(port, bytes, enough) {
  return new Promise((done) => {
    const socket = connect({ port, host: '127.0.0.1' });
    let raw = Buffer.alloc(0);
    let quiet;
    const finish = (end) => {
      clearTimeout(limit);
      clearTimeout(quiet);
      socket.destroy();
      done({ ...parsed(raw), raw, end });
    };
    const limit = setTimeout(() => finish('open'), patience);
    const listen_on = () => {
      clearTimeout(quiet);
      quiet = setTimeout(() => enough(raw) && finish('open'), is_whole(raw) ? settled : silence);
    };
    socket.on('connect', () => socket.write(bytes));
    socket.on('data', (data) => {
      raw = Buffer.concat([raw, data]);
      listen_on();
    });
    socket.on('end', () => finish('closed'));
    socket.on('error', () => finish('reset'));
    if (enough(raw)) listen_on();
  });
}

const whole_body = (head, body) => {
  if (!/^transfer-encoding: chunked/im.test(head)) return body;
  let [out, rest] = [Buffer.alloc(0), body];
  for (;;) {
    const at = rest.indexOf('\r\n');
    const size = at < 0 ? NaN : parseInt(rest.subarray(0, at).toString(), 16);
    if (!(size > 0)) return out;
    out = Buffer.concat([out, rest.subarray(at + 2, at + 2 + size)]);
    rest = rest.subarray(at + 4 + size);
  }
};

// A proof that this key is ours (RFC 9449 §4.2), without a nonce.
const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
function proof(htm, htu, token) {
  const ath = token && createHash('sha256').update(token).digest('base64url');
  const part = (o) => Buffer.from(JSON.stringify(o)).toString('base64url');
  const head = { typ: 'dpop+jwt', alg: 'ES256', jwk: keys.publicKey.export({ format: 'jwk' }) };
  const text = `${part(head)}.${part({ htm, htu, jti: randomUUID(), iat: Math.floor(Date.now() / 1000), ath })}`;
  return `${text}.${sign('sha256', Buffer.from(text), { key: keys.privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
}

// The last response of those that stand one behind the other, interim ones first.
function parsed(raw) {
  let at = 0;
  for (;;) {
    const end = raw.indexOf('\r\n\r\n', at);
    if (end < 0) return { head: raw.subarray(at).toString('latin1'), at: raw.length, body: '' };
    const head = raw.subarray(at, end).toString('latin1');
    if (!/^HTTP\/1.1 1\d\d/.test(head)) return { head, at: end + 4, body: whole_body(head, raw.subarray(end + 4)).toString() };
    at = end + 4;
  }
}

// By its length, or by its last chunk.
function is_whole(raw) {
  const { head, at } = parsed(raw);
  const length = /^content-length: (\d+)/im.exec(head)?.[1];
  if (length !== undefined && !/^transfer-encoding:/im.test(head)) return raw.length - at >= Number(length);
  return raw.subarray(at).toString('latin1').endsWith('0\r\n\r\n');
}

const complete = (raw) => {
  const { head } = parsed(raw);
  return head !== '';
};

export class player {
  constructor(server) {
    this.as_port = new URL(server.issuer).port;
    this.mcp_port = new URL(server.mcp).port;
    this.requests = requests();
    this.realm = 't';
  }

  async control(call, method = 'GET', body) {
    const text = body === undefined ? '' : JSON.stringify(body);
    const base = call.startsWith('realms') ? '' : `/r/${this.realm}`;
    const head = `${method} ${base}/control/${call} HTTP/1.1\r\nHost: localhost:${this.as_port}\r\nConnection: close\r\n`;
    const fields = text === '' ? '' : `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(text)}\r\n`;
    const got = await exchange(this.as_port, `${head}${fields}\r\n${text}`, () => false);
    const status = Number(got.head.split(' ')[1]);
    if (!(status < 300)) throw new Error(`${method} ${call} ${text}: ${got.head.split('\r\n')[0]} ${got.body}`);
    return got.body === '' ? undefined : JSON.parse(got.body);
  }

  async begin() {
    // The one of that name before may still be closing.
    await until(async () => {
      try {
        await this.control('realms', 'POST', { name: this.realm });
        return true;
      } catch (wrong) {
        if (!/ 503 /.test(wrong.message)) throw wrong;
        return false;
      }
    });
    this.values = {
      realm: this.realm,
      as_port: this.as_port,
      mcp_port: this.mcp_port,
      as: `${this.realm}.localhost:${this.as_port}`,
      mcp: `${this.realm}.localhost:${this.mcp_port}`,
      issuer: `http://${this.realm}.localhost:${this.as_port}`,
      resource: `http://${this.realm}.localhost:${this.mcp_port}/mcp`,
    };
    this.values.resource_encoded = encodeURIComponent(this.values.resource);
  }

  async end() {
    await this.control(`realms/${this.realm}`, 'DELETE');
  }

  // Whatever the request names and nobody has yet. A code is good once.
  async prepare(text) {
    const wants = (name) => text.includes(`{${name}}`);
    if (wants('code')) {
      const got = await this.send('authorize');
      this.values.code = /code=([^&\r]+)/.exec(got.head)?.[1];
    }
    if (wants('refresh_token') || (wants('access_token') && !this.values.access_token)) {
      await this.prepare(this.requests.get('code'));
      const got = JSON.parse((await this.send('code')).body);
      this.values.access_token = got.access_token;
      this.values.refresh_token = got.refresh_token;
    }
    if (wants('session')) {
      const got = await this.send('initialize');
      this.values.session = /^mcp-session-id: (.*)$/im.exec(got.head)?.[1]?.trim();
    }
  }

  filled(text) {
    const made = {
      proof_token: () => proof('POST', `${this.values.issuer}/token`),
      proof_mcp: () => proof('POST', this.values.resource, this.values.access_token),
    };
    return text.replace(/\{(\w+)\}/g, (whole, name) => made[name]?.() ?? this.values[name] ?? whole);
  }

  async send(name, enough = complete) {
    const text = this.requests.get(name);
    if (text === undefined) throw new Error(`no request is called ${name}`);
    const [head, ...rest] = this.filled(text).split('\n\n');
    const body = rest.join('\n\n');
    const length = body === '' ? '' : `\r\nContent-Length: ${Buffer.byteLength(body)}`;
    const port = head.includes(`:${this.mcp_port}`) ? this.mcp_port : this.as_port;
    const got = await exchange(port, `${head.split('\n').join('\r\n')}${length}\r\n\r\n${body}`, enough);
    if (got.body.startsWith('{')) {
      try {
        const { access_token, refresh_token } = JSON.parse(got.body);
        if (access_token) this.values.last_access_token = access_token;
        if (refresh_token) this.values.last_refresh_token = refresh_token;
      } catch {
        // It is meant to be none.
      }
    }
    return got;
  }

  // What differs from the step; nothing where all is as it says.
  differences(step, got) {
    const wrong = [];
    const says = (ok, text) => ok || wrong.push(`${step.at}: ${text}`);
    const status = got.head.split('\r\n')[0];
    if (['reset', 'closed', 'silent'].includes(step.status)) {
      const end = got.end === 'open' ? 'silent' : got.end;
      says(got.raw.length === 0 && end === step.status, `wanted ${step.status}, got ${end} after ${got.raw.length} bytes`);
      return wrong;
    }
    says(status.startsWith(`HTTP/1.1 ${step.status}`), `wanted ${step.status}, got ${status} ${got.body.slice(0, 300)}`);
    for (const wanted of step.headers.map((one) => this.filled(one))) {
      if (wanted === 'same') continue;
      if (wanted.startsWith('!~')) says(!got.head.includes(wanted.slice(2)), `has ${wanted.slice(2)}\n${got.head}`);
      else if (wanted.startsWith('!')) says(!new RegExp(`^${wanted.slice(1)}:`, 'im').test(got.head), `has ${wanted.slice(1)}\n${got.head}`);
      else if (wanted.startsWith('re ')) says(new RegExp(wanted.slice(3)).test(got.head), `does not match ${wanted}\n${got.head}`);
      // Behind data a reset may be told as an end by the time that they are read.
      else if (wanted === 'end reset') says(got.end !== 'open', 'ended open');
      else if (wanted.startsWith('end ')) says(got.end === wanted.slice(4), `ended ${got.end}`);
      else if (wanted.startsWith('bytes ')) says(got.raw.length > Number(wanted.slice(6)), `has ${got.raw.length} bytes`);
      else if (wanted.startsWith('raw ')) says(got.raw.toString().includes(bytes_of(wanted.slice(4))), `lacks ${wanted}\n${got.raw.toString().slice(0, 600)}`);
      else says(got.head.toLowerCase().includes(wanted.toLowerCase()), `lacks ${wanted}\n${got.head}`);
    }
    const text = Object.assign(String(got.body), {});
    for (const wanted of step.body.map((one) => this.filled(one))) {
      if (wanted.startsWith('re ')) {
        says(new RegExp(wanted.slice(3)).test(text), `does not match ${wanted}\n${JSON.stringify(String(text)).slice(0, 1200)}`);
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
}

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
