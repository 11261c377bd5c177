// What is tried through every proxy. Each row observes something and says it in words; `wanted` is what a
// proxy should let one see. A row that throws has failed.
import assert from 'node:assert/strict';

import { bad_network } from '../lib/bad_network.mjs';
import { client2_modern, connect, overheard, sdk1_http, sdk1_sse } from '../lib/clients.mjs';
import { authorize, json_of, register, token_request } from '../lib/oauth.mjs';
import { metric, sleep, until } from '../lib/tollgate.mjs';
import { listen, raw_session } from './raw.mjs';

const redirect_uri = 'http://localhost:8765/callback';
const resource = 'test://watched-resource';
const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
const running = (at) => metric(at.inside, 'tollgate_mcp_calls_running');

// A JWT that names them all is larger than 6 kB; together they are as long as a parameter may be (4096).
export const many_scopes = Array.from({ length: 102 }, (_, i) => `${'claim'.repeat(7)}:${i}`);

async function token_for(at, parameters = {}) {
  const { client_id } = await register(at.issuer, { redirect_uris: [redirect_uri] });
  const { verifier, callback } = await authorize(at.issuer, client_id, { redirect_uri, ...parameters });
  const code = callback.searchParams.get('code');
  return json_of(await token_request(at.issuer, { grant_type: 'authorization_code', client_id, code, code_verifier: verifier, redirect_uri }));
}

const session = async (at) => new raw_session(at.mcp, (await token_for(at)).access_token).open();

async function metadata(at) {
  const refused = await fetch(at.mcp, { method: 'POST', body: '{}' });
  assert.equal(refused.status, 401);
  const url = /resource_metadata="([^"]*)"/.exec(refused.headers.get('www-authenticate'))[1];
  if (new URL(url).port === new URL(at.inside.mcp).port) return 'the addresses behind the proxy';
  assert.equal(new URL(url).origin, new URL(at.mcp).origin);
  const described = await json_of(await fetch(url));
  assert.equal(described.resource, at.mcp);
  assert.deepEqual(described.authorization_servers, [at.issuer]);
  const server = await json_of(await fetch(`${at.issuer}/.well-known/oauth-authorization-server`));
  assert.equal(server.issuer, at.issuer);
  assert.equal(new URL(server.token_endpoint).origin, at.issuer);
}

// What changes at tollgate is seen at once: no proxy hands on a copy of its own.
async function fresh_documents(at) {
  for (const url of [`${at.issuer}/.well-known/oauth-authorization-server`, `${new URL(at.mcp).origin}/.well-known/oauth-protected-resource/mcp`]) {
    for (let time = 0; time < 2; ++time) {
      const answer = await fetch(url, { cache: 'no-store' });
      await json_of(answer);
      if (Number(answer.headers.get('age') ?? 0) > 0) return 'a copy';
      await sleep(1100);
    }
  }
}

async function registration(at) {
  assert.ok((await register(at.issuer)).client_id);
}

// The redirect must come through as it was written.
async function login(at) {
  const { client_id } = await register(at.issuer);
  const { verifier, callback } = await authorize(at.issuer, client_id, { redirect_uri });
  if (callback.origin !== new URL(redirect_uri).origin) {
    assert.equal(callback.origin, at.issuer);
    return 'redirected to the proxy';
  }
  const code = callback.searchParams.get('code');
  const tokens = await json_of(
    await token_request(at.issuer, { grant_type: 'authorization_code', client_id, code, code_verifier: verifier, redirect_uri }),
  );
  assert.ok(tokens.access_token);
}

// It comes back in the Location of the answer, whose head is then larger than 4 kB.
async function long_state(at) {
  const { client_id } = await register(at.issuer);
  const url = new URL(`${at.issuer}/authorize`);
  const state = 's'.repeat(3900);
  const code_challenge = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM';
  url.search = new URLSearchParams({ response_type: 'code', client_id, redirect_uri, state, code_challenge, code_challenge_method: 'S256' });
  const answer = await fetch(url, { redirect: 'manual' });
  if (answer.status !== 302) return String(answer.status);
  assert.equal(new URL(answer.headers.get('location')).searchParams.get('state'), state);
}

