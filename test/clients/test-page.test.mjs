// The test page in a real browser: login, callback, copy buttons, and what is copied in MCP
// Inspector's hands.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { version_of } from './lib/packages.mjs';
import { browser, look_good } from './lib/chromium.mjs';
import { free_ports, run, scratch_folder, tollgate } from './lib/tollgate.mjs';

const phone = { viewport: { width: 360, height: 740 }, deviceScaleFactor: 2 };
const launcher = join(
  import.meta.dirname,
  'node_modules/@modelcontextprotocol/inspector/clients/launcher/build/index.js',
);

const base_of = (server) => server.mcp.replace(/\/mcp$/, '');
const page_of = (server) => `${base_of(server)}/oauth`;

async function log_in(page, url) {
  await page.goto(url);
  await page.getByRole('link', { name: 'Start login' }).click();
  await page.getByRole('heading', { name: 'Token Response' }).waitFor();
}

const json_after = async (page, heading) =>
  JSON.parse(await page.locator(`h2:text-is("${heading}") + pre`).textContent());

// The words of a command line, as a shell sees them.
async function words(line) {
  const { stdout } = await promisify(execFile)('sh', ['-c', `printf '%s\\n' ${line}`]);
  return stdout.trimEnd().split('\n');
}

// Calls echo_tool over SSE.
function inspect(t, url, token) {
  const home = scratch_folder(t);
  const args = ['--cli', url, '--transport', 'sse', '--header', `Authorization: Bearer ${token}`];
  const call = ['--method', 'tools/call', '--tool-name', 'echo_tool', '--tool-arg', 'message=Hello from Inspector!'];
  return run(process.execPath, [launcher, ...args, ...call], { cwd: home, env: { ...process.env, HOME: home } });
}

// A second tollgate, as somebody else's provider.
function provider(t, set = {}) {
  const client = `{client_id="test_client_id",client_secret="test_client_secret",redirect_uris=["http://localhost/oauth/callback"]}`;
  const open = `{client_id="another",redirect_uris=["http://localhost/oauth/callback"]}`;
  return tollgate(t, { set: { clients: `[${client},${open}]`, ...set } });
}

test('a login at our own server, and the token in the hands of Inspector', async (t) => {
  const server = await tollgate(t);
  const page = await (await browser(t))({ permissions: ['clipboard-read', 'clipboard-write'] });
  await page.goto(page_of(server));
  assert.match(await page.textContent('main'), /tollgate-test-page/);
  await look_good(page, 'test-page');
  await log_in(page, page_of(server));
  assert.equal(new URL(page.url()).pathname + new URL(page.url()).search, '/oauth');
  const tokens = await json_after(page, 'Token Response');
  assert.equal(tokens.token_type, 'Bearer');
  assert.ok(tokens.refresh_token && tokens.id_token);
  assert.equal((await json_after(page, 'Userinfo')).sub, 'demo');
  await look_good(page, 'test-page-result');

  const copy = async (name) => {
    await page.getByRole('button', { name, exact: true }).click();
    await page.getByRole('status').getByText('Copied').waitFor();
    return page.evaluate(() => navigator.clipboard.readText());
  };
  assert.equal(await copy('Copy the access token'), tokens.access_token);
  assert.equal(await copy('Copy the SSE URL'), server.sse);
  assert.equal(await copy('Copy the Streamable HTTP URL'), server.mcp);
  assert.equal(await copy('Copy the header'), `Authorization: Bearer ${tokens.access_token}`);

  const curl = await words(await copy('Copy the curl command'));
  assert.deepEqual(curl, ['curl', '-N', '-H', `Authorization: Bearer ${tokens.access_token}`, server.sse]);
  const home = scratch_folder(t);
  const env = { ...process.env, HOME: home };
  for (const [name, via] of [
    ['Copy the Inspector command for SSE', /Server received via SSE: Hello from Inspector!/],
    ['Copy the Inspector command for Streamable HTTP', /Server received via .+: Hello from Inspector!/],
  ]) {
    const all = await words(await copy(name));
    const begin = all.indexOf('mcp-inspector');
    const args = all.slice(begin + 1);
    const pinned = `@modelcontextprotocol/inspector@${version_of('@modelcontextprotocol/inspector')}`;
    assert.deepEqual(all.slice(0, begin), ['npx', '-y', '-p', 'node@24', '-p', pinned]);
    const called = await run(process.execPath, [launcher, ...args], { cwd: home, env });
    assert.equal(called.code, 0, called.stderr);
    assert.match(called.stdout, via);
  }
  assert.deepEqual(page.mistakes, []);
  assert.ok(!server.log().includes(tokens.access_token), 'the token is in the log');
  assert.ok(!server.log().includes(tokens.refresh_token), 'the refresh token is in the log');
});

