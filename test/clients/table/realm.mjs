// A realm of a running tollgate for one client and one fault, with an origin of its own.
import { sleep } from '../lib/tollgate.mjs';

// What the table itself sends calls itself so.
export const this_table = 'client-table';

async function ask(url, method, body) {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(url, { method, headers, body: body && JSON.stringify(body) });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${url} answered ${answer.status}: ${text}`);
  return text === '' ? undefined : JSON.parse(text);
}

// { mcp, issuer, … } as POST realms answers, and what the faults need of it.
export async function make_realm(server, name, policy = {}) {
  const realms = `${server.issuer}/control/realms`;
  const realm = await ask(realms, 'POST', { name, isolation: 'port', policy });
  const [base] = realm.control;
  const events = async (since) => (await ask(`${base}/events?since=${since}`, 'GET')).events;
  const told = async (member) => [...new Set((await events(1)).map((event) => event[member]).filter(Boolean))];
  return {
    ...realm,
    control: (call) => ask(`${base}/${call}`, 'POST', {}),
    fault: (fault) => ask(`${base}/faults`, 'POST', fault),
    faults: async () => (await ask(`${base}/faults`, 'GET')).faults,
    forget_faults: () => ask(`${base}/faults`, 'DELETE'),
    policy: (values) => ask(`${base}/policy`, 'PATCH', values),
    document: (url, document) => ask(`${base}/client-documents`, 'POST', { url, document }),
    events,
    clients: () => told('client_id'),
    // By a fault that acts on one request: this one, which nobody else sends.
    async end_sessions() {
      const { id } = await ask(`${base}/faults`, 'POST', {
        select: { endpoint: 'mcp', header: { 'user-agent': this_table } },
        effects: [{ do: { what: 'end_sessions' } }],
      });
      await fetch(realm.mcp, { headers: { 'user-agent': this_table } });
      await ask(`${base}/faults/${id}`, 'DELETE');
    },
    // Waits until nothing has come for half a second, for six seconds at most: { next, restless }.
    async quiet() {
      let next = 1;
      for (let attempts = 0; attempts < 12; ++attempts) {
        const now = (await ask(`${base}/events?since=${next}`, 'GET')).next;
        if (now === next && attempts > 0) return { next, restless: false };
        next = now;
        await sleep(500);
      }
      return { next, restless: true };
    },
    remove: () => ask(`${realms}/${name}`, 'DELETE'),
  };
}
