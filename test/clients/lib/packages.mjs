// The versions of npm packages that the tests have, which pages and the server's own lines name.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const { dependencies } = JSON.parse(readFileSync(join(import.meta.dirname, '../package.json'), 'utf8'));

// "2.12.0", also of a package that has another name here ("npm:NAME@VERSION").
export function version_of(name) {
  const wanted = dependencies[name];
  assert.ok(wanted, `${name} is a dependency`);
  return wanted.slice(wanted.lastIndexOf('@') + 1);
}
