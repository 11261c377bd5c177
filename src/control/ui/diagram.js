// The sequence diagram of what the list shows: the client, the authorization server, the MCP server.

const most_arrows = 200;
const step = 54; // pixels for a request and its answer

const at_mcp = (row) => ['mcp', 'sse', 'messages', 'resource_metadata'].includes(row.event.endpoint);

function draw_diagram() {
  const panel = $('diagram');
  const rows = model.shown.filter((row) => row.event.type === 'exchange');
  const some = rows.slice(-most_arrows);
  const width = Math.max(320, panel.clientWidth - 32);
  const note = rows.length > some.length ? `The last ${some.length} of ${rows.length} requests.` : 'What the list shows, from top to bottom.';
  const svg = make_svg('svg', { width, height: 60 + some.length * step, role: 'img', 'aria-label': `Sequence diagram of ${some.length} requests; the list tells the same` });
  const x = { client: 44, as: Math.round(width * 0.56), mcp: width - 40 };
  const height = 50 + some.length * step;
  for (const [name, title] of [['client', 'Client'], ['as', 'Authorization'], ['mcp', 'MCP server']]) {
    const anchor = name === 'client' ? 'start' : name === 'mcp' ? 'end' : 'middle';
    const edge = name === 'client' ? 4 : name === 'mcp' ? width - 4 : x[name];
    svg.append(make_svg('text', { x: edge, y: 18, class: 'party', 'text-anchor': anchor }, title));
    svg.append(make_svg('line', { x1: x[name], x2: x[name], y1: 28, y2: height, class: 'life' }));
  }
  some.forEach((row, i) => svg.append(arrow_of(row, x, 40 + i * step)));
  panel.replaceChildren(make('h2', {}, 'Sequence'), make('p', { class: 'dim' }, `${note} A click shows the exchange.`), svg);
}

function arrow_of(row, x, y) {
  const from = is_internal(row.event) ? x.mcp : x.client;
  const to = at_mcp(row) ? x.mcp : x.as;
  const g = make_svg('g', { class: 'arrow', 'data-seq': row.seq, 'data-trouble': row.trouble, 'data-phase': row.phase.id, onclick: () => select(row, 'look') });
  g.classList.toggle('chosen', row === model.selected);
  g.append(make_svg('rect', { x: 0, y: y - 8, width: x.mcp + 40, height: step - 4, class: 'band' }));
  g.append(make_svg('rect', { x: 0, y: y - 8, width: 5, height: step - 4, class: 'stripe' }));
  const room = Math.floor((x.mcp + 30 - x.client) / 7.4);
  const asked = `${row.event.request.method} ${row.path} ${row.extra}`;
  const said = [row.event.response.status, row.trouble && error_text(row.event), ...row.event.faults.map((name) => `[fault ${name}]`)].filter(Boolean).join(' ');
  g.append(make_svg('title', {}, story(row.event)));
  g.append(...arrow(from, to, y + 12, 'there', asked, room), ...arrow(to, from, y + 36, 'back', said, room));
  return g;
}

function arrow(from, to, y, way, text, room) {
  const tip = to < from ? 6 : -6;
  const short = text.length > room ? `${text.slice(0, room - 1)}…` : text;
  return [
    make_svg('line', { x1: from, x2: to, y1: y, y2: y, class: way }),
    make_svg('path', { d: `M${to + tip} ${y - 4}L${to} ${y}L${to + tip} ${y + 4}`, class: 'tip' }),
    make_svg('text', { x: Math.min(from, to) + 8, y: y - 4 }, short),
  ];
}

function mark_in_diagram() {
  for (const g of $('diagram').querySelectorAll('.arrow')) {
    const chosen = Number(g.dataset.seq) === model.selected?.seq;
    g.classList.toggle('chosen', chosen);
    if (chosen && !$('diagram').hidden) g.scrollIntoView({ block: 'nearest' });
  }
}
