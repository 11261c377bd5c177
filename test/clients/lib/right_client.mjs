// A client that does everything right: MCP by the SDK, OAuth by hand, so that a test can make it do one thing wrong
// (`mistakes`) and read the verdict.
import { createHash, randomBytes } from 'node:crypto';

import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';

import { text_of } from './clients.mjs';

const redirect_uri = 'http://localhost:8765/callback';
const random = () => randomBytes(24).toString('base64url');
const sha256 = (text) => createHash('sha256').update(text).digest('base64url');

const parameter = (challenge, name) => new RegExp(`${name}\\s*=\\s*"([^"]*)"`, 'i').exec(challenge ?? '')?.[1];

// What must not be gone on with.
export class refusal extends Error {}

export class right_client {
  #url;
  #mistakes;
  #metadata; // { resource, server }
  #registered;
  #tokens;
  #scopes = new Set();
  #refreshing;
  #client;
  #transport;
  logins = 0;

  constructor(url, mistakes = {}) {
    this.#url = url;
    this.#mistakes = mistakes;
  }

  async connect() {
    this.#client = new Client({ name: 'right client', version: '1' });
    this.#transport = new StreamableHTTPClientTransport(new URL(this.#url), {
      fetch: (url, init) => this.#fetch(url, init),
      ...(this.#mistakes.gives_up_on_cut && { reconnectionOptions: { maxRetries: 0, initialReconnectionDelay: 1, maxReconnectionDelay: 1, reconnectionDelayGrowFactor: 1 } }),
    });
    await this.#client.connect(this.#transport);
  }

  // A session that is gone is begun anew, once.
  async call(name, args = {}) {
    const once = async () => text_of(await this.#client.callTool({ name, arguments: args }, undefined, { timeout: this.#mistakes.gives_up_on_cut ? 4_000 : 20_000 }));
    try {
      return await once();
    } catch (error) {
      if (!this.#session_is_gone(error)) throw error;
      for (let times = this.#mistakes.begins_twice ? 2 : 1; times > 0; times -= 1) await this.connect();
      return once();
    }
  }

  close = () => this.#client?.close();
  // A restart: what was stored is there, the session is not.
  async restart() {
    await this.close();
    await this.connect();
  }

  #session_is_gone(error) {
    if (this.#mistakes.keeps_dead_session) return false;
    return /session not found/i.test(error.message);
  }

  async #fetch(url, init = {}) {
    const send = () => {
      const headers = new Headers(init.headers);
      if (this.#tokens && !(this.#mistakes.forgets_token && init.method === 'POST' && this.#sent++ > 2))
        headers.set('authorization', `Bearer ${this.#tokens.access_token}`);
      return fetch(url, { ...init, headers });
    };
    for (let attempt = 0; ; attempt += 1) {
      const used = this.#tokens;
      const answer = await send();
      const challenge = answer.headers.get('www-authenticate');
      if (attempt === 3) return answer;
      if (answer.status === 401) {
        if (this.#mistakes.ignores_challenge) return answer;
        if (this.#tokens === used && !(await this.#renew(challenge))) return answer;
        if (used && this.#mistakes.stops_after_renewal) throw new refusal('has what it wanted');
      } else if (answer.status === 403 && parameter(challenge, 'error') === 'insufficient_scope') {
        if (this.#mistakes.ignores_step_up) return answer;
        if (attempt > 0 && !this.#mistakes.steps_up_again) return answer; // asked for more, in vain
        await this.#login(challenge, parameter(challenge, 'scope'));
      } else {
        return answer;
      }
      await answer.body?.cancel();
    }
  }
  #sent = 0;

  // False: not now; the tokens are kept.
  async #renew(challenge) {
    // A stream and a call may be refused at the same time: one login for both, so that neither takes the other's client_id.
    if (!this.#tokens?.refresh_token || this.#mistakes.never_refreshes)
      return (this.#refreshing ??= this.#login(challenge).finally(() => (this.#refreshing = undefined)));
    if (this.#mistakes.stampedes) return this.#refresh(challenge);
    this.#refreshing ??= this.#refresh(challenge).finally(() => (this.#refreshing = undefined));
    return this.#refreshing;
  }

  async #refresh(challenge) {
    const form = {
      grant_type: 'refresh_token',
      refresh_token: this.#mistakes.uses_first_refresh_token ? (this.#first ??= this.#tokens.refresh_token) : this.#tokens.refresh_token,
      resource: this.#metadata.resource,
    };
    if (this.#mistakes.changes_refresh_token && (this.#refreshes += 1) > 1) form.refresh_token += this.#refreshes;
    let answer;
    try {
      answer = await this.#token(form);
    } catch {
      // The answer was lost: the same once more.
      answer = await this.#token(form).catch(() => undefined);
    }
    if (answer?.ok) {
      this.#keep(await answer.json());
      return true;
    }
    const error = answer && (await answer.json().catch(() => ({}))).error;
    const dead = error === 'invalid_grant' || error === 'invalid_client' || error === 'unauthorized_client';
    if (!dead && !this.#mistakes.logs_in_after_outage) return false;
    if (this.#mistakes.keeps_dead_credentials) return false;
    if (error !== 'invalid_grant') this.#registered = undefined;
    return this.#login(challenge);
  }
  #first;
  #refreshes = 0;

  #keep(tokens) {
    this.#tokens = { ...this.#tokens, ...tokens };
    this.#secrets.push(tokens.access_token, ...(tokens.refresh_token ? [tokens.refresh_token] : []));
    for (const scope of (tokens.scope ?? '').split(' ').filter(Boolean)) this.#scopes.add(scope);
  }

  #secrets = [];
  // Every token that it ever got.
  secrets = () => this.#secrets;

  #token(form) {
    const body = new URLSearchParams({ client_id: this.#registered.client_id, ...form });
    const extra = this.#mistakes.two_methods ? { authorization: `Basic ${btoa(`${this.#registered.client_id}:secret`)}` } : {};
    if (this.#mistakes.two_methods) body.set('client_secret', 'secret');
    return fetch(this.#metadata.server.token_endpoint, { method: 'POST', body, headers: extra, redirect: 'manual' });
  }

  async #discover(challenge) {
    const json = async (url) => {
      const answer = await fetch(url, { headers: this.#mistakes.token_everywhere ? { authorization: `Bearer ${this.#tokens?.access_token}` } : {} });
      return answer.ok ? answer.json() : undefined;
    };
    const named = parameter(challenge, 'resource_metadata');
    const { origin, pathname } = new URL(this.#url);
    const resource = await json(named ? new URL(named, this.#url) : `${origin}/.well-known/oauth-protected-resource${pathname}`);
    if (!resource || new URL(resource.resource).origin !== origin) throw new refusal('the metadata are about another resource');
    const issuer = new URL(resource.authorization_servers[0]);
    const path = issuer.pathname === '/' ? '' : issuer.pathname.replace(/\/$/, '');
    const server = await json(`${issuer.origin}/.well-known/oauth-authorization-server${path}`);
    if (!server) throw new refusal('no metadata of the authorization server');
    if (!server.code_challenge_methods_supported?.includes('S256') && !this.#mistakes.trusts_without_pkce)
      throw new refusal('the server does not say that it knows PKCE');
    if (!/^https?:/.test(server.authorization_endpoint)) {
      if (!this.#mistakes.guesses_endpoints) throw new refusal('the authorization endpoint is no web page');
      server.authorization_endpoint = `${server.issuer}/authorize`;
    }
    this.#metadata = { resource: resource.resource, scopes: resource.scopes_supported, server };
  }

  async #register() {
    if (this.#registered && !this.#mistakes.registers_each_time) return;
    const post = () =>
      fetch(this.#metadata.server.registration_endpoint, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          client_name: 'right client',
          redirect_uris: [redirect_uri],
          grant_types: ['authorization_code', 'refresh_token'],
          response_types: ['code'],
          token_endpoint_auth_method: 'none',
          application_type: 'native',
        }),
      });
    if (this.#mistakes.registers_twice) await post();
    const answer = await post();
    if (!answer.ok) throw new refusal(`registration answered ${answer.status}`);
    this.#registered = await answer.json();
  }

  // All scopes together: those that it has, and those that are asked for.
  async #login(challenge, more = parameter(challenge, 'scope'), again = true) {
    const before = this.#metadata?.server.issuer;
    if (!before || !this.#mistakes.keeps_authorization_server) await this.#discover(challenge);
    // Another authorization server knows nothing of what this one gave.
    if (before && this.#metadata.server.issuer !== before && !this.#mistakes.keeps_client_id) this.#registered = undefined;
    await this.#register();
    const verifier = this.#mistakes.same_verifier ? 'v'.repeat(43) : random() + random();
    const state = this.#mistakes.same_state ? 'the same each time' : random();
    for (const scope of (more ?? '').split(' ').filter(Boolean)) this.#scopes.add(scope);
    const url = new URL(this.#metadata.server.authorization_endpoint);
    const asked = {
      response_type: 'code',
      client_id: this.#registered.client_id,
      redirect_uri: this.#mistakes.another_redirect ? `${redirect_uri}/elsewhere` : redirect_uri,
      state,
      code_challenge: this.#mistakes.plain_pkce ? verifier : sha256(verifier),
      code_challenge_method: this.#mistakes.plain_pkce ? 'plain' : 'S256',
      resource: this.#metadata.resource,
      scope: this.#mistakes.forgets_scopes ? (more ?? '').split(' ').at(-1) : [...this.#scopes].join(' '),
    };
    if (this.#mistakes.no_resource) delete asked.resource;
    if (asked.scope === '') delete asked.scope;
    for (const [name, value] of Object.entries(asked)) url.searchParams.set(name, value);
    this.logins += 1;
    if (this.#mistakes.asks_twice) await (await fetch(url, { redirect: 'manual' })).body?.cancel();
    const page = await fetch(url, { redirect: 'manual' });
    const location = page.headers.get('location') ?? (this.#mistakes.goes_on_without_code ? redirect_uri : undefined);
    await page.body?.cancel();
    if (!location) throw new refusal('the login leads nowhere');
    const back = new URL(location).searchParams;
    if (!this.#mistakes.goes_on_without_code) {
      if (back.get('state') !== state && !this.#mistakes.ignores_state) throw new refusal('another state came back');
      if (back.get('error')) throw new refusal(back.get('error'));
    }
    const form = { grant_type: 'authorization_code', code: back.get('code'), code_verifier: verifier, redirect_uri };
    if (!this.#mistakes.no_resource) form.resource = this.#metadata.resource;
    for (let more_times = this.#mistakes.repeats_token ? 3 : 0; more_times > 0; more_times -= 1) await (await this.#token(form)).body?.cancel();
    const answer = await this.#token(form);
    if (answer.ok) {
      this.#keep(await answer.json());
      return true;
    }
    const { error } = await answer.json().catch(() => ({}));
    if (error !== 'invalid_client' || !again) throw new refusal(`no token: ${error ?? answer.status}`);
    this.#registered = undefined;
    return this.#login(challenge, more, false);
  }
}
