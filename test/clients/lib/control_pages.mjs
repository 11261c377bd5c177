// What is done with the blocks of the pages about the control plane, by their markers.
import assert from 'node:assert/strict';
import { json_of, login, register, token_request } from './oauth.mjs';
import { run_blocks, shipped } from './page_blocks.mjs';
import { control, run, top, unguessable, until } from './tollgate.mjs';

// RUN is any name, as the pages say; behind a proxy one that nobody can guess.
const named = (blocks) => blocks.map((block) => block.replaceAll('/RUN', `/${unguessable}`));

export const control_pages = {
  // Of a realm that somebody has come to.
  async exam(t, blocks) {
    const server = await shipped(t);
    await login(`${server.issuer}/s/exam/${unguessable}`);
    const [printed] = await run_blocks(t, named(blocks), server);
    assert.match(printed, /"stations":\[\{"name":"refresh"/);
    assert.match(printed, /\| not\\_reached \| SHOULD \| exam\.refresh/);
  },

  async faults(t, blocks) {
    const [printed] = await run_blocks(t, blocks, await shipped(t));
    assert.match(printed, /"name":"token\.unavailable","trigger":\{"next":2\}/);
    assert.match(printed, /\{"removed":1,"unfired":\[.*\]\}\s*$/);
  },

  // The client of the page: it may try again after a 503.
  async 'second-refresh'(t, blocks) {
    const server = await shipped(t);
    const { client_id, refresh_token } = await login(server.issuer);
    await run_blocks(t, blocks, server);
    const refresh = (token) => token_request(server.issuer, { grant_type: 'refresh_token', client_id, refresh_token: token });
    const first = await json_of(await refresh(refresh_token));
    const second = await refresh(first.refresh_token);
    assert.equal(second.status, 503);
    assert.match(second.headers.get('retry-after'), /^\d+$/);
    const third = await json_of(await refresh(first.refresh_token));
    assert.notEqual(third.refresh_token, first.refresh_token);
  },

  async 'rotated-and-lost'(t, blocks) {
    const server = await shipped(t);
    const { client_id, refresh_token } = await login(server.issuer);
    await run_blocks(t, blocks, server, { env: { CLIENT: client_id } });
    const refresh = (token) => token_request(server.issuer, { grant_type: 'refresh_token', client_id, refresh_token: token });
    // Another client is none of its business.
    const other = await login(server.issuer);
    for (let i = 0; i < 2; ++i) {
      const again = await token_request(server.issuer, { grant_type: 'refresh_token', client_id: other.client_id, refresh_token: other.refresh_token });
      other.refresh_token = (await json_of(again)).refresh_token;
    }
    const first = await json_of(await refresh(refresh_token));
    const second = await refresh(first.refresh_token);
    assert.equal(second.status, 503);
    assert.equal(second.headers.get('retry-after'), '1');
    // The server has rotated: what the client still has is used up, and never 503 again.
    const third = await refresh(first.refresh_token);
    assert.equal(third.status, 400);
    assert.equal((await third.json()).error, 'invalid_grant');
  },

  async 'two-refreshes'(t, blocks) {
    const server = await shipped(t);
    const { client_id, refresh_token } = await login(server.issuer);
    const [printed] = await run_blocks(t, blocks, server);
    const { id } = JSON.parse(printed);
    const gate = async () => (await fetch(`${server.issuer}/control/gates/${id}`)).json();
    const refresh = () => token_request(server.issuer, { grant_type: 'refresh_token', client_id, refresh_token });
    let answered = false;
    const first = refresh().finally(() => (answered = true));
    await until(async () => (await gate()).held === 1);
    assert.ok(!answered, 'it is held');
    const both = await Promise.all([first, refresh()]);
    // The same token twice, at the same moment: RFC 9700 §4.14.2 wants one of them to be refused.
    assert.deepEqual(both.map(({ status }) => status).sort(), [200, 400]);
  },

  async 'until-refreshed'(t, blocks) {
    const server = await shipped(t);
    const { client_id, refresh_token } = await login(server.issuer);
    const waiting = run_blocks(t, blocks, server, { env: { CLIENT: client_id } });
    await json_of(await token_request(server.issuer, { grant_type: 'refresh_token', client_id, refresh_token }));
    const [printed] = await waiting;
    const { events } = JSON.parse(printed);
    assert.deepEqual(events.map(({ type, outcome }) => [type, outcome]), [['refresh', 'ok']]);
    assert.equal(events[0].client_id, client_id);
  },

  // curl speaks to listeners of the realm's own, whose ports the answers name.
  async 'connection-faults'(t, blocks) {
    const [printed] = await run_blocks(t, blocks, await shipped(t));
    const [realm, expired, refused, gone] = printed.trim().split(/(?<=\})(?=\{"(?:id|removed))/).map((text) => JSON.parse(text));
    assert.equal(realm.isolation, 'port');
    assert.equal(expired.acts_at.issuer, realm.issuer.replace('http:', 'https:'));
    assert.match(expired.ca, /^-----BEGIN CERTIFICATE-----/);
    assert.deepEqual(refused.acts_at, { issuer: realm.issuer });
    assert.equal(gone.removed, 2);
  },

  async 'look-and-take-back'(t, blocks) {
    const server = await shipped(t);
    await control(server.issuer, 'faults', { name: 'token.unavailable' });
    const [printed] = await run_blocks(t, blocks, server);
    assert.match(printed, /"matched":0,"fired":0/);
    assert.match(printed, /\{"removed":1,"unfired":\[.*\]\}\s*$/);
  },

  async persona(t, blocks) {
    const [printed] = await run_blocks(t, named(blocks), await shipped(t));
    assert.match(printed, /"name":"persona\.github"/);
    assert.match(printed, /\{"error":"insufficient_scope","error_description":"Policy 'Trusted Hosts' [^}]*\}\s*$/);
  },

  async gate(t, blocks) {
    const [printed] = await run_blocks(t, blocks, await shipped(t));
    assert.match(printed, /"count":2,"timeout":"30s"/);
    assert.match(printed, /\{"released":0\}/);
  },

  async journal(t, blocks) {
    const server = await shipped(t);
    const { access_token } = await login(server.issuer);
    const [printed] = await run_blocks(t, blocks, server);
    assert.match(printed, /"endpoint":"register"/);
    assert.match(printed, /C->>AS: POST \/token authorization_code/);
    assert.ok(!printed.includes(access_token));
  },

  async 'journal-wait'(t, blocks) {
    const server = await shipped(t);
    const { client_id, refresh_token } = await login(server.issuer);
    const waiting = run_blocks(t, blocks, server);
    await token_request(server.issuer, { grant_type: 'refresh_token', client_id, refresh_token });
    const [printed] = await waiting;
    assert.match(printed, /"type":"refresh"/);
  },

  async realms(t, blocks) {
    const [printed] = await run_blocks(t, blocks, await shipped(t));
    assert.match(printed, /"name":"alpha","issuer":"http:\/\/localhost:\d+\/r\/alpha"/);
    assert.match(printed, /"realm":"alpha"/);
  },

  async clock(t, blocks) {
    const server = await shipped(t);
    const { client_id, access_token, refresh_token } = await login(server.issuer);
    const called = (token) => fetch(`${server.issuer}/anything`, { headers: { authorization: `Bearer ${token}` } });
    assert.equal((await called(access_token)).status, 200);
    const [printed] = await run_blocks(t, blocks, server);
    assert.equal(JSON.parse(printed).offset_seconds, 8 * 3600);
    assert.equal((await called(access_token)).status, 401);
    const later = await json_of(await token_request(server.issuer, { grant_type: 'refresh_token', client_id, refresh_token }));
    assert.equal((await called(later.access_token)).status, 200);
  },

  async snapshot(t, blocks) {
    const server = await shipped(t);
    const { access_token } = await login(server.issuer);
    const [printed] = await run_blocks(t, blocks, server);
    assert.match(printed, /^\{"id":"s1"\}\{"accessTokens":0\}\{"snapshots":\[\{"id":"s1","taken":"[^"]*"\}\]\}\s*$/);
    const answer = await fetch(`${server.issuer}/anything`, { headers: { authorization: `Bearer ${access_token}` } });
    assert.equal(answer.status, 200);
  },

  async fork(t, blocks) {
    const server = await shipped(t);
    const { client_id, refresh_token } = await login(server.issuer);
    const [printed] = await run_blocks(t, blocks, server);
    const { realms } = JSON.parse(printed);
    assert.equal(realms.length, 10);
    for (const { issuer } of realms) {
      const answer = await token_request(issuer, { grant_type: 'refresh_token', client_id, refresh_token });
      assert.equal(answer.status, 200, issuer);
    }
  },

  // In a folder like the top of the tree, where scripts/run would not return.
  async policy(t, blocks) {
    const [printed] = await run_blocks(t, blocks, await shipped(t));
    const [changed, told, back] = printed.trim().split(/(?<=\})(?=\{)/).map((text) => JSON.parse(text));
    assert.equal(changed['tokens.access_ttl'], '5s');
    assert.equal(told['tokens.refresh_reuse'], 'grace:10s');
    assert.equal(back['tokens.access_ttl'], '1h');
    assert.equal(back['tokens.refresh_reuse'], 'grace:10s');
  },
};
