// The consent and login pages in a real browser, which looks at them as well (build/screenshots).
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import http from 'node:http';
import { join } from 'node:path';
import { test } from 'node:test';

import { browser, look_good, signing_in } from './lib/chromium.mjs';
import { binary, run, scratch_folder, tollgate } from './lib/tollgate.mjs';

const people = `
[authorization_server]
listen = "localhost:0"
consent = "login"

[mcp]
listen = "localhost:0"

[[users]]
name = "alice"
claims = { email = "alice@example.org" }

[[users]]
name = "bob"
password = "correct horse"
`;

function with_pages(t, set = {}) {
  return tollgate(t, { set: { 'authorization_server.consent': 'page', ...set } });
}

function with_people(t) {
  const folder = scratch_folder(t);
  const config = join(folder, 'people.toml');
  writeFileSync(config, people);
  return tollgate(t, { folder, config, own_ports: false });
}

const press = (page, name) => page.getByRole('button', { name, exact: true }).click();

test('a person approves, and the code redeems', async (t) => {
  const server = await with_pages(t);
  const new_page = await browser(t);
  const client = await signing_in(t, server.issuer);
  const page = await new_page();
  await client.start(page, { scope: 'openid mcp:tools' });
  assert.match(await page.textContent('main'), /Sample editor/);
  assert.match(await page.textContent('main'), /127\.0\.0\.1:\d+ \(this computer\)/);
  await look_good(page, 'consent');
  await press(page, 'Approve');
  const answer = await client.answer();
  assert.equal(answer.parameters.state, 'state-1');
  assert.equal(answer.parameters.iss, server.issuer);
  assert.equal((await client.redeem(answer)).status, 200);
  // The browser is known now: no page where none is wanted.
  await client.start(page, { scope: 'openid mcp:tools', prompt: 'none' });
  const silent = await client.answer();
  assert.equal((await client.redeem(silent)).status, 200);
});

test('a person denies', async (t) => {
  const server = await with_pages(t);
  const client = await signing_in(t, server.issuer);
  const page = await (await browser(t))();
  await client.start(page);
  await press(page, 'Deny');
  const { parameters } = await client.answer();
  assert.equal(parameters.error, 'access_denied');
  assert.equal(parameters.state, 'state-1');
});

test('wrong code and wrong state are sent on demand', async (t) => {
  const server = await with_pages(t);
  const client = await signing_in(t, server.issuer);
  const page = await (await browser(t))();
  await client.start(page);
  await press(page, 'Send a wrong code');
  const wrong_code = await client.answer();
  assert.equal(wrong_code.parameters.state, 'state-1');
  assert.equal((await client.redeem(wrong_code)).status, 400);
  await client.start(page);
  await press(page, 'Send a wrong state');
  const wrong_state = await client.answer();
  assert.notEqual(wrong_state.parameters.state, 'state-1');
  assert.equal((await client.redeem(wrong_state)).status, 200);
});

test('a person logs in with a password, and is remembered', async (t) => {
  const server = await with_people(t);
  const client = await signing_in(t, server.issuer);
  const page = await (await browser(t))();
  await client.start(page, { scope: 'openid', login_hint: 'alice@example.org' });
  assert.ok(await page.getByRole('radio', { name: 'alice' }).isChecked());
  await look_good(page, 'login');
  await page.getByRole('radio', { name: 'bob' }).check();
  await page.getByRole('textbox', { name: 'Password' }).fill('wrong');
  await press(page, 'Sign in and approve');
  await page.getByRole('alert').waitFor();
  await look_good(page, 'login-wrong-password');
  await page.getByRole('textbox', { name: 'Password' }).fill('correct horse');
  await press(page, 'Sign in and approve');
  const answer = await client.answer();
  assert.equal((await client.redeem(answer)).status, 200);
  await client.start(page, { scope: 'openid' });
  assert.match(await page.textContent('main'), /in the name of bob/);
  await look_good(page, 'consent-logged-in');
  await press(page, 'Use another account');
  await page.getByRole('radio', { name: 'alice' }).check();
  await press(page, 'Sign in and approve');
  assert.equal((await client.redeem(await client.answer())).status, 200);
});

