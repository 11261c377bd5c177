// A process for one client and one fault: driver.mjs NAME MODULE, told what to do by its parent (cell.mjs).
// What the client leaves unhandled must not end it: it is what an application would see in its log.
import { once } from 'node:events';
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';

const [name, module] = process.argv.slice(2);
process.on('unhandledRejection', () => {});
process.on('uncaughtException', () => {});
console.log = console.info = console.debug = console.warn = console.error = () => {};

const { start } = await import(pathToFileURL(join(import.meta.dirname, 'clients', `${module}.mjs`)));
let client;
let again; // what it was started with
const actions = {
  async start(url, folder) {
    again = [url, folder, name];
    client = await start(...again);
  },
  call: (tool, args) => client.call(tool, args),
  // false: it is started anew for each command, and there is nothing to restart.
  async restart() {
    if (!client) client = await start(...again);
    else if (!client.restart) return false;
    else await client.restart();
    return true;
  },
  // false: it has no login of its own.
  async log_in() {
    if (!client?.log_in) return false;
    await client.log_in();
    return true;
  },
  close: () => client?.close(),
};

process.on('message', async ({ id, action, args }) => {
  try {
    process.send({ id, value: await actions[action](...args) });
  } catch (error) {
    process.send({ id, error: String(error?.message ?? error).slice(0, 2000) });
  }
});
process.send({ ready: true });
await once(process, 'disconnect');
process.exit(0);