async function large_token(at) {
  const { access_token } = await token_for(at, { scope: ['mcp:tools', ...many_scopes].join(' ') });
  assert.ok(access_token.length >= 6000 && access_token.length <= 7500, `${access_token.length} bytes`);
  const by_hand = new raw_session(at.mcp, access_token);
  const probe = await by_hand.post('initialize', {});
  await probe.text();
  if (probe.status === 401) return '401';
  await by_hand.open();
  assert.match(await by_hand.ask('tools/call', { name: 'echo', arguments: { message: 'large' } }), /large/);
}

async function tools_call(at, t) {
  const { call } = await connect(t, sdk1_http, at);
  assert.equal(await call('echo', { message: 'hello' }), 'hello');
}

// Ten events, one each 400 ms. How late they are is counted from when they were said.
async function progress(at) {
  const by_hand = await session(at);
  const began = performance.now();
  const lags = [];
  const stop = new AbortController();
  const nothing = setTimeout(() => stop.abort(), 8000);
  const params = { name: 'slow', arguments: { seconds: 4 }, _meta: { progressToken: 'p' } };
  const answer = await by_hand.post('tools/call', params, { signal: stop.signal }).catch(() => undefined);
  if (!answer) return 'nothing';
  let whole = '';
  await listen(answer, (text) => {
    whole += text;
    const told = whole.match(/"notifications\/progress"/g)?.length ?? 0;
    while (lags.length < told) lags.push(performance.now() - began - 400 * (lags.length + 1));
  });
  clearTimeout(nothing);
  assert.match(whole, /Done\./);
  assert.equal(lags.length, 10);
  const late = median(lags);
  if (late < 100) return;
  if (lags.every((lag) => lag - lags[9] >= 390 * (9 - lags.indexOf(lag)))) return 'all at the end';
  return late > 150 && late < 350 ? 'each 200 ms late' : `late: ${lags.map(Math.round)}`;
}

async function control_plane(at) {
  const { status } = await fetch(`${at.issuer}/control/state`);
  if (status === 200) return 'open to everybody';
  assert.ok([401, 403].includes(status), String(status));
}

const stream_seconds = 65; // more than four heartbeats, and more than the longest time-out of a default

// The GET stream of a session, in which nothing happens but heartbeats; then an event must arrive at once.
async function open_stream(at) {
  const [by_hand, somebody] = [await session(at), await session(at)];
  await by_hand.ask('resources/subscribe', { uri: resource });
  const answer = await by_hand.stream();
  assert.equal(answer.status, 200);
  const began = performance.now();
  const seconds = () => (performance.now() - began) / 1000;
  let whole = '';
  const arrived = Promise.withResolvers();
  const over = listen(answer, (text) => {
    whole += text;
    if (whole.includes('resources/updated')) arrived.resolve('arrived');
  });
  const end = await Promise.race([over, sleep(stream_seconds * 1000)]);
  if (end) return `cut after ${Math.round(seconds() / 5) * 5} s`;
  const beats = whole.match(/^:/gm)?.length ?? 0;
  assert.ok(beats >= 4, `${beats} heartbeats`);
  const said = performance.now();
  await somebody.ask('tools/call', { name: 'test_trigger_resource_update', arguments: {} });
  await Promise.race([arrived.promise, sleep(5000)]);
  assert.match(whole, /resources\/updated/);
  assert.ok(performance.now() - said < 1000, 'it came late');
}

async function legacy(at, t) {
  const { call, transport } = await connect(t, sdk1_sse, at);
  const { notes } = overheard(transport);
  assert.equal(await call('slow', { seconds: 0.5 }, { onprogress() {} }), 'Done.');
  assert.equal(notes('notifications/progress').length, 10);
}

async function cancel_by_message(at, t) {
  const { call } = await connect(t, sdk1_http, at);
  const stop = new AbortController();
  const first = Promise.withResolvers();
  const slow = call('slow', { seconds: 100 }, { onprogress: first.resolve, signal: stop.signal });
  await first.promise;
  assert.equal(await running(at), 1);
  stop.abort('enough');
  await assert.rejects(slow, /enough/);
  await until(async () => (await running(at)) === 0);
}

