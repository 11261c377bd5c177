// Authorization of a client of the official scenarios, with mistakes on demand: what it does when it is challenged, and
// what it puts into its requests.
import { createHash, randomBytes } from 'node:crypto';

import { find_resource, find_server, old_server, parameter, refusal } from './discovery.mjs';
import { grant_of } from './grants.mjs';
import { proofs } from './keys.mjs';

const redirect_uri = 'http://localhost:8765/callback';
const document_id = 'https://conformance-test.local/client-metadata.json';
const random = () => randomBytes(24).toString('base64url');
const sha256 = (text) => createHash('sha256').update(text).digest('base64url');
const words = (text) => (text ?? '').split(' ').filter(Boolean);

export class authorization {
  #tokens;
  #clients = new Map(); // by issuer
  #scopes = [];
  #asked = 0; // logins because of a scope
  #logins = 0; // because there was no token, or a bad one
  #nonces = {};
  #proofs;

  constructor(url, { scenario, context, mistakes }) {
    Object.assign(this, { url, scenario, context, mistakes });
    this.#proofs = new proofs(mistakes);
  }

  headers(method, url) {
    if (!this.#tokens) return {};
    const { access_token, token_type } = this.#tokens;
    if (token_type.toLowerCase() !== 'dpop') return { authorization: `Bearer ${access_token}` };
    const scheme = this.mistakes.bearer_scheme ? 'Bearer' : 'DPoP';
    const proof = this.#proofs.for(method, url, { token: access_token, nonce: this.#nonces.resource });
    return { authorization: `${scheme} ${access_token}`, ...(this.mistakes.no_proof_at_resource ? {} : { dpop: proof }) };
  }

  // True: the request should be sent again.
  async met(answer) {
    const challenge = answer.headers.get('www-authenticate');
    const nonce = answer.headers.get('dpop-nonce');
    if (nonce && answer.status === 401 && this.#tokens && !this.mistakes.ignores_resource_nonce) {
      if (this.#nonces.resource === nonce) return false;
      this.#nonces.resource = nonce;
      return true;
    }
    if (answer.status === 401) {
      // Whom no login helps gives up.
      this.#logins += 1;
      if (this.mistakes.ignores_401 || this.#logins > 4) return false;
      return this.#login(challenge);
    }
    if (answer.status !== 403 || parameter(challenge, 'error') !== 'insufficient_scope') return false;
    if (this.mistakes.ignores_403) return false;
    this.#asked += 1;
    if (this.#asked > (this.mistakes.no_retry_limit ? 6 : 2)) return false;
    return this.#login(challenge);
  }

  async #login(challenge) {
    const { url, mistakes } = this;
    const resource = await find_resource(url, challenge, mistakes);
    const server = resource ? await find_server(resource.authorization_servers[0], mistakes) : await old_server(url, mistakes);
    const grant = grant_of(this.scenario);
    if (grant) {
      this.#tokens = await grant({ server, context: this.context, mistakes, resource: resource?.resource });
      return true;
    }
    if (server.code_challenge_methods_supported && !server.code_challenge_methods_supported.includes('S256'))
      throw new refusal('the server does not know S256');
    const client = await this.#client(server);
    this.#scopes = this.#scopes_for(challenge, resource, server);
    const { code, verifier } = await this.#code(server, client, resource);
    this.#tokens = await this.#redeem(server, client, resource, code, verifier);
    return true;
  }

  #scopes_for(challenge, resource, server) {
    const { mistakes } = this;
    if (mistakes.asks_for_nothing) return [];
    if (mistakes.asks_for_profile) return ['profile'];
    const named = parameter(challenge, 'scope');
    let wanted = words(named);
    if (named === undefined) wanted = resource?.scopes_supported ?? [];
    if (mistakes.first_scope_only) wanted = wanted.slice(0, 1);
    if (!mistakes.forgets_scopes) wanted = [...this.#scopes, ...wanted];
    const offline = server.scopes_supported?.includes('offline_access');
    if (mistakes.always_offline || (offline && this.scenario === 'auth/offline-access-scope')) wanted = [...wanted, 'offline_access'];
    return [...new Set(wanted)];
  }

  async #client(server) {
    const { context, mistakes } = this;
    if (mistakes.reuses_client && this.#clients.size > 0) return [...this.#clients.values()][0];
    const known = this.#clients.get(server.issuer);
    if (known) return known;
    let made;
    if (context.client_id && !mistakes.ignores_context)
      made = { ...context, ...(mistakes.wrong_secret && { client_secret: 'not the secret' }) };
    else if (server.client_id_metadata_document_supported && !mistakes.no_document) made = { client_id: document_id };
    else made = await this.#register(server);
    this.#clients.set(server.issuer, made);
    return made;
  }

  async #register(server) {
    const { mistakes } = this;
    if (!server.registration_endpoint) throw new refusal('there is no registration, and no client is known');
    const metadata = {
      client_name: 'client of the official scenarios',
      redirect_uris: [redirect_uri],
      grant_types: mistakes.no_refresh_grant ? ['authorization_code'] : ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      token_endpoint_auth_method: server.token_endpoint_auth_methods_supported?.[0] ?? 'none',
      application_type: 'native',
    };
    if (mistakes.no_application_type) delete metadata.application_type;
    const answer = await fetch(server.registration_endpoint, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(metadata),
    });
    if (!answer.ok) throw new refusal(`registration answered ${answer.status}`);
    return answer.json();
  }

  async #code(server, client, resource) {
    const { mistakes } = this;
    const verifier = random() + random();
    const state = random();
    const asked = {
      response_type: 'code',
      client_id: client.client_id,
      redirect_uri,
      state,
      ...(mistakes.no_pkce ? {} : { code_challenge: mistakes.plain_pkce ? verifier : sha256(verifier) }),
      ...(mistakes.no_pkce ? {} : { code_challenge_method: mistakes.plain_pkce ? 'plain' : 'S256' }),
      ...(resource && !mistakes.no_resource && { resource: resource.resource + (mistakes.fragment ? '#part' : '') }),
      ...(this.#scopes.length > 0 && { scope: this.#scopes.join(' ') }),
    };
    const page = await fetch(`${server.authorization_endpoint}?${new URLSearchParams(asked)}`, { redirect: 'manual' });
    const location = page.headers.get('location');
    await page.body?.cancel();
    if (!location) throw new refusal(`the login answered ${page.status}`);
    const back = new URL(location).searchParams;
    if (back.get('state') !== state) throw new refusal('another state came back');
    if (back.get('error')) throw new refusal(back.get('error'));
    this.#check_issuer(server, back.get('iss'));
    return { code: back.get('code'), verifier: mistakes.wrong_verifier ? random() + random() : verifier };
  }

  // RFC 9207 section 2.4.
  #check_issuer(server, iss) {
    const { mistakes } = this;
    if (mistakes.ignores_iss) return;
    if (iss === null) {
      if (server.authorization_response_iss_parameter_supported && !mistakes.trusts_missing_iss) throw new refusal('the issuer is missing');
      return;
    }
    const same = mistakes.normalizes_iss ? new URL(iss).href === new URL(server.issuer).href.replace(/([^/])$/, '$1') || iss === `${server.issuer}/` : iss === server.issuer;
    if ((!same && !(mistakes.normalizes_iss && iss === server.issuer)) || mistakes.refuses_every_iss) throw new refusal('another issuer answered');
  }

