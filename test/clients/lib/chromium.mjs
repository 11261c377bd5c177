// Debian's Chromium, driven headless, and a client's side of the redirect.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import http from 'node:http';
import { createRequire } from 'node:module';
import { join } from 'node:path';

import { chromium } from 'playwright-core';

import { authorize_url, register } from './oauth.mjs';
import { top } from './tollgate.mjs';

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
const axe_source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export const screenshots = join(top, 'build/screenshots');

// browser(t) → new_page({ colorScheme, viewport, javaScriptEnabled … }), each with cookies of its own.
export async function browser(t) {
  mkdirSync(screenshots, { recursive: true });
  const running = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
  t.after(() => running.close());
  return async (options = {}) => {
    const context = await running.newContext(options);
    const page = await context.newPage();
    page.mistakes = [];
    page.on('pageerror', (error) => page.mistakes.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error' && /Content Security Policy/.test(message.text())) page.mistakes.push(message.text());
    });
    return page;
  };
}

// A client that waits for its answer: { redirect_uri, answer() } gives { method, parameters }.
export async function waiting_client(t) {
  let arrived;
  const next = () => new Promise((done) => (arrived = done));
  let coming = next();
  const server = http.createServer(async (request, response) => {
    const url = new URL(request.url, 'http://client.invalid');
    if (url.pathname !== '/callback') return response.writeHead(404).end();
    let body = '';
    for await (const part of request) body += part;
    const parameters = Object.fromEntries(new URLSearchParams(request.method === 'POST' ? body : url.search));
    response.writeHead(200, { 'content-type': 'text/html' }).end('<title>client</title>The client has its answer.');
    arrived({ method: request.method, parameters });
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  t.after(() => {
    server.closeAllConnections();
    return new Promise((done) => server.close(done));
  });
  return {
    redirect_uri: `http://127.0.0.1:${server.address().port}/callback`,
    async answer() {
      const got = await coming;
      coming = next();
      return got;
    },
  };
}

// A registered client with its own callback: start(page, parameters) opens the authorize URL,
// redeem(answer) exchanges the code.
export async function signing_in(t, issuer, metadata = {}) {
  const client = await waiting_client(t);
  const { redirect_uri } = client;
  const registered = await register(issuer, { client_name: 'Sample editor', redirect_uris: [redirect_uri], ...metadata });
  const { client_id } = registered;
  let verifier;
  let arriving = false; // the callback was asked for; the browser may not show its answer yet
  return {
    ...client,
    client_id,
    async answer() {
      const got = await client.answer();
      arriving = true;
      return got;
    },
    async start(page, parameters = {}) {
      if (arriving) await page.waitForURL((url) => url.href.startsWith(redirect_uri));
      arriving = false;
      const request = authorize_url(issuer, client_id, { redirect_uri, ...parameters });
      verifier = request.verifier;
      return page.goto(request.url.href);
    },
    redeem(answer) {
      const { code } = answer.parameters;
      const form = { grant_type: 'authorization_code', client_id, code, code_verifier: verifier, redirect_uri };
      return fetch(`${issuer}/token`, { method: 'POST', body: new URLSearchParams(form) });
    },
  };
}

// What axe-core finds wrong (WCAG 2.2 A and AA), as sentences. Evaluated through the debugger,
// which no content policy stops.
export async function accessibility_flaws(page) {
  await page.evaluate(axe_source);
  const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
  const { violations } = await page.evaluate((values) => globalThis.axe.run({ runOnly: { type: 'tag', values } }), tags);
  return violations.map((v) => `${v.id}: ${v.help}: ${v.nodes.map((n) => n.html).join(' | ')}`);
}

// Nothing sticks out to the right, and everything that can be pressed is large enough for a thumb.
export async function layout_flaws(page) {
  return page.evaluate(() => {
    const flaws = [];
    if (document.documentElement.scrollWidth > innerWidth) flaws.push('scrolls sideways');
    for (const button of document.querySelectorAll('button')) {
      if (!button.checkVisibility()) continue;
      const { height, right } = button.getBoundingClientRect();
      if (height < 44 || right > innerWidth) flaws.push(`${button.textContent}: ${height} high, ends at ${right}`);
    }
    return flaws;
  });
}

export async function look_good(page, name) {
  await page.screenshot({ path: join(screenshots, `${name}.png`), fullPage: true });
  assert.deepEqual(await layout_flaws(page), [], name);
  assert.deepEqual(await accessibility_flaws(page), [], name);
  assert.deepEqual(page.mistakes, [], name);
}
