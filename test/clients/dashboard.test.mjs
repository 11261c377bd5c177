// The dashboard (/control/ui) in a real browser, which looks at it as well (build/screenshots).
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { browser, look_good } from './lib/chromium.mjs';
import { clipboard, desk, heading, open_dashboard, phone, press, rows, sdk_login, show } from './lib/dashboard.mjs';
import { take_exam } from './lib/deeds.mjs';
import { json_of, login, token_request } from './lib/oauth.mjs';
import { right_client } from './lib/right_client.mjs';
import { control, run, tollgate, unguessable, until } from './lib/tollgate.mjs';

const refresh = (issuer, { client_id, refresh_token }) => token_request(issuer, { grant_type: 'refresh_token', client_id, refresh_token });
const exchange = (page) => page.locator('#exchange');

// A client whose login breaks at the token endpoint.
async function broken_login(t, server) {
  await control(server.issuer, 'faults', { name: 'token.invalid_client', trigger: { next: 1 } });
  const { provider, failure } = await sdk_login(t, server.mcp);
  assert.ok(failure, 'the login was to fail');
  return provider;
}

test('a person finds the request that broke a login, and takes it along', async (t) => {
  const server = await tollgate(t);
  const page = await (await browser(t))({ ...desk, permissions: ['clipboard-read', 'clipboard-write'] });
  await open_dashboard(page, server.issuer);
  await heading(page, 'Nothing here yet').waitFor();
  assert.ok((await page.textContent('#empty')).includes(server.mcp));
  const provider = await broken_login(t, server);

  await page.locator('#problem').getByText('401 invalid_client, on purpose', { exact: true }).waitFor();
  await look_good(page, 'dashboard-broken-login');
  await press(page, 'Show it');
  await heading(page, 'POST /token').waitFor();
  const told = await exchange(page).textContent();
  assert.match(told, /wanted to swap its code for an access token.*the fault token\.invalid_client acted/s);
  assert.match(told, /Token: The client swaps the code for an access token\./);
  // What is drawn anew meanwhile has no box.
  const boxes = () => Promise.all(['Request', 'Answer'].map((name) => page.getByRole('region', { name, exact: true }).boundingBox()));
  const halves = await until(() => boxes().then((all) => all.every(Boolean) && all));
  assert.equal(halves[0].y, halves[1].y, 'side by side');
  assert.ok(halves[0].x + halves[0].width <= halves[1].x);
  await look_good(page, 'dashboard-exchange');

  const secret = provider.callback.searchParams.get('code');
  await press(page, 'Copy as curl');
  const curl = await clipboard(page);
  assert.match(curl, /^# Secrets are pseudonyms/);
  const echo = await run('sh', ['-c', curl.replace('curl -i', 'printf "%s\\n"')]);
  assert.ok(echo.stdout.includes(`${server.issuer}/token`), curl);
  assert.ok(echo.stdout.includes('code_verifier=~'), curl);
  await press(page, 'Copy as a bug report');
  await page.locator('#said').getByText('a bug report').waitFor();
  const report = await clipboard(page);
  assert.match(report, /^## POST \/token was answered 401/);
  assert.match(report, /\| Token \| POST \/token code \| 401 invalid_client .*\| token\.invalid_client \|/);
  for (const text of [curl, report, await page.content()]) assert.ok(!text.includes(secret), 'a secret');
  assert.deepEqual(page.mistakes, []);
});

test('the keyboard alone chooses, reads, filters and goes back', async (t) => {
  const server = await tollgate(t);
  await broken_login(t, server);
  const page = await (await browser(t))(desk);
  await open_dashboard(page, server.issuer);
  await rows(page).first().waitFor();
  const chosen = () => page.locator('.row[aria-selected=true]').textContent();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'exchange');
  await page.keyboard.press('Escape');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'rows');
  await page.keyboard.press('n');
  assert.match(await chosen(), /401POST \/token/);
  await page.keyboard.press('/');
  await page.keyboard.type('phase:registration status:201');
  assert.equal(await rows(page).count(), 1);
  await page.keyboard.press('ArrowDown');
  assert.match(await chosen(), /POST \/register/);
  await page.keyboard.press('/');
  await page.keyboard.press('Escape');
  assert.equal(await page.inputValue('#filter'), '');
  await page.keyboard.press('/');
  await page.keyboard.type('no such thing');
  await heading(page, 'Nothing fits the filter').waitFor();
});

