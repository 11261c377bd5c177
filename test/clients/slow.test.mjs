// A call that takes long: progress arrives while it runs, and who aborts it stops it.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { connect, every_client, overheard } from './lib/clients.mjs';
import { metric, tollgate, until } from './lib/tollgate.mjs';

describe('a slow call', { concurrency: 5 }, () => {
  for (const kind of every_client) {
    test(`${kind.name} hears of its progress`, async (t) => {
      const { call, transport } = await connect(t, kind, await tollgate(t));
      const { notes } = overheard(transport);
      let told = 0;
      const onprogress = ({ total }) => (told += total === 0.5);
      assert.equal(await call('slow', { seconds: 0.5 }, { onprogress }), 'Done.');
      const progress = notes('notifications/progress').map((note) => note.progress);
      assert.deepEqual(progress, Array.from({ length: 10 }, (_, i) => (i + 1) / 20));
      // All ten came. A client hands them on one by one, and forgets who wants them once the answer is there.
      assert.ok(told >= 1, `${told} of 10`);
    });

    test(`${kind.name} stops it with an AbortSignal`, async (t) => {
      const server = await tollgate(t);
      const { call, transport } = await connect(t, kind, server);
      const { results, errors } = overheard(transport);
      const stop = new AbortController();
      const first = Promise.withResolvers();
      const options = { onprogress: first.resolve, signal: stop.signal, timeout: 300_000 };
      const slow = call('slow', { seconds: 300 }, options);
      await first.promise;
      assert.equal(await metric(server, 'tollgate_mcp_calls_running'), 1);
      stop.abort('enough');
      await assert.rejects(slow, /enough/);
      await until(async () => (await metric(server, 'tollgate_mcp_calls_running')) === 0);
      // The stream of the session stays, where there is one.
      await until(async () => (await metric(server, 'tollgate_streams_open')) === (kind.modern ? 0 : 1));
      assert.equal(await call('echo', { message: 'still here' }), 'still here');
      assert.deepEqual(errors(), []);
      assert.equal(results().length, 1, 'a cancelled call gets no answer');
    });
  }
});
