// Reads from the journal what a client did, and how it ended.
import { this_table } from './realm.mjs';

// What an exchange is, in a word of the page; undefined for those that need no mention.
function kind_of(event) {
  const { method, headers = [], body } = event.request;
  if (event.endpoint === 'token' && body?.includes('grant_type=refresh_token')) return 'refresh';
  if (event.endpoint === 'register') return 'register';
  if (event.endpoint === 'authorize') return 'browser';
  if (event.endpoint !== 'mcp') return undefined;
  if (method === 'GET') return headers.some(({ name }) => name.toLowerCase() === 'last-event-id') ? 'resume' : undefined;
  if (event.mcp_method === 'initialize' || body?.includes('"initialize"')) return 'new session';
  if (event.mcp_method === 'tools/call' || body?.includes('"tools/call"')) return 'call';
  return undefined;
}

// The server asks itself by /introspect: that is nobody's request, and so is what the table sends.
const by_the_table = (event) => event.request.headers?.some(({ name, value }) => name.toLowerCase() === 'user-agent' && value === this_table);
const exchanges_of = (events) => events.filter((event) => event.type === 'exchange' && event.endpoint !== 'introspect' && !by_the_table(event));

// ["refresh", "call again", …], each once, with how often where that is more than once.
function actions_of(exchanges, ways_of_its_own) {
  const counts = new Map();
  const note = (action) => counts.set(action, (counts.get(action) ?? 0) + 1);
  let calls = 0;
  let refused = false;
  for (const event of exchanges) {
    const kind = kind_of(event);
    if (kind === 'call') {
      calls += 1;
      if (calls > 1) note('call again');
    } else if (kind === 'refresh') {
      note(refused ? 'refresh' : 'refresh beforehand');
    } else if (kind && !ways_of_its_own.includes(kind)) {
      note(kind);
    }
    refused ||= [401, 403].includes(event.response?.status);
  }
  return [...counts].map(([action, times]) => (times > 1 ? `${action} ×${times}` : action));
}

// How it ended: the words of the legend.
const words = { call: 'ok', next: 'next call', restart: 'restart', restart_again: 'restart', log_in: 'by hand' };

// The paths of the machine are nobody's business.
const without_places = (text) => String(text).replaceAll(/(file:\/\/)?\/[^\s"'()]*\//g, '');

// A result of run_cell → { word, asked, actions, requests, met, … }: plain data, which is kept.
export function read(result, client, fault) {
  if (result.trouble) return { trouble: result.trouble };
  const all = result.steps.map((step) => exchanges_of(step.events));
  const last = result.steps.at(-1);
  const [first] = result.steps;
  const asked = all.flat().filter((event) => kind_of(event) === 'browser').length;
  const statuses = all[0].filter((event) => event.endpoint === 'mcp').map((event) => event.response?.status);
  const meets = {
    refused: statuses.includes(401),
    forbidden: statuses.includes(403),
    not_found: statuses.includes(404),
    refreshed: all.flat().some((event) => kind_of(event) === 'refresh'),
  };
  // A login at the very start is what everybody does.
  const ways_of_its_own = [...(client.each_time ? ['new session'] : []), ...(fault.from_the_start ? ['browser', 'register', 'new session'] : [])];
  return {
    word: last.ok ? words[last.step] : 'never',
    twice: (last.ok && last.step === 'restart_again') || undefined,
    asked: fault.from_the_start ? Math.max(0, asked - 1) : asked,
    actions: actions_of(all[0], ways_of_its_own),
    requests: all[0].length,
    met: fault.meets ? meets[fault.meets] : result.fired > 0,
    seconds: Math.round(first.seconds),
    hangs: /^nothing for/.test(first.error ?? '') || undefined,
    restless: result.steps.some((step) => step.restless) || undefined,
    errors: result.steps.filter((step) => !step.ok).map((step) => `${step.step}: ${without_places(step.error)}`.slice(0, 300)),
  };
}
