// Where only 2024-11-05 is spoken: both SDKs over HTTP+SSE, and nothing that came later.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { client2_sse, connect, sdk1_sse } from './lib/clients.mjs';
import { tollgate } from './lib/tollgate.mjs';

describe('2024-11-05', { concurrency: 2 }, () => {
  for (const kind of [sdk1_sse, client2_sse]) {
    test(`${kind.name} uses whatever there is`, async (t) => {
      const server = await tollgate(t, { set: { 'mcp.versions': ['2024-11-05'], 'mcp.fixtures': true } });
      const { call, client } = await connect(t, kind, server);
      assert.equal(client.getServerCapabilities().completions, undefined);
      const { tools } = await client.listTools();
      assert.ok(tools.length > 10);
      assert.ok(tools.every((tool) => !tool.annotations && !tool.title && !tool.outputSchema));
      assert.equal(JSON.parse(await call('whoami')).protocol_version, '2024-11-05');
      let heard = 0;
      assert.equal(await call('slow', { seconds: 0.3 }, { onprogress: () => (heard += 1) }), 'Done.');
      assert.ok(heard > 0);
      const { resources } = await client.listResources();
      for (const { uri } of resources) assert.ok((await client.readResource({ uri })).contents.length > 0);
      assert.ok((await client.listResourceTemplates()).resourceTemplates.length > 0);
      const { prompts } = await client.listPrompts();
      assert.ok(prompts.length > 0);
      assert.ok((await client.getPrompt({ name: 'test_prompt_with_image' })).messages.length > 0);
    });
  }
});