test('form_post posts itself', async (t) => {
  const server = await with_pages(t);
  const client = await signing_in(t, server.issuer);
  const page = await (await browser(t))();
  await client.start(page, { response_mode: 'form_post' });
  await press(page, 'Approve');
  const answer = await client.answer();
  assert.equal(answer.method, 'POST');
  assert.equal(answer.parameters.state, 'state-1');
  assert.equal((await client.redeem(answer)).status, 200);
  assert.deepEqual(page.mistakes, []);
});

test('everything works without JavaScript', async (t) => {
  const server = await with_people(t);
  const client = await signing_in(t, server.issuer);
  const page = await (await browser(t))({ javaScriptEnabled: false });
  await client.start(page, { response_mode: 'form_post' });
  await press(page, 'Sign in and approve');
  await press(page, 'Continue');
  const answer = await client.answer();
  assert.equal(answer.method, 'POST');
  assert.equal((await client.redeem(answer)).status, 200);
});

test('everything works with the keyboard alone', async (t) => {
  const server = await with_people(t);
  const client = await signing_in(t, server.issuer);
  const page = await (await browser(t))();
  await client.start(page, { scope: 'openid' });
  const focused = () => page.evaluate(() => document.activeElement.value ?? document.activeElement.tagName);
  await page.keyboard.press('Tab');
  assert.equal(await focused(), 'alice');
  await page.keyboard.press('ArrowDown');
  assert.equal(await focused(), 'bob');
  await page.keyboard.press('Tab');
  await page.keyboard.type('correct horse');
  await page.keyboard.press('Enter'); // presses the first button
  assert.equal((await client.redeem(await client.answer())).status, 200);
  await client.start(page, { scope: 'openid' });
  await page.keyboard.press('Tab');
  assert.equal(await focused(), 'approve');
  await page.keyboard.press('Tab');
  assert.equal(await focused(), 'deny');
  assert.notEqual(await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle), 'none');
  await page.keyboard.press('Space');
  assert.equal((await client.answer()).parameters.error, 'access_denied');
});

test('a double click and the back button lead to one login', async (t) => {
  const server = await with_pages(t);
  const client = await signing_in(t, server.issuer);
  const page = await (await browser(t))();
  await client.start(page);
  await page.getByRole('button', { name: 'Approve', exact: true }).dblclick();
  const answer = await client.answer();
  await page.waitForURL(/\/callback\?/);
  assert.equal((await client.redeem(answer)).status, 200);
  await page.goBack();
  assert.match(await page.title(), /Allow access/);
  await press(page, 'Deny');
  assert.equal((await client.answer()).parameters.error, 'access_denied');
});

test('pages in several tabs are answered in any order', async (t) => {
  const server = await with_pages(t);
  const first = await (await browser(t))();
  const tabs = [first, await first.context().newPage(), await first.context().newPage()];
  const clients = [];
  for (const tab of tabs) {
    const client = await signing_in(t, server.issuer);
    clients.push(client);
    await client.start(tab);
  }
  for (const i of [1, 0]) {
    await press(tabs[i], 'Approve');
    assert.equal((await clients[i].redeem(await clients[i].answer())).status, 200);
  }
  await press(tabs[2], 'Deny');
  assert.equal((await clients[2].answer()).parameters.error, 'access_denied');
});

