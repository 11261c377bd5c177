// One exchange: what it was for, and request and answer side by side.

function show_exchange(row) {
  const { event } = row;
  $('exchange').replaceChildren(
    make('h2', {}, `${event.request.method} ${row.path}`),
    make('p', { class: 'story' }, story(event)),
    make('p', { class: 'phase-line', 'data-phase': row.phase.id }, make('b', {}, row.phase.name), `: ${row.phase.text}`),
    row_actions(row),
    token_links(row),
    make('div', { class: 'halves' }, half('Request', request_lines(event), event.request), half('Answer', answer_lines(event), event.response)),
    ...consequences(row),
    facts(event),
  );
}

function show_nothing() {
  $('exchange').replaceChildren(
    make('h2', {}, 'One exchange'),
    make('p', {}, 'Choose a request in the list: what was sent and what was answered stands here, side by side.'),
    make('dl', { class: 'phases' }, ...phases.flatMap((p) => [make('dt', { 'data-phase': p.id }, p.name), make('dd', {}, p.text)])),
  );
}

function row_actions(row) {
  const actions = make('div', { class: 'actions' });
  if (row.event.type === 'exchange' && row.phase.id !== 'other') actions.append(button('Make a fault from this exchange', () => open_fault_form({ row }), { class: 'primary' }));
  actions.append(button('Copy as curl', () => copy_text(curl_of(row), 'a curl command; put your own secrets in the place of the pseudonyms')));
  actions.append(button('Copy as a bug report', () => copy_text(report_of(row), 'a bug report; secrets in it are pseudonyms')));
  return actions;
}

function token_links(row) {
  const out = make('div', { class: 'actions tokens' });
  for (const token of row.tokens) {
    const press = button('', () => filter_by(token.id.toLowerCase()), { class: 'quiet', title: 'Show all requests with it' });
    press.append('Where does ', token_chip(token), ' go?');
    out.append(press);
  }
  return out;
}

const request_lines = (event) => `${event.request.method} ${event.request.target}`;

function answer_lines(event) {
  const { status, delivery, streamed } = event.response;
  const ms = new Date(event.time) - new Date(event.arrived);
  const how = { delivered: 'delivered', cut: 'cut off', pending: streamed ? 'still open' : 'under way' }[delivery];
  return `${status}, after ${ms} ms, ${how}`;
}

function half(title, start, message) {
  const fields = make('dl', { class: 'fields' });
  for (const { name, value } of message.headers) fields.append(make('dt', {}, name), make('dd', {}, coloured(value)));
  const first = make('p', { class: 'start' }, coloured(start));
  return make('section', { 'aria-label': title }, make('h3', {}, title), first, fields, body_of(message));
}

// JSON is set out, a form is a list; both hold what a client chose.
function body_of(message) {
  if (!message.body) return make('p', { class: 'dim' }, message.body_size ? `(${message.body_size} bytes)` : 'no body');
  const type = header_of(message, 'content-type').split(';')[0];
  if (type !== 'application/x-www-form-urlencoded') return make('pre', { tabindex: 0, 'aria-label': 'Body' }, coloured(set_out(message.body)));
  const fields = make('dl', { class: 'fields form' });
  for (const [name, value] of new URLSearchParams(message.body)) fields.append(make('dt', {}, name), make('dd', {}, coloured(value)));
  return fields;
}

function set_out(body) {
  const value = parsed(body);
  return value === undefined ? body : JSON.stringify(value, null, 2);
}

function consequences(row) {
  const out = [what_came(row)];
  if (row.stream.length) {
    const most = 200;
    const items = row.stream.slice(-most).map((e) => make('li', {}, make('b', {}, e.stream?.event ?? e.outcome), ' ', coloured(e.stream?.data ?? '')));
    const title = row.stream.heard > most ? `Events on the stream (the last ${most} of ${row.stream.heard})` : 'Events on the stream';
    out.push(make('section', {}, make('h3', {}, title), make('ol', { class: 'stream' }, ...items)));
  }
  return out;
}

function facts(event) {
  const known = make('dl', { class: 'fields' });
  const { seq, flow, endpoint, client_id, subject, session, family, peer, arrived } = event;
  for (const [name, value] of Object.entries({ event: seq, flow, endpoint, client_id, subject, session, family, peer, arrived }))
    if (value) known.append(make('dt', {}, name), make('dd', {}, String(value)));
  return make('details', {}, make('summary', {}, 'What tollgate knows of it'), known);
}
