// "Make a fault": one of the catalogue, the requests that it is about, and when it is to act. Made from
// an exchange it knows which requests; made for a phase or for nothing at all it asks.

// [kind, text, what its number is, the number at first]
const trigger_choices = [
  ['next', 'the next ones', 'How many', 1],
  ['nth', 'only one of them: the 1st, 2nd, 3rd …', 'Which one', 2],
  ['always', 'every one'],
  ['every', 'every 2nd, 3rd, …', 'Every how many', 2],
  ['after', 'all but the first ones', 'How many work first', 1],
];

// `row`: an exchange, or else `phase`: the id of one, or neither.
async function open_fault_form({ row, phase = row?.phase.id }) {
  const all = (await catalogue()).filter((fault) => fault.name !== 'raw');
  const form = { row, phase, all, dialog: $('fault-form'), touched: false };
  const say_again = () => preview(form);
  form.search = make('input', { type: 'search', placeholder: 'refresh, 429, invalid_client …', autocomplete: 'off', spellcheck: 'false', oninput: () => offer(form), onkeydown: (press) => leave_search(press, form) });
  form.which = make('select', { id: 'fault-name', size: narrow_page.matches ? undefined : 5, onchange: () => describe(form) });
  form.found = make('span', { class: 'dim', role: 'status' });
  form.text = make('div', { class: 'note' });
  form.parameters = make('div', {});
  form.own = make('option', { value: 'own', hidden: true });
  form.when = make('select', { onchange: () => choose_when(form) }, ...trigger_choices.map(([value, text]) => make('option', { value }, text)), form.own);
  form.number_name = make('span', {});
  form.number = make('input', { type: 'number', min: 1, max: 1000000, value: 1, oninput: () => touch_number(form) });
  form.about = make('fieldset', {}, make('legend', {}, 'Only requests with:'), ...choices_of(form, say_again));
  form.about.hidden = form.about.children.length === 1;
  form.header = make('p', {});
  form.will = make('p', { class: 'will', role: 'status' });
  form.json = make('pre', { tabindex: 0, 'aria-label': 'What is sent' });
  form.wrong = make('p', { class: 'error', role: 'alert', hidden: true });
  form.dialog.replaceChildren(form_element(form));
  offer(form, preset_of(form));
  form.dialog.showModal();
  form.search.focus();
}

function form_element(form) {
  const submit = (press) => {
    press.preventDefault();
    send_fault(form);
  };
  const actions = make('div', { class: 'actions' },
    make('button', { class: 'primary' }, 'Make the fault'),
    button('Copy as curl', () => copy_text(fault_curl(form), 'a curl command')),
    button('Cancel', () => form.dialog.close()));
  return make('form', { novalidate: true, onsubmit: submit },
    make('h2', { id: 'fault-title' }, 'Make a fault'), form.header,
    make('label', {}, 'Find a fault', form.search),
    make('label', {}, 'What goes wrong ', form.found, form.which), form.text, form.parameters,
    make('div', { class: 'pair' }, make('label', {}, 'When', form.when), make('label', {}, form.number_name, form.number)),
    form.about,
    make('details', {}, make('summary', {}, 'The same for a script'), form.json),
    make('div', { class: 'act' }, form.wrong, form.will, actions));
}

// The one that most people want here, if it fits.
function preset_of({ row, phase, all }) {
  const name = phases.find(({ id }) => id === phase)?.fault;
  const fault = all.find((one) => one.name === name);
  return fault && (!row || fits(fault, row)) ? name : undefined;
}

// The faults that hold the words, in groups; `name`: to be chosen.
function offer(form, name = form.which.value) {
  const words = form.search.value.toLowerCase().split(/\s+/).filter(Boolean);
  const text_of = ({ name: own, what, id = '', aliases = [] }) => `${own} ${what} ${id} ${aliases.join(' ')}`.toLowerCase();
  const some = form.all.filter((fault) => words.every((word) => text_of(fault).includes(word)));
  const named = some.filter((fault) => words.length && fault.name.startsWith(words[0]));
  const groups = fault_groups(some, named.length ? phase_of_fault(named[0]) : form.phase);
  const option = (fault) => make('option', { value: fault.name, title: fault.what }, `${fault.name}: ${fault.what}`);
  form.which.replaceChildren(...groups.map(([label, list]) => make('optgroup', { label: `${label} (${list.length})` }, ...list.map(option))));
  form.found.textContent = words.length ? `${some.length} of ${form.all.length} faults` : `${form.all.length} faults`;
  const wanted = some.some((fault) => fault.name === name) ? name : undefined;
  const preset = phases.find(({ id }) => id === groups[0]?.[2])?.fault;
  const first = words.length && groups.length ? (groups[0][1].find((fault) => fault.name === preset) ?? groups[0][1][0]).name : '';
  form.which.value = wanted ?? first;
  describe(form);
}

