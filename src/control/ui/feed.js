// The journal as it grows: everything that is kept, then what is new, by server-sent events.

const event_types = ['exchange', 'stream', 'message', 'login', 'refresh', 'registration', 'revocation', 'session', 'fault', 'control'];

const budget = 12; // ms of a frame

const feed = { types: new Set(), waiting: [], awake: false, tell: () => {} };

function live(text, state) {
  $('live').textContent = text;
  $('live').dataset.state = state;
}

// `tell` is called, at most once a frame, when something has changed, with the types of the events.
function listen(tell) {
  feed.tell = tell;
  open_feed();
}

async function open_feed() {
  const now = await call('GET', 'events?endpoint=none');
  if (now.status === 409) return live('the journal is off (journal.bytes = 0)', 'lost');
  if (now.status === 404) live('this realm is gone', 'lost');
  if (!now.ok) return setTimeout(open_feed, 2000);
  // A server that was started anew, or a realm that was made anew, counts from 1 again.
  if (now.body.next <= model.last) forget_everything();
  feed.waiting = [];
  changed('exchange');
  const source = new EventSource(`${control}/events/stream?since=${model.last + 1}`);
  for (const type of event_types) source.addEventListener(type, receive);
  source.addEventListener('open', () => live('live', 'live'));
  source.addEventListener('error', () => {
    source.close();
    live('no connection, trying again', 'lost');
    setTimeout(open_feed, 1000);
  });
}

function receive(message) {
  feed.waiting.push(message.data);
  wake();
}

// Something is to be drawn: with the events that have come, or without any.
function changed(type) {
  feed.types.add(type);
  wake();
}

// A page that nobody sees gets no frames.
function wake() {
  if (feed.awake) return;
  feed.awake = true;
  if (document.hidden) setTimeout(work_off, 500);
  else requestAnimationFrame(work_off);
}

// Thousands may come at once: as many as fit a frame are taken, the others in the next one.
function work_off() {
  const until = performance.now() + budget;
  let taken = 0;
  while (taken < feed.waiting.length && (document.hidden || performance.now() < until)) take_text(feed.waiting[taken++]);
  feed.waiting.splice(0, taken);
  const told = feed.types;
  feed.types = new Set();
  feed.awake = false;
  feed.tell(told);
  if (feed.waiting.length) wake();
}

function take_text(text) {
  const event = parsed(text);
  if (!event) return;
  number_pseudonyms(text);
  take_event(event, text.length);
  feed.types.add(event.type);
}

// An exchange is told before its answer is through: asked about again when somebody looks at it.
async function renew(row) {
  if (row.event.type !== 'exchange' || row.event.response.delivery !== 'pending') return;
  const query = new URLSearchParams({ since: row.seq, type: 'exchange', endpoint: row.event.endpoint ?? '' });
  const answer = await call('GET', `events?${query}`);
  for (const event of answer.body.events ?? []) renew_row(event);
  changed('exchange');
}
