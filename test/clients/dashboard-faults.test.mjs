// Faults made on the dashboard, by people who have never seen it.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { browser, look_good } from './lib/chromium.mjs';
import { desk, heading, open_dashboard, phone, press, rows, show } from './lib/dashboard.mjs';
import { json_of, login, token_request } from './lib/oauth.mjs';
import { control, tollgate } from './lib/tollgate.mjs';

const refresh = (issuer, { client_id, refresh_token }) => token_request(issuer, { grant_type: 'refresh_token', client_id, refresh_token });
const what_goes_wrong = (page) => page.getByLabel('What goes wrong');
const will_act = (page) => page.locator('.will');
const faults_of = async (server) => (await (await fetch(`${server.issuer}/control/faults`)).json()).faults;
const groups_of = (page) => what_goes_wrong(page).locator('optgroup').evaluateAll((all) => all.map((group) => group.label.replace(/ .*/, '')));

async function form_of(t, path, { before = (issuer) => login(issuer) } = {}) {
  const server = await tollgate(t);
  const tokens = await before(server.issuer, server);
  const page = await (await browser(t))(desk);
  await open_dashboard(page, server.issuer);
  if (path) {
    await rows(page).filter({ hasText: path }).last().click();
    await press(page, 'Make a fault from this exchange');
    await heading(page, 'Make a fault').waitFor();
  }
  return { server, page, tokens };
}

test('a newcomer makes the second refresh fail: Faults, Make a fault, refresh, the 2nd', async (t) => {
  const { server, page, tokens } = await form_of(t);
  await show(page, 'Faults');
  await press(page, 'Make a fault');
  await page.getByText('Nothing is chosen yet.').waitFor();
  await page.getByLabel('Find a fault').fill('refresh');
  assert.equal(await what_goes_wrong(page).inputValue(), 'refresh.invalid_grant');
  await page.getByLabel(/^When/).selectOption('nth');
  await will_act(page).getByText('Will act on: refreshes of any client.').waitFor();
  await will_act(page).getByText('The 2nd refresh from now on fails; the others work.').waitFor();
  await look_good(page, 'dashboard-fault-form-newcomer');
  await press(page, 'Make the fault');
  await page.locator('#faults').getByText('only the 2nd').waitFor();
  const first = await refresh(server.issuer, tokens);
  const next = { ...tokens, ...(await json_of(first)) };
  const second = await refresh(server.issuer, next);
  const third = await refresh(server.issuer, next);
  assert.deepEqual([first.status, second.status, third.status], [200, 400, 200]);
  await page.locator('#faults li.done').getByText('Done: it acted once and will not act again.').waitFor();
  await look_good(page, 'dashboard-fault-done');
});

test('a step that nobody has come to yet is no dead end', async (t) => {
  const { page } = await form_of(t);
  await page.getByRole('button', { name: /^Refresh/ }).click();
  await heading(page, 'No refresh yet').waitFor();
  await look_good(page, 'dashboard-no-refresh');
  await press(page, 'Make a fault for refreshes');
  await heading(page, 'Make a fault').waitFor();
  assert.equal(await what_goes_wrong(page).inputValue(), 'refresh.invalid_grant');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: /^MCP/ }).click();
  await heading(page, 'No MCP request yet').waitFor();
  await press(page, 'Make a fault for MCP requests');
  await heading(page, 'Make a fault').waitFor();
  assert.equal((await groups_of(page))[0], 'MCP');
});

test('a row of an earlier client does not aim at it in silence', async (t) => {
  const both = async (issuer) => {
    const old = await login(issuer);
    return { old, now: await login(issuer) };
  };
  const { page, tokens } = await form_of(t, undefined, { before: both });
  await rows(page).filter({ hasText: '/token' }).first().click();
  await press(page, 'Make a fault from this exchange');
  await heading(page, 'Make a fault').waitFor();
  const box = page.getByRole('checkbox', { name: /^client_id/ });
  assert.equal(await box.isChecked(), false);
  await page.getByText(`an earlier client; the newest is ${tokens.now.client_id.slice(0, 8)}`).waitFor();
  await will_act(page).getByText('of any client').waitFor();
  await box.check();
  await will_act(page).getByText(`of client ${tokens.old.client_id.slice(0, 8)}…`).waitFor();
  await page.keyboard.press('Escape');
  await rows(page).filter({ hasText: '/token' }).last().click();
  await press(page, 'Make a fault from this exchange');
  await heading(page, 'Make a fault').waitFor();
  assert.equal(await box.isChecked(), true, 'the newest is aimed at');
});