test('a person approves, reloads, and goes back', async (t) => {
  const server = await tollgate(t, { set: { 'authorization_server.consent': 'page' } });
  const page = await (await browser(t))();
  await page.goto(page_of(server));
  await page.getByRole('link', { name: 'Start login' }).click();
  assert.match(await page.textContent('main'), /Test page of this server/);
  await page.getByRole('button', { name: 'Approve', exact: true }).click();
  await page.getByRole('heading', { name: 'Token Response' }).waitFor();
  await page.reload();
  await page.getByRole('link', { name: 'Start login' }).waitFor();

  const denied = await (await browser(t))();
  await denied.goto(page_of(server));
  await denied.getByRole('link', { name: 'Start login' }).click();
  await denied.getByRole('button', { name: 'Deny', exact: true }).click();
  await denied.getByRole('heading', { name: 'The provider said no' }).waitFor();
  assert.match(await denied.textContent('main'), /access_denied/);
  await look_good(denied, 'test-page-denied');
  await denied.getByRole('link', { name: 'Back to the test page' }).click();
  await denied.getByRole('link', { name: 'Start login' }).waitFor();
});

test('everything works without JavaScript', async (t) => {
  const server = await tollgate(t);
  const page = await (await browser(t))({ javaScriptEnabled: false });
  await log_in(page, page_of(server));
  const { access_token } = await json_after(page, 'Token Response');
  assert.equal(await page.locator('#access-token').textContent(), access_token);
  assert.equal(await page.getByRole('button').count(), 0);
});

test('the keyboard alone logs in and copies', async (t) => {
  const server = await tollgate(t);
  const page = await (await browser(t))({ permissions: ['clipboard-read', 'clipboard-write'] });
  await page.goto(page_of(server));
  await page.keyboard.press('Tab');
  assert.notEqual(await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle), 'none');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Token Response' }).waitFor();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.getByRole('status').getByText('Copied the access token').waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), await page.locator('#access-token').textContent());
});

test('the page fits a phone and the dark', async (t) => {
  const server = await tollgate(t);
  const foreign = await tollgate(t, {
    set: {
      'validation.strategy': 'userinfo',
      'upstream.userinfo_endpoint': 'http://localhost:9/a-rather-long-path-for-a-userinfo-endpoint',
    },
  });
  const new_page = await browser(t);
  for (const [name, options] of Object.entries({
    'phone-light': { ...phone, colorScheme: 'light' },
    'phone-dark': { ...phone, colorScheme: 'dark' },
    dark: { colorScheme: 'dark' },
  })) {
    const page = await new_page(options);
    await page.goto(page_of(server));
    await look_good(page, `test-page-${name}`);
    await log_in(page, page_of(server));
    await look_good(page, `test-page-result-${name}`);
    await page.goto(page_of(foreign));
    await look_good(page, `test-page-missing-${name}`);
    await page.goto(`${page_of(server)}/callback?state=unknown&code=x`);
    await look_good(page, `test-page-unknown-${name}`);
  }
});

