// A right client for every scenario, as `tollgate test` starts it: for those of the official suite the one that does what
// the suite's do, for tollgate's own, which have a dot in their names, the other one. Two of those want more than it does.
import { use } from './official/run.mjs';

const { MCP_CONFORMANCE_SCENARIO: scenario, MCP_CONFORMANCE_PROTOCOL_VERSION: revision, MCP_CONFORMANCE_CONTEXT: context } = process.env;
const own = scenario === 'plain' || (scenario.includes('.') && !scenario.includes('/'));
if (own) await import('./scenario_client.mjs');
else await use(process.argv.at(-1), { scenario, revision, context: JSON.parse(context ?? '{}') }).catch((error) => console.error(error.message));
process.exit(0);
