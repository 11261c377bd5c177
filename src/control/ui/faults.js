// The faults of the realm: what is on, how often each has acted, and how to take it away.

function trigger_text(trigger) {
  const [[kind, n]] = Object.entries(trigger ?? { always: true });
  const texts = {
    always: 'always',
    next: `the next ${n}`,
    nth: `number ${n} alone`,
    every: `every ${n}th`,
    after: `after ${n}`,
    probability: `one in ${Math.round(1 / n)}, by chance`,
    first_per: `the first of each ${n}`,
  };
  return texts[kind] ?? JSON.stringify(trigger);
}

const select_text = (select) => Object.entries(select ?? {}).map(([name, value]) => `${name} = ${typeof value === 'string' ? value : JSON.stringify(value)}`).join(', ');

// Why a fault has not acted, by its id: kept while the list is drawn again.
const explanations = new Map();

async function draw_faults() {
  const panel = $('faults');
  const answer = await call('GET', 'faults');
  const list = answer.body.faults ?? [];
  const children = [make('h2', {}, 'Faults')];
  if (!answer.ok) children.push(make('p', { class: 'note' }, why(answer)));
  if (!list.length) children.push(make('p', {}, 'Everything works here. To break something, choose a request and press "Make a fault from this exchange": it acts on requests that come after.'));
  children.push(make('ul', { class: 'findings' }, ...list.map(fault_item)));
  if (list.length > 1) children.push(button('Take all away', () => take_away('faults')));
  panel.replaceChildren(...children);
}

function fault_item(fault) {
  const item = make('li', {});
  const acted = fault.fired === 0 ? 'It has not acted yet' : `It acted ${fault.fired === 1 ? 'once' : `${fault.fired} times`}`;
  const met = fault.matched === 1 ? '1 request matched' : `${fault.matched} requests matched`;
  item.append(make('p', {}, make('span', { class: 'chip fault' }, fault.name ?? 'effects'), ` ${trigger_text(fault.trigger)}`));
  item.append(make('p', { class: 'dim' }, [select_text(fault.select), `${acted}; ${met}.`].filter(Boolean).join('. ')));
  if (fault.expires_at) item.append(make('p', { class: 'dim' }, `Ends ${new Date(fault.expires_at).toLocaleTimeString()}.`));
  const why_not = fault.fired === 0 ? explanations.get(fault.id) : undefined;
  const actions = make('div', { class: 'actions' }, button('Take away', () => take_away(`faults/${encodeURIComponent(fault.id)}`)));
  if (fault.fired === 0) actions.append(button('Why not?', () => explain(fault)));
  item.append(actions);
  if (why_not) item.append(make('p', { class: 'note' }, why_not));
  return item;
}

async function explain(fault) {
  const { body } = await call('GET', `faults/${encodeURIComponent(fault.id)}?explain=1`);
  explanations.set(fault.id, explanation(body));
  draw_faults();
}

function explanation({ nearest, matched }) {
  if (nearest) return `The nearest request differed: ${Object.entries(nearest).map(([name, value]) => `${name} ${typeof value === 'string' ? value : JSON.stringify(value)}`).join(', ')}.`;
  return matched ? 'Requests matched, but their number was not the one that the fault waits for.' : 'No request came near it.';
}

async function take_away(path) {
  const answer = await call('DELETE', path);
  say(answer.ok ? 'Taken away.' : why(answer));
  draw_faults();
}
