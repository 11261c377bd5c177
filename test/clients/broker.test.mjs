// Broker mode: real clients log in at one tollgate, which sends people to log in at another.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';

import * as client2 from '@modelcontextprotocol/client';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';

import { memory_provider } from './lib/oauth.mjs';
import { relay } from './lib/relay.mjs';
import { free_ports, outlive, scratch_folder, tollgate } from './lib/tollgate.mjs';
import { walker } from './lib/walker.mjs';

const hello = { message: 'Hello from Inspector!' };
const text_of = (result) => result.content.map((item) => item.text).join('');
const no_rotation = { 'tokens.refresh_rotation': 'never' }; // see sdk1.test.mjs

// A provider whose access tokens are soon over, and a broker whose own are over a little later. Each
// is one origin behind a relay of its own.
async function both(t) {
  const [at_provider, at_broker] = await free_ports(2);
  const [provider_leg, client_leg] = [await relay(t), await relay(t)];
  provider_leg.to(at_provider);
  client_leg.to(at_broker);
  const one_origin = (port, origin) => ({
    'authorization_server.listen': `localhost:${port}`,
    'mcp.listen': `localhost:${port}`,
    'authorization_server.public_url': origin,
    'mcp.public_url': origin,
  });
  await tollgate(t, {
    set: {
      ...one_origin(at_provider, provider_leg.origin),
      'tokens.access_ttl': '2s',
      'tokens.refresh_rotation': 'always',
      clients: `[{client_id="broker",client_secret="the-broker-s-own",redirect_uris=["${client_leg.origin}/callback"]}]`,
    },
  });
  const folder = scratch_folder(t);
  const config = join(folder, 'config.toml');
  writeFileSync(config, '[tools]\nauthenticated_request = true\n');
  await tollgate(t, {
    config,
    folder,
    set: {
      ...one_origin(at_broker, client_leg.origin),
      ...no_rotation,
      'authorization_server.mode': 'broker',
      'upstream.issuer': provider_leg.origin,
      'upstream.client_id': 'broker',
      'upstream.client_secret': 'the-broker-s-own',
      'tokens.access_ttl': '3s',
    },
  });
  // The browser goes past the relays: what it carries is neither leg's.
  const browser = new walker({ [provider_leg.origin]: at_provider, [client_leg.origin]: at_broker });
  return { provider_leg, client_leg, browser, mcp: `${client_leg.origin}/mcp` };
}

// Logs in with the browser, and remembers every secret that it was given.
class walking_provider extends memory_provider {
  secrets = new Set();

  constructor(browser) {
    super();
    this.browser = browser;
  }
  saveTokens(tokens) {
    for (const name of ['access_token', 'refresh_token']) if (tokens[name]) this.secrets.add(tokens[name]);
    super.saveTokens(tokens);
  }
  async redirectToAuthorization(url) {
    this.authorizations += 1;
    this.callback = await this.browser.walk(url, this.redirectUrl);
    assert.equal(this.callback.searchParams.get('state'), this.state());
    assert.ok(this.callback.searchParams.get('code'), this.callback.href);
    this.secrets.add(this.callback.searchParams.get('code'));
  }
}

const sdks = [
  {
    name: 'SDK 1.x',
    transport: (url, authProvider) => new StreamableHTTPClientTransport(url, { authProvider }),
    client: () => new Client({ name: 'sdk1', version: '1' }),
    finish: (transport, callback) => transport.finishAuth(callback.searchParams.get('code')),
  },
  {
    name: 'client 2.x',
    transport: (url, authProvider) => new client2.StreamableHTTPClientTransport(url, { authProvider }),
    client: () => new client2.Client({ name: 'client2', version: '1' }, { versionNegotiation: { mode: { pin: '2026-07-28' } } }),
    finish: (transport, callback) => transport.finishAuth(callback.searchParams),
  },
];

async function logged_in(t, sdk, servers) {
  const provider = new walking_provider(servers.browser);
  const url = new URL(servers.mcp);
  const first = sdk.transport(url, provider);
  t.after(() => first.close());
  await assert.rejects(sdk.client().connect(first));
  await sdk.finish(first, provider.callback);
  const client = sdk.client();
  await client.connect(sdk.transport(url, provider));
  t.after(() => client.close());
  const call = (name, args = {}) => client.callTool({ name, arguments: args });
  return { provider, client, call };
}

// Every token that stands in an answer of the provider, and the codes that the browser brought.
function secrets_of_the_provider(servers) {
  const tokens = [...servers.provider_leg.bytes().matchAll(/"(?:access_token|refresh_token|id_token)":"([^"]+)"/g)].map(([, value]) => value);
  const codes = servers.browser.visited
    .filter((url) => url.startsWith(`${servers.client_leg.origin}/callback?`))
    .map((url) => new URL(url).searchParams.get('code'));
  return new Set([...tokens, ...codes]);
}

for (const sdk of sdks) {
  describe(`broker mode, ${sdk.name}`, () => {
    test('logs in at the provider by way of our page, goes on when tokens expire, and keeps both sides apart', async (t) => {
      const servers = await both(t);
      const { provider, call } = await logged_in(t, sdk, servers);
      assert.equal(servers.browser.pages.length, 1);
      assert.match(servers.browser.pages[0], /client test.*Signs you in at/s);
      assert.equal(text_of(await call('echo', hello)), hello.message);
      assert.match(text_of(await call('whoami')), /demo@localhost:/);
      assert.equal(JSON.parse(text_of(await call('make_authenticated_request', hello))).body.sub, 'demo');

      const before = provider.tokens().access_token;
      await outlive(3); // both are over
      assert.equal(text_of(await call('echo', hello)), hello.message);
      assert.notEqual(provider.tokens().access_token, before);
      const about = JSON.parse(text_of(await call('make_authenticated_request', hello)));
      assert.equal(about.status, 200);
      assert.equal(about.body.sub, 'demo');
      assert.equal(provider.authorizations, 1, 'nobody had to log in again');

      const [at_client, at_provider] = [servers.client_leg.bytes(), servers.provider_leg.bytes()];
      const theirs = secrets_of_the_provider(servers);
      assert.ok(theirs.size >= 6, `a code, two pairs of tokens, an ID Token: ${[...theirs].join(' ')}`);
      assert.ok(provider.secrets.size >= 4);
      for (const secret of theirs) assert.ok(!at_client.includes(secret), `the client's leg has the provider's ${secret}`);
      for (const secret of provider.secrets) {
        assert.ok(!at_provider.includes(secret), `the provider's leg has the client's ${secret}`);
        assert.ok(at_client.includes(secret), 'the search finds what is there');
      }
      for (const secret of theirs) assert.ok(at_provider.includes(secret), 'the search finds what is there');
      assert.ok(!at_client.includes('the-broker-s-own'));
    });
  });
}
