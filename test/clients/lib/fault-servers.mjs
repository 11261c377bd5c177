// The servers that the tables of test/wire/faults are played at.
import { player } from './faults.mjs';
import { free_ports, tollgate } from './tollgate.mjs';

const secret = 'a-secret-of-a-test-that-is-long';
const app = '{client_id="app",redirect_uris=["http://127.0.0.1:7777/callback"],token_endpoint_auth_method="none"}';
const service = `{client_id="service",client_secret="${secret}",grant_types=["client_credentials"],scope="mcp:tools"}`;

// The servers that lines are played at. `"server"` of a line that begins with "@" is one of them.
export const servers = {
  plain: async (t) => new player(await tollgate(t, { set: { clients: `[${service},${app}]` } })),

  // In front of a provider, which is the realm idp of the same server.
  broker: async (t) => {
    const [port] = await free_ports(1);
    const origin = `http://localhost:${port}`;
    const provider = `{client_id="broker",client_secret="${secret}",redirect_uris=["${origin}/r/t/callback"]}`;
    const set = {
      'authorization_server.listen': `localhost:${port}`,
      'mcp.listen': 'localhost:0',
      'authorization_server.mode': 'broker',
      'authorization_server.consent': 'auto',
      'upstream.issuer': `${origin}/r/idp`,
      'upstream.client_id': 'broker',
      'upstream.client_secret': secret,
      clients: `[${provider},${app}]`,
    };
    const p = new player(await tollgate(t, { set, own_ports: false }));
    await p.control('realms', 'POST', { name: 'idp' });
    return p;
  },

  // Its resource server looks at the tokens itself, and keeps the keys that it knows.
  jwt: async (t) => {
    const set = { 'validation.strategy': 'jwt', 'tokens.format': 'jwt', clients: `[${app}]` };
    return new player(await tollgate(t, { set }), { numbered: true });
  },

  // What it is to the world is https; who asks it here is behind the proxy that makes it so.
  https: async (t) => {
    const set = {
      'authorization_server.public_url': 'https://as.example',
      'mcp.public_url': 'https://mcp.example',
      'control.token': secret,
      clients: `[${app}]`,
    };
    return new player(await tollgate(t, { set }), { token: secret });
  },
};

// The players of a test, each with its server, which is started when it is first asked for.
export function players(t) {
  const started = {};
  return (entry) => (started[entry.extra?.server ?? 'plain'] ??= servers[entry.extra?.server ?? 'plain'](t));
}
