// Shell blocks of pages, run as they stand there but for the ports.
import assert from 'node:assert/strict';
import { symlinkSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';

import { newest_alpha } from './conformance.mjs';
import { version_of } from './packages.mjs';
import { binary, run, scratch_folder, tollgate, top } from './tollgate.mjs';

const modules = join(import.meta.dirname, '../node_modules');
const inspector = join(modules, '@modelcontextprotocol/inspector/clients/launcher/build/index.js');

// What is installed here, instead of something from the network.
const installed = `npm() {
  case "$*" in
    'install @modelcontextprotocol/sdk@${version_of('@modelcontextprotocol/sdk')}') ln -s '${modules}' . ;;
    *) echo "npm: no test knows $*" >&2; return 1 ;;
  esac
}
npx() {
  local what
  while :; do
    case $1 in
      -y | --loglevel=error) shift ;;
      -p) what=$2; shift 2 ;;
      *) break ;;
    esac
  done
  case $what in
    @modelcontextprotocol/inspector@${version_of('@modelcontextprotocol/inspector')}) shift; '${process.execPath}' '${inspector}' "$@" ;;
    @modelcontextprotocol/conformance@${version_of('@modelcontextprotocol/conformance-alpha')}) shift; '${process.execPath}' '${newest_alpha}' "$@" ;;
    *) echo "npx: no test knows $what" >&2; return 1 ;;
  esac
}`;

// Runs the blocks in one shell and returns what each printed. They find nothing of the tree but what
// `folder` has; `env` is what a reader has done before.
export async function run_blocks(t, blocks, server, { folder = scratch_folder(t), env = {} } = {}) {
  const bin = scratch_folder(t);
  symlinkSync(binary, join(bin, 'tollgate'));
  symlinkSync(process.execPath, join(bin, 'node'));
  const script = [`set -euo pipefail\n${installed}`, blocks.join("\necho; echo '=== next'\n")]
    .join('\n')
    .replaceAll('localhost:9100', server ? new URL(server.issuer).host : 'no-server.invalid')
    .replaceAll('localhost:9101', server ? new URL(server.mcp).host : 'no-server.invalid');
  const { code, stdout, stderr } = await run('bash', ['-c', script], {
    cwd: folder,
    env: { ...process.env, PATH: bin + delimiter + process.env.PATH, HOME: folder, ...env },
    timeout: 110_000,
  });
  assert.equal(code, 0, `${stdout}\n${stderr}\n${server?.log()}`);
  return stdout.split('\n=== next\n');
}

export const shipped = (t, options = {}) => tollgate(t, { config: join(top, 'config.toml'), ...options });

// The command of a block that starts a server, and the block without it, which would not return.
export function server_in(block) {
  const line = /^(.*\\\n)*.*\btollgate serve\b(.*\\\n)*.*\n/m.exec(block)?.[0];
  assert.ok(line, 'the block starts a server');
  return { line, rest: block.replace(line, '') };
}

// The server that a block starts, and the rest of the block. `filled` is what a reader puts in place of what
// stands there, and `more` comes from the test; files are looked for in `folder`.
export async function served(t, block, { filled = {}, folder, ...more } = {}) {
  const { line, rest } = server_in(block);
  const own = { env: {}, set: {}, config: undefined };
  const fill = ([name, value]) => ({ [name]: filled[name] ?? value });
  const words = line.replaceAll('\\\n', ' ').replace(/ # .*/, '').trim().split(/ +/);
  const begin = words.findIndex((word) => /(^|\/)tollgate$/.test(word));
  for (const word of words.slice(0, begin)) Object.assign(own.env, fill(word.split('=')));
  const options = words.slice(begin + 2);
  while (options.length > 0) {
    const [option, value] = options.splice(0, 2);
    assert.ok(['--set', '--config'].includes(option), option);
    if (option === '--set') Object.assign(own.set, fill(value.replace(/^'(.*)'$/, '$1').split('=')));
    else own.config = resolve(folder ?? top, value);
  }
  for (const name of Object.keys(filled)) assert.ok(name in own.env || name in own.set, `${name} stands there`);
  const server = await tollgate(t, { folder, ...more, ...own, set: { ...own.set, ...more.set } });
  return { server, rest };
}
