// TLS as docs/operating.md tells it: `tollgate certs`, then the certificate is picked up.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';

import { binary, run, scratch_folder, tollgate } from './lib/tollgate.mjs';

const client = join(import.meta.dirname, 'lib/whole-way.mjs');

async function with_certificates(t) {
  const folder = scratch_folder(t);
  const made = await run(binary, ['certs'], { cwd: folder });
  assert.equal(made.code, 0, made.stderr);
  const server = await tollgate(t, { folder });
  assert.match(server.issuer, /^https:\/\/localhost:\d+$/);
  assert.match(server.mcp, /^https:\/\/localhost:\d+\/mcp$/);
  return { folder, server };
}

test('a client that trusts certs/localhost.pem logs in and calls a tool over TLS', async (t) => {
  const { folder, server } = await with_certificates(t);
  const env = { ...process.env, NODE_EXTRA_CA_CERTS: join(folder, 'certs/localhost.pem') };
  const { code, stdout, stderr } = await run(process.execPath, [client, server.mcp], { env });
  assert.equal(code, 0, `${stderr}\n${server.log()}`);
  assert.equal(stdout, 'all the way\n');
});

test('curl trusts certs/localhost.pem, by name and by address', async (t) => {
  const { folder, server } = await with_certificates(t);
  for (const host of ['localhost', '127.0.0.1']) {
    const url = `https://${host}:${new URL(server.issuer).port}/healthz`;
    const { code, stderr } = await run('curl', ['-sf', '--cacert', 'certs/localhost.pem', url], { cwd: folder });
    assert.equal(code, 0, `${url}: ${stderr}`);
  }
});

test('a client that does not know the certificate is not let through', async (t) => {
  const { server } = await with_certificates(t);
  const { code, stderr } = await run(process.execPath, [client, server.mcp]);
  assert.notEqual(code, 0);
  assert.match(stderr, /certificate/);
});
