// The verdict as it grows: what the client did right and wrong, as GET /control/verdict tells it.

const by_words = { client: 'by the client', injected: 'by a fault of yours', configuration: 'by the configuration' };
const finding_order = ['fail', 'warning', 'pass', 'not_reached'];

async function draw_verdict() {
  const panel = $('verdict');
  const answer = await call('GET', 'verdict?format=json');
  if (!answer.ok) {
    const text = answer.status === 501 ? 'This version of tollgate gives no verdict yet.' : 'There is no verdict.';
    panel.replaceChildren(make('h2', {}, 'Verdict'), make('p', { class: 'note' }, `${text} The server says: ${why(answer)}`));
    return;
  }
  const { verdict, client = {}, findings = [], scenario, stations = [] } = answer.body;
  const titles = { pass: 'Passed', fail: 'Failed', incomplete: 'Not finished' };
  const exit = client.exit === undefined ? '' : `, exit code ${client.exit}`;
  const sorted = [...findings].sort((a, b) => finding_order.indexOf(a.status) - finding_order.indexOf(b.status));
  const broken = sorted.filter(({ status }) => status === 'fail' || status === 'warning');
  const others = sorted.filter((one) => !broken.includes(one));
  panel.replaceChildren(
    make('h2', {}, 'Verdict'),
    make('p', { class: 'verdict', 'data-verdict': verdict }, make('b', {}, titles[verdict] ?? String(verdict))),
    make('p', {}, `Scenario ${scenario ?? 'plain'}. The client is ${String(client.state ?? 'unknown').replaceAll('_', ' ')}${exit}.`),
    ...(stations.length ? [make('ol', { class: 'stations' }, ...stations.map(station))] : []),
    make('p', {}, 'This judges the client by the standards. For why a login failed: ', button('Exchange', show_reason, { class: 'quiet' })),
    make('h3', {}, 'Rules the client broke'),
    broken.length ? make('ul', { class: 'findings' }, ...broken.map(finding)) : make('p', { class: 'dim' }, 'None so far.'),
    ...(others.length ? [make('h3', {}, 'Other rules'), make('ul', { class: 'findings' }, ...others.map(finding))] : []),
  );
}

// The last request that is worth a look, or whatever is chosen.
function show_reason() {
  if (count_problems()) next_problem();
  else show_tab('exchange');
}

// Where an exam stands.
function station({ name, title, state }) {
  const words = state === 'ahead' ? 'not yet' : String(state).replaceAll('_', ' ');
  return make('li', { 'data-state': state }, make('span', { class: 'chip mark' }, words), ' ', make('b', {}, name), ` ${title}`);
}

function finding(one) {
  const status = String(one.status).replaceAll('_', ' ');
  const item = make('li', { 'data-status': one.status });
  item.append(make('p', {}, make('span', { class: 'chip mark' }, status), ` ${one.level} `, make('b', {}, one.text ?? one.id)));
  const source = make('p', { class: 'dim' }, `${one.id}, ${by_words[one.by] ?? one.by ?? ''}. `, link(one.url, one.clause ?? ''));
  item.append(source);
  const row = row_of_event(one.event);
  if (row) item.append(button(`Show event ${one.event}`, () => select(row, 'look')));
  return item;
}

// An event of its own belongs to the exchange before it.
function row_of_event(seq) {
  if (!seq) return undefined;
  return model.by_seq.get(seq) ?? model.rows.findLast((row) => row.seq < seq && row.after.some((e) => e.seq === seq));
}