test('one token has one colour, and a press shows where it goes', async (t) => {
  const server = await tollgate(t);
  await sdk_login(t, server.mcp);
  const page = await (await browser(t))(desk);
  await open_dashboard(page, server.issuer);
  await rows(page).filter({ hasText: 'echo' }).first().click();
  await page.getByRole('button', { name: /^Where does access/ }).click();
  await page.locator('#count').getByText(' of ').waitFor();
  const chips = await page.locator('.row:visible .token').evaluateAll((all) => all.map((chip) => [chip.title.split(' ')[1], chip.style.getPropertyValue('--hue')]));
  assert.ok(chips.length > 3);
  const colours = new Map(chips);
  for (const [id, colour] of chips) assert.equal(colours.get(id), colour);
  assert.equal(new Set(colours.values()).size, colours.size, 'others have others');
  assert.ok(await rows(page).filter({ hasText: '/token' }).count() >= 1, 'where it came from');
});

test('the diagram and the list show each other', async (t) => {
  const server = await tollgate(t);
  await broken_login(t, server);
  const page = await (await browser(t))(desk);
  await open_dashboard(page, server.issuer);
  await show(page, 'Diagram');
  const arrows = page.locator('.arrow');
  await arrows.first().waitFor();
  await look_good(page, 'dashboard-diagram');
  await arrows.filter({ hasText: 'POST /register' }).last().click();
  await heading(page, 'POST /register').waitFor();
  assert.match(await page.locator('.row[aria-selected=true]').textContent(), /\/register/);
  await show(page, 'Diagram');
  await page.locator('#rows').focus();
  await page.keyboard.press('End');
  assert.equal(await page.locator('.arrow.chosen').count(), 1);
});

test('the verdict is shown as it stands, or that there is none', async (t) => {
  const server = await tollgate(t);
  await login(server.issuer);
  const page = await (await browser(t))(desk);
  let answer = { status: 501, json: { error: 'not_built', error_description: 'it is not built yet' } };
  await page.route('**/control/verdict?format=json', (route) => route.fulfill(answer));
  await open_dashboard(page, server.issuer);
  await show(page, 'Verdict');
  await page.getByText('gives no verdict yet').waitFor();
  await show(page, 'Faults');
  const finding = { id: 'register.once', level: 'MUST', status: 'fail', by: 'client', text: 'It registers once.', clause: 'RFC 7591 §3', url: 'https://www.rfc-editor.org/rfc/rfc7591#section-3', event: 1 };
  const evil = { ...finding, id: 'x', status: 'pass', text: '<img src=x onerror=alert(1)>', url: 'javascript:alert(1)', event: undefined };
  answer = { status: 200, json: { realm: 'default', scenario: 'plain', verdict: 'fail', client: { state: 'running' }, findings: [evil, finding] } };
  await show(page, 'Verdict');
  await page.locator('#verdict').getByText('Failed', { exact: true }).waitFor();
  const links = await page.locator('#verdict a').evaluateAll((all) => all.map((a) => a.href));
  assert.deepEqual(links, [finding.url]);
  assert.match(await page.locator('#verdict li').first().textContent(), /fail.*MUST.*It registers once\..*by the client/s);
  assert.match(await page.textContent('#verdict'), /Rules the client broke.*It registers once.*Other rules.*<img src=x/s);
  await look_good(page, 'dashboard-verdict');
  await press(page, 'Show event 1');
  await heading(page, 'POST /register').waitFor();
  assert.deepEqual(page.mistakes, []);
});

