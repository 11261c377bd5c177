// The README's walk-through, line by line: its shell blocks are run as they stand there.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { run, scratch_folder, tollgate, top } from './lib/tollgate.mjs';

// The shell blocks between <!-- walk-through --> and <!-- end of walk-through -->.
function walk_through() {
  const text = readFileSync(join(top, 'README.md'), 'utf8');
  const [, part] = /<!-- walk-through -->([^]*?)<!-- end of walk-through -->/.exec(text);
  return [...part.matchAll(/```sh\n([^]*?)```/g)].map(([, block]) => block);
}

test('the walk-through of the README leads from a 401 to the answer of a tool', async (t) => {
  const server = await tollgate(t, { config: join(top, 'config.toml') });
  const blocks = walk_through();
  assert.ok(blocks.length >= 5, 'the markers are there');
  const script = `set -euo pipefail\n${blocks.join("\necho '=== next'\n")}`
    .replaceAll('http://localhost:9100', server.issuer)
    .replaceAll('http://localhost:9101', new URL(server.mcp).origin);
  const { code, stdout, stderr } = await run('bash', ['-c', script], { cwd: scratch_folder(t) });
  assert.equal(code, 0, `${stdout}\n${stderr}\n${server.log()}`);
  const outputs = stdout.split('=== next\n');
  assert.equal(outputs.length, blocks.length);
  assert.match(outputs[0], /^HTTP\/1\.1 401/);
  assert.match(outputs[0], /resource_metadata=/i);
  assert.match(outputs[1], /"authorization_servers"/);
  assert.match(outputs[2], /"registration_endpoint"/);
  assert.match(outputs.at(-1), /Hello from curl/, stdout);
});
