// Loaded into every Node.js process of the client tests (NODE_OPTIONS=--import, see scripts/test),
// also into the programs that they start: keeps each exchange over MCP that goes through fetch, and
// all that goes through the pipes of a `tollgate stdio`, as a line of JSON in the folder
// RECORD_MCP_MESSAGES.
import child_process from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';

const folder = process.env.RECORD_MCP_MESSAGES;
const file = folder && join(folder, `node-${process.pid}.jsonl`);
const unfinished = new Set();
process.on('exit', () => unfinished.forEach((tell) => tell()));
const kept = ['mcp-session-id', 'mcp-protocol-version'];

function is_mcp(request, answer) {
  const type = answer.headers.get('content-type') ?? '';
  return type.startsWith('text/event-stream') || request.body.includes('"jsonrpc"');
}

async function body_of(input, init) {
  if (typeof init?.body === 'string') return init.body;
  if (input instanceof Request && !init?.body && input.method !== 'GET') return input.clone().text();
  return '';
}

function write(request, answer, text) {
  const { pathname, search } = new URL(request.url);
  const line = {
    method: request.method,
    target: pathname + search,
    headers: Object.fromEntries(kept.filter((n) => request.headers.get(n) !== null).map((n) => [n, request.headers.get(n)])),
    body: request.body,
    status: answer.status,
    type: answer.headers.get('content-type') ?? '',
    session: answer.headers.get('mcp-session-id') ?? undefined,
    text,
  };
  appendFileSync(file, JSON.stringify(line) + '\n');
}

// A body of the same bytes that is written down as it is read, however the reading ends.
function listening(answer, done) {
  const decoder = new TextDecoder();
  let text = '';
  const tell = () => {
    if (unfinished.delete(tell)) done(text);
  };
  unfinished.add(tell);
  const reader = answer.body.getReader();
  const stream = new ReadableStream({
    async pull(controller) {
      try {
        const { done: over, value } = await reader.read();
        if (over) {
          tell();
          return controller.close();
        }
        text += decoder.decode(value, { stream: true });
        controller.enqueue(value);
      } catch (error) {
        tell();
        controller.error(error);
      }
    },
    cancel(reason) {
      tell();
      return reader.cancel(reason);
    },
  });
  const copy = new Response(stream, { status: answer.status, statusText: answer.statusText, headers: answer.headers });
  for (const name of ['url', 'redirected', 'type']) Object.defineProperty(copy, name, { value: answer[name] });
  return copy;
}

// What goes through the pipes of a child is written down when it ends; one character a byte.
function listen_to(child) {
  const said = { stdin: '', stdout: '' };
  const hear = (stream, method, name) => {
    const real = stream[method];
    stream[method] = function (chunk, ...rest) {
      if (typeof chunk === 'string' || chunk instanceof Uint8Array) said[name] += Buffer.from(chunk).toString('latin1');
      return real.call(this, chunk, ...rest);
    };
  };
  hear(child.stdin, 'write', 'stdin');
  hear(child.stdout, 'push', 'stdout');
  const tell = () => {
    if (unfinished.delete(tell)) appendFileSync(file, JSON.stringify(said) + '\n');
  };
  unfinished.add(tell);
  child.on('close', tell);
}

if (file) {
  const real_spawn = child_process.spawn;
  child_process.spawn = (command, args, ...rest) => {
    const child = real_spawn(command, args, ...rest);
    if (args?.[0] === 'stdio' && child.stdin && child.stdout) listen_to(child);
    return child;
  };
  syncBuiltinESMExports();
  const real = globalThis.fetch;
  globalThis.fetch = async (input, init) => {
    const url = input instanceof Request ? input.url : String(input);
    const headers = new Headers(init?.headers ?? (input instanceof Request ? input.headers : undefined));
    const body = await body_of(input, init);
    const method = init?.method ?? (input instanceof Request ? input.method : 'GET');
    const request = { url, headers, body, method };
    // Over HTTP+SSE the program may have what it wants, and end, before its POST is answered.
    const unanswered = () => {
      if (unfinished.delete(unanswered)) write(request, { status: 0, headers: new Headers() }, '');
    };
    if (body.includes('"jsonrpc"')) unfinished.add(unanswered);
    let answer;
    try {
      answer = await real(input, init);
    } catch (error) {
      unanswered();
      throw error;
    }
    unfinished.delete(unanswered);
    if (!is_mcp(request, answer)) return answer;
    // A body that is no message need not be waited for; many clients never read it.
    if (!answer.body || !/json|event-stream/.test(answer.headers.get('content-type') ?? '')) {
      write(request, answer, '');
      return answer;
    }
    return listening(answer, (text) => write(request, answer, text));
  };
}
