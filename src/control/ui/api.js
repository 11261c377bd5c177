// Calls of the control plane of this realm, which is what stands before /ui in our own address.

const control = location.pathname.replace(/\/ui\/?$/, '');

// { ok, status, body }: JSON, or what was wrong in words.
async function call(method, path, body) {
  try {
    const answer = await fetch(`${control}/${path}`, {
      method,
      headers: body === undefined ? {} : { 'content-type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    // Our session is over: the same address shows the form.
    if (answer.status === 401) location.reload();
    const text = await answer.text();
    return { ok: answer.ok, status: answer.status, body: parsed(text) ?? { error_description: text } };
  } catch {
    return { ok: false, status: 0, body: { error_description: 'tollgate does not answer' } };
  }
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const why = (answer) => answer.body.error_description ?? answer.body.error ?? `it answered ${answer.status}`;

// Once per page.
function once(work) {
  let result;
  return () => (result ??= work());
}

const catalogue = once(async () => (await call('GET', 'catalogue')).body.faults ?? []);
