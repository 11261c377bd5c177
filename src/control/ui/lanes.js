// The six phases of a login above the list: what each is for, and how it went. Also the line about
// what is worth a look, and what stands there while nothing has happened.

function start_lanes() {
  for (const phase of phases) {
    const card = button('', () => filter_by(`phase:${phase.id}`), { class: 'lane-card', 'data-phase': phase.id, 'aria-pressed': 'false' });
    card.append(make('b', {}, phase.name), make('span', { class: 'tally' }), make('small', {}, phase.text));
    $('lanes').append(card);
  }
  $('next-problem').addEventListener('click', next_problem);
}

// Pressed once more, it shows everything again.
function filter_by(text) {
  const field = $('filter');
  field.value = field.value.trim() === text ? '' : text;
  field.dispatchEvent(new Event('input'));
  if (narrow_page.matches) show_tab('list');
}

function draw_lanes() {
  for (const card of $('lanes').children) {
    const { requests = 0, problems: bad = 0 } = model.lanes.get(card.dataset.phase) ?? {};
    const tally = card.querySelector('.tally');
    tally.textContent = requests === 0 ? 'none yet' : bad === 0 ? `${requests}` : `${requests}, ${bad} failed`;
    tally.dataset.bad = bad > 0;
    card.setAttribute('aria-pressed', $('filter').value.trim() === `phase:${card.dataset.phase}`);
  }
}

// The newest attempt is the one that a person is after. What is wrong stands first: a telephone cuts the end.
function draw_problem() {
  const bad = problems();
  const outside = count_problems() - bad.length;
  $('problem').hidden = bad.length + outside === 0;
  if ($('problem').hidden) return;
  const hidden = outside ? `${outside}${bad.length ? ' more' : ''} outside the filter.` : '';
  if (!bad.length) {
    $('problem').dataset.trouble = 'outside';
    $('problem-text').replaceChildren(make('b', {}, outside === 1 ? '1 request worth a look is ' : `${outside} requests worth a look are `), 'outside the filter.');
    return;
  }
  const row = bad.at(-1);
  const earlier = login_of(row) < newest_login();
  $('problem').dataset.trouble = earlier ? 'earlier' : row.trouble;
  const when = `${row.phase.name} at ${clock_of(row.event).slice(0, 8)}${earlier ? ', in an earlier login; the newest has no problem so far' : ''}.`;
  const reason = row.event.faults.length ? ` The fault ${row.event.faults.join(', ')} acted.` : '';
  const said = description_of(row.event);
  const many = bad.length === 1 ? '' : `${bad.length} requests are worth a look, this one last.`;
  const rest = [who_did(row.event), said && `It was told: "${said}".`, many, hidden].filter(Boolean).join(' ');
  $('problem-text').replaceChildren(make('b', {}, headline(row.event)), `. ${when}${reason} ${rest}`);
}

// From the newest backwards, then around. Where the filter hides all of them, it goes.
function next_problem() {
  if (!problems().length && count_problems()) filter_by('');
  const bad = problems();
  const at = bad.indexOf(model.selected);
  select(at > 0 ? bad[at - 1] : bad.at(-1), 'look');
}

// Nothing is shown: because nothing has come, or because of the filter.
function draw_empty() {
  $('empty').replaceChildren();
  const phase = phases.find(({ id }) => $('filter').value.trim() === `phase:${id}`);
  if (phase) return invite_to(phase);
  if (model.rows.length === 0) return invite();
  $('empty').append(make('h2', {}, 'Nothing fits the filter'), make('p', {}, `Words must all be found. Or name:value of phase, status, fault, error, client, flow; is:problem.`), button('Show everything', () => filter_by('')));
}

// A step that nobody has come to yet can be broken all the same.
function invite_to(phase) {
  const actions = make('div', { class: 'actions' }, button(`Make a fault for ${phase.many}`, () => open_fault_form({ phase: phase.id }), { class: 'primary' }), button('Show everything', () => filter_by('')));
  $('empty').append(make('h2', {}, `No ${phase.one} yet`), make('p', {}, `${phase.text} Requests appear here as they come. You can make the first ones fail now.`), actions);
}

async function invite() {
  const { body } = await call('GET', 'state');
  const { body: realm } = await call('GET', `realms/${encodeURIComponent(body.realm)}`);
  const mcp = realm.mcp ?? '';
  $('empty').replaceChildren(
    make('h2', {}, 'Nothing here yet'),
    make('p', {}, 'Give your MCP client this URL and let it log in. Every request appears here as it comes.'),
    make('p', { class: 'url' }, make('code', {}, mcp)),
    button('Copy the URL', () => copy_text(mcp, 'the URL')),
  );
}
