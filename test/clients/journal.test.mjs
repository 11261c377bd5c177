// The journal of a realm as other tools read it: HAR 1.2 by its schema and by Playwright, and a picture by Mermaid.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { test } from 'node:test';

import Ajv from 'ajv';
import add_formats from 'ajv-formats';

import { browser } from './lib/chromium.mjs';
import { json_of, login, token_request } from './lib/oauth.mjs';
import { control, scratch_folder, tollgate } from './lib/tollgate.mjs';

const require = createRequire(import.meta.url);

// A client that logs in and refreshes, once in vain.
async function recorded(t) {
  const server = await tollgate(t);
  const { client_id, access_token, refresh_token } = await login(server.issuer);
  await control(server.issuer, 'faults', { name: 'token.unavailable', trigger: { next: 1 } });
  const refresh = () => token_request(server.issuer, { grant_type: 'refresh_token', client_id, refresh_token });
  assert.equal((await refresh()).status, 503);
  const renewed = await json_of(await refresh());
  await json_of(await fetch(`${server.issuer}/.well-known/oauth-authorization-server`));
  return { server, secrets: [access_token, refresh_token, renewed.access_token, renewed.refresh_token] };
}

const transcript = async (server, format) => {
  const answer = await fetch(`${server.issuer}/control/transcript?format=${format}`);
  assert.equal(answer.status, 200);
  return answer.text();
};

test('the HAR of a realm fits the schema of HAR 1.2 and holds no token', async (t) => {
  const { server, secrets } = await recorded(t);
  const text = await transcript(server, 'har');
  for (const secret of secrets) assert.ok(!text.includes(secret));
  const ajv = new Ajv({ strict: false, allErrors: true, validateSchema: false });
  add_formats(ajv);
  for (const schema of Object.values(require('har-schema'))) ajv.addSchema({ ...schema, $schema: undefined });
  const valid = ajv.validate('har.json#', JSON.parse(text));
  assert.ok(valid, JSON.stringify(ajv.errors, null, 1).slice(0, 2000));
});

test('Playwright answers a page from the HAR of a realm', async (t) => {
  const { server } = await recorded(t);
  const file = join(scratch_folder(t), 'realm.har');
  writeFileSync(file, await transcript(server, 'har'));
  const wanted = `${server.issuer}/.well-known/oauth-authorization-server`;
  const known = await json_of(await fetch(wanted));
  const page = await (await browser(t))();
  await page.routeFromHAR(file, { notFound: 'abort' });
  await page.goto(wanted);
  assert.deepEqual(JSON.parse(await page.evaluate(() => document.body.innerText)), known);
});

test('Mermaid draws the transcript of a realm', async (t) => {
  const { server, secrets } = await recorded(t);
  const diagram = await transcript(server, 'mermaid');
  for (const secret of secrets) assert.ok(!diagram.includes(secret));
  const page = await (await browser(t))();
  await page.setContent('<div id="drawing"></div>');
  await page.addScriptTag({ content: readFileSync(require.resolve('mermaid/dist/mermaid.min.js'), 'utf8') });
  const svg = await page.evaluate(async (text) => (await globalThis.mermaid.render('picture', text)).svg, diagram);
  assert.match(svg, /^<svg/);
  assert.match(svg, /POST \/token refresh_token/);
  assert.match(svg, /503/);
});

// Effects of one fault at two endpoints: each exchange that it alters names it.
test('an answer that a fault alters names the fault, wherever else the fault acts', async (t) => {
  const server = await tollgate(t);
  await control(server.issuer, 'faults', { name: 'prm.header_only' });
  await fetch(server.mcp, { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } });
  await fetch(server.mcp.replace(/\/mcp$/, '/.well-known/oauth-protected-resource/mcp'));
  const { events } = await (await fetch(`${server.issuer}/control/events?type=exchange`)).json();
  const shown = events.filter(({ endpoint }) => ['mcp', 'resource_metadata'].includes(endpoint));
  assert.ok(shown.length >= 2);
  for (const { endpoint, faults } of shown) assert.deepEqual(faults, ['prm.header_only'], endpoint);
});

// Two faults that alter the policy of one request: both of it.
test('policies of two faults are laid over each other', async (t) => {
  const server = await tollgate(t);
  const fault = (set) => control(server.issuer, 'faults', { select: { endpoint: 'token' }, effects: [{ policy: { set } }] });
  await fault({ 'tokens.access_ttl': '7s' });
  await fault({ 'tokens.format': 'jwt' });
  const { access_token, expires_in } = await login(server.issuer);
  assert.equal(access_token.split('.').length, 3);
  assert.equal(expires_in, 7);
});