test('the faults that fit an exchange come first, and a search finds the others', async (t) => {
  const { page } = await form_of(t, '/token');
  assert.deepEqual((await groups_of(page)).slice(0, 2), ['Token', 'Refresh']);
  const names = await what_goes_wrong(page).locator('option').evaluateAll((all) => all.slice(0, 30).map((option) => option.value));
  assert.ok(names.every((name) => name.startsWith('token.')), names.join());
  await page.getByLabel('Find a fault').fill('dcr 429');
  assert.equal(await what_goes_wrong(page).inputValue(), 'dcr.429');
  await page.getByText('For registrations that come from now on.').waitFor();
  await page.getByLabel('Find a fault').fill('no such fault');
  await page.getByText(/^0 of \d+ faults$/).waitFor();
  await press(page, 'Make the fault');
  await page.getByRole('alert').getByText('Choose what goes wrong first.').waitFor();
});

test('a tick that is taken off by itself says why, and the header follows', async (t) => {
  const { page } = await form_of(t, '/token');
  const box = page.getByRole('checkbox', { name: /^grant_type/ });
  assert.equal(await box.isChecked(), true);
  await page.getByText('For swaps of a code that come from now on.').waitFor();
  await what_goes_wrong(page).selectOption('refresh.invalid_grant');
  assert.equal(await box.isChecked(), false);
  await page.getByText('left out: this fault is about refreshes anyway').waitFor();
  await page.getByText('For refreshes that come from now on.').waitFor();
  await look_good(page, 'dashboard-fault-form-left-out');
});

test('a fault of other requests than that of the row is not aimed at its tool', async (t) => {
  const call = async (issuer, { mcp }) => {
    const tokens = await login(issuer);
    const headers = { authorization: `Bearer ${tokens.access_token}`, 'content-type': 'application/json', accept: 'application/json, text/event-stream', 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'tools/call', 'mcp-name': 'echo' };
    const _meta = { 'io.modelcontextprotocol/protocolVersion': '2026-07-28', 'io.modelcontextprotocol/clientCapabilities': {} };
    const body = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'echo', arguments: { message: 'x' }, _meta } };
    await fetch(mcp, { method: 'POST', headers, body: JSON.stringify(body) });
    return tokens;
  };
  const { page } = await form_of(t, '/mcp', { before: call });
  const box = page.getByRole('checkbox', { name: /^tool/ });
  assert.equal(await box.isChecked(), true);
  await what_goes_wrong(page).selectOption('rs.401_on_tools_list');
  assert.equal(await box.isChecked(), false);
  await will_act(page).getByText('Will act on: tools/list requests').waitFor();
  await what_goes_wrong(page).selectOption('get.401_discards_session');
  assert.equal(await box.isChecked(), false);
  await will_act(page).getByText('Will act on: GET MCP requests').waitFor();
});

test('a fault that comes by chance, or until something happens, says so', async (t) => {
  const { page } = await form_of(t);
  await show(page, 'Faults');
  await press(page, 'Make a fault');
  await page.getByLabel('Find a fault').fill('rs.401_random_p');
  await will_act(page).getByText('It acts as it is made: one in 10, by chance.').waitFor();
  await page.getByLabel('Find a fault').fill('rs.403_refresh_trap');
  await will_act(page).getByText('It acts as it is made: every one until the next login.').waitFor();
});

test('each choice of when is a sentence', async (t) => {
  const { page } = await form_of(t, '/token');
  await what_goes_wrong(page).selectOption('refresh.invalid_grant');
  const said = {};
  for (const kind of ['next', 'nth', 'always', 'every', 'after']) {
    await page.getByLabel(/^When/).selectOption(kind);
    said[kind] = (await will_act(page).textContent()).replace(/^.*?… /, '');
  }
  assert.deepEqual(said, {
    next: 'The next refresh of this client fails; later ones work.',
    nth: 'The 2nd refresh of this client from now on fails; the others work.',
    always: 'Every refresh of this client from now on fails, until you remove the fault.',
    every: 'Every 2nd refresh of this client from now on fails; the others work.',
    after: 'The first refresh of this client works; all after that fail.',
  });
  await page.getByLabel('How many work first').fill('');
  await will_act(page).getByText('Say a number: how many work first.').waitFor();
});

