// People and programs who use a server that is killed again and again, and remember what they were told.
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';

import { authorize_url } from './oauth.mjs';

const callback = 'http://localhost:6274/oauth/callback';

// What a request was cut in: nobody knows whether it was done.
export const cut = Symbol('cut');

// Answers of the server, or `cut`. An error of the server's own is a failure of the test.
async function ask(url, options = {}) {
  try {
    const answer = await fetch(url, { redirect: 'manual', ...options });
    const body = await answer.text();
    assert.ok(answer.status < 500, `${url} answered ${answer.status}: ${body}`);
    const json = answer.headers.get('content-type')?.startsWith('application/json');
    return { status: answer.status, location: answer.headers.get('location'), body: json ? JSON.parse(body) : body };
  } catch (error) {
    if (error instanceof assert.AssertionError) throw error;
    return cut;
  }
}

const form = (fields) => ({ method: 'POST', body: new URLSearchParams(fields) });

// One client with one login at a time.
export class Person {
  constructor(issuer) {
    this.issuer = issuer;
    this.acknowledged = 0;
    this.revoked = []; // refresh tokens of logins that are over, and known to be
  }

  async register() {
    const answer = await ask(`${this.issuer}/register`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        redirect_uris: [callback],
        token_endpoint_auth_method: 'none',
        grant_types: ['authorization_code', 'refresh_token'],
      }),
    });
    assert.equal(answer.status, 201);
    this.client = answer.body.client_id;
  }

  token(fields) {
    return ask(`${this.issuer}/token`, form({ client_id: this.client, ...fields }));
  }
  access_status() {
    return ask(`${this.issuer}/anything`, { headers: { authorization: `Bearer ${this.login.access}` } });
  }

  took(answer) {
    this.acknowledged++;
    this.login.access = answer.body.access_token;
    this.login.refresh = answer.body.refresh_token;
  }

  async log_in() {
    this.login = undefined;
    const { url, verifier } = authorize_url(this.issuer, this.client, { redirect_uri: callback });
    const sent = await ask(url);
    if (sent === cut) return;
    const code = new URL(sent.location).searchParams.get('code');
    assert.ok(code, sent.location);
    const redeem = { grant_type: 'authorization_code', code, redirect_uri: callback, code_verifier: verifier };
    const answer = await this.token(redeem);
    if (answer === cut) return;
    assert.equal(answer.status, 200, JSON.stringify(answer.body));
    this.login = { redeem, used: [], uncertain: false };
    this.took(answer);
  }

  async refresh() {
    const before = this.login.refresh;
    this.login.uncertain = true;
    const answer = await this.token({ grant_type: 'refresh_token', refresh_token: before });
    if (answer === cut) return;
    this.login.uncertain = false;
    assert.equal(answer.status, 200, `a refresh token that was good is refused: ${JSON.stringify(answer.body)}`);
    this.login.used.push(before);
    this.took(answer);
  }

  async revoke() {
    const { refresh } = this.login;
    const answer = await ask(`${this.issuer}/revoke`, form({ client_id: this.client, token: refresh }));
    // It may be done or not, and nobody is owed anything.
    if (answer !== cut) {
      assert.equal(answer.status, 200);
      this.acknowledged++;
      this.revoked.push(refresh);
    }
    this.login = undefined;
  }

  // Until the server goes.
  async live(server_is_up) {
    while (server_is_up()) {
      if (!this.login) await this.log_in();
      else if (this.login.uncertain) return;
      else if (randomInt(8) === 0) await this.revoke();
      else await this.refresh();
    }
  }

  // After the restart: all that this person was told still holds.
  async check() {
    for (const refresh of this.revoked.splice(0)) await this.is_refused({ grant_type: 'refresh_token', refresh_token: refresh });
    if (!this.login) return;
    if (!this.login.uncertain) assert.equal((await this.access_status()).status, 200, 'an access token is lost');
    const before = this.login.refresh;
    const again = await this.token({ grant_type: 'refresh_token', refresh_token: before });
    if (again.status === 200) {
      this.login.uncertain = false;
      this.login.used.push(before);
      this.took(again);
    } else {
      // It was written down that the token is used, and the answer was lost: then this is a reuse.
      assert.ok(this.login.uncertain, `a refresh token is lost: ${JSON.stringify(again.body)}`);
      this.login = undefined;
    }
  }

  async is_refused(fields) {
    const answer = await this.token(fields);
    assert.equal(answer.status, 400, `something that was used or revoked is good again: ${JSON.stringify(answer.body)}`);
    assert.equal(answer.body.error, 'invalid_grant');
  }

  // Uses something a second time, which ends the login.
  async try_a_reuse() {
    if (!this.login) return;
    const { used, redeem, refresh } = this.login;
    const old = used.length > 0 && randomInt(2) === 0 ? used[randomInt(used.length)] : undefined;
    await this.is_refused(old ? { grant_type: 'refresh_token', refresh_token: old } : redeem);
    await this.is_refused({ grant_type: 'refresh_token', refresh_token: refresh });
    assert.equal((await this.access_status()).status, 401, 'a revoked access token is good');
    this.login = undefined;
  }
}
