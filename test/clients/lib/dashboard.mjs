// The dashboard in a browser, and clients for it to look at.
import assert from 'node:assert/strict';

import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';

import { control_token } from './instances.mjs';
import { memory_provider } from './oauth.mjs';

export const desk = { viewport: { width: 1360, height: 850 } };
export const phone = { viewport: { width: 390, height: 844 } };

export async function open_dashboard(page, base) {
  const answer = await page.goto(`${base}/control/ui`);
  if (answer.status() === 401) {
    // A page is opened by the form alone, whatever the proxy adds.
    await page.getByLabel('Control token').fill(control_token);
    await press(page, 'Open the dashboard');
  }
  await page.getByText('live', { exact: true }).waitFor();
}

export const rows = (page) => page.locator('.row:visible');
export const heading = (page, name) => page.getByRole('heading', { name, exact: true });
export const press = (page, name) => page.getByRole('button', { name, exact: true }).click();
export const show = (page, name) => page.getByRole('tab', { name, exact: true }).click();

// What a client on the SDK does with an MCP URL alone: it logs in and calls a tool. Its provider is
// given back even where the login fails.
export async function sdk_login(t, url, provider = new memory_provider()) {
  const open = () => new StreamableHTTPClientTransport(new URL(url), { authProvider: provider });
  const make = () => new Client({ name: 'client of the dashboard', version: '1' });
  const first = open();
  t.after(() => first.close());
  await assert.rejects(make().connect(first));
  let failure;
  let client;
  try {
    await first.finishAuth(provider.callback.searchParams.get('code'));
    client = make();
    t.after(() => client.close());
    await client.connect(open());
    await client.callTool({ name: 'echo', arguments: { message: 'hello' } });
  } catch (error) {
    failure = error;
  }
  return { provider, client, failure };
}

export async function clipboard(page) {
  await page.locator('#said').getByText('Copied').waitFor();
  return page.evaluate(() => navigator.clipboard.readText());
}
