// The client's side of OAuth: by hand, and as the providers that the SDKs ask for.
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { get } from 'node:http';

const redirect_uri = 'http://localhost:8765/callback';

// Follows the authorize URL as a browser that approves automatically does: one redirect back.
export async function visit(authorize_url) {
  const answer = await fetch(authorize_url, { redirect: 'manual' });
  assert.equal(answer.status, 302, `${authorize_url} answered ${answer.status}: ${await answer.text()}`);
  return new URL(answer.headers.get('location'));
}

// A port may be one that browsers, and fetch, open for nobody (findings/mcp-remote-port-no-browser-opens.sh): that a client
// has chosen it is no matter of the test.
const without_port_list = (url) =>
  new Promise((done, fail) => {
    const asked = get(url, (answer) => answer.resume().on('end', () => done({ status: answer.statusCode })));
    asked.on('error', fail);
  });

// What a browser shows in the end. Some clients listen for the callback only after they have opened
// the browser, which is slower than this.
export async function browse(authorize_url) {
  const callback = await visit(authorize_url);
  for (let attempt = 1; ; ++attempt) {
    try {
      return await fetch(callback);
    } catch (error) {
      if (error.cause?.message === 'bad port') return await without_port_list(callback);
      if (attempt === 100) throw error;
      await new Promise((done) => setTimeout(done, 100));
    }
  }
}

export async function json_of(answer) {
  const text = await answer.text();
  assert.ok(answer.ok, `${answer.url} answered ${answer.status}: ${text}`);
  return JSON.parse(text);
}

export async function register(issuer, metadata = {}) {
  const answer = await fetch(`${issuer}/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      client_name: 'by hand',
      redirect_uris: [redirect_uri],
      grant_types: ['authorization_code', 'refresh_token'],
      token_endpoint_auth_method: 'none',
      ...metadata,
    }),
  });
  return json_of(answer);
}

// The URL that a client opens in a browser, and the verifier that belongs to it.
export function authorize_url(issuer, client_id, parameters = {}) {
  const verifier = randomBytes(32).toString('base64url');
  const url = new URL(`${issuer}/authorize`);
  url.search = new URLSearchParams({
    response_type: 'code',
    client_id,
    redirect_uri,
    state: 'state-1',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    ...parameters,
  });
  return { verifier, url };
}

// One authorize request and where it came back to.
export async function authorize(issuer, client_id, parameters = {}) {
  const { verifier, url } = authorize_url(issuer, client_id, parameters);
  const callback = await visit(url);
  return { verifier, callback };
}

export function token_request(issuer, parameters) {
  return fetch(`${issuer}/token`, { method: 'POST', body: new URLSearchParams(parameters) });
}

// Registration and the code flow: { client_id, access_token, refresh_token, … }.
export async function login(issuer, parameters = {}) {
  const { client_id } = await register(issuer);
  const { verifier, callback } = await authorize(issuer, client_id, parameters);
  const answer = await token_request(issuer, {
    grant_type: 'authorization_code',
    client_id,
    code: callback.searchParams.get('code'),
    code_verifier: verifier,
    redirect_uri,
  });
  return { client_id, ...(await json_of(answer)) };
}

// The OAuthClientProvider of both SDKs: remembers everything in members, knows nothing at first.
export class memory_provider {
  #client;
  #tokens;
  #verifier;
  #discovery;
  #metadata;
  callback; // where the authorization came back to
  authorizations = 0;

  // `metadata` is registered besides what every client here has.
  constructor(metadata = {}) {
    this.#metadata = metadata;
  }

  get redirectUrl() {
    return redirect_uri;
  }
  get clientMetadata() {
    return {
      client_name: 'client test',
      redirect_uris: [redirect_uri],
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      token_endpoint_auth_method: 'none',
      ...this.#metadata,
    };
  }
  state() {
    return 'state-of-the-sdk';
  }
  clientInformation() {
    return this.#client;
  }
  saveClientInformation(client) {
    this.#client = client;
  }
  tokens() {
    return this.#tokens;
  }
  saveTokens(tokens) {
    this.#tokens = tokens;
  }
  saveCodeVerifier(verifier) {
    this.#verifier = verifier;
  }
  codeVerifier() {
    return this.#verifier;
  }
  discoveryState() {
    return this.#discovery;
  }
  saveDiscoveryState(state) {
    this.#discovery = state;
  }
  // Called by the SDKs when the server has refused what is kept here.
  invalidateCredentials(which) {
    if (['all', 'client'].includes(which)) this.#client = undefined;
    if (['all', 'tokens'].includes(which)) this.#tokens = undefined;
    if (['all', 'verifier'].includes(which)) this.#verifier = undefined;
    if (['all', 'discovery'].includes(which)) this.#discovery = undefined;
  }
  async redirectToAuthorization(url) {
    this.authorizations += 1;
    // Two logins may be under way at once: a callback goes with the verifier of its own.
    const verifier = this.#verifier;
    const callback = await visit(url);
    assert.equal(callback.searchParams.get('state'), this.state());
    this.callback = callback;
    this.#verifier = verifier;
  }
}
