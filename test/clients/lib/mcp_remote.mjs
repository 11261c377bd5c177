// mcp-remote as its users have it: a process that speaks JSON-RPC on stdin and stdout and MCP with
// authorization to a URL. Its user approves in the browser at once.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { browse } from './oauth.mjs';
import { scratch_folder } from './tollgate.mjs';

const program = join(import.meta.dirname, '../node_modules/mcp-remote/dist/proxy.js');
const patience = 60_000;

// Rejects when it takes too long.
function soon(promise, what) {
  let timer;
  const late = new Promise((_, fail) => (timer = setTimeout(() => fail(new Error(what())), patience)));
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

// Is there still a process of that group?
function group_lives(pid) {
  try {
    return process.kill(-pid, 0);
  } catch {
    return false;
  }
}

// A running bridge: ask(method, params) gives the whole response, tell(method) says something,
// notes are what it was told, logins counts visits of the browser, stop() ends it politely.
export async function mcp_remote(t, url, more = [], folder = scratch_folder(t)) {
  const child = spawn(process.execPath, [program, url, ...more], {
    cwd: folder,
    detached: true, // a group of its own
    // BROWSER: what would open the URL; the test does.
    env: { ...process.env, HOME: folder, MCP_REMOTE_CONFIG_DIR: folder, BROWSER: 'true', DISPLAY: '' },
  });
  const exited = new Promise((done) => child.on('exit', (code, signal) => done({ code, signal })));
  t.after(() => group_lives(child.pid) && process.kill(-child.pid, 'SIGKILL'));
  const bridge = { folder, notes: [], logins: 0, log: '' };
  const waiting = new Map();
  createInterface({ input: child.stderr }).on('line', async (line) => {
    bridge.log += `${line}\n`;
    if (!/^http:\S+\/authorize\?/.test(line)) return;
    bridge.logins += 1;
    const page = await browse(line).catch((error) => ({ status: error.message }));
    bridge.log += `the browser ended with ${page.status}\n`;
  });
  createInterface({ input: child.stdout }).on('line', (line) => {
    const message = JSON.parse(line);
    if (message.method) bridge.notes.push(message);
    else waiting.get(message.id)?.(message);
  });
  const write = (message) => child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  bridge.tell = (method, params) => write({ method, params });
  bridge.ask = (method, params) => {
    const id = waiting.size + 1;
    const answer = new Promise((done) => waiting.set(id, done));
    write({ id, method, params });
    return soon(answer, () => `no answer to ${method}:\n${bridge.log}`);
  };
  bridge.call = async (name, args = {}, _meta = {}) => {
    const { result, error } = await bridge.ask('tools/call', { name, arguments: args, _meta });
    assert.equal(error, undefined, bridge.log);
    return result.content.map((item) => item.text).join('');
  };
  bridge.stop = async () => {
    child.stdin.end();
    const end = await soon(exited, () => `it does not end:\n${bridge.log}`);
    assert.deepEqual(end, { code: 0, signal: null }, bridge.log);
    assert.equal(group_lives(child.pid), false, 'it left a process behind');
  };
  const clientInfo = { name: 'editor', version: '1' };
  const { result } = await bridge.ask('initialize', { protocolVersion: '2025-11-25', capabilities: {}, clientInfo });
  assert.equal(result?.serverInfo.name, 'tollgate', bridge.log);
  bridge.tell('notifications/initialized');
  return bridge;
}
