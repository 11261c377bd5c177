// "Make a fault from this exchange": a fault of the catalogue for its endpoint, a selector made of
// what the exchange was about, and when it is to act.

const trigger_choices = [
  ['next', 'the next … such requests', 1],
  ['nth', 'request number … from now on, alone', 2],
  ['always', 'every such request'],
  ['every', 'every …th such request', 2],
  ['after', 'all but the first … such requests', 1],
];

// What of an exchange a selector can name, besides the endpoint.
function selector_of(row) {
  const { event } = row;
  const all = { grant_type: event.endpoint === 'token' ? grant_of(event) : '', client_id: client_of(event), subject: event.subject, mcp_method: event.mcp_method, tool: event.tool };
  return Object.entries(all).filter(([, value]) => value);
}

function fits(fault, row) {
  const here = fault.endpoints.length === 0 || fault.endpoints.includes(row.event.endpoint);
  return here && fault.name !== 'raw';
}

async function open_fault_form(row) {
  const dialog = $('fault-form');
  const faults = (await catalogue()).filter((fault) => fits(fault, row));
  const form = { row, faults, dialog };
  form.which = make('select', { id: 'fault-name', onchange: () => describe(form) });
  for (const [kind, group] of grouped(faults, row.phase.id)) form.which.append(make('optgroup', { label: kind }, ...group.map((f) => make('option', { value: f.name }, `${f.name}: ${f.what}`))));
  form.text = make('div', { class: 'note' });
  form.parameters = make('div', {});
  form.when = make('select', { onchange: () => preview(form) }, ...trigger_choices.map(([value, text]) => make('option', { value }, text)));
  form.number = make('input', { type: 'number', min: 1, max: 1000000, value: 1, 'aria-label': 'Number', oninput: () => preview(form) });
  form.about = make('fieldset', {}, make('legend', {}, 'Only requests like this one:'), ...selector_of(row).map(([name, value]) => choice(form, name, value)));
  form.json = make('pre', { tabindex: 0, 'aria-label': 'What is sent' });
  form.wrong = make('p', { class: 'error', role: 'alert', hidden: true });
  dialog.replaceChildren(
    make('h2', { id: 'fault-title' }, 'Make a fault'),
    make('p', {}, `For requests to the endpoint ${row.event.endpoint} (${row.phase.name}) that come from now on.`),
    make('label', {}, 'What goes wrong', form.which), form.text, form.parameters,
    make('div', { class: 'pair' }, make('label', {}, 'When', form.when), make('label', {}, 'Number …', form.number)),
    form.about,
    make('details', {}, make('summary', {}, 'What is sent to the control plane'), form.json),
    form.wrong,
    make('div', { class: 'actions' }, button('Make the fault', () => send_fault(form), { class: 'primary' }), button('Copy as curl', () => copy_text(fault_curl(form), 'a curl command')), button('Cancel', () => dialog.close())),
  );
  describe(form);
  dialog.showModal();
}

// The faults of the phase first, those of the connection last.
function grouped(faults, phase) {
  const groups = new Map();
  for (const fault of faults) {
    const kind = fault.name.split('.')[0];
    groups.set(kind, [...(groups.get(kind) ?? []), fault]);
  }
  const rank = (kind) => (kind === phase ? 0 : kind === 'net' ? 2 : 1);
  return [...groups].sort(([a], [b]) => rank(a) - rank(b) || a.localeCompare(b));
}

function choice(form, name, value) {
  const box = make('input', { type: 'checkbox', name, checked: name === 'grant_type' || name === 'client_id' || name === 'tool', onchange: () => preview(form) });
  box.dataset.value = value;
  return make('label', { class: 'choice' }, box, `${name} = ${value}`);
}

function describe(form) {
  const fault = form.faults.find((one) => one.name === form.which.value);
  form.text.replaceChildren(make('p', {}, fault.what), make('p', {}, `A right client: ${fault.client}. (${fault.clause})`));
  const fields = Object.entries(fault.parameters).map(([name, text]) => make('label', {}, `${name}: ${text}`, make('input', { name, oninput: () => preview(form) })));
  form.parameters.replaceChildren(...fields);
  // A fault that is about one grant says so itself: the exchange may be about another.
  const grant = form.about.querySelector('[name=grant_type]');
  if (grant) {
    grant.checked = !fault.grant_type;
    grant.parentElement.hidden = Boolean(fault.grant_type);
  }
  preview(form);
}

// The body of POST faults.
function fault_of(form) {
  const kind = form.when.value;
  const select = { endpoint: form.row.event.endpoint };
  for (const box of form.about.querySelectorAll('input:checked')) select[box.name] = box.dataset.value;
  const params = {};
  for (const field of form.parameters.querySelectorAll('input')) if (field.value !== '') params[field.name] = parsed(field.value) ?? field.value;
  const body = { name: form.which.value, trigger: { [kind]: kind === 'always' ? true : Number(form.number.value) }, select };
  return Object.keys(params).length ? { ...body, params } : body;
}

function preview(form) {
  form.number.parentElement.hidden = form.when.value === 'always';
  form.json.textContent = JSON.stringify(fault_of(form), null, 2);
}

function fault_curl(form) {
  return `curl ${quoted(`${location.origin}${control}/faults`)} -H 'content-type: application/json' \\\n  -d ${quoted(JSON.stringify(fault_of(form)))}\n`;
}

async function send_fault(form) {
  const answer = await call('POST', 'faults', fault_of(form));
  if (!answer.ok) {
    form.wrong.hidden = false;
    form.wrong.textContent = why(answer);
    return;
  }
  form.dialog.close();
  say(`${answer.body.name} is on: ${trigger_text(answer.body.trigger)}.`);
  show_tab('faults');
}
