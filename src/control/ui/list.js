// The list: of thousands of rows those alone that are in sight are elements.

const list = { height: 40, pool: [], follow: true, seen: 0 };

function start_list() {
  const rows = $('rows');
  // Where there is little room, a row has two lines.
  new ResizeObserver(() => {
    const narrow = $('requests').clientWidth < 560;
    rows.classList.toggle('narrow', narrow);
    list.height = narrow ? 60 : 40;
    draw_list();
  }).observe($('requests'));
  rows.addEventListener('scroll', () => {
    // Whoever is at the end stays at the end.
    follow(rows.scrollTop + rows.clientHeight > rows.scrollHeight - list.height);
    draw_rows();
  });
  $('newer').addEventListener('click', show_newest);
  rows.addEventListener('click', (press) => {
    const at = press.target.closest('.row')?.dataset.at;
    if (at !== undefined) select(model.shown[at], 'look');
  });
}

// Whether what is new is shown by itself. What has come by then is no news.
function follow(on) {
  if (list.follow && !on) list.seen = model.last;
  list.follow = on;
  draw_newer();
}

function show_newest() {
  follow(true);
  draw_list();
  $('rows').focus();
}

// How many have come since, out of sight.
function draw_newer() {
  let count = 0;
  const rows = $('rows');
  const below = model.shown.length - Math.floor((rows.scrollTop + rows.clientHeight) / list.height);
  if (!list.follow) while (count < below && model.shown.at(-1 - count)?.seq > list.seen) ++count;
  $('newer').hidden = count === 0;
  if (count) $('newer').textContent = `${count} new, show`;
}

// After the rows that are shown have changed.
function draw_list() {
  const rows = $('rows');
  $('spacer').style.height = `${model.shown.length * list.height}px`;
  if (list.follow) rows.scrollTop = rows.scrollHeight;
  draw_rows();
  const all = model.rows.length;
  const some = model.shown.length === all ? `${all} requests` : `${model.shown.length} of ${all} requests`;
  $('count').textContent = model.dropped ? `${some}; ${model.dropped} older events are not kept any more` : some;
  draw_newer();
  const none = model.shown.length === 0;
  const of = `${all === 0} ${$('filter').value}`;
  if (none && ($('empty').hidden || list.of !== of)) draw_empty();
  list.of = of;
  $('empty').hidden = !none;
  rows.hidden = model.shown.length === 0;
}

function draw_rows() {
  const rows = $('rows');
  const first = Math.max(0, Math.floor(rows.scrollTop / list.height) - 3);
  const count = Math.min(model.shown.length - first, Math.ceil(rows.clientHeight / list.height) + 6);
  while (list.pool.length < count) {
    const row = make('div', { class: 'row', role: 'option' });
    list.pool.push(row);
    rows.append(row);
  }
  list.pool.forEach((element, i) => {
    element.hidden = i >= count;
    if (element.hidden) element.setAttribute('aria-selected', false);
    if (i < count) draw_row(element, first + i);
  });
  const at = model.selected ? model.shown.indexOf(model.selected) : -1;
  const active = list.pool.find((element) => !element.hidden && Number(element.dataset.at) === at);
  if (active) rows.setAttribute('aria-activedescendant', active.id);
  else rows.removeAttribute('aria-activedescendant');
}

function draw_row(element, at) {
  const row = model.shown[at];
  element.style.transform = `translateY(${at * list.height}px)`;
  const chosen = row === model.selected;
  const opens = opens_login(at);
  element.setAttribute('aria-selected', chosen);
  if (element.shown === row && element.drawn === row.event && element.opens === opens && Number(element.dataset.at) === at) return;
  element.opens = opens;
  element.classList.toggle('opens', opens > 0);
  element.dataset.at = at;
  element.id = `row-${row.seq}`;
  element.setAttribute('aria-posinset', at + 1);
  element.setAttribute('aria-setsize', model.shown.length);
  element.dataset.trouble = row.trouble;
  element.shown = row;
  element.drawn = row.event;
  element.replaceChildren(...(opens ? [make('span', { class: 'login' }, `login ${opens}`)] : []), ...row_parts(row));
}

// The login that begins with this row of the list; 0 where the one before goes on.
function opens_login(at) {
  const login = login_of(model.shown[at]);
  let before = at - 1;
  while (login && before >= 0 && before > at - 20 && !login_of(model.shown[before])) --before;
  return login && login !== login_of(model.shown[before]) ? login : 0;
}

function row_parts(row) {
  const { event } = row;
  const lane = phases.indexOf(row.phase);
  const lanes = make('span', { class: 'lane', 'data-phase': row.phase.id, title: row.phase.name });
  lanes.style.setProperty('--lane', lane);
  lanes.append(make('span', { class: 'phase-name' }, row.phase.name));
  const what = make('span', { class: 'what' }, make('b', {}, event.request.method), ` ${row.path} `, make('span', { class: 'extra' }, row.extra));
  const code = event.response.status;
  const status = make('span', { class: 'status', 'data-class': code >= 400 && row.trouble === '' ? 'expected' : String(code)[0] }, String(code));
  return [make('span', { class: 'time' }, clock_of(event)), lanes, status, what, chips_of(row)];
}

function chips_of(row) {
  const { event } = row;
  const chips = make('span', { class: 'chips' });
  for (const name of event.faults) chips.append(make('span', { class: 'chip fault' }, `fault ${name}`));
  if (event.decision) chips.append(make('span', { class: 'chip decision' }, event.decision));
  // Neither what the name of the fault says already, nor what is no trouble.
  const error = row.trouble ? error_text(event).split(' ')[0] : '';
  if (error && !event.faults.some((name) => name.endsWith(`.${error}`))) chips.append(make('span', { class: 'chip error' }, error));
  for (const token of row.tokens.slice(0, 3)) chips.append(token_chip(token));
  return chips;
}

// The time of day of the person who looks.
function clock_of(event) {
  const at = new Date(event.arrived);
  return `${at.toTimeString().slice(0, 8)}.${String(at.getMilliseconds()).padStart(3, '0')}`;
}

// Chooses a row. `how`: 'look' shows it on a telephone, too; 'move' does not leave the list.
function select(row, how = 'move') {
  if (!row) return;
  model.selected = row;
  reveal(row);
  renew(row);
  show_exchange(row);
  mark_in_diagram();
  if (how === 'look') show_tab('exchange');
}

function reveal(row) {
  const at = model.shown.indexOf(row);
  if (at < 0) return;
  const rows = $('rows');
  const top = at * list.height;
  if (top < rows.scrollTop) rows.scrollTop = top;
  const bottom = top + list.height - rows.clientHeight;
  if (bottom > rows.scrollTop) rows.scrollTop = bottom;
  follow(at === model.shown.length - 1);
  draw_rows();
}

function move(by) {
  const at = model.selected ? model.shown.indexOf(model.selected) : -1;
  const to = at < 0 ? (by < 0 ? model.shown.length - 1 : 0) : at + by;
  select(model.shown[Math.max(0, Math.min(model.shown.length - 1, to))]);
}
