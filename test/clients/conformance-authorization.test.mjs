// The official conformance suite in its authorization-server mode, whose user visits the URL that
// it prints.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';

import { newest_alpha } from './lib/conformance.mjs';
import { browse } from './lib/oauth.mjs';
import { free_ports, scratch_folder, tollgate } from './lib/tollgate.mjs';

// Runs the authorization mode and visits the URL that it prints, as its user would in a browser.
async function run_authorization_mode(t, args) {
  const child = spawn(process.execPath, [newest_alpha, 'authorization', ...args], {
    cwd: scratch_folder(t),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  t.after(() => child.kill());
  let output = '';
  child.stderr.on('data', (text) => (output += text));
  createInterface({ input: child.stdout }).on('line', async (line) => {
    output += `${line}\n`;
    if (!/^https?:\/\/\S+\/authorize\?/.test(line)) return;
    const answer = await browse(line).catch((error) => ({ status: error.message }));
    output += `the visit ended with ${answer.status}\n`;
    // Without a callback the suite would wait five minutes.
    if (answer.status !== 200) child.kill();
  });
  const code = await new Promise((done) => child.on('exit', done));
  return { code, output };
}

test('the authorization server passes the authorization mode with a pre-registered client', async (t) => {
  const config = join(scratch_folder(t), 'config.toml');
  writeFileSync(config, '[[clients]]\nclient_id = "conformance"\nredirect_uris = ["http://127.0.0.1/callback"]\n');
  const server = await tollgate(t, { config });
  const [port] = await free_ports(1);
  const args = ['--url', server.issuer, '--client-id', 'conformance', '-p', String(port)];
  const { code, output } = await run_authorization_mode(t, args);
  assert.equal(code, 0, `${output}\n${server.log()}`);
  const with_resource = await run_authorization_mode(t, [...args, '--resource', server.mcp]);
  assert.equal(with_resource.code, 0, with_resource.output);
});
