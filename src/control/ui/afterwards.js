// What came of an exchange: the events that it caused, and what the client did next.

const consequence_words = {
  login: (e) => (e.outcome === 'code' ? 'The login succeeded: a code went to the client.' : `The login ended with ${e.outcome}.`),
  refresh: (e) => (e.outcome === 'ok' ? 'The refresh token was accepted.' : `The refresh failed: ${e.outcome}.`),
  registration: () => 'A client was registered.',
  revocation: () => 'A token was revoked.',
  session: (e) => `An MCP session was ${e.outcome}.`,
  fault: (e) => `The fault ${e.outcome} acted.`,
  message: (e) => `The server sent ${e.mcp_method ?? 'a message'}.`,
};

const most_followed = 5000; // rows behind one

// Of one client: by its id, or where that is not known, of the same attempt.
const same_client = (a, b) => (a.client && b.client ? a.client === b.client : a.event.flow === b.event.flow);
const same_question = (a, b) => a.event.endpoint === b.event.endpoint && a.grant === b.grant && a.extra === b.extra;

// The rows after this one, a bounded number.
function rows_behind(row) {
  let [low, high] = [0, model.rows.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (model.rows[middle].seq <= row.seq) low = middle + 1;
    else high = middle;
  }
  return model.rows.slice(low, low + most_followed).filter((later) => later.event.type === 'exchange' && same_client(row, later));
}

// Whether a client that was answered wrong asked again, and how that ended; else nothing.
function follow_up(row) {
  if (!row.trouble || !phases.includes(row.phase)) return '';
  const behind = rows_behind(row);
  const again = behind.filter((later) => same_question(row, later));
  const last = again.at(-1);
  if (last) {
    const ms = new Date(last.event.arrived) - new Date(row.event.arrived);
    const times = again.length === 1 ? `asked again ${ms < 1000 ? `${ms} ms` : `${(ms / 1000).toFixed(1)} s`} later` : `asked again ${again.length} times; the last time it`;
    return `The client ${times}${again.length === 1 ? ' and' : ''} got ${headline(last.event)}${last.trouble ? '' : ': that worked'}.`;
  }
  const anew = behind.find((later) => later.phase.id === 'authorize' || later.phase.id === 'registration');
  if (anew) return `The client did not ask again. It began a new login at ${clock_of(anew.event).slice(0, 8)}.`;
  return 'The client has not asked again so far.';
}

// The heading may be all that is left: then nothing is shown.
function what_came(row) {
  const section = make('section', { id: 'what-came' });
  const texts = row.after.slice(-200).map((e) => consequence_words[e.type]?.(e) ?? `${e.type} ${e.outcome ?? ''}`);
  const next = follow_up(row);
  if (next) texts.push(next);
  section.hidden = texts.length === 0;
  section.append(make('h3', {}, 'What came of it'), make('ul', {}, ...texts.map((text) => make('li', {}, text))));
  return section;
}

// After more has come: without drawing the exchange again, which somebody reads.
function draw_what_came() {
  const old = $('what-came');
  if (!old || !model.selected) return;
  const now = what_came(model.selected);
  if (now.textContent !== old.textContent) old.replaceWith(now);
}