// RFC 9700 §4.7: on loopback a page of another port is the same site, and gets the cookie along.
test('a page of another port cannot answer for the person', async (t) => {
  const server = await with_pages(t);
  const client = await signing_in(t, server.issuer);
  const page = await (await browser(t))();
  await client.start(page);
  const fields = await page.$$eval('input[type=hidden]', (all) => all.map(({ name, value }) => [name, value]));
  const url = `${server.issuer}/authorize`;
  const elsewhere = http.createServer((request, response) => {
    const inputs = fields.map(([name, value]) => `<input type="hidden" name="${name}" value="${value}">`);
    response.writeHead(200, { 'content-type': 'text/html' });
    response.end(`<form method="post" action="${url}">${inputs.join('')}<button name="decision" value="approve">Win</button></form>`);
  });
  await new Promise((done) => elsewhere.listen(0, 'localhost', done));
  t.after(() => elsewhere.close(elsewhere.closeAllConnections()));
  const theirs = await page.context().newPage();
  await theirs.goto(`http://localhost:${elsewhere.address().port}/`);
  const answered = theirs.waitForResponse(url);
  await press(theirs, 'Win');
  assert.equal((await answered).status(), 403);
  assert.match(await theirs.textContent('main'), /a page of another site/);
  // Nothing was answered by that.
  await press(page, 'Approve');
  assert.equal((await client.redeem(await client.answer())).status, 200);
});

test('the pages fit a phone and the dark', async (t) => {
  const server = await with_people(t);
  const new_page = await browser(t);
  const client = await signing_in(t, server.issuer, { client_name: 'A sample editor with quite a long name' });
  const phone = { viewport: { width: 360, height: 740 }, deviceScaleFactor: 2 };
  for (const [name, options] of Object.entries({
    'phone-light': { ...phone, colorScheme: 'light' },
    'phone-dark': { ...phone, colorScheme: 'dark' },
    dark: { colorScheme: 'dark' },
  })) {
    const page = await new_page(options);
    await client.start(page, { scope: 'openid profile mcp:tools mcp:admin' });
    await look_good(page, `login-${name}`);
    await press(page, 'Sign in and approve');
    await client.answer();
    await client.start(page, { scope: 'openid profile mcp:tools mcp:admin' });
    await look_good(page, `consent-${name}`);
  }
});

test('errors are pages as well, and a lost browser is told what an address is for', async (t) => {
  const server = await with_pages(t);
  const page = await (await browser(t))({ colorScheme: 'dark' });
  const unknown = await page.goto(`${server.issuer}/authorize?client_id=nobody`);
  assert.equal(unknown.status(), 400);
  await look_good(page, 'error');
  const token = await page.goto(`${server.issuer}/token`);
  assert.equal(token.status(), 405);
  assert.equal(token.headers().allow, 'POST, OPTIONS');
  assert.match(await page.textContent('main'), /\/token answers POST, not GET/);
  await look_good(page, 'wrong-method');
});

test('over TLS the cookie is pinned to the host', async (t) => {
  const folder = scratch_folder(t);
  assert.equal((await run(binary, ['certs'], { cwd: folder })).code, 0);
  const server = await tollgate(t, { folder, set: { 'authorization_server.consent': 'page' } });
  assert.match(server.issuer, /^https:/);
  const page = await (await browser(t))({ ignoreHTTPSErrors: true });
  await page.goto(`${server.issuer}/authorize?client_id=nobody`);
  assert.equal((await page.context().cookies()).length, 0); // nothing to remember yet
  const registered = await page.request.post(`${server.issuer}/register`, {
    data: { redirect_uris: ['https://client.example/cb'], token_endpoint_auth_method: 'none' },
  });
  const { client_id } = await registered.json();
  const query = new URLSearchParams({
    response_type: 'code',
    client_id,
    code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
    code_challenge_method: 'S256',
  });
  await page.goto(`${server.issuer}/authorize?${query}`);
  const [cookie] = await page.context().cookies();
  assert.match(cookie.name, /^__Host-tollgate-login-/);
  assert.deepEqual([cookie.secure, cookie.httpOnly, cookie.sameSite, cookie.path], [true, true, 'Lax', '/']);
});
