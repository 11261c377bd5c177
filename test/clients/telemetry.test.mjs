// Telemetry: what a collector of OpenTelemetry gets to see of a client, and what becomes of it when the collector is
// away; and what a parser of Prometheus reads in /metrics.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { describe, test } from 'node:test';

import { collector } from './lib/collector.mjs';
import { login, token_request } from './lib/oauth.mjs';
import { connect } from './lib/my_client.mjs';
import { binary, control, free_ports, metric, run, tollgate, until } from './lib/tollgate.mjs';

const traced = (t, at, set = {}) => tollgate(t, { set: { 'telemetry.endpoint': at.url, ...set } });

describe('telemetry', { concurrency: 4 }, () => {
  test('a login, a tool call and a refresh are one trace, with the facts and without a secret', async (t) => {
    const at = await collector(t);
    const server = await traced(t, at, { 'telemetry.headers': ['X-Tenant: of the team'] });
    const client = await connect(server.mcp);
    t.after(() => client.close());
    await client.call('whoami');
    await control(server.issuer, 'faults', { name: 'token.unavailable', trigger: { next: 1 } });
    await control(server.issuer, 'revoke-access');
    await client.call('whoami').catch(() => {});
    await client.call('whoami');
    const found = (wanted) => at.spans.find(({ attributes }) => Object.entries(wanted).every(([key, value]) => attributes[key] === value));
    const refreshed = await until(() => found({ 'oauth.grant_type': 'refresh_token', 'http.response.status_code': 200 }));
    const { requests } = at;
    assert.deepEqual([requests[0].method, requests[0].url], ['POST', '/v1/traces']);
    assert.equal(requests[0].headers['content-type'], 'application/json');
    assert.equal(requests[0].headers['x-tenant'], 'of the team');
    const called = found({ 'mcp.method.name': 'tools/call', 'http.response.status_code': 200 });
    assert.equal(called.attributes['gen_ai.tool.name'], 'whoami');
    assert.equal(called.name, 'POST /mcp');
    assert.equal(called.kind, 2);
    assert.ok(BigInt(called.endTimeUnixNano) >= BigInt(called.startTimeUnixNano));
    const first = found({ 'http.response.status_code': 401 });
    assert.equal(first.traceId, called.traceId, 'from the first 401 on');
    assert.equal(refreshed.traceId, called.traceId);
    assert.ok(!('status' in first), 'a 4xx is no error of the server');
    const failed = found({ 'http.response.status_code': 503 });
    assert.deepEqual([failed.status, failed.attributes['error.type']], [{ code: 2 }, '503']);
    assert.deepEqual(failed.attributes['tollgate.faults'], ['token.unavailable']);
    const login_span = found({ 'http.route': '/authorize' });
    assert.match(login_span.attributes['url.query'], /client_id=/);
    assert.equal(login_span.attributes['oauth.client_id'], refreshed.attributes['oauth.client_id']);
    assert.equal(called.resource['service.name'], 'tollgate');
    assert.equal(called.attributes['server.port'], Number(new URL(server.mcp).port));
    assert.ok(at.spans.every(({ attributes }) => !attributes['url.path'].includes('/control')));
    // What the client sent and got stands nowhere in it.
    const sent = requests.map(({ body }) => body).join('');
    const { events } = await (await fetch(`${server.issuer}/control/events`)).json();
    assert.ok(events.length > 5);
    for (const secret of client.secrets()) assert.ok(!sent.includes(secret), 'no secret');
  });

  const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
  const knock = async (server, headers) => (await fetch(`${server.issuer}/.well-known/oauth-authorization-server`, { headers })).body.cancel();

  test('a traceparent is a link, or the parent where it is asked for', async (t) => {
    for (const trace of ['flow', 'caller']) {
      const at = await collector(t);
      const server = await traced(t, at, { 'telemetry.trace': trace });
      await knock(server, { traceparent, tracestate: 'a=1,b=2' });
      const [span] = await until(() => at.spans.length > 0 && at.spans);
      const caller = { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7' };
      if (trace === 'flow') {
        assert.deepEqual(span.links, [{ ...caller, traceState: 'a=1,b=2' }]);
        assert.notEqual(span.traceId, caller.traceId);
        assert.ok(!('parentSpanId' in span));
      } else {
        assert.deepEqual([span.traceId, span.parentSpanId, span.traceState], [caller.traceId, caller.spanId, 'a=1,b=2']);
        assert.ok(!('links' in span));
      }
      await knock(server, { traceparent: 'nonsense' });
      const [, second] = await until(() => at.spans.length > 1 && at.spans);
      assert.ok(!('links' in second) && !('parentSpanId' in second));
      if (trace === 'caller') {
        await knock(server, { traceparent: traceparent.replace(/01$/, '00') });
        await knock(server, {});
        await until(() => at.spans.length > 2);
        assert.ok(at.spans.every(({ parentSpanId }, i) => i === 0 || !parentSpanId), 'a trace that nobody wants is left out');
      }
    }
  });

  test('what is tried again, and when, says the collector', async (t) => {
    const at = await collector(t, [{ status: 503, headers: { 'retry-after': '2' } }, { status: 429 }]);
    const server = await traced(t, at);
    await knock(server);
    await until(() => at.spans.length === 1);
    assert.deepEqual(at.requests.map(({ status }) => status), [503, 429, 200]);
    assert.ok(at.requests[1].at - at.requests[0].at >= 1950, 'Retry-After is kept to');
    assert.equal(at.requests[0].body, at.requests[2].body);
    await until(async () => (await metric(server, 'tollgate_telemetry_spans_total')) === 1);
    assert.match(server.log(), /telemetry_failing .*503/);
    await until(() => /telemetry_working/.test(server.log()));
  });

  test('a full batch does not end the wait before the next try', async (t) => {
    const at = await collector(t, [{ status: 503, headers: { 'retry-after': '3' } }]);
    const server = await traced(t, at);
    await knock(server);
    await until(() => at.requests.length === 1);
    await Promise.all(Array.from({ length: 600 }, () => knock(server)));
    await until(() => at.spans.length === 601);
    assert.ok(at.requests[1].at - at.requests[0].at >= 2950, 'Retry-After is kept to');
  });

  test('what is refused is dropped and counted, also a part', async (t) => {
    const at = await collector(t, [{ status: 400, body: 'no' }, { body: '{"partialSuccess":{"rejectedSpans":"1","errorMessage":"full"}}' }]);
    const server = await traced(t, at);
    const refused = () => metric(server, 'tollgate_telemetry_dropped_total\\{why="refused"\\}');
    await knock(server);
    await until(async () => (await refused()) === 1);
    await knock(server);
    await until(async () => (await refused()) === 2);
    assert.equal(at.requests.length, 2, 'neither is tried again');
  });

  test('what is left at the end is sent, and a collector that hangs delays the end by seconds at most', async (t) => {
    const at = await collector(t);
    const server = await traced(t, at);
    await knock(server);
    await server.stop();
    assert.equal(at.spans.length, 1);
    const hanging = await collector(t, Array(9).fill({ hang: true }));
    const other = await traced(t, hanging, { 'telemetry.timeout': '10m' });
    await knock(other);
    const began = Date.now();
    await other.stop();
    assert.ok(Date.now() - began < 60_000);
  });

  test('a collector that is not there costs nothing but the spans, and is told of once', async (t) => {
    const [port] = await free_ports(1);
    const server = await traced(t, { url: `http://127.0.0.1:${port}` });
    await knock(server);
    // After the fifth try, some twenty seconds later.
    await until(async () => (await metric(server, 'tollgate_telemetry_dropped_total\\{why="unreachable"\\}')) === 1);
    assert.equal((server.log().match(/telemetry_failing/g) ?? []).length, 1);
  });

  test('a wrong key is told by check', async (t) => {
    const check = (...set) => run(binary, ['check', ...set.flatMap((one) => ['--set', one])]);
    assert.match((await check('telemetry.endpoint=localhost:4318')).stderr, /telemetry\.endpoint: /);
    assert.match((await check('telemetry.headers=["secret"]')).stderr, /telemetry\.headers: must be a header field/);
    const clear = await check('telemetry.endpoint=http://collector.example', 'telemetry.headers=["X-Key: k3y"]');
    assert.equal(clear.code, 2);
    assert.match(clear.stderr, /telemetry\.endpoint: .*clear text/);
    assert.ok(!clear.stderr.includes('k3y'));
    assert.match((await check('telemetry.trace=parent')).stderr, /"flow"|flow/);
  });
});

const parse_metrics = `
import json, sys
from prometheus_client.parser import text_string_to_metric_families
families = {f.name: {"type": f.type, "help": f.documentation, "samples": [[s.name, s.labels, s.value] for s in f.samples]}
            for f in text_string_to_metric_families(sys.stdin.read())}
print(json.dumps(families))
`;

// A gateway team's dashboard asks for these.
const expected = {
  tollgate_requests: 'counter',
  tollgate_request_duration_seconds: 'histogram',
  tollgate_grants: 'counter',
  tollgate_tokens: 'gauge',
  tollgate_clients_registered: 'gauge',
  tollgate_mcp_sessions: 'gauge',
  tollgate_mcp_calls_running: 'gauge',
  tollgate_streams_open: 'gauge',
  tollgate_sse_slow_consumers: 'counter',
  tollgate_connections: 'counter',
  tollgate_connections_open: 'gauge',
  tollgate_connections_refused: 'counter',
  tollgate_faults_fired: 'counter',
  tollgate_journal_dropped: 'counter',
  tollgate_telemetry_spans: 'counter',
  tollgate_telemetry_dropped: 'counter',
  tollgate_limit_refusals: 'counter',
  tollgate_realms: 'gauge',
  process_cpu_seconds: 'counter',
  process_resident_memory_bytes: 'gauge',
  process_start_time_seconds: 'gauge',
};

test('/metrics is what the parser of the Prometheus project reads, and complete', async (t) => {
  const server = await tollgate(t, { set: { 'journal.bytes': '8KiB' } });
  const { client_id, refresh_token } = await login(server.issuer);
  await token_request(server.issuer, { grant_type: 'refresh_token', client_id, refresh_token });
  await control(server.issuer, 'faults', { name: 'token.unavailable', trigger: { next: 1 } });
  assert.equal((await token_request(server.issuer, { grant_type: 'refresh_token', client_id, refresh_token })).status, 503);
  for (let i = 0; i < 20; i += 1) await fetch(server.mcp, { method: 'POST', body: '{}' });
  const text = await (await fetch(`${server.issuer}/metrics`)).text();
  const families = JSON.parse(execFileSync('/usr/bin/python3', ['-c', parse_metrics], { input: text }));
  for (const [name, type] of Object.entries(expected)) assert.equal(families[name]?.type, type, name);
  assert.ok(Object.values(families).every(({ help }) => help !== ''));
  const value = (family, wanted) =>
    families[family].samples.find(([, labels]) => Object.entries(wanted).every(([key, v]) => labels[key] === v))?.[2];
  assert.equal(value('tollgate_grants', { grant: 'authorization_code' }), 1);
  assert.equal(value('tollgate_grants', { grant: 'refresh_token' }), 1);
  assert.equal(value('tollgate_faults_fired', {}), 1);
  assert.ok(value('tollgate_journal_dropped', {}) > 0);
  assert.equal(value('tollgate_requests', { endpoint: 'token', status: '2xx' }), 2);
  assert.equal(value('tollgate_requests', { endpoint: 'token', status: '5xx' }), 1);
  const buckets = families.tollgate_request_duration_seconds.samples.filter(([name, { endpoint }]) => name.endsWith('_bucket') && endpoint === 'token');
  const counts = buckets.map(([, , n]) => n);
  assert.deepEqual(counts, counts.toSorted((a, b) => a - b), 'each bound counts what is below it');
  assert.equal(counts.at(-1), 3);
  assert.equal(buckets.at(-1)[1].le, '+Inf');
});
