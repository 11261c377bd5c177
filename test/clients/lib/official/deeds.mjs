// What somebody does with a client in each official scenario.
import { createHash } from 'node:crypto';

const tools_of = async (client) => (await client.request('tools/list')).tools;

// The first tool that wants no argument.
async function any_tool(client) {
  const tools = await tools_of(client);
  const easy = tools.find(({ inputSchema }) => !inputSchema.required?.length) ?? tools[0];
  if (easy) await client.call(easy.name);
}

async function headers(client) {
  await client.notify('notifications/initialized');
  const [tool] = await tools_of(client);
  await client.call(tool.name);
  const { resources } = await client.request('resources/list');
  await client.request('resources/read', { uri: resources[0].uri });
  const { prompts } = await client.request('prompts/list');
  await client.request('prompts/get', { name: prompts[0].name });
}

async function custom_headers(client) {
  const tools = await tools_of(client);
  for (const { name, arguments: args } of client.context.toolCalls) {
    const tool = tools.find((t) => t.name === name);
    if (client.mistakes.skips_null && name.endsWith('_null')) continue;
    await client.call(name, args, {}, client.mirrored(tool, args));
  }
}

// SEP-2243: such names make a tool unusable.
function is_usable({ inputSchema }) {
  const seen = new Set();
  for (const { type, 'x-mcp-header': header } of Object.values(inputSchema.properties ?? {})) {
    if (header === undefined) continue;
    if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(header) || !['string', 'integer', 'boolean'].includes(type)) return false;
    if (seen.has(header.toLowerCase())) return false;
    seen.add(header.toLowerCase());
  }
  return true;
}

async function invalid_tools(client) {
  if (client.mistakes.lists_nothing) return;
  const tools = await tools_of(client);
  if (client.mistakes.gives_up_all && !tools.every(is_usable)) return;
  const wrong = client.mistakes.calls_tool;
  for (const tool of tools.filter((t) => is_usable(t) || t.name === wrong || wrong === '*')) {
    const args = Object.fromEntries(Object.keys(tool.inputSchema.properties).map((name) => [name, 'x']));
    await client.call(tool.name, args, {}, is_usable(tool) ? client.mirrored(tool, args) : {}).catch(() => {});
  }
}

// SEP-2322: what is asked is answered in another request.
async function rounds(client, name, between = async () => {}) {
  const { mistakes } = client;
  let result = await client.call(name);
  if (result.resultType === undefined && mistakes.retries_without_type) result = { ...result, resultType: 'input_required', inputRequests: {} };
  for (let round = 0; result.resultType === 'input_required' && round < 3; round += 1) {
    await between(result);
    const answers = Object.entries(result.inputRequests).map(([key, { params }]) => [key, client.filled_in(params)]);
    const extra = { inputResponses: Object.fromEntries(answers) };
    if (result.requestState !== undefined && !mistakes.forgets_state)
      extra.requestState = mistakes.changes_state ? `${result.requestState} ` : result.requestState;
    if (result.requestState === undefined && mistakes.invents_state) extra.requestState = 'invented';
    result = await client.call(name, {}, extra);
  }
}

async function round_trips(client) {
  await tools_of(client);
  await rounds(client, 'test_mrtr_echo_state', async ({ requestState }) => {
    const carried = client.mistakes.carries_state ? { requestState, inputResponses: {} } : {};
    await client.call('test_mrtr_unrelated', {}, carried);
  });
  await rounds(client, 'test_mrtr_no_state');
  await rounds(client, 'test_mrtr_no_result_type');
}

async function network_ref(client) {
  const [tool] = await tools_of(client);
  const ref = tool.inputSchema.properties.profile.$ref;
  if (client.mistakes.fetches_ref) await (await fetch(ref)).text();
}

async function schema(client) {
  const tools = await tools_of(client);
  const kept = structuredClone(tools.find(({ name }) => name === 'json_schema_2020_12_tool').inputSchema);
  for (const keyword of client.mistakes.strips ?? []) delete kept[keyword];
  if (client.mistakes.strips_anchor) delete kept.$defs.address.$anchor;
  if (!client.mistakes.no_echo) await client.call('json_schema_echo', { schema: kept });
}

const sha256 = (text) => `sha256:${createHash('sha256').update(text).digest('hex')}`;
const read_file = async (client, uri) => (await client.request('resources/read', { uri })).contents[0].text;

async function list_skills(client) {
  if (client.mistakes.lists_nothing) return;
  const { skills } = await client.request('skills/list');
  if (client.mistakes.prefetches) await read_file(client, skills[0].uri);
}

function is_unchanged(text, { frontmatter, resources }, { overlooks }) {
  const entry = resources.find(({ uri }) => uri.endsWith('SKILL.md'));
  if (overlooks !== 'size' && entry.size !== Buffer.byteLength(text)) return false;
  if (overlooks !== 'digest' && overlooks !== 'size' && entry.digest !== sha256(text)) return false;
  const told = Object.fromEntries([...text.split('---')[1].matchAll(/^(\w+): (.*)$/gm)].map(([, name, value]) => [name, value]));
  return overlooks === 'frontmatter' || Object.entries(frontmatter).every(([name, value]) => told[name] === value);
}

async function load_skill(client) {
  if (client.mistakes.lists_nothing) return;
  const [skill] = (await client.request('skills/list')).skills;
  if (client.mistakes.never_loads) return;
  const text = await read_file(client, skill.uri);
  if (!is_unchanged(text, skill, client.mistakes)) return;
  for (const { uri } of skill.resources.slice(1)) await read_file(client, uri);
}

const nothing = async (client) => {
  await tools_of(client);
};
const deeds = {
  initialize: nothing,
  tools_call: async (c) => {
    await tools_of(c);
    if (!c.mistakes.calls_nothing) await c.call('add_numbers', c.mistakes.text_for_numbers ? { a: '2', b: '3' } : { a: 2, b: 3 });
  },
  'elicitation-sep1034-client-defaults': (c) => (c.mistakes.calls_nothing ? nothing(c) : c.call('test_client_elicitation_defaults')),
  'sse-retry': (c) => (c.mistakes.calls_nothing ? nothing(c) : c.call('test_reconnection')),
  'request-metadata': nothing,
  'http-standard-headers': headers,
  'http-custom-headers': custom_headers,
  'http-invalid-tool-headers': invalid_tools,
  'sep-2322-client-request-state': round_trips,
  'json-schema-ref-no-deref': network_ref,
  'json-schema-2020-12-preservation': schema,
  'sep-2640-client-no-prefetch': list_skills,
  'sep-2640-client-verify-digest': load_skill,
  'sep-2640-client-verify-size': load_skill,
  'sep-2640-client-verify-frontmatter': load_skill,
};
export const deed_of = (scenario) => deeds[scenario] ?? any_tool;
