// The rows of docs/clients.md: what goes wrong, and how a realm is brought to do it. No row is a matter of security.
import { outlive } from '../lib/tollgate.mjs';

const refreshing = { grant_type: 'refresh_token' };
const calling = { mcp_method: 'tools/call' };
const once = { next: 1 };

// The access token dies, so that there is something to refresh, and the refresh is then treated so.
const at_refresh = (...faults) => async (realm) => {
  for (const fault of faults) await realm.fault(fault);
  await realm.control('revoke-access');
};

const answer = (status, headers, body) => ({ answer: { status, headers: { 'Cache-Control': 'no-store', ...headers }, body } });
const refused_once = (status, body) => ({ select: { endpoint: 'token', ...refreshing }, trigger: once, effects: [answer(status, {}, body)] });

// The server has forgotten all its sessions, as after a restart. tollgate says so with 404 and a JSON-RPC error;
// `told` makes of it what another server says.
const session_over = (told) => async (realm) => {
  await realm.end_sessions();
  if (told) await realm.fault(told);
};
const in_a_session = { endpoint: 'mcp', header: { 'mcp-session-id': true } };
const instead = (status, headers, body) => ({
  select: in_a_session,
  effects: [{ answer: { ...answer(status, headers, body).answer, when: 'replace', only: 'error' } }],
});

// An access token that lives for a few seconds, and is dead when the call is made.
const short_lived = (seconds) => ({ 'tokens.access_ttl': `${seconds}s` });
const expired = async (realm, seconds) => {
  await realm.policy({ 'tokens.access_ttl': null });
  await realm.forget_faults();
  await outlive(seconds);
};

// Members of a row:
//   name     for the command line and the names of realms
//   title    the head of its column; `about` says what happens
//   alive    whether the login that the client has is still good for a new access token
//   before   (realm, seconds): what is done before the client is started; policy(seconds): what its realm is made with
//   after    (realm, seconds): what is done when it has logged in and called a tool
//   expires  whether the client is told how short the token lives: then longer than it thinks ahead
//   sessions whether only a server of 2025 can show it: the revision 2026-07-28 has no sessions and resumes no stream
//   ends_sessions whether it is about the session that a client has: some have one for each call
//   meets    which word of the reading tells that the client met it, where no fault is there to count that
//   call     what is called then, instead of `echo`
const token = [
  {
    name: '401-once', title: '401, once', alive: true,
    about: 'one tool call is refused with 401 although its token is good',
    after: (realm) => realm.fault({ name: 'rs.401_on_tools_call', trigger: once }),
  },
  {
    name: 'revoked', title: 'revoked', alive: true, meets: 'refused',
    about: 'the access token is revoked; the refresh token is good',
    after: (realm) => realm.control('revoke-access'),
  },
  {
    name: 'expired-early', title: 'expired early', alive: true, meets: 'refused', policy: short_lived,
    about: 'the access token was said to live an hour and is dead after some seconds',
    before: (realm) => realm.fault({ name: 'token.expires_lies_long' }),
    after: expired,
  },
  {
    name: 'expired', title: 'expired as said', alive: true, expires: true, meets: 'refreshed', policy: short_lived,
    about: 'the access token has expired when `expires_in` said that it would',
    after: expired,
  },
];

const refresh = [
  {
    name: '503-retry-after', title: '503, Retry-After', alive: true,
    about: 'the refresh is answered once with 503 and `Retry-After: 2`',
    after: at_refresh({ name: 'token.unavailable', params: { retry_after: 2 }, select: refreshing, trigger: once }),
  },
  {
    name: '503', title: '503', alive: true,
    about: 'once with 503 alone',
    after: at_refresh(refused_once(503, 'Service Unavailable\n')),
  },
  {
    name: '429-retry-after', title: '429, Retry-After', alive: true,
    about: 'once with 429 and `Retry-After: 2`',
    after: at_refresh({ name: 'refresh.429', params: { retry_after: 2 }, trigger: once }),
  },
  {
    name: '429', title: '429', alive: true,
    about: 'once with 429 alone',
    after: at_refresh(refused_once(429, 'Too Many Requests\n')),
  },
  {
    name: 'html-403', title: 'HTML 403', alive: true,
    about: "once with 403 and a firewall's page",
    after: at_refresh({ name: 'refresh.html_403', trigger: once }),
  },
  {
    name: 'refresh-reset', title: 'connection reset', alive: true,
    about: 'the connection is reset once before the refresh is done',
    after: at_refresh({ name: 'refresh.reset', trigger: once }),
  },
];

