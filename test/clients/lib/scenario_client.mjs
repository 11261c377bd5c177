// A client as the official conformance suite and `tollgate test` start it: the MCP URL is the last argument, the scenario
// stands in MCP_CONFORMANCE_SCENARIO. Arguments before the URL name mistakes that it makes.
import { connect, deed_of } from './deeds.mjs';
import { right_client } from './right_client.mjs';

const url = process.argv.at(-1);
const mistakes = Object.fromEntries(process.argv.slice(2, -1).map((name) => [name, true]));
const client = new right_client(url, mistakes);
try {
  await connect(client, process.env.MCP_CONFORMANCE_SCENARIO);
  await deed_of(process.env.MCP_CONFORMANCE_SCENARIO)(client);
} catch (error) {
  console.error(error.message);
}
await client.close();
process.exit(0);
