// The dashboard where there is a control token: a form takes it, and the cookie is for this page alone.
import assert from 'node:assert/strict';
import http from 'node:http';
import { test } from 'node:test';

import { browser, look_good } from './lib/chromium.mjs';
import { desk, heading, phone, press, rows } from './lib/dashboard.mjs';
import { login } from './lib/oauth.mjs';
import { binary, run, scratch_folder, tollgate } from './lib/tollgate.mjs';

const token = 'correct-horse-battery';
const with_token = (t, set = {}) => tollgate(t, { set: { 'control.token': token, ...set } });

async function log_in(page, base, text = token) {
  await page.goto(`${base}/control/ui`);
  await page.getByLabel('Control token').fill(text);
  await press(page, 'Open the dashboard');
}

const session_of = async (page) => (await page.context().cookies()).find(({ name }) => name.includes('tollgate-control'));

// What the control plane has on, asked by who bears the token.
async function faults(server) {
  const answer = await fetch(`${server.issuer}/control/faults`, { headers: { authorization: `Bearer ${token}` } });
  return (await answer.json()).faults;
}

test('the form takes the token, and the browser keeps something else', async (t) => {
  const server = await with_token(t);
  const page = await (await browser(t))(desk);
  const first = await page.goto(`${server.issuer}/control/ui`);
  assert.equal(first.status(), 401);
  await look_good(page, 'dashboard-token');
  await page.getByLabel('Control token').fill('wrong');
  await press(page, 'Open the dashboard');
  await page.getByRole('alert').getByText('not the control token').waitFor();
  await look_good(page, 'dashboard-token-wrong');
  assert.equal(await session_of(page), undefined);

  await log_in(page, server.issuer);
  await page.getByText('live', { exact: true }).waitFor();
  assert.equal(page.url(), `${server.issuer}/control/ui`);
  const cookie = await session_of(page);
  assert.equal(cookie.httpOnly, true);
  assert.equal(cookie.sameSite, 'Strict');
  assert.ok(cookie.value.length >= 43 && !cookie.value.includes(token));
  await login(server.issuer);
  await rows(page).filter({ hasText: '/token' }).first().click();
  await press(page, 'Make a fault from this exchange');
  await press(page, 'Make the fault');
  await page.locator('#faults .chip').waitFor();
  assert.equal((await faults(server)).length, 1);
  assert.ok(!(await page.content()).includes(cookie.value));
  assert.ok(!server.log().includes(token) && !server.log().includes(cookie.value));

  // Of the token and the cookie, the journal knows pseudonyms at most.
  const kept = await fetch(`${server.issuer}/control/events`, { headers: { authorization: `Bearer ${token}` } });
  const text = await kept.text();
  assert.ok(text.includes('/control/ui/login') && !text.includes(token) && !text.includes(cookie.value));

  await press(page, 'Log out');
  await page.getByLabel('Control token').waitFor();
  const answer = await fetch(`${server.issuer}/control/state`, { headers: { cookie: `${cookie.name}=${cookie.value}` } });
  assert.equal(answer.status, 401, 'the session is over, not only forgotten by the browser');
  assert.deepEqual(page.mistakes, []);
});

test('who logs in to the dashboard is not shown as a request to the server', async (t) => {
  const server = await with_token(t);
  const page = await (await browser(t))(desk);
  await log_in(page, server.issuer);
  await page.getByText('live', { exact: true }).waitFor();
  await heading(page, 'Nothing here yet').waitFor();
  await login(server.issuer);
  await page.locator('#count').getByText('3 requests', { exact: true }).waitFor();
  assert.equal(await rows(page).filter({ hasText: '/control/ui' }).count(), 0);
});

test('one login shows every realm', async (t) => {
  const server = await with_token(t);
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  await fetch(`${server.issuer}/control/realms`, { method: 'POST', headers, body: '{"name":"alpha"}' });
  const page = await (await browser(t))(phone);
  await log_in(page, server.issuer);
  await page.getByLabel('Realm').selectOption('alpha');
  await page.waitForURL('**/r/alpha/control/ui');
  await heading(page, 'Nothing here yet').waitFor();
  await look_good(page, 'dashboard-phone-empty');
});

