// What the page knows: the exchanges of the realm, oldest first, and what came of each.

const most_rows = 20000;
const most_bytes = 64 << 20; // of JSON text
const most_of_row = 1000; // events of one exchange, of each kind

const model = {
  rows: [], // every exchange and every use of the control plane
  by_seq: new Map(),
  shown: [], // those that the filter lets through
  bytes: 0,
  dropped: 0, // what the server had forgotten before we came
  last: 0, // the number of the newest event
  selected: null, // a row
  lanes: new Map(), // by phase: { requests, problems }
};

// Events of one exchange, oldest first: the newest of them. `heard` counts all that there were.
const tail = () => Object.assign([], { sizes: [], heard: 0 });

function make_row(event, size) {
  const phase = phase_of(event);
  const path = event.request.target.split('?')[0];
  const extra = [event.tool ?? event.mcp_method, short_grant(event)].filter(Boolean).join(' ');
  const row = { seq: event.seq, event, size, phase, path, extra, trouble: trouble_of(event), after: tail(), stream: tail() };
  row.client = client_of(event);
  row.grant = event.endpoint === 'token' ? grant_of(event) : '';
  row.tokens = tokens_of(event);
  row.text = search_text(row);
  return row;
}

// What the filter looks at, in lower case.
function search_text(row) {
  const e = row.event;
  const parts = [e.request.method, e.request.target, e.response.status, row.phase.name, e.endpoint, row.client, e.subject, row.extra];
  parts.push(error_text(e), e.decision, e.flow, e.session, e.family, ...e.faults, ...row.tokens.map((t) => t.id));
  return parts.filter((part) => part !== undefined && part !== '').join(' ').toLowerCase();
}

function count_row(row, by) {
  const lane = model.lanes.get(row.phase.id) ?? { requests: 0, problems: 0 };
  lane.requests += by;
  if (row.trouble) lane.problems += by;
  model.lanes.set(row.phase.id, lane);
}

function forget_oldest() {
  let gone = 0;
  while (model.rows.length - gone > most_rows || model.bytes > most_bytes) {
    const row = model.rows[gone++];
    if (!row) break;
    model.bytes -= row.size;
    model.by_seq.delete(row.seq);
    count_row(row, -1);
  }
  if (gone === 0) return;
  const first = model.rows[gone]?.seq ?? Infinity;
  model.rows.splice(0, gone);
  model.shown = model.shown.filter((row) => row.seq >= first);
}

// A stream may go on for as long as the page is open: its oldest events go.
function add_to_row(row, list, event, size) {
  list.push(event);
  list.sizes.push(size);
  list.heard += 1;
  let more = size;
  // Not at every one: taking away from the front costs as much as there is.
  if (list.length > most_of_row * 1.1) {
    const gone = list.length - most_of_row;
    list.splice(0, gone);
    more -= list.sizes.splice(0, gone).reduce((sum, one) => sum + one, 0);
  }
  row.size += more;
  model.bytes += more;
  if (model.bytes > most_bytes * 1.1) forget_oldest();
}

// An event of the journal; `size`: of its text.
function take_event(event, size) {
  if (event.seq <= model.last) return;
  if (model.last === 0) model.dropped = event.seq - 1;
  else model.dropped += event.seq - model.last - 1;
  model.last = event.seq;
  // Whoever opens this page tells the server nothing.
  if (event.endpoint === 'ui') return;
  if (event.request) return add_row(make_row(event, size));
  const row = model.by_seq.get(event.exchange);
  if (row) add_to_row(row, event.type === 'stream' ? row.stream : row.after, event, size);
}

function add_row(row) {
  model.rows.push(row);
  model.by_seq.set(row.seq, row);
  model.bytes += row.size;
  count_row(row, 1);
  if (filter.lets_through(row)) model.shown.push(row);
  // Not at every one: taking away from the front costs as much as there is.
  if (model.rows.length > most_rows + 1000 || model.bytes > most_bytes * 1.1) forget_oldest();
}

// The same exchange once more, after its answer got away.
function renew_row(event) {
  const row = model.by_seq.get(event.seq);
  if (!row) return;
  count_row(row, -1);
  row.event = event;
  row.trouble = trouble_of(event);
  count_row(row, 1);
}

function forget_everything() {
  colour_numbers.clear();
  Object.assign(model, { rows: [], by_seq: new Map(), shown: [], bytes: 0, dropped: 0, last: 0, selected: null, lanes: new Map() });
}

// The filter: words that must all be found, or name:value of these.
const filter = {
  words: [],
  tests: {
    phase: (row, value) => row.phase.id.startsWith(value) || row.phase.name.toLowerCase().startsWith(value),
    status: (row, value) => String(row.event.response.status).startsWith(value),
    fault: (row, value) => row.event.faults.some((name) => name.toLowerCase().includes(value)),
    error: (row, value) => error_text(row.event) !== '' && error_text(row.event).toLowerCase().includes(value),
    client: (row, value) => row.client.toLowerCase().includes(value),
    flow: (row, value) => row.event.flow === value,
    is: (row, value) => value.startsWith('prob') && row.trouble !== '',
  },
  set(text) {
    this.words = text.toLowerCase().split(/\s+/).filter(Boolean);
    model.shown = this.words.length ? model.rows.filter((row) => this.lets_through(row)) : model.rows.slice();
  },
  lets_through(row) {
    return this.words.every((word) => {
      const [, name, value] = /^([a-z]+):(.*)$/.exec(word) ?? [];
      const test = Object.hasOwn(this.tests, name ?? '') ? this.tests[name] : undefined;
      return test ? test(row, value) : row.text.includes(word);
    });
  },
};

const problems = () => model.shown.filter((row) => row.trouble);

// Of all rows, also of those that the filter hides.
function count_problems() {
  let all = 0;
  for (const lane of model.lanes.values()) all += lane.problems;
  return all;
}

// The number of the login (flow) that an exchange belongs to, counted as they begin; 0 for none.
// What the MCP server asks the authorization server for itself belongs to no login.
const own_questions = ['introspect', 'userinfo', 'jwks'];
const login_of = (row) => (row?.event.type === 'exchange' && !own_questions.includes(row.event.endpoint) ? Number(/^f(\d+)$/.exec(row.event.flow ?? '')?.[1] ?? 0) : 0);

// The newest one that anybody has begun.
const newest_login = () => login_of(model.rows.findLast((row) => phases.includes(row.phase) && login_of(row)));
