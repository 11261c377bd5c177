// What the page says: plain words for who knows MCP, but not OAuth.

// `one` and `many`: how its requests are called. `fault`: the one that most people want there.
const phases = [
  { id: 'discovery', name: 'Discovery', one: 'discovery', many: 'discovery', fault: 'prm.absent', text: 'The client finds out where to log in.' },
  { id: 'registration', name: 'Registration', one: 'registration', many: 'registrations', fault: 'dcr.429', text: 'The client introduces itself and gets a client_id.' },
  { id: 'authorize', name: 'Authorize', one: 'authorization', many: 'authorizations', fault: 'authz.access_denied', text: 'A person agrees in the browser. The client gets a one-time code.' },
  { id: 'token', name: 'Token', one: 'token request', many: 'token requests', fault: 'token.invalid_client', text: 'The client swaps the code for an access token.' },
  { id: 'mcp', name: 'MCP', one: 'MCP request', many: 'MCP requests', fault: 'rs.401_once', text: 'The client talks to the MCP server, with the access token.' },
  { id: 'refresh', name: 'Refresh', one: 'refresh', many: 'refreshes', fault: 'refresh.invalid_grant', text: 'The access token is old. The client swaps its refresh token for new ones.' },
];
const other_phase = { id: 'other', name: 'Other', text: 'Not a step of a login.' };
const control_phase = { id: 'control', name: 'Control', text: 'Somebody told this server how to behave.' };

// By the name of an endpoint: its phase, and what the client did there.
const endpoints = {
  as_metadata: ['discovery', 'asked which endpoints the authorization server has'],
  openid_configuration: ['discovery', 'asked which endpoints the authorization server has (the OpenID way)'],
  resource_metadata: ['discovery', 'asked which authorization server the MCP server trusts'],
  jwks: ['discovery', 'asked for the keys that signatures are checked with'],
  register: ['registration', 'registered itself'],
  authorize: ['authorize', 'sent the browser to the login page'],
  callback: ['authorize', 'came back from the provider'],
  device_authorization: ['authorize', 'asked for a code that a person types in elsewhere'],
  device: ['authorize', 'had a person type in its code'],
  token: ['token', 'asked for an access token'],
  introspect: ['mcp', 'asked whether a token is valid'],
  revoke: ['token', 'gave a token back'],
  userinfo: ['token', 'asked who the user is'],
  anything: ['token', 'called the protected echo'],
  mcp: ['mcp', 'called the MCP server'],
  sse: ['mcp', 'opened the event stream of the MCP server'],
  messages: ['mcp', 'sent the MCP server a message'],
};

const grant_words = {
  authorization_code: 'swapped its code for an access token',
  refresh_token: 'swapped its refresh token for a new access token',
  client_credentials: 'asked for a token for itself, without a user',
  'urn:ietf:params:oauth:grant-type:device_code': 'asked whether the person has agreed by now',
  'urn:ietf:params:oauth:grant-type:token-exchange': 'swapped one token for another',
};

function phase_of(event) {
  if (event.type === 'control') return control_phase;
  const id = event.endpoint === 'token' && grant_of(event) === 'refresh_token' ? 'refresh' : endpoints[event.endpoint]?.[0];
  return phases.find((phase) => phase.id === id) ?? other_phase;
}

// A request that a fault answered was understood by nobody: then it says itself what it is about.
function sent_value(event, name) {
  const { body = '', target } = event.request;
  const form = body.startsWith('{') ? '' : body;
  return new URLSearchParams(form).get(name) ?? new URLSearchParams(target.split('?')[1] ?? '').get(name) ?? '';
}

const grant_of = (event) => event.grant_type ?? (event.endpoint === 'token' ? sent_value(event, 'grant_type') : '');
const client_of = (event) => event.client_id ?? sent_value(event, 'client_id');

// Short, for the list: its lane says the rest.
const short_grants = { authorization_code: 'code', refresh_token: 'refresh', client_credentials: 'client', 'urn:ietf:params:oauth:grant-type:device_code': 'device' };

// Of our own MCP server, which asks our own authorization server about each token.
const is_internal = (event) => header_of(event.request, 'tollgate-internal') !== '';

