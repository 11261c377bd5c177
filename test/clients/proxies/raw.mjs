// A session of Streamable HTTP by hand, for what the SDK hides: when each event came, and how a stream ended.
const revision = '2025-11-25';

const client = { protocolVersion: revision, capabilities: {}, clientInfo: { name: 'by hand', version: '1' } };

export class raw_session {
  #mcp;
  #headers;
  #id = 0;

  constructor(mcp, token) {
    this.#mcp = mcp;
    this.#headers = { authorization: `Bearer ${token}`, accept: 'application/json, text/event-stream' };
  }

  // `signal` closes the connection.
  post(method, params, { signal, id = ++this.#id } = {}) {
    const body = JSON.stringify({ jsonrpc: '2.0', ...(id && { id }), method, params });
    return fetch(this.#mcp, { method: 'POST', headers: { ...this.#headers, 'content-type': 'application/json' }, body, signal });
  }

  stream({ signal } = {}) {
    return fetch(this.#mcp, { headers: this.#headers, signal });
  }

  async open() {
    const answer = await this.post('initialize', client);
    const text = await answer.text();
    if (!answer.ok) throw new Error(`initialize: ${answer.status} ${text}`);
    this.#headers['mcp-session-id'] = answer.headers.get('mcp-session-id');
    this.#headers['mcp-protocol-version'] = revision;
    await (await this.post('notifications/initialized', undefined, { id: null })).text();
    return this;
  }

  // An answer that must be 200, read to its end.
  async ask(method, params) {
    const answer = await this.post(method, params);
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method}: ${answer.status} ${text}`);
    return text;
  }
}

// What a stream brings, part by part as it arrives, to `heard(text)`; the return value says how it ended.
export async function listen(answer, heard) {
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return 'ended';
      heard(value);
    }
  } catch {
    return 'cut';
  }
}
