// What the dashboard says of a login that failed, and how it follows what comes.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { browser, look_good } from './lib/chromium.mjs';
import { desk, heading, open_dashboard, phone, press, rows, sdk_login, show } from './lib/dashboard.mjs';
import { json_of, login, token_request } from './lib/oauth.mjs';
import { control, tollgate } from './lib/tollgate.mjs';

const refresh = (issuer, { client_id, refresh_token }) => token_request(issuer, { grant_type: 'refresh_token', client_id, refresh_token });
const banner = (page) => page.locator('#problem-text');

// A login that a fault breaks at the token endpoint, as the dashboard shows it.
async function broken(t, options = desk) {
  const server = await tollgate(t);
  await control(server.issuer, 'faults', { name: 'token.invalid_client', trigger: { next: 1 } });
  assert.ok((await sdk_login(t, server.mcp)).failure, 'the login was to fail');
  const page = await (await browser(t))(options);
  await open_dashboard(page, server.issuer);
  await rows(page).first().waitFor();
  return { server, page };
}

test('what is wrong stands first, with the reason beside the code', async (t) => {
  const { page } = await broken(t, phone);
  await banner(page).getByText('401 invalid_client, on purpose').waitFor();
  assert.match(await banner(page).textContent(), /^401 invalid_client, on purpose\. Token at \d\d:\d\d:\d\d\. The fault token\.invalid_client acted\./);
  await press(page, 'Show it');
  assert.match(await page.locator('.story').textContent(), /It was answered 401: invalid_client, "[^"]+"\./);
});

test('a good login after a bad one is told, and where a login begins', async (t) => {
  const { server, page } = await broken(t);
  await login(server.issuer);
  await banner(page).getByText('in an earlier login; the newest has no problem so far').waitFor();
  const begins = await page.locator('.row:visible .login').allTextContents();
  assert.ok(begins.length >= 2 && new Set(begins).size >= 2, begins.join());
  assert.match(begins[0], /^login \d+$/);
  await look_good(page, 'dashboard-earlier-login');
});

test('problems outside the filter are counted, and shown by one press', async (t) => {
  const { page } = await broken(t);
  await page.getByRole('button', { name: /^Registration/ }).click();
  await banner(page).getByText('1 request worth a look is').waitFor();
  assert.match(await banner(page).textContent(), /outside the filter/);
  await press(page, 'Show it');
  await heading(page, 'POST /token').waitFor();
  assert.equal(await page.inputValue('#filter'), '');
});

test('what comes while an old row is read is one press away', async (t) => {
  const { server, page } = await broken(t);
  await rows(page).first().click();
  for (let i = 0; i < 14; ++i) await fetch(`${server.issuer}/.well-known/oauth-authorization-server`);
  await page.getByRole('button', { name: /^\d+ new, show$/ }).waitFor();
  await look_good(page, 'dashboard-newer');
  await page.getByRole('button', { name: /^\d+ new, show$/ }).click();
  await page.locator('#newer').waitFor({ state: 'hidden' });
  const end = await page.locator('#rows').evaluate((list) => list.scrollTop + list.clientHeight >= list.scrollHeight - 2);
  assert.ok(end, 'the newest is in sight');
});

test('an exchange says whether the client asked again and how that ended', async (t) => {
  const server = await tollgate(t);
  const tokens = await login(server.issuer);
  await control(server.issuer, 'faults', { name: 'refresh.invalid_grant', trigger: { next: 1 } });
  await refresh(server.issuer, tokens);
  const page = await (await browser(t))(desk);
  await open_dashboard(page, server.issuer);
  await press(page, 'Show it');
  const came = page.locator('#what-came');
  await came.getByText('The client has not asked again so far.').waitFor();
  await json_of(await refresh(server.issuer, tokens));
  await came.getByText(/The client asked again .* later and got 200: that worked\./).waitFor();
});

test('a chip says nothing twice, and nothing of what is no trouble', async (t) => {
  const { page } = await broken(t);
  const bad = rows(page).filter({ hasText: 'fault token.invalid_client' });
  assert.equal(await bad.locator('.chip', { hasText: /^invalid_client$/ }).count(), 0);
  assert.equal(await page.locator('.chip', { hasText: 'missing_token' }).count(), 0);
  await rows(page).filter({ hasText: '401' }).first().click();
  const story = await page.locator('.story').textContent();
  assert.match(story, /That is how a login begins/);
  assert.ok(!story.includes('missing_token'), story);
});

test('the card of a phase says how many failed', async (t) => {
  const { page } = await broken(t);
  await page.getByRole('button', { name: /^Token/ }).getByText('1, 1 failed').waitFor();
});

test('the verdict leads to the request that broke the login', async (t) => {
  const { page } = await broken(t);
  await show(page, 'Verdict');
  await heading(page, 'Rules the client broke').waitFor();
  await press(page, 'Exchange');
  await heading(page, 'POST /token').waitFor();
});
