// The keyboard: arrows choose, Enter reads, n goes to the next problem, / filters, Escape goes back.

const list_keys = {
  ArrowDown: () => move(1),
  ArrowUp: () => move(-1),
  PageDown: () => move(Math.floor($('rows').clientHeight / list.height)),
  PageUp: () => move(-Math.floor($('rows').clientHeight / list.height)),
  Home: () => move(-Infinity),
  End: () => move(Infinity),
  Enter: () => read_selected(),
};

function read_selected() {
  if (!model.selected) return;
  select(model.selected, 'look');
  $('exchange').focus();
}

function in_a_field(target) {
  return target.closest('input, select, textarea, dialog') !== null;
}

function start_keys() {
  document.addEventListener('keydown', (press) => {
    if (press.ctrlKey || press.metaKey || press.altKey) return;
    if (press.key === 'Escape') return go_back(press);
    if (in_a_field(press.target)) return;
    const free = press.target === document.body || press.target === $('rows');
    const does = free ? list_keys[press.key] : undefined;
    const anywhere = { '/': () => $('filter').focus(), n: next_problem }[press.key];
    const act = does ?? anywhere;
    if (!act) return;
    press.preventDefault();
    act();
  });
  $('filter').addEventListener('keydown', (press) => {
    if (press.key !== 'Enter' && press.key !== 'ArrowDown') return;
    press.preventDefault();
    $('rows').focus();
    if (!model.shown.includes(model.selected)) move(1);
  });
}

// A dialog closes itself.
function go_back(press) {
  if (press.target.closest('dialog')) return;
  press.preventDefault();
  if (press.target === $('filter') && $('filter').value) return filter_by('');
  show_tab('list');
  $('rows').focus();
}
