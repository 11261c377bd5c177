// A browser without a window: keeps cookies, follows redirects, presses *approve* on every page.
import assert from 'node:assert/strict';
import http from 'node:http';

const unescape = (text) =>
  text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');
const attribute = (tag, name) => unescape(tag.match(new RegExp(` ${name}="([^"]*)"`))?.[1] ?? '');

export class walker {
  #cookies = new Map(); // by host name, as browsers keep them: ports do not matter
  visited = []; // every URL, in order
  pages = []; // the text of every page that was shown

  // `shortcuts`: origin → the port of this machine that it is really asked at (past a relay that belongs
  // to others, or because nobody here knows its name).
  constructor(shortcuts = {}) {
    this.shortcuts = shortcuts;
  }

  // One request, as it is: { status, headers, text }.
  request(url, method = 'GET', form = undefined) {
    const { hostname, host, origin, port, pathname, search } = new URL(url);
    this.visited.push(String(url));
    const jar = this.#cookies.get(hostname) ?? new Map();
    this.#cookies.set(hostname, jar);
    const headers = { host };
    if (jar.size) headers.cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const body = form && new URLSearchParams(form).toString();
    if (body) headers['content-type'] = 'application/x-www-form-urlencoded';
    const short = this.shortcuts[origin];
    const where = { hostname: short ? 'localhost' : hostname, port: short ?? port, path: pathname + search, method, headers, agent: false };
    return new Promise((done, failed) => {
      const asking = http.request(where, async (answer) => {
        let text = '';
        for await (const part of answer.setEncoding('utf8')) text += part;
        for (const line of answer.headers['set-cookie'] ?? []) {
          const [, name, value] = line.match(/^([^=]+)=([^;]*)/);
          jar.set(name, value);
        }
        done({ status: answer.statusCode, headers: answer.headers, text });
      });
      asking.on('error', failed);
      asking.end(body);
    });
  }

  #press(url, page) {
    const [form] = page.match(/<form [^>]*>/) ?? [];
    assert.ok(form, `no form on the page at ${url}: ${page}`);
    const fields = [...page.matchAll(/<input type="hidden"[^>]*>/g)].map(([tag]) => [attribute(tag, 'name'), attribute(tag, 'value')]);
    return this.request(new URL(attribute(form, 'action'), url), 'POST', [...fields, ['decision', 'approve']]);
  }

  // From a URL to the first one that starts with `end`.
  async walk(url, end) {
    let at = new URL(url);
    for (let steps = 0; steps < 10; steps += 1) {
      let answer = await this.request(at);
      if (answer.status === 200) {
        this.pages.push(answer.text);
        answer = await this.#press(at, answer.text);
      }
      assert.ok(answer.status === 302 || answer.status === 303, `${at} answered ${answer.status}: ${answer.text}`);
      at = new URL(answer.headers.location, at);
      if (at.href.startsWith(end)) return at;
    }
    throw new Error(`no way from ${url} to ${end}: ${this.visited.join('\n')}`);
  }
}
