// The pages that people read, with what they mark for tests:
//   <!-- NAME -->  …  <!-- end of NAME -->   a test runs the shell blocks between them, or knows why there are none
//   <!-- not run: REASON -->                 above a shell block that no test runs
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

import { top } from './tollgate.mjs';

const shells = ['sh', 'bash', 'shell', 'console'];

export const names_of_pages = () => [
  'README.md',
  ...readdirSync(join(top, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

export const text_of = (page) => readFileSync(join(top, page), 'utf8');

// A text as what stands in it, in order: { comment }, { language, block } and { heading }, each with its line.
export function pieces_of(text) {
  const pieces = [];
  let fence;
  text.split('\n').forEach((content, index) => {
    const line = index + 1;
    const [, language] = /^ *```(.*)$/.exec(content) ?? [];
    const comment = /^<!-- (.*) -->$/.exec(content)?.[1];
    const heading = /^#{1,6} (.*)$/.exec(content)?.[1];
    if (fence && language === undefined) fence.block += `${content}\n`;
    else if (fence) fence = undefined;
    else if (language !== undefined) pieces.push((fence = { line, language, block: '' }));
    else if (comment !== undefined) pieces.push({ line, comment });
    else if (heading !== undefined) pieces.push({ line, heading });
    else assert.ok(!content.includes('<!--'), `line ${line}: a comment stands on a line of its own`);
  });
  assert.equal(fence, undefined, 'a block that does not end');
  return pieces;
}

// What a page marks: { marked: Map of NAME → its shell blocks, offences: what stands there and should not }.
export function marks_of(text) {
  const marked = new Map();
  const offences = [];
  let open; // the name of the part that we are in
  let excused = false; // the piece before was a reason
  for (const { line, comment, language, block } of pieces_of(text)) {
    if (comment !== undefined) {
      const ended = /^end of (.*)$/.exec(comment)?.[1];
      const reason = /^not run: ./.test(comment);
      if (ended !== undefined && ended !== open) offences.push(`line ${line}: ${ended} does not end here`);
      if (ended === undefined && !reason && open) offences.push(`line ${line}: ${open} has not ended`);
      if (ended === undefined && !reason && marked.has(comment)) offences.push(`line ${line}: a second ${comment}`);
      if (ended !== undefined) open = undefined;
      else if (!reason) marked.set((open = comment), []);
      excused = reason;
      continue;
    }
    if (block !== undefined && language === '') offences.push(`line ${line}: a block without a language`);
    if (shells.includes(language) && open && !excused) marked.get(open).push(block);
    else if (shells.includes(language) && !excused) offences.push(`line ${line}: neither run nor "not run: REASON"`);
    excused = false;
  }
  if (open) offences.push(`${open} has no end`);
  return { marked, offences };
}

// How GitHub names a heading in a link.
const anchor_of = (heading) =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');

export const anchors_of = (text) => pieces_of(text).flatMap(({ heading }) => (heading === undefined ? [] : [anchor_of(heading)]));

// Where the links of a page lead inside the tree: { file, anchor }.
export function links_of(page) {
  const prose = text_of(page).replaceAll(/^ *```[^]*?^ *```$/gm, '').replaceAll(/`[^`\n]*`(?!\])/g, '');
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target]) => target)
    .filter((target) => !/^[a-z]+:/.test(target))
    .map((target) => {
      const [path, anchor] = target.split('#');
      return { file: path ? normalize(join(dirname(page), path)) : page, anchor };
    });
}