// A page of another port is of the same site: SameSite alone does not keep it out.
test('a page of another origin cannot use the cookie', async (t) => {
  const server = await with_token(t);
  const stranger = http.createServer((_, answer) => answer.writeHead(200, { 'content-type': 'text/html' }).end('<title>stranger</title>'));
  await new Promise((done) => stranger.listen(0, '127.0.0.1', done));
  t.after(() => new Promise((done) => stranger.close(done)));
  const page = await (await browser(t))(desk);
  await log_in(page, server.issuer);
  await page.getByText('live', { exact: true }).waitFor();
  const cookie = await session_of(page);
  // What the dashboard itself still asks for ends with it.
  await page.goto('about:blank');

  const seen = [];
  page.on('response', async (answer) => {
    if (answer.url().startsWith(server.issuer)) seen.push([answer.request().method(), new URL(answer.url()).pathname, answer.status(), (await answer.request().allHeaders()).cookie ?? '']);
  });
  await page.goto(`http://localhost:${stranger.address().port}/`);
  const read = await page.evaluate(async (base) => {
    const tries = {
      read: () => fetch(`${base}/control/state`, { credentials: 'include' }),
      blind: () => fetch(`${base}/control/state`, { credentials: 'include', mode: 'no-cors' }),
      write: () => fetch(`${base}/control/reset`, { method: 'POST', credentials: 'include', mode: 'no-cors', body: '{}' }),
      fault: () => fetch(`${base}/control/faults`, { method: 'POST', credentials: 'include', headers: { 'content-type': 'application/json' }, body: '{"name":"token.unavailable"}' }),
    };
    const out = {};
    for (const [name, attempt] of Object.entries(tries)) out[name] = await attempt().then((a) => `${a.type} ${a.status}`, () => 'refused');
    return out;
  }, server.issuer);
  assert.deepEqual(read, { read: 'refused', blind: 'opaque 0', write: 'opaque 0', fault: 'refused' });
  // A form of the page, which needs no script and no CORS.
  await page.evaluate((base) => {
    const form = Object.assign(document.createElement('form'), { method: 'post', action: `${base}/control/reset` });
    document.body.append(form);
    form.submit();
  }, server.issuer);
  await page.waitForURL(`${server.issuer}/control/reset`);
  const of_stranger = seen.filter(([, path]) => path !== '/control/events/stream');
  assert.ok(of_stranger.some(([, , , sent]) => sent.includes(cookie.value)), 'the browser did send the cookie');
  for (const [method, path, status] of of_stranger) assert.ok([401, 403].includes(status), `${method} ${path}: ${status}`);
  assert.equal((await faults(server)).length, 0);

  // Nobody frames the page, either.
  await page.goto(`http://localhost:${stranger.address().port}/`);
  await page.evaluate((base) => {
    const frame = Object.assign(document.createElement('iframe'), { src: `${base}/control/ui` });
    return new Promise((done) => {
      frame.onload = done;
      document.body.append(frame);
    });
  }, server.issuer);
  assert.ok(!(await page.frames()[1].content()).includes('Requests, oldest first'));
});

test('over https the cookie is for https and this host alone', async (t) => {
  const folder = scratch_folder(t);
  const made = await run(binary, ['certs', '--dir', 'certs'], { cwd: folder });
  assert.equal(made.code, 0, made.stderr);
  const server = await with_token(t, { 'tls.certificate': `${folder}/certs/localhost.pem`, 'tls.private_key': `${folder}/certs/localhost-key.pem` });
  assert.match(server.issuer, /^https:/);
  const page = await (await browser(t))({ ...desk, ignoreHTTPSErrors: true });
  await log_in(page, server.issuer);
  await page.getByText('live', { exact: true }).waitFor();
  const cookie = await session_of(page);
  assert.ok(cookie.name.startsWith('__Host-') && cookie.secure && cookie.path === '/');
});
