// Pseudonyms of secrets: found, named, and each in a colour of its own.

const pseudonym = /~[A-Za-z0-9_-]{8}/g;
const short_names = {
  access_token: 'access',
  refresh_token: 'refresh',
  id_token: 'id',
  code: 'code',
  device_code: 'device',
  subject_token: 'access',
  token: 'token',
};
const colour_numbers = new Map();

// Numbered as they come in the journal, so that a page that is opened again has the same colours.
// Neighbours in time are far apart on the circle.
function number_pseudonyms(text) {
  for (const [id] of text.matchAll(pseudonym)) if (!colour_numbers.has(id)) colour_numbers.set(id, colour_numbers.size);
}

function hue_of(id) {
  number_pseudonyms(id);
  return Math.round((colour_numbers.get(id) * 137.508 + 210) % 360);
}

// [{ id, name }] of an exchange: what a client must keep, not what is gone after one request.
function tokens_of(event) {
  const found = new Map();
  const bearer = /^(?:Bearer|DPoP) (~\S{8})$/i.exec(header_of(event.request, 'authorization'));
  if (bearer) found.set(bearer[1], 'access');
  const location = header_of(event.response, 'location');
  for (const text of [event.request.target, event.request.body, event.response.body, location]) {
    for (const [, name, id] of (text ?? '').matchAll(/([a-z_]+)(?:"\s*:\s*"|=)(~[A-Za-z0-9_-]{8})/g))
      if (Object.hasOwn(short_names, name) && !found.has(id)) found.set(id, short_names[name]);
  }
  return [...found].map(([id, name]) => ({ id, name }));
}

function token_chip(token) {
  const chip = make('span', { class: 'token', title: `${token.name} ${token.id}` }, `${token.name} ${token.id.slice(1, 5)}`);
  chip.style.setProperty('--hue', hue_of(token.id));
  return chip;
}

// A text in which each pseudonym has its colour.
function coloured(text) {
  const out = document.createDocumentFragment();
  let from = 0;
  for (const found of text.matchAll(pseudonym)) {
    out.append(text.slice(from, found.index));
    const mark = make('span', { class: 'token' }, found[0]);
    mark.style.setProperty('--hue', hue_of(found[0]));
    out.append(mark);
    from = found.index + found[0].length;
  }
  out.append(text.slice(from));
  return out;
}
