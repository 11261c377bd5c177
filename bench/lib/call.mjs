// The call that is measured: an authenticated tools/call, by wrk.
import { login } from '../../test/clients/lib/oauth.mjs';
import { cpu_microseconds, wrk, wrk_script } from './measure.mjs';

// The session, the headers and the body of the call that is measured, and what it answers.
export async function open_session(server) {
  const { access_token } = await login(server.issuer);
  const headers = {
    authorization: `Bearer ${access_token}`,
    accept: 'application/json, text/event-stream',
    'content-type': 'application/json',
    'mcp-protocol-version': '2025-11-25',
  };
  const post = (body) => fetch(server.mcp, { method: 'POST', headers, body: JSON.stringify({ jsonrpc: '2.0', ...body }) });
  const clientInfo = { name: 'bench', version: '1' };
  const opened = await post({ id: 0, method: 'initialize', params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo } });
  headers['mcp-session-id'] = opened.headers.get('mcp-session-id');
  await post({ method: 'notifications/initialized' });
  const body = { id: 1, method: 'tools/call', params: { name: 'echo', arguments: { message: 'hello' } } };
  const answer = await post(body);
  const text = await answer.text();
  if (answer.status !== 200 || !text.includes('hello')) throw new Error(`tools/call: ${answer.status} ${text}`);
  return { headers, body: JSON.stringify({ jsonrpc: '2.0', ...body }), answer: text, type: answer.headers.get('content-type') };
}

export function write_wrk_script(name, call) {
  const lines = Object.entries(call.headers).map(([key, value]) => `wrk.headers[${JSON.stringify(key)}] = ${JSON.stringify(value)}`);
  return wrk_script(name, `wrk.method = "POST"\nwrk.body = ${JSON.stringify(call.body)}\n${lines.join('\n')}\n`);
}

// Requests a second, and the CPU time of the server that one costs.
export async function measure({ url, pid, script }, { connections, seconds }) {
  const before = cpu_microseconds(pid);
  const output = await wrk({ url, script, connections, seconds });
  const cpu = cpu_microseconds(pid) - before;
  if (/Non-2xx/.test(output)) throw new Error(`${url}: not every answer was a good one:\n${output}`);
  const requests = Number(/(\d+) requests in/.exec(output)[1]);
  const rate = Number(/Requests\/sec:\s+([\d.]+)/.exec(output)[1]);
  return { rate, cost: cpu / requests };
}