test('a realm has a page of its own', async (t) => {
  const server = await tollgate(t);
  const made = await fetch(`${server.control[0]}/realms`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"name":"alpha"}',
  });
  const alpha = await made.json();
  const new_page = await browser(t);
  const page = await new_page();
  await log_in(page, page_of(alpha));
  assert.match(page.url(), /\/r\/alpha\/oauth$/);
  const [cookie] = await page.context().cookies();
  assert.equal(cookie.path, '/r/alpha');
  const { access_token } = await json_after(page, 'Token Response');
  const asked = (url) => fetch(url, { method: 'POST', headers: { authorization: `Bearer ${access_token}`, 'content-type': 'application/json' }, body: '{}' });
  assert.notEqual((await asked(alpha.mcp)).status, 401);
  assert.equal((await asked(server.mcp)).status, 401);
});

test('a provider is found by its issuer', async (t) => {
  const upstream = await provider(t);
  const env = {
    OAUTH_ISSUER: upstream.issuer,
    OAUTH_CLIENT_ID: 'test_client_id',
    OAUTH_CLIENT_SECRET: 'test_client_secret',
  };
  const server = await tollgate(t, { env });
  const page = await (await browser(t))();
  await page.goto(page_of(server));
  const shown = await page.textContent('main');
  assert.ok(shown.includes(`${upstream.issuer}/token`) && shown.includes('set, and never shown'));
  assert.ok(!shown.includes('test_client_secret'));
  await look_good(page, 'test-page-foreign');
  await log_in(page, page_of(server));
  const { access_token } = await json_after(page, 'Token Response');
  const userinfo = await fetch(`${upstream.issuer}/userinfo`, { headers: { authorization: `Bearer ${access_token}` } });
  assert.equal(userinfo.status, 200);
  const called = await inspect(t, server.sse, access_token);
  assert.match(called.stdout, /Server received via SSE: Hello from Inspector!/, called.stderr);
  for (const text of [access_token, 'test_client_secret']) assert.ok(!server.log().includes(text));
});

test('a provider is named by three endpoints, and what is missing can be entered', async (t) => {
  const upstream = await provider(t);
  const env = {
    OAUTH_AUTH_URL: `${upstream.issuer}/authorize`,
    OAUTH_TOKEN_URL: `${upstream.issuer}/token`,
    OAUTH_USERINFO_URL: `${upstream.issuer}/userinfo`,
  };
  const server = await tollgate(t, { env });
  const page = await (await browser(t))();
  await page.goto(page_of(server));
  assert.match(await page.getByRole('alert').textContent(), /Missing OAUTH_CLIENT_ID/);
  await look_good(page, 'test-page-no-client');
  await page.getByLabel('Client ID').fill('another');
  await page.getByRole('button', { name: 'Use this client ID' }).click();
  assert.match(page.url(), /\/oauth\?client_id=another$/);
  await log_in(page, page.url());
  assert.equal((await json_after(page, 'Userinfo')).sub, 'demo');
});

test('a wrong secret and a dead provider are told with what to check', async (t) => {
  const upstream = await provider(t);
  const set = { 'upstream.issuer': upstream.issuer, 'upstream.client_id': 'test_client_id', 'upstream.client_secret': 'wrong' };
  const server = await tollgate(t, { set });
  const page = await (await browser(t))();
  await page.goto(page_of(server));
  await page.getByRole('link', { name: 'Start login' }).click();
  await page.getByRole('heading', { name: 'The token request failed' }).waitFor();
  const text = await page.textContent('main');
  assert.match(text, /invalid_client/);
  assert.ok(text.includes(`${base_of(server)}/oauth/callback`));
  await look_good(page, 'test-page-token-failed');

  const lonely = await tollgate(t, { set: { ...set, 'upstream.issuer': 'http://localhost:9' } });
  const answer = await page.goto(page_of(lonely));
  assert.equal(answer.status(), 502);
  assert.match(await page.getByRole('alert').textContent(), /cannot be reached/);
  await look_good(page, 'test-page-no-provider');
});

