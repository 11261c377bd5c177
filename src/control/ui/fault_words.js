// What a fault is about and when it acts, in sentences.

// Of a request: one of them, many of them.
const request_words = {
  as_metadata: ['look at the server metadata', 'looks at the server metadata'],
  openid_configuration: ['look at the server metadata', 'looks at the server metadata'],
  resource_metadata: ['look at the resource metadata', 'looks at the resource metadata'],
  jwks: ['look at the keys', 'looks at the keys'],
  register: ['registration', 'registrations'],
  authorize: ['authorization request', 'authorization requests'],
  callback: ['return from the provider', 'returns from the provider'],
  token: ['token request', 'token requests'],
  introspect: ['introspection', 'introspections'],
  revoke: ['revocation', 'revocations'],
  mcp: ['MCP request', 'MCP requests'],
  sse: ['MCP request', 'MCP requests'],
  messages: ['MCP request', 'MCP requests'],
};
const grant_requests = {
  authorization_code: ['swap of a code', 'swaps of a code'],
  refresh_token: ['refresh', 'refreshes'],
};

function words_of_endpoint(name) {
  return request_words[name] ?? [`request to ${name}`, `requests to ${name}`];
}

// [one, many] of what a fault with this selector meets.
function requests_of(fault, select = {}) {
  const before = fault.method && fault.method !== 'POST' ? `${fault.method} ` : '';
  const behind = fault.with_header ? ` with ${fault.with_header}` : '';
  return named_requests(fault, select).map((words) => before + words + behind);
}

function named_requests(fault, select) {
  const { grant_type = fault.grant_type, mcp_method = fault.mcp_method, tool } = select;
  if (tool) return [`call of the tool ${tool}`, `calls of the tool ${tool}`];
  if (mcp_method === 'tools/call') return ['tool call', 'tool calls'];
  if (mcp_method) return [`${mcp_method} request`, `${mcp_method} requests`];
  if (grant_type) return grant_requests[grant_type] ?? [`token request (${grant_type})`, `token requests (${grant_type})`];
  const all = (select.endpoint ? [select.endpoint] : (fault.endpoints ?? [])).map(words_of_endpoint);
  const same = all.length > 0 && all.every(([one]) => one === all[0][0]);
  return same ? all[0] : ['request', 'requests'];
}

const shortened = (text) => (text.length > 10 ? `${text.slice(0, 8)}…` : text);
const word_of = (value) => (typeof value === 'string' ? shortened(value) : JSON.stringify(value));

// Whose requests.
function whose(select = {}) {
  const client = select.client_id ? `of client ${word_of(select.client_id)}` : 'of any client';
  return select.subject ? `${client} and user ${word_of(select.subject)}` : client;
}

function ordinal(n) {
  const teen = n % 100 > 10 && n % 100 < 14;
  return `${n}${teen ? 'th' : (['th', 'st', 'nd', 'rd'][n % 10] ?? 'th')}`;
}

// What a choice of when means: "The 2nd refresh of this client from now on fails; the others work."
function when_sentence(fault, trigger, select) {
  const [[kind, n]] = Object.entries(trigger ?? { always: true });
  const [one, many] = requests_of(fault, select);
  const of = select?.client_id ? ' of this client' : '';
  const counted = n === 1 ? `${one}${of}` : `${n} ${many}${of}`;
  const breaks = /\b[45]\d\d\b|refused|fails/.test(fault.what ?? '');
  const fails = breaks ? 'fails' : 'gets this fault';
  const fail = breaks ? 'fail' : 'get this fault';
  const work = breaks ? 'work' : 'are left alone';
  const works = breaks ? 'works' : 'is left alone';
  const texts = {
    always: `Every ${one}${of} from now on ${fails}, until you remove the fault.`,
    next: `The next ${counted} ${n === 1 ? fails : fail}; later ones ${work}.`,
    nth: `The ${ordinal(n)} ${one}${of} from now on ${fails}; the others ${work}.`,
    every: `Every ${ordinal(n)} ${one}${of} from now on ${fails}; the others ${work}.`,
    after: `The first ${counted} ${n === 1 ? works : work}; all after that ${fail}.`,
  };
  return texts[kind] ?? `It acts as it is made: ${trigger_text(trigger)}.`;
}

// Of an event that a trigger waits for.
function event_words(wanted) {
  return [wanted?.type, wanted?.endpoint, wanted?.mcp_method].filter(Boolean).join(' ') || 'event';
}

// The same in a few words, for a list.
function trigger_text(trigger) {
  const [[kind, n]] = Object.entries(trigger ?? { always: true });
  const texts = {
    always: 'every one',
    next: n === 1 ? 'the next one' : `the next ${n}`,
    nth: `only the ${ordinal(n)}`,
    every: `every ${ordinal(n)}`,
    after: `all but the first ${n}`,
    probability: `one in ${Math.round(1 / n)}, by chance`,
    first_per: `the first of each ${n}`,
    until: `every one until the next ${event_words(n)}`,
    since: `every one after the next ${event_words(n)}`,
    between: `from ${n?.[0]} to ${n?.[1]} after it was made`,
  };
  return texts[kind] ?? JSON.stringify(trigger);
}

// It has had its turn: no request to come can make it act.
function is_done({ trigger, matched }) {
  const { next, nth, script } = trigger ?? {};
  const last = next ?? nth ?? script?.length;
  return last !== undefined && matched >= last;
}

// The phase that a fault belongs to; faults of any request and of the connection have none.
function phase_of_fault(fault) {
  if (fault.grant_type === 'refresh_token' || fault.name.startsWith('refresh.')) return 'refresh';
  return endpoints[fault.endpoints[0]]?.[0] ?? '';
}

// [label, faults], those of this phase first.
function fault_groups(faults, phase) {
  const near = { token: ['token', 'refresh'], refresh: ['refresh', 'token'] }[phase] ?? [phase];
  const order = [...near, ...phases.map(({ id }) => id), ''];
  const groups = new Map(order.map((id) => [id ?? '', []]));
  for (const fault of faults) groups.get(phase_of_fault(fault)).push(fault);
  const label = (id) => phases.find((one) => one.id === id)?.name ?? 'Any request';
  // What most people want stands first, then what has the name of the phase.
  const wanted = new Set(phases.map((one) => one.fault));
  const rank = (fault, id) => (wanted.has(fault.name) ? 0 : fault.name.startsWith(`${id}.`) ? 1 : 2);
  for (const [id, some] of groups) some.sort((a, b) => rank(a, id) - rank(b, id));
  return [...groups].filter(([, some]) => some.length).map(([id, some]) => [label(id), some, id]);
}
