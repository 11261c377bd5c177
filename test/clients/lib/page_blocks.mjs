// Shell blocks of pages, run as they stand there but for the ports.
import assert from 'node:assert/strict';
import { join } from 'node:path';

import { newest_alpha } from './conformance.mjs';
import { version_of } from './packages.mjs';
import { run, scratch_folder, tollgate, top } from './tollgate.mjs';

const inspector = join(
  import.meta.dirname,
  '../node_modules/@modelcontextprotocol/inspector/clients/launcher/build/index.js',
);

// What is installed here, instead of something from the network.
const npx = `npx() {
  local what
  while [ "$1" = -y ] || [ "$1" = -p ]; do
    case $1 in
      -y) shift ;;
      -p) what=$2; shift 2 ;;
    esac
  done
  if [ -z "\${what:-}" ]; then
    what=$1
    set -- mcp-conformance "\${@:2}"
  fi
  case $what in
    @modelcontextprotocol/inspector@${version_of('@modelcontextprotocol/inspector')}) shift; '${process.execPath}' '${inspector}' "$@" ;;
    @modelcontextprotocol/conformance@${version_of('@modelcontextprotocol/conformance-alpha')}) shift; '${process.execPath}' '${newest_alpha}' "$@" ;;
    *) echo "npx: no test knows $what" >&2; return 1 ;;
  esac
}`;

// Runs the blocks in one shell and returns what each printed. They find nothing of the tree but what
// `folder` has; `env` is what a reader has done before.
export async function run_blocks(t, blocks, server, { folder = scratch_folder(t), env = {} } = {}) {
  const script = [`set -euo pipefail\n${npx}`, blocks.join("\necho; echo '=== next'\n")]
    .join('\n')
    .replaceAll('localhost:9100', server ? new URL(server.issuer).host : 'no-server.invalid')
    .replaceAll('localhost:9101', server ? new URL(server.mcp).host : 'no-server.invalid');
  const { code, stdout, stderr } = await run('bash', ['-c', script], {
    cwd: folder,
    env: { ...process.env, HOME: folder, ...env },
    timeout: 110_000,
  });
  assert.equal(code, 0, `${stdout}\n${stderr}\n${server?.log()}`);
  return stdout.split('\n=== next\n');
}

export const shipped = (t, options = {}) => tollgate(t, { config: join(top, 'config.toml'), ...options });

// The server that a block starts, and the block without that command, which would not return. `filled`
// is what a reader puts in place of what stands there, and `more` comes from the test.
export async function served(t, block, { filled = {}, ...more } = {}) {
  const line = /^(.*\\\n)*.*\btollgate serve\b(.*\\\n)*.*\n/m.exec(block)?.[0];
  assert.ok(line, 'the block starts a server');
  const own = { env: {}, set: {}, config: undefined };
  const fill = ([name, value]) => ({ [name]: filled[name] ?? value });
  const words = line.replaceAll('\\\n', ' ').trim().split(/ +/);
  const begin = words.findIndex((word) => /(^|\/)tollgate$/.test(word));
  for (const word of words.slice(0, begin)) Object.assign(own.env, fill(word.split('=')));
  const options = words.slice(begin + 2);
  while (options.length > 0) {
    const [option, value] = options.splice(0, 2);
    assert.ok(['--set', '--config'].includes(option), option);
    if (option === '--set') Object.assign(own.set, fill(value.split('=')));
    else own.config = join(top, value);
  }
  for (const name of Object.keys(filled)) assert.ok(name in own.env || name in own.set, `${name} stands there`);
  const server = await tollgate(t, { ...more, ...own, set: { ...own.set, ...more.set } });
  return { server, rest: block.replace(line, '') };
}
