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
    tally.textContent = requests === 0 ? 'none yet' : bad === 0 ? `${requests}` : `${requests}, look at ${bad}`;
    tally.dataset.bad = bad > 0;
    card.setAttribute('aria-pressed', $('filter').value.trim() === `phase:${card.dataset.phase}`);
  }
}

// The newest attempt is the one that a person is after.
function draw_problem() {
  const bad = problems();
  $('problem').hidden = bad.length === 0;
  if (bad.length === 0) return;
  const row = bad.at(-1);
  $('problem').dataset.trouble = row.trouble;
  const many = bad.length === 1 ? 'One request is worth a look' : `${bad.length} requests are worth a look, this one last`;
  $('problem-text').replaceChildren(make('b', {}, `${many}: `), `${row.phase.name}. ${story(row.event)}`);
}

// From the newest backwards, then around.
function next_problem() {
  const bad = problems();
  const at = bad.indexOf(model.selected);
  select(at > 0 ? bad[at - 1] : bad.at(-1), 'look');
}

// Nothing is shown: because nothing has come, or because of the filter.
function draw_empty() {
  $('empty').replaceChildren();
  if (model.rows.length === 0) return invite();
  $('empty').append(make('h2', {}, 'Nothing fits the filter'), make('p', {}, `Words must all be found. Or name:value of phase, status, fault, error, client, flow; is:problem.`), button('Show everything', () => filter_by('')));
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
