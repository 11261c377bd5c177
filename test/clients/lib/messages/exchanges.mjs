// From recorded exchanges to the server's messages, each with its revision and, for a response,
// the methods that it may answer: tests give the same id to several requests of a session.
//
// An exchange is what one request over HTTP was and what came back:
//   { method, target, headers: {…}, body, status, type, session, text }
// `session` is the answer's Mcp-Session-Id, `text` its body, of a stream whatever came of it. Over stdio
// `type` is "stdio", `fallback` what modern requests of the process name, and `early` says that nothing
// was agreed yet.

const modern = '2026-07-28';
const legacy = ['2024-11-05', '2025-03-26', '2025-06-18', '2025-11-25'];

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
const list = (value) => (Array.isArray(value) ? value : value === undefined ? [] : [value]);

// The data of every whole "message" event, and what the "endpoint" event said.
function events(text) {
  const all = [];
  for (const block of text.replaceAll('\r\n', '\n').split('\n\n').slice(0, -1)) {
    const lines = block.split('\n');
    const field = (name) => lines.filter((l) => l.startsWith(`${name}:`)).map((l) => l.slice(name.length + 1).replace(/^ /, ''));
    const data = field('data').join('\n');
    if (data) all.push({ event: field('event')[0] ?? 'message', data });
  }
  return all;
}

const session_in = (target) => /[?&]sessionId=([^&]*)/.exec(target)?.[1];

function messages_of(exchange) {
  if (exchange.type.startsWith('text/event-stream'))
    return events(exchange.text).filter((e) => e.event === 'message').map((e) => e.data);
  if (exchange.type.startsWith('application/json') || exchange.type === 'stdio') return exchange.text ? [exchange.text] : [];
  return [];
}

const requests_in = (body) => list(parsed(body)).filter((m) => m?.method !== undefined && m.id !== undefined);
const methods_for = (requests, id) => requests.filter((m) => JSON.stringify(m.id) === JSON.stringify(id)).map((m) => m.method);

// One session: what was asked in it, and the revision that was agreed on.
class conversation {
  requests = [];
  revision = undefined;

  ask(body) {
    this.requests.push(...requests_in(body));
  }
  hear(text) {
    for (const m of list(parsed(text)))
      if (m?.result?.protocolVersion && methods_for(this.requests, m.id).includes('initialize')) this.revision = m.result.protocolVersion;
  }
}

// Every exchange of a session adds to one conversation; one without a session is its own.
function conversation_of(sessions, exchange) {
  const endpoint = exchange.type.startsWith('text/event-stream') ? events(exchange.text).find((e) => e.event === 'endpoint') : undefined;
  const id = (endpoint && session_in(endpoint.data)) ?? exchange.session ?? session_in(exchange.target) ?? exchange.headers['mcp-session-id'];
  if (!id) return new conversation();
  if (!sessions.has(id)) sessions.set(id, Object.assign(new conversation(), endpoint ? { fallback: '2024-11-05' } : {}));
  return sessions.get(id);
}

function revision_of(exchange, talk) {
  const named = exchange.headers['mcp-protocol-version'];
  const in_body = parsed(exchange.body)?.params?._meta?.['io.modelcontextprotocol/protocolVersion'];
  if (exchange.type === 'stdio' && in_body !== undefined) return in_body === modern ? modern : '2025-03-26';
  // Both eras may be spoken in one process, and this name is of one alone.
  if (exchange.type === 'stdio' && exchange.text.includes('"io.modelcontextprotocol/subscriptionId":')) return modern;
  if (talk.revision && !exchange.early) return talk.revision;
  if (in_body !== undefined || named === modern) return modern;
  return talk.fallback ?? exchange.fallback ?? (legacy.includes(named) ? named : '2025-03-26');
}

// Nothing in the exchange or in its session says which revision is spoken.
function nothing_agreed(exchange, talk) {
  const named = exchange.headers['mcp-protocol-version'];
  const in_body = parsed(exchange.body)?.params?._meta?.['io.modelcontextprotocol/protocolVersion'];
  return talk.revision === undefined && exchange.fallback === undefined && named === undefined && in_body === undefined;
}

// Yields { text, message, revision, guessed, methods, exchange, batch }; `guessed`: it may be of another
// revision as well.
export function* server_messages(exchanges) {
  const sessions = new Map();
  const talks = exchanges.map((e) => {
    const talk = conversation_of(sessions, e);
    talk.ask(e.body);
    return talk;
  });
  exchanges.forEach((e, i) => messages_of(e).forEach((text) => talks[i].hear(text)));
  for (const [i, exchange] of exchanges.entries()) {
    const talk = talks[i];
    for (const text of messages_of(exchange)) {
      const revision = revision_of(exchange, talk);
      const guessed = nothing_agreed(exchange, talk);
      const value = parsed(text);
      const several = Array.isArray(value);
      for (const message of list(value)) {
        const here = methods_for(requests_in(exchange.body), message?.id);
        const methods = here.length > 0 ? here : methods_for(talk.requests, message?.id);
        // Not of MCP: the errors of OAuth, the control plane, metadata.
        if (message?.jsonrpc === undefined && exchange.type.startsWith('application/json')) continue;
        yield { text, message, revision, guessed, methods, exchange, batch: several };
      }
      if (value === undefined) yield { text, message: undefined, revision, guessed, methods: [], exchange, batch: false };
    }
  }
}
