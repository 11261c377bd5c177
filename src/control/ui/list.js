// The list: of thousands of rows those alone that are in sight are elements.

const list = { height: 40, pool: [], follow: true };

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
    list.follow = rows.scrollTop + rows.clientHeight > rows.scrollHeight - list.height;
    draw_rows();
  });
  rows.addEventListener('click', (press) => {
    const at = press.target.closest('.row')?.dataset.at;
    if (at !== undefined) select(model.shown[at], 'look');
  });
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
  const none = model.shown.length === 0;
  if (none && ($('empty').hidden || list.of !== all)) draw_empty();
  list.of = all;
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
  element.setAttribute('aria-selected', chosen);
  if (element.shown === row && element.drawn === row.event && Number(element.dataset.at) === at) return;
  element.dataset.at = at;
  element.id = `row-${row.seq}`;
  element.setAttribute('aria-posinset', at + 1);
  element.setAttribute('aria-setsize', model.shown.length);
  element.dataset.trouble = row.trouble;
  element.shown = row;
  element.drawn = row.event;
  element.replaceChildren(...row_parts(row));
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
  const error = error_text(event).split(' ')[0];
  if (error) chips.append(make('span', { class: `chip ${row.trouble ? 'error' : ''}` }, error));
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
  list.follow = at === model.shown.length - 1;
  draw_rows();
}

function move(by) {
  const at = model.selected ? model.shown.indexOf(model.selected) : -1;
  const to = at < 0 ? (by < 0 ? model.shown.length - 1 : 0) : at + by;
  select(model.shown[Math.max(0, Math.min(model.shown.length - 1, to))]);
}
