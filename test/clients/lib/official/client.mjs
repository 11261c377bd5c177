// A client of both generations of MCP for the official scenarios, over Streamable HTTP by hand, so that a test can make it
// do one thing wrong (`mistakes`).
import { authorization } from './login.mjs';
import { sleep } from '../tollgate.mjs';

const modern = '2026-07-28';
const meta = 'io.modelcontextprotocol/';
const needs_base64 = (text) => /[^\x20-\x7e]/.test(text) || text !== text.trim();

// Events of a stream: { id, retry, message }.
async function* events_of(answer) {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of answer.body) {
    rest += decoder.decode(chunk, { stream: true }).replaceAll('\r\n', '\n');
    for (let end = rest.indexOf('\n\n'); end >= 0; end = rest.indexOf('\n\n')) {
      const fields = rest.slice(0, end).split('\n');
      rest = rest.slice(end + 2);
      const all = (name) => fields.filter((f) => f.startsWith(`${name}:`)).map((f) => f.slice(name.length + 1).replace(/^ /, ''));
      const data = all('data').join('\n');
      yield { id: all('id')[0], retry: all('retry')[0], message: data ? JSON.parse(data) : undefined };
    }
  }
}

export class official_client {
  #id = 0;
  #session;
  #version;

  constructor(url, { scenario, revision, context = {}, mistakes = {} }) {
    Object.assign(this, { url, scenario, revision, context, mistakes });
    this.authorization = new authorization(url, { scenario, context, mistakes });
    this.capabilities = { elicitation: {} };
    if (revision === modern) this.capabilities = { elicitation: {}, roots: {}, sampling: {} };
    if (mistakes.bad_capability) this.capabilities.roots = true;
  }

