// A reporter of node:test for scripts/test: a line for each test that failed, by its file and the names
// of what it stands in, and one for each that passed. None waits for the end, which may be cut short.
import { basename } from 'node:path';

export default async function* summary(events) {
  const names = []; // of what is being reported, from the outermost
  for await (const { type, data } of events) {
    if (type === 'test:start') {
      names.length = data.nesting;
      names.push(data.name);
    }
    if (data?.details?.type === 'suite' || data?.skip !== undefined || data?.todo !== undefined) continue;
    if (type === 'test:pass') yield 'passed 1\n';
    // What only failed because something in it did is not counted again.
    if (type === 'test:fail' && data.details.error?.failureType !== 'subtestsFailed') {
      const path = [...names.slice(0, data.nesting), data.name];
      yield `failed ${basename(data.file ?? '')}: ${path.join(' > ').replace(/\s+/g, ' ')}\n`;
    }
  }
}
