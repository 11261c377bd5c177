// Faults that act before there is a request: at the listeners of a realm with ports of its own, met by Node.js and curl.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import tls from 'node:tls';

import { login, token_request } from './lib/oauth.mjs';
import { binary, run, scratch_folder, tollgate, until } from './lib/tollgate.mjs';

const metadata = '/.well-known/oauth-authorization-server';

// A realm with ports of its own, and its control plane at the server's, which no fault of a listener reaches.
async function own_ports(t, options) {
  const server = await tollgate(t, options);
  return { server, ...(await realm_of(server, 'own')) };
}

async function realm_of(server, name) {
  const call = async (method, path, body) => {
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`${server.issuer}${path}`, { method, headers, body: JSON.stringify(body) });
    const text = await answer.text();
    return { status: answer.status, ...(text === '' ? {} : JSON.parse(text)) };
  };
  const realm = await call('POST', '/control/realms', { name, isolation: 'port' });
  assert.equal(realm.status, 201);
  const control = (method, path, body) => call(method, `/r/${name}/control/${path}`, body);
  const fault = async (wanted) => {
    const made = await control('POST', 'faults', wanted);
    assert.equal(made.status, 201, JSON.stringify(made));
    return made;
  };
  return { realm, control, fault };
}

const port_of = (url) => Number(new URL(url).port);

// What becomes of one request to that origin: its status, or the code of the error.
const outcome = (origin) =>
  fetch(`${origin}${metadata}`).then(
    async (answer) => (await answer.text(), answer.status),
    (error) => error.cause?.code ?? error.cause?.name ?? String(error),
  );

// A connection that is made within `ms`, or undefined.
const connects = (url, ms) =>
  new Promise((done) => {
    const socket = net.connect({ host: '127.0.0.1', port: port_of(url) });
    const timer = setTimeout(() => done(undefined) || socket.destroy(), ms);
    socket.on('connect', () => (clearTimeout(timer), done(socket)));
    socket.on('error', (error) => (clearTimeout(timer), done(error.code)));
  });

const silent = (socket, ms) =>
  new Promise((done) => {
    for (const event of ['data', 'end', 'error']) socket.once(event, () => done(false));
    setTimeout(() => done(true), ms);
  });

// The handshake as Node.js makes it: { socket } or { code }.
const handshake = (origin, options = {}) =>
  new Promise((done) => {
    const socket = tls.connect({ host: 'localhost', servername: 'localhost', port: port_of(origin), ...options });
    socket.on('secureConnect', () => done({ socket }));
    socket.on('error', (error) => done({ code: error.code, reason: error.reason }));
  });

// The fault acts, and the realm is served again, at the same port, after DELETE, after reset and when it expires.
async function comes_and_goes(own, wanted, acts) {
  const { realm, control, fault } = own;
  assert.equal(await outcome(realm.issuer), 200, 'before');
  const endings = {
    delete: async (made) => assert.equal((await control('DELETE', `faults/${made.id}`)).status, 204),
    reset: async () => assert.equal((await control('POST', 'reset', {})).status, 200),
    expiry: () => until(async () => (await control('GET', 'faults')).faults.length === 0),
  };
  for (const [name, end] of Object.entries(endings)) {
    const made = await fault({ ...wanted, ...(name === 'expiry' ? { expires_in: 2 } : {}) });
    await acts(made);
    if (name === 'expiry') assert.equal((await control('GET', 'faults')).faults.length, 1, 'it is not over yet');
    await end(made);
    if (name === 'expiry') await until(async () => (await outcome(realm.issuer)) === 200);
    assert.equal(await outcome(realm.issuer), 200, `after ${name}`);
  }
}

test('net.refuse: nothing listens, at the server that is meant', async (t) => {
  const own = await own_ports(t);
  await comes_and_goes(own, { name: 'net.refuse', params: { server: 'authorization_server' } }, async (made) => {
    assert.deepEqual(made.acts_at, { issuer: own.realm.issuer });
    assert.equal(await connects(own.realm.issuer, 5000), 'ECONNREFUSED');
    const socket = await connects(own.realm.mcp, 5000);
    assert.ok(socket instanceof net.Socket, 'the MCP server is up');
    socket.destroy();
    const curl = await run('curl', ['-s', `${made.acts_at.issuer}${metadata}`]);
    assert.equal(curl.code, 7);
    const shown = await own.control('GET', `faults/${made.id}`);
    assert.equal(shown.fired, 1);
  });
});