  async connect() {
    if (this.revision === modern) {
      this.#version = this.mistakes.odd_version ?? modern;
      return this.request('server/discover');
    }
    const clientInfo = this.mistakes.no_client_info ? { name: '' } : { name: 'client of the official scenarios', version: '1' };
    const protocolVersion = this.mistakes.odd_version ?? (this.revision === '2025-03-26' ? '2025-03-26' : '2025-11-25');
    const result = await this.request('initialize', { protocolVersion, capabilities: this.capabilities, clientInfo });
    this.#version = result.protocolVersion;
    await this.notify('notifications/initialized');
    // Where some servers ask.
    if (this.#session && this.scenario.startsWith('elicitation')) this.#listen();
    return result;
  }

  call(name, args = {}, extra = {}, headers = {}) {
    if (this.mistakes.bad_progress_token) extra = { ...extra, _meta: { progressToken: true } };
    return this.request('tools/call', { name, arguments: args, ...extra }, headers);
  }

  async request(method, params = {}, headers = {}) {
    const { mistakes } = this;
    this.#id += mistakes.same_id ? 0 : 1;
    const id = this.#id;
    const message = { jsonrpc: '2.0', id, method, params: this.#with_meta(params) };
    const answer = await this.#post(message, headers);
    const body = await this.#answer_in(answer, id);
    const unsupported = body.error?.code === -32022 && !mistakes.gives_up_version;
    if (unsupported && body.error.data.supported.includes(modern) && !this.retried) {
      this.retried = true;
      this.#version = mistakes.keeps_version ? this.#version : modern;
      return this.request(method, params, headers);
    }
    if (body.error) throw Object.assign(new Error(`${method}: ${body.error.message}`), { code: body.error.code });
    return body.result;
  }

  async notify(method) {
    const answer = await this.#post({ jsonrpc: '2.0', method, ...(this.revision === modern && { params: this.#with_meta({}) }) });
    await answer.body?.cancel();
  }

  #with_meta(params) {
    if (this.revision !== modern || this.mistakes.no_meta) return params;
    const version = this.mistakes.another_meta_version ? '2025-11-25' : this.#version;
    return {
      ...params,
      _meta: {
        ...params._meta,
        [`${meta}protocolVersion`]: version,
        [`${meta}clientCapabilities`]: this.capabilities,
        ...(!this.mistakes.no_client_info && { [`${meta}clientInfo`]: { name: 'client of the official scenarios', version: '1' } }),
      },
    };
  }

  #headers(message) {
    const { mistakes } = this;
    const headers = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
    if (this.#session) headers['mcp-session-id'] = this.#session;
    if (this.#version && !mistakes.no_version_header) headers['mcp-protocol-version'] = this.#version;
    if (this.revision !== modern) return headers;
    if (!mistakes.no_method_header) headers['mcp-method'] = mistakes.upper_method_header ? message.method.toUpperCase() : message.method;
    const named = message.params?.name ?? message.params?.uri;
    if (['tools/call', 'resources/read', 'prompts/get'].includes(message.method) && !mistakes.no_name_header) headers['mcp-name'] = named;
    return headers;
  }

  async #post(message, extra = {}) {
    for (;;) {
      const headers = { ...this.#headers(message), ...extra, ...this.authorization.headers('POST', this.url) };
      const answer = await fetch(this.url, { method: 'POST', headers, body: JSON.stringify(message) });
      this.#session = answer.headers.get('mcp-session-id') ?? this.#session;
      if (![401, 403].includes(answer.status) || !(await this.authorization.met(answer))) return answer;
      await answer.body?.cancel();
    }
  }

  async #answer_in(answer, id) {
    const type = answer.headers.get('content-type') ?? '';
    if (type.startsWith('application/json')) {
      const body = await answer.json();
      return body.jsonrpc ? body : { error: { code: answer.status, message: body.error_description ?? body.error } };
    }
    if (type.startsWith('text/event-stream')) return this.#follow(answer, id);
    await answer.body?.cancel();
    return { error: { code: answer.status, message: `answered ${answer.status}` } };
  }

  async #listen() {
    const headers = { ...this.#headers({}), accept: 'text/event-stream', ...this.authorization.headers('GET', this.url) };
    const stream = await fetch(this.url, { headers });
    if (!stream.ok) return;
    for await (const { message } of events_of(stream)) if (message?.method && message.id !== undefined) await this.#answer_to(message);
  }

  // Until the answer is there; a stream that ends before is taken up again (SEP-1699).
  async #follow(answer, id) {
    let last;
    let retry = 1000;
    for (let stream = answer; ; ) {
      for await (const event of events_of(stream)) {
        if (event.id) last = event.id;
        if (event.retry) retry = Number(event.retry);
        if (event.message?.id === id && !event.message.method) return event.message;
        if (event.message?.method && event.message.id !== undefined) await this.#answer_to(event.message);
      }
      if (last === undefined || this.mistakes.never_reconnects) return { error: { code: 0, message: 'the stream ended' } };
      await sleep(this.mistakes.own_retry ?? retry);
      const headers = { ...this.#headers({}), accept: 'text/event-stream', ...this.authorization.headers('GET', this.url) };
      if (!this.mistakes.no_last_event_id) headers['last-event-id'] = last;
      stream = await fetch(this.url, { headers });
      if (!stream.ok) return { error: { code: stream.status, message: `answered ${stream.status}` } };
    }
  }

  async #answer_to(asked) {
    const answer = await this.#post({ jsonrpc: '2.0', id: asked.id, result: this.filled_in(asked.params) });
    await answer.body?.cancel();
  }

  // What somebody answers to a form who changes nothing: its defaults.
  filled_in({ requestedSchema }) {
    if (this.mistakes.declines) return { action: 'decline' };
    const properties = Object.entries(requestedSchema.properties);
    const filled = properties.map(([name, { type, default: value }]) => [name, value ?? (type === 'boolean' ? true : undefined)]);
    const content = Object.fromEntries(filled.filter(([name, value]) => value !== undefined && name !== this.mistakes.leaves_out));
    if (this.mistakes.text_for_numbers) for (const name of ['age', 'score', 'verified']) if (name in content) content[name] = String(content[name]);
    return { action: 'accept', content: this.mistakes.no_defaults ? {} : content };
  }

  // SEP-2243: parameters that a tool wants as headers, too.
  mirrored(tool, args) {
    const headers = {};
    for (const [name, { 'x-mcp-header': header }] of Object.entries(tool.inputSchema.properties ?? {})) {
      const value = args[name];
      if (header === undefined && !this.mistakes.mirrors_everything) continue;
      if ((value === undefined || value === null) && !(this.mistakes.mirrors_null && value === null)) continue;
      const text = String(value);
      const encoded = needs_base64(text) && !this.mistakes.plain_text;
      const shown = encoded ? `=?base64?${Buffer.from(text).toString('base64')}?=` : text.replaceAll(/[^\x20-\x7e]/g, '?');
      headers[`mcp-param-${header ?? name}`] = this.mistakes.capital_booleans ? shown.replace(/^true$/, 'True') : shown;
    }
    return this.mistakes.no_mirror ? {} : headers;
  }
}
