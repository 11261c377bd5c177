// A login page filled in without a browser: its hidden fields and cookies go back with the answer.
import assert from 'node:assert/strict';

const unescape = (text) =>
  text.replace(/&(amp|quot|lt|gt|#39|#x27);/g, (_, name) => ({ amp: '&', quot: '"', lt: '<', gt: '>' })[name] ?? "'");

// Opens `url`, answers the form with `fields` beside what is hidden in it, and returns the URL that the
// browser is sent to.
export async function answer_page(url, fields) {
  const page = await fetch(url, { redirect: 'manual' });
  const html = await page.text();
  assert.equal(page.status, 200, `${url} answered ${page.status}: ${html}`);
  assert.match(page.headers.get('content-type'), /^text\/html/);
  const form = new URLSearchParams(fields);
  for (const [tag] of html.matchAll(/<input type="hidden"[^>]*>/g)) {
    const [, name] = /name="([^"]*)"/.exec(tag);
    const [, value] = /value="([^"]*)"/.exec(tag);
    form.set(unescape(name), unescape(value));
  }
  const [, action] = /<form method="post" action="([^"]*)"/.exec(html);
  const cookie = page.headers.getSetCookie().map((line) => line.split(';')[0]).join('; ');
  const answer = await fetch(new URL(unescape(action), url), {
    method: 'POST',
    headers: { cookie },
    body: form,
    redirect: 'manual',
  });
  const text = await answer.text();
  assert.ok([302, 303].includes(answer.status), `${action} answered ${answer.status}: ${text}`);
  return new URL(answer.headers.get('location'));
}
