// What can be taken along: a curl command and a bug report. Secrets are pseudonyms in both.

// Left out: what curl writes itself.
const own_fields = new Set(['host', 'content-length', 'connection', 'accept-encoding', 'transfer-encoding', 'user-agent']);

const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;
const url_of = (event) => `${location.protocol}//${header_of(event.request, 'host') || location.host}${event.request.target}`;
const incomplete = (message) => /^\(\d+ bytes\)$/.test(message.body ?? '');

function curl_of(row) {
  const { event } = row;
  const words = [`curl -i -X ${quoted(event.request.method)} ${quoted(url_of(event))}`];
  for (const { name, value } of event.request.headers)
    if (!own_fields.has(name.toLowerCase())) words.push(`-H ${quoted(`${name}: ${value}`)}`);
  const { body } = event.request;
  if (body && !incomplete(event.request)) words.push(`--data-raw ${quoted(body)}`);
  const notes = ['# Secrets are pseudonyms (~Zm9vYmFy, ***): put your own in their place.'];
  if (incomplete(event.request)) notes.push('# The body was not kept whole and is left out.');
  return `${notes.join('\n')}\n${words.join(' \\\n  ')}\n`;
}

// A fence that nothing within it closes.
function fenced(text, kind = '') {
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map((run) => run[0].length));
  const fence = '`'.repeat(Math.max(3, longest + 1));
  return `${fence}${kind}\n${text}\n${fence}`;
}

const cell = (text) => String(text).replaceAll('|', '\\|').replace(/[\r\n<>`]/g, ' ');

function http_text(start, message) {
  const lines = [start, ...message.headers.map(({ name, value }) => `${name}: ${value}`)];
  if (message.body) lines.push('', set_out(message.body));
  return lines.join('\n');
}

function report_of(row) {
  const { event } = row;
  const before = model.rows.filter((r) => r.event.flow === event.flow && r.seq <= row.seq && r.event.type === 'exchange').slice(-12);
  const table = before.map((r) => `| ${r.seq} | ${r.phase.name} | ${cell(`${r.event.request.method} ${r.path} ${r.extra}`)} | ${r.event.response.status} ${cell(error_text(r.event))} | ${cell(r.event.faults.join(', '))} |`);
  return [
    `## ${cell(`${event.request.method} ${row.path}`)} was answered ${event.response.status}`,
    '',
    cell(story(event)),
    '',
    `- Phase: ${row.phase.name}. ${row.phase.text}`,
    `- Client: ${cell(header_of(event.request, 'user-agent') || 'did not say')}${event.client_id ? `, client_id ${cell(event.client_id)}` : ''}`,
    `- Server: tollgate ${document.documentElement.dataset.version}, realm ${cell(event.realm)}, ${event.arrived}`,
    `- Faults that acted on it: ${cell(event.faults.join(', ') || 'none')}`,
    '',
    '### What came before',
    '',
    '| event | phase | request | answer | faults |',
    '|--:|---|---|---|---|',
    ...table,
    '',
    '### Request',
    '',
    fenced(http_text(request_lines(event), event.request), 'http'),
    '',
    '### Answer',
    '',
    fenced(http_text(String(event.response.status), event.response), 'http'),
    '',
    'Secrets are pseudonyms: the same name is the same secret.',
    '',
  ].join('\n');
}

// Without https, away from this machine, a browser has no clipboard for pages: then by hand.
async function copy_text(text, what) {
  try {
    await navigator.clipboard.writeText(text);
    say(`Copied ${what}.`);
  } catch {
    const field = make('textarea', { readonly: true, rows: 12, 'aria-label': 'Text to copy' });
    field.value = text;
    const dialog = $('copy-form');
    dialog.replaceChildren(make('h2', { id: 'copy-title' }, 'Copy this'), field, make('div', { class: 'actions' }, button('Close', () => dialog.close())));
    dialog.showModal();
    field.select();
  }
}
