// A store with the signing keys of a server that was started once: to make them costs half a second of a processor.
import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { redis } from './redis.mjs';
import { serve } from './process.mjs';

const template = process.env.TEST_STORE_TEMPLATE;
const hooks = { after: () => {} };
const anywhere = { 'authorization_server.listen': 'localhost:0', 'mcp.listen': 'localhost:0' };

export const sqlite_settings = (folder) => ({ 'store.backend': 'sqlite', 'store.path': join(folder, 'tollgate.db') });
export const redis_settings = (folder, { url }) => ({ 'store.backend': 'redis', 'store.url': url, 'store.key_file': join(folder, 'tollgate.key') });

// The folder of a store that a test is about to start.
export function fill(folder) {
  if (template) cpSync(template, folder, { recursive: true });
  return folder;
}

export async function make_template(store, scratch) {
  const folder = join(scratch, 'template');
  mkdirSync(folder);
  const started = store === 'sqlite' ? undefined : await redis(hooks, folder);
  const settings = store === 'sqlite' ? sqlite_settings(folder) : redis_settings(folder, started);
  const server = await serve(hooks, { folder, set: { ...anywhere, ...settings } });
  await server.stop();
  await started?.stop();
  return folder;
}
