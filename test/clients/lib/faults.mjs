// Plays the tables of test/wire/faults: sends the requests of a line, each at the bytes of the wire.
import { createHash, generateKeyPairSync, randomUUID, sign } from 'node:crypto';

import { complete, exchange } from './exchange.mjs';
import { differences } from './fault-answers.mjs';
import { requests } from './fault-tables.mjs';
import { until } from './tollgate.mjs';

// A proof that this key is ours (RFC 9449 §4.2), without a nonce.
const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
function proof(htm, htu, token) {
  const ath = token && createHash('sha256').update(token).digest('base64url');
  const part = (o) => Buffer.from(JSON.stringify(o)).toString('base64url');
  const head = { typ: 'dpop+jwt', alg: 'ES256', jwk: keys.publicKey.export({ format: 'jwk' }) };
  const text = `${part(head)}.${part({ htm, htu, jti: randomUUID(), iat: Math.floor(Date.now() / 1000), ath })}`;
  return `${text}.${sign('sha256', Buffer.from(text), { key: keys.privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
}

// Values of requests that are tokens of a fault.
const odd_tokens = { foreign_token: 'token.audience_wrong' };

export class player {
  // `token` opens the control plane of a server that has a public URL. `numbered`: no realm has the name of an
  // earlier one, for what somebody remembers of it by its URL.
  constructor(server, { token, numbered = false } = {}) {
    this.as_port = new URL(server.bound?.authorization_server ?? server.issuer).port;
    this.mcp_port = new URL(server.bound?.mcp ?? server.mcp).port;
    this.token = token;
    this.requests = requests();
    this.realm = 't';
    this.numbered = numbered;
    this.count = 0;
  }

  async control(call, method = 'GET', body) {
    const text = body === undefined ? '' : JSON.stringify(body);
    const base = call.startsWith('realms') ? '' : `/r/${this.realm}`;
    const target = call.startsWith('/') ? call : `${base}/control/${call}`;
    const head = `${method} ${target} HTTP/1.1\r\nHost: localhost:${this.as_port}\r\nConnection: close\r\n${this.token ? `Authorization: Bearer ${this.token}\r\n` : ''}`;
    const fields = text === '' ? '' : `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(text)}\r\n`;
    const got = await exchange(this.as_port, `${head}${fields}\r\n${text}`, () => false);
    const status = Number(got.head.split(' ')[1]);
    if (!(status < 300)) throw new Error(`${method} ${call} ${text}: ${got.head.split('\r\n')[0]} ${got.body}`);
    return got.body === '' ? undefined : JSON.parse(got.body);
  }

  async begin() {
    if (this.numbered) this.realm = `t${(this.count += 1)}`;
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

  // All in which a step may name values.
  wants(step) {
    return [this.requests.get(step.request), ...step.headers, ...step.body].join('\n');
  }

  // Whatever the request names and nobody has yet. A code is good once.
  async prepare(text) {
    const wants = (name) => text.includes(`{${name}}`);
    if (/\{(way_back|way_back_of_another|code_behind_provider)\}/.test(text)) await this.go_to_provider();
    if (wants('code_behind_provider')) {
      const got = await this.send('back_from_provider');
      this.values.code_behind_provider = /code=([^&\r]+)/.exec(got.head)?.[1];
    }
    if (text.includes('/r/{realm}/token') && wants('last_refresh_token')) {
      await this.prepare(this.requests.get('code_behind_provider'));
      await this.send('code_behind_provider');
    }
    if (wants('kid')) this.values.kid = (await this.keys())[0].kid;
    for (const [name, fault] of Object.entries(odd_tokens)) if (wants(name)) await this.odd_token(name, fault);
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

  // To the provider and as far back as the door: its answer is what the browser brings.
  async go_to_provider() {
    const begun = await this.send('begin_at_provider');
    this.values.cookie = /^set-cookie: ([^;\r]+)/im.exec(begun.head)?.[1];
    const at = (got) => new URL(/^location: (.*)$/im.exec(got.head)?.[1].trim());
    const there = at(begun);
    const got = await exchange(there.port, `GET ${there.pathname}${there.search} HTTP/1.1\r\nHost: ${there.host}\r\n\r\n`, complete);
    const back = at(got);
    this.values.way_back = back.pathname + back.search;
    back.searchParams.set('state', 'another-state');
    this.values.way_back_of_another = back.pathname + back.search;
  }

  // A token with which that is wrong.
  async odd_token(name, fault) {
    await this.prepare(this.requests.get('code'));
    const { id } = await this.control('faults', 'POST', { name: fault });
    const got = await this.send('code');
    await this.control(`faults/${id}`, 'DELETE');
    this.values[name] = JSON.parse(got.body).access_token;
  }

  async keys() {
    return JSON.parse((await this.send('jwks')).body).keys;
  }

  filled(text) {
    const made = {
      proof_token: () => proof('POST', `${this.values.issuer}/token`),
      proof_mcp: () => proof('POST', this.values.resource, this.values.access_token),
    };
    return text.replace(/\{(\w+)\}/g, (whole, name) => made[name]?.() ?? this.values[name] ?? whole);
  }

  // Opens a stream: what comes on it is had when the promise in the answer is kept.
  async open(name, enough) {
    let got;
    await new Promise((opened) => {
      const seen = (raw) => {
        const session = /sessionId=([\w-]+)/.exec(raw)?.[1];
        if (session) this.values.sse_session = session;
        // The first event of the old transport names the session; other streams may have none to tell.
        if (session || name !== 'sse' || raw === undefined) opened();
      };
      got = this.send(name, enough, seen);
    });
    return { got };
  }

  async send(name, enough = complete, opened = undefined) {
    const text = this.requests.get(name);
    if (text === undefined) throw new Error(`no request is called ${name}`);
    const [head, ...rest] = this.filled(text).split('\n\n');
    const body = rest.join('\n\n');
    const length = body === '' ? '' : `\r\nContent-Length: ${Buffer.byteLength(body)}`;
    const port = head.includes(`:${this.mcp_port}`) ? this.mcp_port : this.as_port;
    const got = await exchange(port, `${head.split('\n').join('\r\n')}${length}\r\n\r\n${body}`, enough, opened);
    const given = { code: /^location: .*[?&]code=([^&\r]+)/im.exec(got.head)?.[1] };
    if (got.body.startsWith('{')) {
      try {
        const { access_token, refresh_token } = JSON.parse(got.body);
        Object.assign(given, { access_token, refresh_token });
      } catch {
        // It is meant to be none.
      }
    }
    for (const [what, value] of Object.entries(given)) {
      if (!value) continue;
      this.values[`previous_${what}`] = this.values[`last_${what}`];
      this.values[`last_${what}`] = value;
    }
    return got;
  }

  // What differs from the step; nothing where all is as it says.
  differences(step, got) {
    return differences(step, got, { filled: (text) => this.filled(text), key_set: this.key_set });
  }
}