test('a fault that is made for a certain time keeps it', async (t) => {
  const { server, page } = await form_of(t);
  await show(page, 'Faults');
  await press(page, 'Make a fault');
  await page.getByLabel('Find a fault').fill('prm.as_flaps');
  assert.equal(await page.getByLabel(/^When/).inputValue(), 'own');
  await press(page, 'Make the fault');
  await page.locator('#faults li.on').getByText('prm.as_flaps every 2nd').waitFor();
  assert.deepEqual((await faults_of(server))[0].trigger, { every: 2 });
});

test('the counters follow requests that a fault lets through', async (t) => {
  const { server, page, tokens } = await form_of(t);
  await control(server.issuer, 'faults', { name: 'refresh.invalid_grant', trigger: { nth: 3 } });
  await show(page, 'Faults');
  const again = { ...tokens, ...(await json_of(await refresh(server.issuer, tokens))) };
  await page.locator('#faults').getByText('1 request matched so far.').waitFor();
  await refresh(server.issuer, again);
  await page.locator('#faults').getByText('It has not acted yet; 2 requests matched so far.').waitFor();
});

test('the keyboard alone makes a fault, also on a telephone', async (t) => {
  const { server } = await form_of(t);
  const page = await (await browser(t))(phone);
  await open_dashboard(page, server.issuer);
  await page.getByRole('tab', { name: 'Faults' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Make a fault', exact: true }).focus();
  await page.keyboard.press('Enter');
  await heading(page, 'Make a fault').waitFor();
  await page.keyboard.type('refresh.invalid_grant');
  await page.keyboard.press('Enter');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'fault-name');
  await look_good(page, 'dashboard-fault-form-phone');
  await page.getByRole('button', { name: 'Make the fault', exact: true }).focus();
  await page.keyboard.press('Enter');
  await page.locator('#faults').getByText('the next one').waitFor();
  assert.equal((await faults_of(server))[0].name, 'refresh.invalid_grant');
});

test('the second refresh from now on fails, by a fault made of the first one', async (t) => {
  const server = await tollgate(t);
  const tokens = await login(server.issuer);
  const renewed = { ...tokens, ...(await json_of(await refresh(server.issuer, tokens))) };
  const page = await (await browser(t))(desk);
  await open_dashboard(page, server.issuer);
  await page.getByRole('button', { name: /^Refresh/ }).click();
  assert.equal(await rows(page).count(), 1);
  await rows(page).first().click();
  await press(page, 'Make a fault from this exchange');
  await heading(page, 'Make a fault').waitFor();
  assert.equal(await what_goes_wrong(page).inputValue(), 'refresh.invalid_grant', 'what most people want of a refresh');
  await page.getByText('A correct client should drop the refresh token and authorize again').waitFor();
  await page.getByLabel(/^When/).selectOption('nth');
  await page.getByLabel('Which one').fill('2');
  await look_good(page, 'dashboard-fault-form');
  await press(page, 'Make the fault');
  await page.locator('#faults').getByText('only the 2nd').waitFor();
  const { faults } = await (await fetch(`${server.issuer}/control/faults`)).json();
  assert.deepEqual(faults[0].trigger, { nth: 2 });
  assert.equal(faults[0].select.client_id, tokens.client_id);

  const again = { ...tokens, ...(await json_of(await refresh(server.issuer, renewed))) };
  assert.equal((await refresh(server.issuer, again)).status, 400);
  await page.locator('#faults').getByText('Done: it acted once and will not act again.').waitFor();
  await rows(page).last().getByText('fault refresh.invalid_grant').waitFor();
  await look_good(page, 'dashboard-faults');
  await press(page, 'Remove');
  await page.locator('#faults').getByText('Everything works here').waitFor();
});

test('a fault that cannot be is refused in words, and one that does not act says why', async (t) => {
  const server = await tollgate(t);
  await login(server.issuer);
  const page = await (await browser(t))(desk);
  await open_dashboard(page, server.issuer);
  await rows(page).filter({ hasText: '/register' }).click();
  await press(page, 'Make a fault from this exchange');
  await what_goes_wrong(page).selectOption('dcr.429');
  await page.getByLabel(/^retry_after/).fill('-1');
  await press(page, 'Make the fault');
  await page.getByRole('alert').getByText('/params/retry_after').waitFor();
  await page.getByLabel(/^retry_after/).fill('7');
  await press(page, 'Make the fault');
  await press(page, 'Why not?');
  await page.locator('#faults .note').getByText('No request came near it.').waitFor();
  const { faults } = await (await fetch(`${server.issuer}/control/faults`)).json();
  assert.deepEqual(faults[0].params, { retry_after: 7 });
});
