// A collector for spans: takes OTLP/HTTP JSON, and holds each request against the definitions of the OTLP that
// OpenTelemetry publishes (in @opentelemetry/otlp-transformer): a member that those do not know, or of another type, is
// an error.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const { opentelemetry } = require('@opentelemetry/otlp-transformer/build/src/generated/root.js');
const Request = opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;

// OTLP/JSON writes ids in hexadecimal digits, where ProtoJSON has base64.
const ids = new Set(['traceId', 'spanId', 'parentSpanId']);
const as_proto = (value, name) => {
  if (Array.isArray(value)) return value.map((one) => as_proto(one));
  if (value === null || typeof value !== 'object') {
    if (!ids.has(name)) return value;
    assert.match(value, name === 'traceId' ? /^[0-9a-f]{32}$/ : /^[0-9a-f]{16}$/);
    return Buffer.from(value, 'hex').toString('base64');
  }
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, as_proto(inner, key)]));
};

const value_of = ({ stringValue, intValue, arrayValue }) => stringValue ?? (arrayValue ? arrayValue.values.map(value_of) : Number(intValue));
const members = (attributes) => Object.fromEntries(attributes.map(({ key, value }) => [key, value_of(value)]));

export function spans_in(body) {
  const request = JSON.parse(body);
  const proto = as_proto(request);
  const read = Request.fromObject(proto);
  assert.equal(Request.verify(read), null);
  const again = Request.toObject(Request.decode(Request.encode(read).finish()), { longs: String, enums: Number, bytes: String });
  assert.deepEqual(again, proto, 'every member is one of OTLP');
  return request.resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap(({ spans }) => spans.map((span) => ({ ...span, resource: members(resource.attributes), attributes: members(span.attributes) }))),
  );
}

// `answers`: what comes first, one after another: { status, headers, body }; then 200.
export async function collector(t, answers = []) {
  const requests = [];
  const spans = [];
  const wrong = [];
  const server = createServer(async (request, response) => {
    const parts = [];
    for await (const part of request) parts.push(part);
    const body = Buffer.concat(parts).toString();
    const { status = 200, headers = {}, body: text = '{"partialSuccess":{}}', hang = false } = answers.shift() ?? {};
    requests.push({ method: request.method, url: request.url, headers: request.headers, at: Date.now(), body, status });
    if (hang) return;
    try {
      if (status === 200) spans.push(...spans_in(body));
    } catch (error) {
      wrong.push(error);
    }
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(text);
  }).listen(0, '127.0.0.1');
  await new Promise((done) => server.once('listening', done));
  t.after(() => {
    server.close();
    server.closeAllConnections();
    assert.deepEqual(wrong, []);
  });
  return { url: `http://127.0.0.1:${server.address().port}`, requests, spans };
}