test('a login at a broker shows the broker\'s token, after its page and the provider\'s', async (t) => {
  const callback = 'http://localhost/callback';
  const upstream = await provider(t, {
    clients: `[{client_id="broker",client_secret="the-broker-s-own",redirect_uris=["${callback}"]}]`,
    'authorization_server.consent': 'login',
  });
  const server = await tollgate(t, {
    set: {
      'authorization_server.mode': 'broker',
      'upstream.issuer': upstream.issuer,
      'upstream.client_id': 'broker',
      'upstream.client_secret': 'the-broker-s-own',
    },
  });
  const page = await (await browser(t))(phone);
  await page.goto(page_of(server));
  const shown = await page.textContent('main');
  assert.ok(shown.includes('this server, as a broker') && shown.includes(`${server.issuer}/token`));
  assert.ok(!shown.includes('the-broker-s-own'));
  await page.getByRole('link', { name: 'Start login' }).click();
  const at_broker = await page.textContent('main');
  assert.ok(at_broker.includes('Test page of this server'));
  assert.ok(at_broker.includes(`Signs you in at${new URL(upstream.issuer).host}`), at_broker);
  await look_good(page, 'test-page-broker-consent');
  await page.getByRole('button', { name: 'Approve', exact: true }).click();
  assert.ok(page.url().startsWith(`${upstream.issuer}/authorize?`), page.url());
  await page.getByRole('button', { name: 'Sign in and approve', exact: true }).click();
  await page.getByRole('heading', { name: 'Token Response' }).waitFor();
  await look_good(page, 'test-page-broker-result');
  const { access_token } = await json_after(page, 'Token Response');
  assert.equal((await json_after(page, 'Userinfo')).sub, `demo@${new URL(upstream.issuer).host}`);
  const called = await inspect(t, server.sse, access_token);
  assert.match(called.stdout, /Server received via SSE: Hello from Inspector!/, called.stderr);
  const there = await fetch(`${upstream.issuer}/userinfo`, { headers: { authorization: `Bearer ${access_token}` } });
  assert.equal(there.status, 401, 'the provider knows nothing of the token');
  for (const text of [access_token, 'the-broker-s-own']) assert.ok(!server.log().includes(text));

  // The broker remembers its page, and the provider says no.
  await page.goto(`${page_of(server)}/login`);
  assert.ok(page.url().startsWith(`${upstream.issuer}/authorize?`), page.url());
  await page.getByRole('button', { name: 'Deny', exact: true }).click();
  await page.getByRole('heading', { name: 'The provider said no' }).waitFor();
  assert.match(await page.textContent('main'), /access_denied/);
});

test('one origin for both servers has the page, and login comes back to it', async (t) => {
  const [port] = await free_ports(1);
  const listen = `localhost:${port}`;
  const server = await tollgate(t, { set: { 'authorization_server.listen': listen, 'mcp.listen': listen } });
  const page = await (await browser(t))();
  await log_in(page, page_of(server));
  assert.equal((await json_after(page, 'Userinfo')).sub, 'demo');
});

test('behind a public URL there is a page only on demand, and whoever wants none has none', async (t) => {
  const behind = { 'mcp.public_url': 'https://mcp.example', 'authorization_server.public_url': 'https://as.example' };
  const ask = async (set) => {
    const [port] = await free_ports(1);
    const listen = `localhost:${port}`;
    await tollgate(t, { set: { 'mcp.listen': listen, ...set } });
    const answer = await fetch(`http://${listen}/oauth`);
    return { status: answer.status, text: await answer.text() };
  };
  const hidden = await ask(behind);
  assert.equal(hidden.status, 404);
  assert.ok(!hidden.text.includes('as.example'));
  const shown = await ask({ ...behind, 'mcp.test_page': 'on' });
  assert.equal(shown.status, 200);
  assert.ok(shown.text.includes('href="https://mcp.example/oauth/login"'));
  assert.equal((await ask({ 'mcp.test_page': 'off' })).status, 404);
});