function short_grant(event) {
  const grant = event.endpoint === 'token' ? grant_of(event) : '';
  return short_grants[grant] ?? grant;
}

const header_of = (message, name) => message.headers.find((h) => h.name.toLowerCase() === name)?.value ?? '';

// What is no success and yet as it should be: a sentence. Else nothing.
function expected(event) {
  const { status } = event.response;
  const to_mcp = ['mcp', 'sse', 'messages'].includes(event.endpoint);
  if (status === 401 && to_mcp && !header_of(event.request, 'authorization'))
    return 'That is how a login begins: the answer names the place where the client can find out more.';
  const path = event.request.target.split('?')[0];
  const looks = phase_of(event).id === 'discovery' || path.includes('/.well-known/');
  if (status === 404 && looks) return 'Clients try several addresses; this one holds nothing.';
  if (status === 405 && to_mcp) return 'Not every MCP server has such a stream; clients go on without it.';
  return '';
}

// What a fault answered is no error of the server: then the body says what the client was told.
function error_text(event) {
  const { refused_by } = event;
  const told = event.response.status >= 400 ? /"error":"([^"]{1,80})"/.exec(event.response.body ?? '')?.[1] : undefined;
  const error = event.error ?? told;
  return [error, refused_by && refused_by !== error ? `(${refused_by})` : ''].filter(Boolean).join(' ');
}

// What the client was told besides the code.
function description_of(event) {
  const { status, body = '' } = event.response;
  if (status < 400 || !error_text(event)) return '';
  const text = parsed(body)?.error_description;
  return typeof text === 'string' ? text.slice(0, 200) : '';
}

// In a few words, what is wrong: "401 invalid_client, on purpose".
function headline(event) {
  const { status, delivery, streamed } = event.response;
  const cut = delivery === 'cut' && !streamed ? 'cut off' : '';
  const wrong = [status, error_text(event).split(' ')[0], cut].filter(Boolean).join(' ');
  return event.faults.length ? `${wrong}, on purpose` : wrong;
}

// What is worth a look: 'fault' where one of yours acted, 'error', or '' for nothing.
function trouble_of(event) {
  if (event.type === 'control') return '';
  if (event.faults.length) return 'fault';
  if (event.response.delivery === 'cut' && !event.response.streamed) return 'error';
  if (event.response.status >= 400) return expected(event) ? '' : 'error';
  return event.error ? 'error' : '';
}

function did(event) {
  const grant = event.endpoint === 'token' && grant_words[grant_of(event)];
  if (grant) return grant.replace(/^swapped/, event.response.status < 400 ? 'swapped' : 'wanted to swap');
  if (event.tool) return `called the tool ${event.tool}`;
  if (event.mcp_method) return `sent the MCP server ${event.mcp_method}`;
  return endpoints[event.endpoint]?.[1] ?? `sent ${event.request.method} ${event.request.target.split('?')[0]}`;
}

const who_did = (event) => `The ${is_internal(event) ? 'MCP server' : 'client'} ${did(event)}.`;

// One or two sentences for an exchange.
function story(event) {
  const { status } = event.response;
  if (event.type === 'control') return `Somebody told this server how to behave: ${event.request.method} ${event.request.target}.`;
  const said = [who_did(event)];
  const as_it_should = !event.faults.length && expected(event);
  const wrong = as_it_should ? '' : error_text(event);
  const more = description_of(event);
  if (wrong) said.push(`It was answered ${status}: ${wrong}${more ? `, "${more}"` : ''}.`);
  else if (status >= 400) said.push(`It was answered ${status}.`);
  else if (status >= 300) said.push(`It was sent on (${status}).`);
  else said.push(event.response.streamed ? 'It got a stream of events.' : `It was answered ${status}.`);
  if (event.decision) said.push(`A person said: ${event.decision}.`);
  if (event.faults.length) said.push(`This was on purpose: the fault ${event.faults.join(', ')} acted.`);
  if (event.response.delivery === 'cut') said.push('The connection ended before the answer was through.');
  if (as_it_should) said.push(as_it_should);
  return said.join(' ');
}