test('the stations of an exam stand above its findings', async (t) => {
  const server = await tollgate(t);
  const client = new right_client(server.mcp.replace(/\/mcp$/, `/s/exam/${unguessable}/mcp`), { ignores_step_up: true });
  t.after(() => client.close());
  await client.connect();
  await take_exam(client);
  const page = await (await browser(t))(desk);
  await open_dashboard(page, `${server.issuer}/s/exam/${unguessable}`);
  await show(page, 'Verdict');
  const stations = page.locator('#verdict .stations li');
  await stations.first().waitFor();
  const said = await stations.allTextContents();
  assert.deepEqual(said.length, 6);
  assert.match(said[0], /^passed refresh /);
  assert.match(said[1], /^failed step-up /);
  await look_good(page, 'dashboard-exam');
  assert.deepEqual(page.mistakes, []);
});

test('nothing that a client sends becomes markup', async (t) => {
  const server = await tollgate(t);
  const evil = '<img src=x onerror=alert(1)>';
  const page = await (await browser(t))(desk);
  page.on('dialog', () => page.mistakes.push('a dialog'));
  await open_dashboard(page, server.issuer);
  await fetch(`${server.issuer}/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'user-agent': evil, 'x-evil': `${evil}'"\`` },
    body: JSON.stringify({ client_name: evil, redirect_uris: ['http://localhost:1/cb'], client_uri: 'javascript:alert(1)' }),
  });
  await fetch(`${server.issuer}/token`, { method: 'POST', body: new URLSearchParams({ grant_type: evil, client_id: evil, code: '\'"`${alert(1)}' }) });
  await fetch(`${server.issuer}/authorize?client_id=${encodeURIComponent(evil)}&x=%3Cscript%3Ealert(1)%3C/script%3E`);
  for (const path of ['/authorize', '/token', '/register']) {
    await rows(page).filter({ hasText: path }).first().click();
    await page.locator('#exchange h2', { hasText: path }).waitFor();
    await show(page, 'Diagram');
    await show(page, 'Exchange');
  }
  assert.equal(await page.locator('img').count(), 0);
  assert.equal(await page.locator('script').count(), 1);
  assert.ok((await page.content()).includes('&lt;img src=x'));
  assert.deepEqual(page.mistakes, []);
});

test('a realm shows its own, and the page leads from one to another', async (t) => {
  const server = await tollgate(t);
  const alpha = await control(server.issuer, 'realms', { name: 'alpha', scenario: 'token.short' });
  await control(server.issuer, 'realms', { name: 'beta', isolation: 'port' });
  await login(alpha.issuer);
  const page = await (await browser(t))(desk);
  const map = await page.goto(server.issuer);
  assert.equal(map.status(), 200);
  await page.getByRole('link', { name: `${server.issuer}/control/ui` }).click();
  await page.getByText('live', { exact: true }).waitFor();
  await page.getByLabel('Realm').selectOption('alpha');
  await page.waitForURL('**/r/alpha/control/ui');
  await rows(page).filter({ hasText: '/r/alpha/token' }).first().waitFor();
  await page.getByLabel('Realm').selectOption('beta');
  await page.waitForURL('**/r/beta/control/ui');
  await heading(page, 'Nothing here yet').waitFor();
  assert.deepEqual(page.mistakes, []);
});

test('it fits a phone and the dark', async (t) => {
  const server = await tollgate(t);
  await broken_login(t, server);
  const tokens = await login(server.issuer);
  await refresh(server.issuer, tokens);
  const new_page = await browser(t);
  for (const [name, options] of Object.entries({
    dark: { ...desk, colorScheme: 'dark' },
    'phone-light': { ...phone, colorScheme: 'light' },
    'phone-dark': { ...phone, colorScheme: 'dark' },
  })) {
    const page = await new_page(options);
    await open_dashboard(page, server.issuer);
    await rows(page).first().waitFor();
    await look_good(page, `dashboard-list-${name}`);
    await press(page, 'Show it');
    await heading(page, 'POST /token').waitFor();
    await look_good(page, `dashboard-exchange-${name}`);
    await press(page, 'Make a fault from this exchange');
    await heading(page, 'Make a fault').waitFor();
    await look_good(page, `dashboard-fault-form-${name}`);
    await page.keyboard.press('Escape');
    await show(page, 'Diagram');
    await page.locator('.arrow').first().waitFor();
    await look_good(page, `dashboard-diagram-${name}`);
  }
});