test('net.no_accept: a connection comes about and nobody reads', async (t) => {
  const own = await own_ports(t);
  await comes_and_goes(own, { name: 'net.no_accept' }, async () => {
    const socket = await connects(own.realm.issuer, 5000);
    assert.ok(socket instanceof net.Socket);
    socket.write(`GET ${metadata} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
    assert.ok(await silent(socket, 200));
    socket.destroy();
  });
});

test('net.listen_backlog: no connection comes about, and none is refused', async (t) => {
  const own = await own_ports(t);
  await comes_and_goes(own, { name: 'net.listen_backlog' }, async () => {
    assert.equal(await connects(own.realm.mcp, 400), undefined);
  });
});

test('net.black_hole: accepted, and never answered', async (t) => {
  const own = await own_ports(t);
  await comes_and_goes(own, { name: 'net.black_hole' }, async (made) => {
    const socket = await connects(own.realm.issuer, 5000);
    socket.write(`GET ${metadata} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
    assert.ok(await silent(socket, 200));
    await until(async () => (await own.control('GET', `faults/${made.id}`)).fired > 0);
    socket.destroy();
  });
});

test('net.accept_end and net.accept_reset end a connection before its request', async (t) => {
  const own = await own_ports(t);
  const met = (url) =>
    new Promise((done) => {
      const socket = net.connect({ host: '127.0.0.1', port: port_of(url) });
      socket.on('end', () => done('end')).on('error', (error) => done(error.code)).resume();
    });
  await comes_and_goes(own, { name: 'net.accept_end' }, async () => assert.equal(await met(own.realm.mcp), 'end'));
  await comes_and_goes(own, { name: 'net.accept_reset' }, async () => {
    assert.equal(await met(own.realm.mcp), 'ECONNRESET');
  });
});

test('a fault of connections ends those that are open, so that a client with a pool meets it', async (t) => {
  const { realm, control, fault } = await own_ports(t);
  const agent = new http.Agent({ keepAlive: true });
  const ask = () =>
    new Promise((done) => {
      const request = http.get(`${realm.issuer}${metadata}`, { agent }, (answer) => answer.resume().on('end', () => done(answer.statusCode)));
      request.on('error', (error) => done(error.code));
    });
  assert.equal(await ask(), 200);
  await fault({ name: 'net.refuse' });
  assert.match(String(await ask()), /ECONNREFUSED|ECONNRESET/);
  assert.equal(await ask(), 'ECONNREFUSED');
  await control('DELETE', 'faults');
  assert.equal(await ask(), 200);
  agent.destroy();
});

test('a trigger counts connections', async (t) => {
  const { realm, fault, control } = await own_ports(t);
  const made = await fault({ name: 'net.accept_reset', params: { server: 'mcp' }, trigger: { script: ['ok', 'fault', 'ok'] } });
  const met = () =>
    new Promise((done) => {
      const socket = net.connect({ host: '127.0.0.1', port: port_of(realm.mcp) });
      socket.on('error', (error) => done(error.code));
      socket.on('data', (data) => (socket.destroy(), done(String(data).slice(0, 12))));
      socket.on('connect', () => socket.write('GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n'));
    });
  assert.equal(await met(), 'HTTP/1.1 200');
  assert.equal(await met(), 'ECONNRESET');
  assert.equal(await met(), 'HTTP/1.1 200');
  const shown = await control('GET', `faults/${made.id}`);
  assert.deepEqual([shown.matched, shown.fired], [3, 1]);
  const { events } = await control('GET', 'events?type=fault');
  assert.deepEqual(events.map((event) => event.outcome), ['net.accept_reset']);
});

// What Node.js says of each certificate, when it trusts the CA that the answer names.
const certificates = {
  'tls.self_signed': { code: 'DEPTH_ZERO_SELF_SIGNED_CERT', curl: 60 },
  'tls.unknown_ca': { code: 'SELF_SIGNED_CERT_IN_CHAIN', curl: 60 },
  'tls.expired': { code: 'CERT_HAS_EXPIRED', curl: 60, ca: true },
  'tls.not_yet_valid': { code: 'CERT_NOT_YET_VALID', curl: 60, ca: true },
  'tls.wrong_host': { code: 'ERR_TLS_CERT_ALTNAME_INVALID', curl: 60, ca: true },
};

for (const [name, expected] of Object.entries(certificates))
  test(`${name}: refused for that, and for nothing else`, async (t) => {
    const own = await own_ports(t);
    const file = join(scratch_folder(t), 'ca.pem');
    await comes_and_goes(own, { name }, async (made) => {
      assert.equal(made.acts_at.issuer, own.realm.issuer.replace('http:', 'https:'));
      assert.equal(made.acts_at.mcp, own.realm.mcp.replace('http:', 'https:'));
      assert.equal(Boolean(made.ca), Boolean(expected.ca));
      assert.equal((await handshake(made.acts_at.issuer, { ca: made.ca })).code, expected.code);
      assert.equal(await outcome(made.acts_at.issuer), made.ca ? await code_without_ca(made) : expected.code);
      writeFileSync(file, made.ca ?? '');
      const curl = await run('curl', ['-s', ...(made.ca ? ['--cacert', file] : []), `${made.acts_at.mcp}`]);
      assert.equal(curl.code, expected.curl, curl.stderr);
      // Who does not look is let through, to documents that speak of https.
      const careless = await run('curl', ['-sk', `${made.acts_at.issuer}${metadata}`]);
      assert.equal(JSON.parse(careless.stdout).issuer, made.acts_at.issuer);
    });
  });

// fetch cannot be given a CA: to it the CA itself is unknown.
const code_without_ca = async (made) => (await handshake(made.acts_at.issuer)).code;

test('tls.revoked: the stapled answer says so to who asks', async (t) => {
  const own = await own_ports(t);
  const file = join(scratch_folder(t), 'ca.pem');
  await comes_and_goes(own, { name: 'tls.revoked' }, async (made) => {
    writeFileSync(file, made.ca);
    const url = `${made.acts_at.issuer}${metadata}`;
    const asked = await run('curl', ['-sS', '--cert-status', '--cacert', file, url]);
    assert.equal(asked.code, 91, asked.stderr);
    assert.match(asked.stderr, /revocation reason: keyCompromise/);
    const careless = await run('curl', ['-sS', '--cacert', file, url]);
    assert.equal(careless.code, 0, careless.stderr);
  });
});

test('tls.old_version and tls.weak_cipher: refused, unless the client lowers itself', async (t) => {
  const own = await own_ports(t);
  await comes_and_goes(own, { name: 'tls.old_version' }, async ({ ca, acts_at }) => {
    assert.match((await handshake(acts_at.issuer, { ca })).code, /UNSUPPORTED_PROTOCOL|PROTOCOL_VERSION/);
    const low = await handshake(acts_at.issuer, { ca, minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'ALL:@SECLEVEL=0' });
    assert.equal(low.socket?.getProtocol(), 'TLSv1.1', JSON.stringify(low));
    low.socket.destroy();
  });
  await comes_and_goes(own, { name: 'tls.weak_cipher' }, async ({ ca, acts_at }) => {
    assert.match((await handshake(acts_at.issuer, { ca })).code, /HANDSHAKE_FAILURE/);
    const low = await handshake(acts_at.issuer, { ca, maxVersion: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-NULL-SHA:@SECLEVEL=0' });
    assert.equal(low.socket?.getCipher().name, 'ECDHE-ECDSA-NULL-SHA', JSON.stringify(low));
    low.socket.destroy();
  });
});

test('tls.no_alpn: no protocol is chosen', async (t) => {
  const own = await own_ports(t);
  await comes_and_goes(own, { name: 'tls.no_alpn' }, async ({ ca, acts_at }) => {
    const { socket } = await handshake(acts_at.issuer, { ca, ALPNProtocols: ['h2', 'http/1.1'] });
    assert.equal(socket.alpnProtocol, false);
    socket.destroy();
  });
});

test('tls.close_notify_missing: the answer ends with the connection, and TLS without goodbye', async (t) => {
  const own = await own_ports(t);
  const file = join(scratch_folder(t), 'ca.pem');
  await comes_and_goes(own, { name: 'tls.close_notify_missing' }, async ({ ca, acts_at }) => {
    writeFileSync(file, ca);
    // Many clients look away; OpenSSL does not.
    const host = new URL(acts_at.issuer).host;
    const ask = `printf 'GET ${metadata} HTTP/1.1\\r\\nHost: ${host}\\r\\n\\r\\n' | openssl s_client -quiet -ign_eof -CAfile ${file} -connect ${host}`;
    const { stdout, stderr } = await run('sh', ['-c', ask]);
    assert.match(stdout, /"issuer"/);
    assert.doesNotMatch(stdout, /content-length/i);
    assert.match(stderr, /unexpected eof/);
  });
});

test('tls.sni_mismatch, tls.client_cert_required and tls.handshake_cut end the handshake', async (t) => {
  const own = await own_ports(t);
  await comes_and_goes(own, { name: 'tls.sni_mismatch' }, async ({ ca, acts_at }) => {
    assert.match((await handshake(acts_at.issuer, { ca })).code, /UNRECOGNIZED_NAME/);
  });
  await comes_and_goes(own, { name: 'tls.client_cert_required' }, async ({ ca, acts_at }) => {
    // In TLS 1.3 the server says so behind the handshake (RFC 8446 §4.4.2.4).
    assert.match((await handshake(acts_at.issuer, { ca, maxVersion: 'TLSv1.2' })).code, /HANDSHAKE_FAILURE/);
    const { socket } = await handshake(acts_at.issuer, { ca });
    const code = await new Promise((done) => socket.on('error', (error) => done(error.code)));
    assert.match(code, /CERTIFICATE_REQUIRED/);
  });
  await comes_and_goes(own, { name: 'tls.handshake_cut' }, async ({ acts_at }) => {
    assert.equal((await handshake(acts_at.issuer)).code, 'ECONNRESET');
  });
});

test('tls.http_on_https_port: plain HTTP where TLS is expected', async (t) => {
  const own = await own_ports(t);
  await comes_and_goes(own, { name: 'tls.http_on_https_port' }, async ({ acts_at }) => {
    assert.match(acts_at.issuer, /^https:/);
    assert.match((await handshake(acts_at.issuer)).code, /WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG/);
  });
});

test('connections that a TLS fault spares are served with a good certificate', async (t) => {
  const { fault } = await own_ports(t);
  const { ca, acts_at } = await fault({ name: 'tls.expired', params: { server: 'mcp' }, trigger: { nth: 1 } });
  assert.equal((await handshake(acts_at.mcp, { ca })).code, 'CERT_HAS_EXPIRED');
  const { socket } = await handshake(acts_at.mcp, { ca });
  assert.ok(socket.authorized);
  socket.destroy();
});

test('a server with TLS of its own has it again afterwards', async (t) => {
  const folder = scratch_folder(t);
  assert.equal((await run(binary, ['certs'], { cwd: folder })).code, 0);
  const server = await tollgate(t, { folder });
  const own = `${new URL(server.issuer).origin}`;
  const curl = async (...args) => {
    const done = await run('curl', ['-sS', '--cacert', 'certs/localhost.pem', '-H', 'content-type: application/json', ...args], { cwd: folder });
    return { ...done, json: () => JSON.parse(done.stdout) };
  };
  const realm = (await curl(`${own}/control/realms`, '-d', '{"name":"own","isolation":"port"}')).json();
  const ask = () => curl(`${realm.issuer}${metadata}`);
  assert.equal((await ask()).code, 0);
  const made = (await curl(`${own}/r/own/control/faults`, '-d', '{"name":"tls.self_signed"}')).json();
  assert.equal(made.acts_at.issuer, realm.issuer);
  assert.equal((await ask()).code, 60);
  await curl('-X', 'DELETE', `${own}/r/own/control/faults`);
  assert.equal((await ask()).code, 0);
  await curl(`${own}/r/own/control/faults`, '-d', '{"name":"tls.http_on_https_port"}');
  assert.equal((await ask()).code, 35);
  const plain = await curl(`${realm.issuer.replace('https', 'http')}${metadata}`);
  assert.equal(plain.json().issuer, realm.issuer.replace('https', 'http'));
});

test('a realm that is down is down for itself alone, and its tokens live on', async (t) => {
  const server = await tollgate(t);
  const one = await realm_of(server, 'one');
  const two = await realm_of(server, 'two');
  const { client_id, refresh_token } = await login(one.realm.issuer);
  await one.fault({ name: 'net.refuse' });
  assert.equal(await outcome(one.realm.issuer), 'ECONNREFUSED');
  assert.equal(await outcome(two.realm.issuer), 200);
  assert.equal(await outcome(server.issuer), 200);
  await one.control('DELETE', 'faults');
  assert.equal((await token_request(one.realm.issuer, { grant_type: 'refresh_token', client_id, refresh_token })).status, 200);
});

test('the newest of two faults counts, and a realm that goes takes its fault along', async (t) => {
  const server = await tollgate(t);
  const { realm, control, fault } = await realm_of(server, 'own');
  await fault({ name: 'net.black_hole' });
  const second = await fault({ name: 'net.refuse' });
  assert.equal(await outcome(realm.issuer), 'ECONNREFUSED');
  await control('DELETE', `faults/${second.id}`);
  const socket = await connects(realm.issuer, 5000);
  assert.ok(await silent(socket, 200));
  socket.destroy();
  await fault({ name: 'net.no_accept' });
  assert.equal((await fetch(`${server.issuer}/control/realms/own`, { method: 'DELETE' })).status, 204);
  await until(async () => (await connects(realm.issuer, 5000)) === 'ECONNREFUSED');
});

test('a restored realm treats connections as it did then, and a fork as its parent does', async (t) => {
  const { server, realm, control, fault } = await own_ports(t);
  const call = async (path, body) => {
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`${server.issuer}/control/realms/own/${path}`, { method: 'POST', headers, body: body && JSON.stringify(body) });
    assert.ok(answer.ok, `${path}: ${answer.status}`);
    return answer.status === 204 ? undefined : answer.json();
  };
  const sound = await call('snapshot');
  await fault({ name: 'net.refuse' });
  assert.equal(await outcome(realm.issuer), 'ECONNREFUSED');
  const refusing = await call('snapshot');
  await call('restore', sound);
  assert.equal(await outcome(realm.issuer), 200);
  assert.equal((await control('GET', 'faults')).faults.length, 0);
  await call('restore', refusing);
  assert.equal(await outcome(realm.issuer), 'ECONNREFUSED');
  const { realms } = await call('fork', { names: ['copy'] });
  assert.equal(await outcome(realms[0].issuer), 'ECONNREFUSED');
});

test('what cannot be is refused, with what would help', async (t) => {
  const { server, control } = await own_ports(t);
  const refused = async (answer) => {
    const made = await answer;
    assert.equal(made.status, 400, JSON.stringify(made));
    return made.error_description;
  };
  const elsewhere = await fetch(`${server.issuer}/control/faults`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'tls.expired' }),
  });
  assert.equal(elsewhere.status, 400);
  assert.match((await elsewhere.json()).error_description, /^\/name: .*"isolation": "port"/);
  assert.match(await refused(control('POST', 'faults', { name: 'net.refuse', trigger: { nth: 2 } })), /^\/trigger: /);
  assert.match(await refused(control('POST', 'faults', { name: 'tls.expired', select: { client_id: 'c' } })), /^\/select: /);
  assert.match(await refused(control('POST', 'faults', { name: 'tls.expired', params: { server: 'mpc' } })), /^\/params\/server: /);
  const mixed = [{ tls: { flaw: 'expired' } }, { delay: { ms: 1 } }];
  assert.match(await refused(control('POST', 'faults', { effects: mixed })), /^\/effects: /);
  assert.match(await refused(control('POST', 'faults', { effects: [{ tls: { flaw: 'expird' } }] })), /^\/effects\/0\/tls\/flaw: /);
});
