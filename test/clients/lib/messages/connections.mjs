// From the bytes of a recorded HTTP/1.1 connection ({ sent, received }, one character a byte), or of
// the pipes of a `tollgate stdio` ({ stdin, stdout }), to the exchanges that were made on it.

// { line, headers, body, rest } of the first message in `text`; what is cut short has what there is.
function take(text, has_body) {
  const end = text.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const [line, ...fields] = text.slice(0, end).split('\r\n');
  const headers = {};
  for (const field of fields) {
    const colon = field.indexOf(':');
    headers[field.slice(0, colon).toLowerCase()] = field.slice(colon + 1).trim();
  }
  const behind = text.slice(end + 4);
  if (!has_body(line)) return { line, headers, body: '', rest: behind };
  if (/chunked/i.test(headers['transfer-encoding'] ?? '')) return { line, headers, ...unchunked(behind) };
  const length = Number(headers['content-length'] ?? (line.startsWith('HTTP/') ? behind.length : 0));
  return { line, headers, body: behind.slice(0, length), rest: behind.slice(length) };
}

function unchunked(text) {
  let body = '';
  for (;;) {
    const end = text.indexOf('\r\n');
    const size = Number.parseInt(text.slice(0, end), 16);
    if (end < 0 || Number.isNaN(size)) return { body, rest: '' };
    body += text.slice(end + 2, end + 2 + size);
    text = text.slice(end + 2 + size + 2);
    if (size === 0) return { body, rest: text };
  }
}

// One character a byte → text.
export const decoded = (bytes) => Buffer.from(bytes, 'latin1').toString('utf8');
const answer_has_body = (line) => !/^HTTP\/1\.1 (1\d\d|204|304)/.test(line);

export function exchanges_on({ sent, received }) {
  const all = [];
  for (;;) {
    const asked = take(sent, () => true);
    const answer = asked && take(received, answer_has_body);
    if (!answer) return all;
    const [method, target] = asked.line.split(' ');
    all.push({
      method,
      target,
      headers: asked.headers,
      body: decoded(asked.body),
      status: Number(answer.line.split(' ')[1]),
      type: answer.headers['content-type'] ?? '',
      session: answer.headers['mcp-session-id'],
      text: method === 'HEAD' ? '' : decoded(answer.body),
    });
    sent = asked.rest;
    received = answer.rest;
  }
}

let processes = 0;

// Each line of either side is a message, or should be one; what has no end was cut off. One exchange for
// each: a line of the server is taken for the answer to the request with its id.
export function exchanges_over_stdio({ stdin, stdout }) {
  processes += 1;
  const lines = (bytes) => decoded(bytes).split('\n').filter((line) => line !== '');
  const whole = stdout.slice(0, stdout.lastIndexOf('\n') + 1);
  const id_in = (line) => {
    try {
      return JSON.stringify(JSON.parse(line).id);
    } catch {
      return undefined;
    }
  };
  const asked = lines(stdin);
  const version = stdin.includes('"initialize"') ? undefined : /"io.modelcontextprotocol\/protocolVersion":"([^"]*)"/.exec(stdin)?.[1];
  const common = { method: 'stdio', target: '', headers: {}, status: 200, type: 'stdio', session: `stdio ${processes}`, fallback: version };
  // Before the answer to `initialize` nothing is agreed, whatever is later.
  let early = true;
  const answers = lines(whole).map((text) => {
    const id = id_in(text);
    early &&= !/"result":\{[^{]*"protocolVersion":/.test(text);
    return { ...common, early, body: asked.find((line) => id !== undefined && id_in(line) === id) ?? '', text };
  });
  return [...asked.map((body) => ({ ...common, body, text: '' })), ...answers];
}
