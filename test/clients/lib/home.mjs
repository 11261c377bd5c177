// A home folder for clients of the command line, in which "the browser" approves at once.
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';

import { run } from './tollgate.mjs';

// The browser notes where it was sent and follows every redirect: whoever it belongs to approves at once.
// { folder, env, visits() }
export function home_with_browser(folder) {
  const browser = join(folder, 'xdg-open');
  const retry = '--retry 100 --retry-connrefused --retry-delay 1';
  writeFileSync(browser, `#!/bin/sh\necho "$1" >>"$HOME/visits"\ncurl -s -L ${retry} -o /dev/null "$1" &\n`);
  chmodSync(browser, 0o755);
  const visits = join(folder, 'visits');
  const PATH = [folder, dirname(process.execPath), process.env.PATH].join(delimiter);
  return {
    folder,
    env: { ...process.env, HOME: folder, XDG_CONFIG_HOME: join(folder, '.config'), PATH, BROWSER: browser },
    visits: () => (existsSync(visits) ? readFileSync(visits, 'utf8').trim().split('\n') : []),
  };
}

// A program in that home: the output, or the whole end when it failed.
export function program(home, file) {
  return async (...args) => {
    const end = await run(process.execPath, [file, ...args], { cwd: home.folder, env: home.env });
    return { ...end, text: end.stdout.trim() };
  };
}
