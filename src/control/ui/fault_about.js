// Which requests a fault is about: what of an exchange a selector can name, and whether it makes sense
// for the fault that is chosen.

function fits(fault, row) {
  return fault.endpoints.length === 0 || fault.endpoints.includes(row.event.endpoint);
}

// Their requests say no client_id, or the next one gets another.
const nameless = ['register', 'as_metadata', 'openid_configuration', 'resource_metadata', 'jwks'];

// The client that has registered or logged in last.
function newest_client() {
  const logs_in = ['registration', 'authorize', 'token'];
  return model.rows.findLast((row) => row.client && logs_in.includes(row.phase.id))?.client ?? '';
}

// Boxes, of which those that aim at the exchange are ticked.
function choices_of(form, changed) {
  const newest = newest_client();
  if (!form.row) return newest ? [choice('client_id', newest, { note: 'the newest client', changed })] : [];
  const { event, client } = form.row;
  const all = { grant_type: form.row.grant, client_id: client, subject: event.subject, mcp_method: event.mcp_method, tool: event.tool };
  const old = newest && client !== newest;
  return Object.entries(all).filter(([, value]) => value).map(([name, value]) => {
    const note = name === 'client_id' && old ? `an earlier client; the newest is ${shortened(newest)}` : '';
    return choice(name, value, { ticked: ['grant_type', 'client_id', 'tool'].includes(name) && !note, note, changed });
  });
}

function choice(name, value, { ticked = false, note = '', changed }) {
  const box = make('input', { type: 'checkbox', name, checked: ticked });
  box.wish = ticked;
  box.addEventListener('change', () => {
    box.wish = box.checked;
    changed();
  });
  box.dataset.value = value;
  const why_not = make('span', { class: 'dim why-not' });
  return make('label', { class: 'choice' }, box, make('span', {}, `${name} = ${value}`, note && make('span', { class: 'dim' }, ` (${note})`), why_not));
}

// Why a box makes no sense for the fault; empty where it does.
function objection(form, fault, name) {
  if (!fault) return '';
  const here = !form.row || fits(fault, form.row);
  const about = here && form.row ? [form.row.event.endpoint] : fault.endpoints;
  if (name === 'client_id' || name === 'subject') {
    const unknown = about.length > 0 && about.every((endpoint) => nameless.includes(endpoint));
    return unknown ? `no ${requests_of(fault)[0]} to come says it` : '';
  }
  const foreign = name === 'tool' && fault.mcp_method && fault.mcp_method !== 'tools/call';
  const bodiless = fault.method && fault.method !== 'POST';
  if (!here || foreign || bodiless) return `this fault is about ${requests_of(fault)[1]}`;
  const own = fault[name];
  return own ? `this fault is about ${requests_of(fault)[1]} anyway` : '';
}

// Takes ticks off that the fault does not go with, and says why; puts them back where it does.
function apply_choices(form, fault) {
  for (const box of form.about.querySelectorAll('input')) {
    const why_not = objection(form, fault, box.name);
    box.disabled = why_not !== '';
    box.checked = !why_not && box.wish;
    box.parentElement.querySelector('.why-not').textContent = why_not ? ` left out: ${why_not}` : '';
  }
}

// The selector of POST faults.
function chosen_select(form, fault) {
  const select = {};
  if (form.row && fault && fits(fault, form.row)) select.endpoint = form.row.event.endpoint;
  for (const box of form.about.querySelectorAll('input:checked')) select[box.name] = box.dataset.value;
  return select;
}
