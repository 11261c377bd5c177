// A client that refreshes without end at a server whose instances come and go, and remembers what it was told: nothing that was
// acknowledged may be lost, and nothing that was used may be good again.
import assert from 'node:assert/strict';

import { authorize_url } from './oauth.mjs';
import { sleep } from './tollgate.mjs';

const callback = 'http://localhost:6274/oauth/callback';
const form = (fields) => ({ method: 'POST', body: new URLSearchParams(fields) });
// Between two tries of a client that was not answered.
const pause = () => sleep(50);

export class SteadyClient {
  refreshes = 0;
  logins = 0;
  uncertain = 0; // answers that did not come
  longest_gap = 0; // in milliseconds, between two answers that helped
  lost = [];
  twice = [];
  #helped_at = Date.now();

  constructor(issuer) {
    this.issuer = issuer;
  }

  #helped() {
    this.longest_gap = Math.max(this.longest_gap, Date.now() - this.#helped_at);
    this.#helped_at = Date.now();
  }
  // How long it is waiting now.
  waiting() {
    return Date.now() - this.#helped_at;
  }

  // An answer below 500, or nothing: then it may have been done.
  async #ask(url, options = {}) {
    try {
      const answer = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(20_000), ...options });
      const text = await answer.text();
      if (answer.status >= 500) return undefined;
      const json = answer.headers.get('content-type')?.startsWith('application/json');
      return { status: answer.status, location: answer.headers.get('location'), body: json ? JSON.parse(text) : text };
    } catch (error) {
      if (error instanceof assert.AssertionError) throw error;
      return undefined;
    }
  }
  async #until_answered(url, options) {
    for (;;) {
      const answer = await this.#ask(url, options);
      if (answer) return answer;
      await pause();
    }
  }
  #token(fields) {
    return this.#ask(`${this.issuer}/token`, form({ client_id: this.client, ...fields }));
  }

  async register() {
    const answer = await this.#until_answered(`${this.issuer}/register`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        redirect_uris: [callback],
        token_endpoint_auth_method: 'none',
        grant_types: ['authorization_code', 'refresh_token'],
      }),
    });
    assert.equal(answer.status, 201, JSON.stringify(answer.body));
    this.client = answer.body.client_id;
    this.#helped();
  }

  async log_in() {
    this.login = undefined;
    const { url, verifier } = authorize_url(this.issuer, this.client, { redirect_uri: callback });
    const sent = await this.#ask(url);
    if (!sent) return pause();
    const code = sent.location && new URL(sent.location).searchParams.get('code');
    if (!code) {
      this.lost.push(`its registration: ${sent.status} ${JSON.stringify(sent.body)} ${sent.location}`);
      return this.register();
    }
    const redeem = { grant_type: 'authorization_code', code, redirect_uri: callback, code_verifier: verifier };
    const answer = await this.#token(redeem);
    if (!answer) {
      this.uncertain++;
      return pause();
    }
    if (answer.status !== 200) {
      this.lost.push(`a code: ${JSON.stringify(answer.body)}`);
      return pause();
    }
    this.login = { redeem, access: answer.body.access_token, refresh: answer.body.refresh_token, used: [], uncertain: false };
    this.logins++;
    this.#helped();
  }

  async refresh() {
    const { login } = this;
    const answer = await this.#token({ grant_type: 'refresh_token', refresh_token: login.refresh });
    if (!answer) {
      login.uncertain = true;
      this.uncertain++;
      return pause();
    }
    if (answer.status !== 200) {
      // Where an answer was lost its token may be used, and whoever has not heard of the next one has to log in.
      if (!login.uncertain) this.lost.push(`a refresh token: ${JSON.stringify(answer.body)}`);
      this.login = undefined;
      this.#helped();
      return;
    }
    login.uncertain = false;
    login.used.push(login.refresh);
    Object.assign(login, { access: answer.body.access_token, refresh: answer.body.refresh_token });
    this.refreshes++;
    this.#helped();
  }

  // Something that was used, a second time; then a new login.
  async try_a_reuse() {
    const { used, redeem } = this.login;
    const old = used.length > 0 ? { grant_type: 'refresh_token', refresh_token: used[Math.floor(Math.random() * used.length)] } : redeem;
    const answer = await this.#token(old);
    if (answer?.status === 200) this.twice.push(old.grant_type);
    this.login = undefined;
    if (answer) this.#helped();
  }

  async live(going_on) {
    await this.register();
    for (let step = 0; going_on(); step++) {
      if (!this.login) await this.log_in();
      else if (step % 25 === 24 && !this.login.uncertain) await this.try_a_reuse();
      else await this.refresh();
    }
  }
}
