// Drives MCP clients through the proxies of docs/behind-a-proxy.md; scripts/test-proxies starts it. Arguments:
// names of proxies; none: all of them.
import { stopped_in_the_end } from './scope.mjs';
import { ports_for_one, proxies, start_proxy, version_of } from './proxies.mjs';
import { many_scopes, rows } from './rows.mjs';
import { sleep, tollgate } from '../lib/tollgate.mjs';

const all_is_well = 'fine';
let passed = 0;
let failed = 0;

// A row of a proxy's table.
function row_of(name, seen, wanted) {
  const good = seen === wanted;
  if (good) passed += 1;
  else failed += 1;
  const words = good ? seen : `${seen.slice(0, 400)} (the page says: ${wanted})`;
  return `${good ? 'ok  ' : 'FAIL'} ${name.padEnd(38)} ${words}`;
}

const settings = {
  'control.token': 'sixteen-characters-or-more',
  'mcp.fixtures': true,
  'server.log_level': 'warning',
  'tokens.format': 'jwt',
  'validation.strategy': 'jwt',
  'authorization_server.scopes': ['openid', 'mcp:tools', ...many_scopes],
};

// A proxy with tollgate behind it: what rows need to know.
async function serve(t, proxy, { change, set = {} } = {}) {
  const ports = await ports_for_one();
  const [issuer, origin] = [8100, 8101].map((port) => `http://localhost:${ports[port]}`);
  const server = await tollgate(t, {
    own_ports: false,
    set: {
      ...settings,
      'authorization_server.listen': `localhost:${ports[9100]}`,
      'mcp.listen': `localhost:${ports[9101]}`,
      'authorization_server.public_url': issuer,
      'mcp.public_url': origin,
      ...set,
    },
  });
  await start_proxy(t, proxy, ports, change);
  const kill = () => {
    t.killed = true;
    process.kill(server.pid, 'SIGKILL');
  };
  return { issuer, mcp: `${origin}/mcp`, sse: `${origin}/sse`, inside: { mcp: `http://localhost:${ports[9101]}/mcp` }, kill };
}

// What a row sees, in words; a failure is its error.
async function look({ observe, beside }, at, t, patience = beside ? 120 : 60) {
  try {
    const late = sleep(patience * 1000).then(() => `nothing within ${patience} s`);
    return (await Promise.race([observe(at, t), late])) ?? all_is_well;
  } catch (error) {
    return `${error.message} ${error.cause?.message ?? ''}`.replaceAll(/\s+/g, ' ').trim();
  }
}

async function through(proxy, tell) {
  await stopped_in_the_end(async (t) => {
    const at = await serve(t, proxy);
    const report = async (row) => tell(row.name, await look(row, at, t), proxy.seen?.[row.name] ?? all_is_well);
    const beside = rows.filter((row) => row.beside).map(report);
    for (const row of rows) if (!row.beside && !row.last) await report(row);
    await Promise.all(beside);
    for (const row of rows) if (row.last) await report(row);
  });
}

async function without(proxy, { without: what, change, set, row: row_name, patience, seen }, tell) {
  await stopped_in_the_end(async (t) => {
    const at = await serve(t, proxy, { change, set });
    const row = rows.find((each) => each.name === row_name);
    tell(`without ${what}`, await look(row, at, t, patience), seen);
  });
}

// Prints the table of one when it is whole: several are tried at once.
async function whole_table(name) {
  const proxy = proxies[name];
  const lines = [`\n${name}: ${await version_of(proxy)}`];
  const tell = (...row) => lines.push(row_of(...row));
  try {
    await through(proxy, tell);
    for (const negative of proxy.negative ?? []) await without(proxy, negative, tell);
  } catch (error) {
    tell('starts and stops', error.message, all_is_well);
  }
  console.log(lines.join('\n'));
}

const waiting = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(proxies);
const unknown = waiting.find((name) => !proxies[name]);
if (unknown) {
  console.error(`no proxy ${unknown}: ${Object.keys(proxies).join(', ')}`);
  process.exit(2);
}
const at_once = Array.from({ length: 3 }, async () => {
  while (waiting.length > 0) await whole_table(waiting.shift());
});
await Promise.all(at_once);
console.log(`\n${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
