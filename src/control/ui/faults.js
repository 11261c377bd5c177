// The faults of the realm: what is on, how often each has acted, and how to remove it.

const select_text = (select) => Object.entries(select ?? {}).map(([name, value]) => `${name} = ${typeof value === 'string' ? value : JSON.stringify(value)}`).join(', ');

// Why a fault has not acted, by its id: kept while the list is drawn again.
const explanations = new Map();

const faults_panel = { turn: 0, drawn: '' };

async function draw_faults() {
  const turn = ++faults_panel.turn;
  const [answer, all] = await Promise.all([call('GET', 'faults'), catalogue()]);
  // A later question has its answer already, or nothing has changed since the last one.
  const now = JSON.stringify([answer.body, ...explanations]);
  if (turn !== faults_panel.turn || now === faults_panel.drawn) return;
  faults_panel.drawn = now;
  const list = answer.body.faults ?? [];
  const panel = $('faults');
  const pressed = panel.contains(document.activeElement) ? document.activeElement.dataset.key : undefined;
  const children = [make('h2', {}, 'Faults')];
  if (!answer.ok) children.push(make('p', { class: 'note' }, why(answer)));
  if (!list.length) children.push(make('p', {}, 'Everything works here.'));
  children.push(make('p', {}, 'A fault breaks requests that come after it was made. Make one here, or choose a request and press "Make a fault from this exchange".'));
  const actions = make('div', { class: 'actions' }, button('Make a fault', () => open_fault_form({}), { class: 'primary', 'data-key': 'make' }));
  if (list.length > 1) actions.append(button('Remove all', () => remove('faults'), { 'data-key': 'all' }));
  children.push(actions, make('ul', { class: 'findings' }, ...list.map((fault) => fault_item(fault, all))));
  panel.replaceChildren(...children);
  if (pressed) panel.querySelector(`[data-key="${CSS.escape(pressed)}"]`)?.focus();
}

function fault_item(fault, all) {
  const done = is_done(fault);
  const item = make('li', { class: done ? 'done' : 'on' });
  const named = all.find((one) => one.name === fault.name);
  item.append(make('p', {}, make('span', { class: 'chip fault' }, fault.name ?? 'effects'), ` ${trigger_text(fault.trigger)}`));
  if (named) item.append(make('p', {}, done ? named.what : `${named.what} ${when_sentence(named, fault.trigger, fault.select).replace('from now on ', '')}`));
  item.append(make('p', { class: 'dim' }, [select_text(fault.select), progress_of(fault, done)].filter(Boolean).join('. ')));
  if (fault.expires_at) item.append(make('p', { class: 'dim' }, `Ends ${new Date(fault.expires_at).toLocaleTimeString()}.`));
  const why_not = fault.fired === 0 ? explanations.get(fault.id) : undefined;
  const actions = make('div', { class: 'actions' }, button('Remove', () => remove(`faults/${encodeURIComponent(fault.id)}`), { 'data-key': `remove ${fault.id}` }));
  if (fault.fired === 0) actions.append(button('Why not?', () => explain(fault), { 'data-key': `why ${fault.id}` }));
  item.append(actions);
  if (why_not) item.append(make('p', { class: 'note' }, why_not));
  return item;
}

function progress_of({ fired, matched }, done) {
  const acted = fired === 0 ? 'has not acted' : `acted ${fired === 1 ? 'once' : `${fired} times`}`;
  if (done) return `Done: it ${acted} and will not act again.`;
  const met = matched === 1 ? '1 request matched' : `${matched} requests matched`;
  return `It ${acted}${fired === 0 ? ' yet' : ''}; ${met} so far.`;
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

async function remove(path) {
  const answer = await call('DELETE', path);
  say(answer.ok ? 'Removed.' : why(answer));
  draw_faults();
}
