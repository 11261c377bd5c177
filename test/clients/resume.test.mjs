// The network goes away in the middle of a call: the SDKs come back with Last-Event-ID, and what
// was said meanwhile arrives, once and in order (MCP Transports, "Resumability and Redelivery").
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { CallToolResultSchema } from '@modelcontextprotocol/sdk/types.js';

import { bad_network } from './lib/bad_network.mjs';
import { client2_http, connect, overheard, sdk1_http } from './lib/clients.mjs';
import { control, metric, tollgate, until } from './lib/tollgate.mjs';

const both = [sdk1_http, client2_http];
const revisions = ['2025-03-26', '2025-06-18', '2025-11-25'];

// onprogress, and a promise for the moment when it was called `count` times.
function progress_counter(count) {
  const { promise: reached, resolve } = Promise.withResolvers();
  let heard = 0;
  const onprogress = () => {
    heard += 1;
    if (heard === count) resolve();
  };
  return { onprogress, reached };
}

const resumptions = (wire) => wire.calls.filter((c) => c.line === 'GET /mcp 200' && c.last_event_id).length;
const progress_of = (notes) => notes('notifications/progress').map((note) => note.progress);
const every_tenth = (seconds) => Array.from({ length: 10 }, (_, i) => Math.round((i + 1) * seconds * 100) / 1000);

async function connect_over(t, kind, set) {
  const server = await tollgate(t, { set });
  const network = await bad_network(t, server.mcp);
  const connected = await connect(t, kind, server, { fetch: network.fetch });
  return { server, network, ...connected };
}

describe('resumption', { concurrency: 5 }, () => {
  for (const kind of both) {
    for (const revision of revisions) {
      test(`${kind.name}, ${revision}: a call survives a network that goes away`, async (t) => {
        const { call, network, server, transport, wire } = await connect_over(t, kind, { 'mcp.versions': [revision] });
        const { notes, results } = overheard(transport);
        const { onprogress, reached } = progress_counter(2);
        const answer = call('slow', { seconds: 1.5 }, { onprogress });
        await reached;
        network.cut();
        await until(async () => (await metric(server, 'tollgate_streams_open')) === 0); // it speaks to nobody
        network.mend();
        assert.equal(await answer, 'Done.');
        assert.deepEqual(progress_of(notes), every_tenth(1.5));
        assert.equal(results().length, 1);
        assert.ok(resumptions(wire) >= 1, wire.lines().join('\n'));
      });
    }

    test(`${kind.name}: an answer that was ready before the client came back waits for it`, async (t) => {
      const { call, network, server, transport, wire } = await connect_over(t, kind);
      const { results } = overheard(transport);
      const { onprogress, reached } = progress_counter(1);
      const answer = call('slow', { seconds: 0.5 }, { onprogress });
      await reached;
      network.cut();
      await until(async () => (await metric(server, 'tollgate_mcp_calls_running')) === 0);
      network.mend();
      assert.equal(await answer, 'Done.');
      assert.equal(results().length, 1);
      assert.equal(await call('echo', { message: 'the session lives' }), 'the session lives');
      assert.ok(resumptions(wire) >= 1, wire.lines().join('\n'));
    });

    test(`${kind.name}: several calls find their own streams again`, async (t) => {
      const { call, network, server, transport } = await connect_over(t, kind);
      const { notes, results } = overheard(transport);
      const counters = [0.8, 1, 1.2].map((seconds) => ({ seconds, ...progress_counter(1) }));
      const answers = counters.map(({ seconds, onprogress }) => call('slow', { seconds }, { onprogress }));
      await Promise.all(counters.map((c) => c.reached));
      network.cut();
      await until(async () => (await metric(server, 'tollgate_streams_open')) === 0);
      network.mend();
      assert.deepEqual(await Promise.all(answers), ['Done.', 'Done.', 'Done.']);
      const in_order = progress_of(notes).sort((a, b) => a - b);
      assert.deepEqual(in_order, counters.flatMap((c) => every_tenth(c.seconds)).sort((a, b) => a - b));
      assert.equal(results().length, 3);
    });

    test(`${kind.name}: the server closes the connection itself, and the client polls`, async (t) => {
      const { call, transport, wire } = await connect_over(t, kind, { 'mcp.fixtures': true });
      const { results } = overheard(transport);
      assert.equal(await call('test_reconnection'), 'Reconnection test completed successfully.');
      assert.equal(results().length, 1);
      assert.equal(resumptions(wire), 1);
    });

    test(`${kind.name}: news that belong to no call wait for the stream of the session`, async (t) => {
      const { client, network, server, transport } = await connect_over(t, kind, { 'mcp.fixtures': true });
      const { notes } = overheard(transport);
      const somebody = await connect(t, kind, server);
      const uri = 'test://watched-resource';
      const updates = () => notes('notifications/resources/updated').map((note) => note.uri);
      await client.subscribeResource({ uri });
      await somebody.call('test_trigger_resource_update');
      await until(() => updates().length === 1);
      network.cut();
      await somebody.call('test_trigger_resource_update');
      network.mend();
      await until(() => updates().length === 2);
      assert.deepEqual(updates(), [uri, uri]);
    });
  }

  // By two streams at once: the second comes with a refresh token that was used.
  test(`${client2_http.name}: a token that died meanwhile is refreshed on the way`, async (t) => {
    const forgiving = { 'tokens.refresh_reuse': 'grace:10s' };
    const { call, network, provider, server, transport, wire } = await connect_over(t, client2_http, forgiving);
    const { notes, results } = overheard(transport);
    const { onprogress, reached } = progress_counter(1);
    const answer = call('slow', { seconds: 1.5 }, { onprogress });
    await reached;
    network.cut();
    await control(server.issuer, 'revoke-access');
    network.mend();
    assert.equal(await answer, 'Done.');
    assert.deepEqual(progress_of(notes), every_tenth(1.5));
    assert.equal(results().length, 1);
    assert.ok(wire.refreshes() >= 1);
    assert.equal(provider.authorizations, 1);
  });

  test(`${sdk1_http.name}: a client that was started again asks for the answer by session and event`, async (t) => {
    const server = await tollgate(t);
    const { client, provider, transport } = await connect(t, sdk1_http, server);
    const { onprogress, reached } = progress_counter(2);
    let resumptionToken;
    const params = { name: 'slow', arguments: { seconds: 1 } };
    const lost = client.request({ method: 'tools/call', params }, CallToolResultSchema, {
      onprogress,
      onresumptiontoken: (token) => (resumptionToken = token),
    });
    await reached;
    const { sessionId, protocolVersion } = transport;
    await Promise.all([assert.rejects(lost), client.close()]);
    const again = new sdk1_http.Transport(new URL(server.mcp), { authProvider: provider, sessionId });
    again.setProtocolVersion(protocolVersion);
    const second = sdk1_http.make();
    t.after(() => second.close());
    await second.connect(again);
    const answer = await second.request({ method: 'tools/call', params }, CallToolResultSchema, { resumptionToken });
    assert.equal(answer.content[0].text, 'Done.');
  });
});