  async #redeem(server, client, resource, code, verifier) {
    const { mistakes } = this;
    const form = {
      grant_type: 'authorization_code',
      code,
      redirect_uri,
      ...(mistakes.no_verifier || mistakes.no_pkce ? {} : { code_verifier: verifier }),
      ...(resource && !mistakes.no_resource && !mistakes.no_resource_at_token && { resource: mistakes.another_resource ? new URL(resource.resource).origin : resource.resource }),
    };
    const headers = {};
    const method = mistakes.auth_method ?? client.token_endpoint_auth_method ?? (client.client_secret && server.token_endpoint_auth_methods_supported?.includes('client_secret_basic') ? 'client_secret_basic' : 'none');
    const secret = client.client_secret ?? 'no-secret';
    if (method === 'client_secret_basic') headers.authorization = `Basic ${btoa(`${client.client_id}:${secret}`)}`;
    else form.client_id = client.client_id;
    if (method === 'client_secret_post') form.client_secret = secret;
    return this.#token(server, form, headers);
  }

  async #token(server, form, headers, again = true) {
    const { mistakes } = this;
    const bound = server.dpop_signing_alg_values_supported && this.scenario.startsWith('auth/dpop') && !mistakes.no_proof_at_token;
    const proof = bound ? { dpop: this.#proofs.for('POST', server.token_endpoint, { nonce: this.#nonces.server }) } : {};
    const answer = await fetch(server.token_endpoint, { method: 'POST', body: new URLSearchParams(form), headers: { ...headers, ...proof } });
    const body = await answer.json();
    if (answer.ok) return body;
    if (body.error === 'use_dpop_nonce' && again && !mistakes.ignores_server_nonce) {
      this.#nonces.server = answer.headers.get('dpop-nonce');
      return this.#token(server, form, headers, false);
    }
    throw new refusal(`no token: ${body.error}`);
  }
}
