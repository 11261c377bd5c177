// What a token weighs that is kept until it expires: memory of the server before and after many of them were issued, by
// client_credentials (an opaque access token each) and by logins (a code, an access and a refresh token each).
import { options_of } from '../test/clients/lib/options.mjs';
import { tollgate } from './lib/contenders.mjs';
import { resident_bytes, run, run_load } from './lib/measure.mjs';

const { values: options } = options_of('scripts/bench', {
  options: { check: { type: 'boolean', default: false }, connections: { type: 'string', default: '32' } },
});

// `target`: KiB.
const kinds = [
  { id: 'W6', title: 'an opaque access token', count: 20_000, target: 0.84 },
  { id: 'W7', title: 'a login: code, access and refresh token', count: 10_000, target: 2.3 },
];

async function issue(order, count) {
  let done = 0;
  while (done < count) done += (await run_load({ ...order, milliseconds: 1000 })).operations;
  return done;
}

async function weigh({ id, count }) {
  const how = tollgate(process.env.TOLLGATE, `memory.${id}`, Number(options.connections));
  const server = await how[id].start();
  const order = { connections: Number(options.connections), ...(await how[id].load(server)), pids: [server.pid] };
  // First what is there once: a full journal, buffers of connections.
  await issue(order, 2_000);
  const before = resident_bytes(server.pid);
  const done = await issue(order, count);
  const after = resident_bytes(server.pid);
  await server.stop();
  return (after - before) / done / 1024;
}

await run(async () => {
  console.log('| what is kept | KiB | target |\n|---|--:|--:|');
  for (const kind of kinds) {
    const weight = await weigh(kind);
    const met = weight <= kind.target;
    if (options.check && !met) process.exitCode = 1;
    console.log(`| ${kind.title} | ${weight.toFixed(2)} | ${kind.target}${met ? '' : ' missed'} |`);
  }
});