// On 2026-07-28 closing the connection is how a call is cancelled. Events come once a second.
async function cancel_by_closing(at, t, onprogress_of, seconds) {
  const { call } = await connect(t, client2_modern, at);
  const stop = new AbortController();
  const first = Promise.withResolvers();
  const slow = call('slow', { seconds }, { ...onprogress_of(first.resolve), signal: stop.signal });
  const gone = assert.rejects(slow, /enough/);
  await first.promise;
  await until(async () => (await running(at)) === 1);
  await sleep(100); // beyond the event itself
  const closed = performance.now();
  stop.abort('enough');
  await gone;
  let late;
  do {
    await sleep(20);
    late = performance.now() - closed;
  } while (late < 3600 && (await running(at)) > 0);
  return late;
}

async function cancel_stream(at, t) {
  const late = await cancel_by_closing(at, t, (onprogress) => ({ onprogress }), 15);
  if (late < 500) return;
  return late < 2700 ? 'with the next events' : 'not seen';
}

// No progress: nothing is written before the answer but, after a second, the head of a stream. Only then does
// tollgate look whether the client is still there.
async function cancel_pending(at, t) {
  const soon = (resolve) => {
    setTimeout(resolve, 300);
    return {};
  };
  return (await cancel_by_closing(at, t, soon, 8)) < 1500 ? undefined : 'not seen';
}

async function resumption(at, t) {
  const network = await bad_network(t, at.mcp);
  const { call, transport, wire } = await connect(t, sdk1_http, at, { fetch: network.fetch });
  const { notes, results } = overheard(transport);
  const second = Promise.withResolvers();
  let heard = 0;
  const answer = call('slow', { seconds: 2 }, { onprogress: () => ++heard === 2 && second.resolve() });
  await second.promise;
  network.cut();
  await sleep(500);
  network.mend();
  assert.equal(await answer, 'Done.');
  const told = notes('notifications/progress').map((note) => note.progress);
  assert.deepEqual(told, Array.from({ length: 10 }, (_, i) => (i + 1) / 5));
  assert.equal(results().length, 1);
  assert.ok(wire.calls.some((c) => c.line === 'GET /mcp 200' && c.last_event_id), wire.lines().join('\n'));
}

async function end_of_session(at, t) {
  const { transport, wire } = await connect(t, sdk1_http, at);
  const { sessionId } = transport;
  await transport.terminateSession();
  assert.ok(wire.lines().some((line) => /^DELETE \/mcp 20/.test(line)), wire.lines().join('\n'));
  const { access_token } = await token_for(at);
  const headers = { authorization: `Bearer ${access_token}`, 'mcp-session-id': sessionId, accept: 'text/event-stream' };
  const answer = await fetch(at.mcp, { headers });
  await answer.text();
  assert.equal(answer.status, 404);
}

// The last one: the server is gone afterwards.
async function crash(at) {
  const by_hand = await session(at);
  const params = { name: 'slow', arguments: { seconds: 60 }, _meta: { progressToken: 'p' } };
  const answer = await by_hand.post('tools/call', params);
  const first = Promise.withResolvers();
  const over = listen(answer, (text) => text.includes('"notifications/progress"') && first.resolve());
  await first.promise;
  at.kill();
  const end = await Promise.race([over, sleep(10_000)]);
  if (end !== 'cut') return end === 'ended' ? 'looks finished' : 'not noticed';
}

// `beside`: begun first and waited for at the end, because it takes so long.
export const rows = [
  { name: 'metadata', observe: metadata },
  { name: 'documents are fresh', observe: fresh_documents },
  { name: 'registration', observe: registration },
  { name: 'authorization and token', observe: login },
  { name: 'a state of 3.9 kB', observe: long_state },
  { name: 'initialize and tools/call', observe: tools_call },
  { name: 'tools/call with a token of 6 kB', observe: large_token },
  { name: 'progress', observe: progress },
  { name: 'an open stream', observe: open_stream, beside: true },
  { name: 'legacy HTTP+SSE', observe: legacy },
  { name: 'resumption after a cut', observe: resumption },
  { name: 'cancel by a message', observe: cancel_by_message },
  { name: 'cancel by closing a stream', observe: cancel_stream },
  { name: 'cancel by closing before an answer', observe: cancel_pending },
  { name: 'DELETE', observe: end_of_session },
  { name: 'the control plane without its token', observe: control_plane },
  { name: 'a crash of the server', observe: crash, last: true },
];