// Enter and Down lead from the search to what was found.
function leave_search(press, form) {
  if (press.key !== 'Enter' && press.key !== 'ArrowDown') return;
  press.preventDefault();
  form.which.focus();
}

const chosen_fault = (form) => form.all.find((one) => one.name === form.which.value);

function describe(form) {
  const fault = chosen_fault(form);
  form.wrong.hidden = true;
  form.text.hidden = !fault;
  if (fault !== form.described) form.parameters.replaceChildren();
  // What was filled in stays while the search leads to the same one.
  if (fault && fault !== form.described) {
    form.text.replaceChildren(make('p', {}, fault.what), make('p', {}, `A correct client should ${fault.client}. (${fault.clause})`));
    const fields = Object.entries(fault.parameters).map(([name, text]) => make('label', {}, `${name}: ${text}`, make('input', { name, oninput: () => preview(form) })));
    form.parameters.replaceChildren(...fields);
  }
  form.described = fault;
  // A fault that was made for a certain time brings it along.
  const own = fault?.trigger;
  form.own.hidden = !own;
  form.own.textContent = own ? `as it is made: ${trigger_text(own)}` : '';
  if (own && !form.touched) form.when.value = 'own';
  if (!own && form.when.value === 'own') form.when.value = 'next';
  apply_choices(form, fault);
  set_number(form);
}

function choose_when(form) {
  form.touched = true;
  set_number(form);
}

function touch_number(form) {
  form.number.dataset.touched = 'yes';
  preview(form);
}

function set_number(form) {
  const [, , name, first] = trigger_choices.find(([kind]) => kind === form.when.value) ?? [];
  form.number.parentElement.hidden = name === undefined;
  form.number_name.textContent = name ?? '';
  if (first && !form.number.dataset.touched) form.number.value = first;
  preview(form);
}

function trigger_of(form) {
  const kind = form.when.value;
  if (kind === 'own') return chosen_fault(form)?.trigger;
  return { [kind]: kind === 'always' ? true : Number(form.number.value) };
}

// The body of POST faults.
function fault_of(form) {
  const params = {};
  for (const field of form.parameters.querySelectorAll('input')) if (field.value !== '') params[field.name] = parsed(field.value) ?? field.value;
  const body = { name: form.which.value, trigger: trigger_of(form), select: chosen_select(form, chosen_fault(form)) };
  return Object.keys(params).length ? { ...body, params } : body;
}

function preview(form) {
  const fault = chosen_fault(form);
  form.json.textContent = JSON.stringify(fault_of(form), null, 2);
  if (!fault) {
    form.header.textContent = 'It acts on requests that come from now on. Choose what goes wrong; the search helps.';
    return form.will.replaceChildren('Nothing is chosen yet.');
  }
  const { trigger, select } = fault_of(form);
  const [, many] = requests_of(fault, select);
  form.header.textContent = `For ${many} that come from now on.`;
  const unsaid = !form.number.parentElement.hidden && !(Number(form.number.value) >= 1);
  const sentence = unsaid ? `Say a number: ${form.number_name.textContent.toLowerCase()}.` : when_sentence(fault, trigger, select);
  form.will.replaceChildren(make('b', {}, `Will act on: ${many} ${whose(select)}.`.replace('….', '…')), ` ${sentence}`);
}

function fault_curl(form) {
  return `curl ${quoted(`${location.origin}${control}/faults`)} -H 'content-type: application/json' \\\n  -d ${quoted(JSON.stringify(fault_of(form)))}\n`;
}

async function send_fault(form) {
  const answer = chosen_fault(form) ? await call('POST', 'faults', fault_of(form)) : { body: { error_description: 'Choose what goes wrong first.' } };
  if (!answer.ok) {
    form.wrong.hidden = false;
    form.wrong.textContent = why(answer);
    return;
  }
  form.dialog.close();
  say(`${answer.body.name} is on: ${trigger_text(answer.body.trigger)}.`);
  show_tab('faults');
}