const login = [
  {
    name: 'lost-answer', title: 'answer lost', alive: false,
    about: 'the refresh is done, the refresh token replaced, and the answer does not arrive',
    after: at_refresh({ name: 'refresh.lost_response', trigger: once }),
  },
  {
    name: 'dead-refresh', title: 'refresh token dead', alive: false,
    about: 'every refresh answers 400 `invalid_grant`',
    after: at_refresh({ name: 'refresh.invalid_grant' }),
  },
  {
    // Without sessions: the one of before belongs to the client of before. A client of a document cannot be forgotten.
    name: 'forgotten-client', title: 'client forgotten', alive: false, policy: () => ({ 'mcp.sessions': 'stateless', 'registration.client_id_metadata_documents': false }),
    about: 'the authorization server does not know the `client_id` any more: 401 `invalid_client`, and a page without a redirect in the browser',
    async after(realm) {
      const names = ['client.forgotten_at_refresh', 'client.forgotten_at_token', 'client.forgotten_at_authorize'];
      for (const client_id of await realm.clients()) await at_refresh(...names.map((name) => ({ name, select: { client_id } })))(realm);
    },
  },
  {
    name: 'step-up', title: 'step-up', alive: true, meets: 'forbidden',
    about: 'a tool wants a scope that the token does not have: 403 `insufficient_scope`; a person may grant it',
    call: { tool: 'needs_scope', args: { scope: 'mcp:admin' }, text: 'You have the scope "mcp:admin".' },
  },
];

const session = [
  {
    name: 'session-404', title: '404, JSON-RPC error', alive: true, sessions: true, ends_sessions: true, meets: 'not_found',
    about: "404 with a JSON-RPC error for the call's own id",
    after: session_over(),
  },
  {
    name: 'session-404-text', title: '404, text', alive: true, sessions: true, ends_sessions: true,
    about: '404 with a line of text',
    after: session_over(instead(404, { 'Content-Type': 'text/plain' }, 'session not found\n')),
  },
  {
    name: 'session-400', title: '400', alive: true, sessions: true, ends_sessions: true,
    about: '400 "No valid session ID provided", as servers made of the SDK examples say it',
    after: session_over(instead(400, {}, { jsonrpc: '2.0', id: null, error: { code: -32000, message: 'Bad Request: No valid session ID provided' } })),
  },
  {
    name: 'session-200', title: '200, JSON-RPC error', alive: true, sessions: true, ends_sessions: true,
    about: "200 with a JSON-RPC error -32001 for the call's own id",
    after: session_over({
      select: { ...in_a_session, ...calling },
      effects: [{ json: { merge: { error: { code: -32001 } }, only: 'error' } }, { status: { code: 200, only: 'error' } }],
    }),
  },
];

const line = [
  {
    name: 'stream-cut', title: 'stream cut', alive: true, sessions: true, policy: () => ({ 'mcp.answers': 'stream' }),
    about: 'the stream of the call breaks off behind its first event, which has an id to resume from',
    after: (realm) => realm.fault({ name: 'stream.cut_before_response', select: calling, trigger: once }),
  },
  {
    name: 'call-reset', title: 'reset during the call', alive: true, policy: () => ({ 'mcp.answers': 'json' }),
    about: 'the connection is reset in the middle of the answer',
    after: (realm) => realm.fault({ name: 'net.reset_during', select: { endpoint: 'mcp', ...calling }, trigger: once }),
  },
  {
    name: 'call-503', title: '503, Retry-After', alive: true,
    about: 'the call is answered once with 503 and `Retry-After: 2`',
    after: (realm) => realm.fault({ name: 'mcp.unavailable', params: { retry_after: 2 }, select: calling, trigger: once }),
  },
  {
    name: 'call-429', title: '429, Retry-After', alive: true,
    about: 'the call is answered once with 429 and `Retry-After: 2`',
    after: (realm) => realm.fault({ name: 'rs.429', params: { retry_after: 2 }, select: calling, trigger: once }),
  },
  {
    name: 'slow-discovery', title: 'slow discovery', alive: true, from_the_start: true,
    about: 'each metadata document takes six seconds, from the very first request on',
    before: (realm) => realm.fault({ name: 'net.delay', params: { ms: 6000 }, select: { endpoint: ['resource_metadata', 'as_metadata', 'openid_configuration'] } }),
  },
];

// The tables of the page.
export const groups = [
  { title: 'The access token is refused', faults: token },
  { title: 'The refresh fails, and could be tried again', faults: refresh },
  { title: 'The login is over, or not enough', faults: login },
  { title: 'The session is gone', faults: session },
  { title: 'The line, and a server that is busy', faults: line },
];

export const every_fault = groups.flatMap((group) => group.faults);
