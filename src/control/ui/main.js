// The parts of the page put together.

const tabs = ['list', 'exchange', 'diagram', 'verdict', 'faults'];
const drawn_when_shown = { diagram: draw_diagram, verdict: draw_verdict, faults: draw_faults };
let tab = 'list';

// On a telephone one of them is all that there is; beside the list, "list" leaves what is there.
function show_tab(name) {
  tab = name;
  document.body.dataset.tab = name;
  const shown = name === 'list' ? (tabs.slice(1).find((one) => !$(one).hidden) ?? 'exchange') : name;
  for (const one of tabs) {
    $(`tab-${one}`).setAttribute('aria-selected', one === (narrow_page.matches ? name : shown));
    if (one !== 'list') $(one).hidden = one !== shown;
  }
  drawn_when_shown[shown]?.();
}

const narrow_page = matchMedia('(max-width: 47.99rem)');
narrow_page.addEventListener('change', () => show_tab(tab));

const visible = (name) => !$(name).hidden && (!narrow_page.matches || tab === name);
const later_verdict = calm(() => visible('verdict') && draw_verdict(), 1000);
const later_faults = calm(() => visible('faults') && draw_faults(), 300);
const later_diagram = calm(() => visible('diagram') && draw_diagram(), 250);
const later_what_came = calm(() => visible('exchange') && draw_what_came(), 250);
const later_selected = calm(() => model.selected && show_exchange(model.selected), 250);

function told(types) {
  draw_list();
  draw_lanes();
  draw_problem();
  later_diagram();
  later_verdict();
  // A request may match a fault that does not act on it: only the exchange tells.
  if (['control', 'fault', 'exchange'].some((type) => types.has(type))) later_faults();
  if (types.has('exchange')) later_what_came();
  if (model.selected && selected_is_about()) later_selected();
}

// Whether something has come to the exchange that is shown.
let seen = '';
function selected_is_about() {
  const { event, after, stream } = model.selected;
  const now = `${event.seq} ${event.response.delivery} ${after.heard} ${stream.heard}`;
  const other = now !== seen;
  seen = now;
  return other;
}

async function start_realms() {
  const chooser = $('realm');
  const own = (await call('GET', 'state')).body.realm;
  const { realms = [] } = (await call('GET', 'realms')).body;
  for (const { name, scenario } of realms) {
    const option = make('option', { value: name, selected: name === own }, scenario && scenario !== 'plain' ? `${name} (${scenario})` : name);
    chooser.append(option);
  }
  chooser.addEventListener('change', () => {
    const { control: bases, name } = realms.find((realm) => realm.name === chooser.value);
    location.href = `${base_of(bases, name)}/ui`;
  });
  document.title = `${own} - tollgate`;
}

// At this origin where it can be, so that whoever is logged in stays so.
function base_of(bases, name) {
  const here = bases.map((base) => new URL(base)).find((base) => base.origin === location.origin);
  return here ? here.pathname : `/r/${encodeURIComponent(name)}/control`;
}

function start() {
  const { login } = document.documentElement.dataset;
  $('log-out').action = `${control}/ui/logout`;
  $('log-out').hidden = login !== 'yes';
  for (const name of tabs) $(`tab-${name}`).addEventListener('click', () => show_tab(name));
  $('filter').addEventListener('input', () => {
    filter.set($('filter').value);
    told(new Set());
  });
  start_lanes();
  start_list();
  start_keys();
  show_nothing();
  show_tab('list');
  start_realms();
  listen(told);
}

start();
