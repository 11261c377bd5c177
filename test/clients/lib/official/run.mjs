// The client as the official suite and `tollgate test` start it: the MCP URL is the last argument, before it may stand
// mistakes as one JSON object; the rest comes by the environment.
import { official_client } from './client.mjs';
import { deed_of } from './deeds.mjs';

export async function use(url, { scenario, revision, context, mistakes = {} }) {
  if (mistakes.never_comes) return;
  const client = new official_client(url, { scenario, revision, context, mistakes });
  await client.connect();
  await deed_of(scenario)(client);
}

if (process.argv[1] === import.meta.filename) {
  const { MCP_CONFORMANCE_SCENARIO: scenario, MCP_CONFORMANCE_PROTOCOL_VERSION: revision, MCP_CONFORMANCE_CONTEXT: context } = process.env;
  const [mistakes = '{}'] = process.argv.slice(2, -1);
  try {
    await use(process.argv.at(-1), { scenario, revision, context: JSON.parse(context ?? '{}'), mistakes: JSON.parse(mistakes) });
  } catch (error) {
    console.error(error.message);
  }
  process.exit(0);
}
