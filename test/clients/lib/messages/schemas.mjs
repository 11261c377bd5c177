// The JSON schemas of the revisions, compiled. They come inside the official conformance suite,
// which is pinned in package.json: nothing of the specification is copied into this tree.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import vm from 'node:vm';

import * as tasks from '@modelcontextprotocol/ext-tasks/core/v2';
import { Ajv } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';

const bundle = new URL('../../node_modules/@modelcontextprotocol/conformance-alpha/dist/index.js', import.meta.url);

// The object literal that begins at `start`.
function literal_at(text, start) {
  let depth = 0;
  let quote = null;
  for (let i = start; i < text.length; i += 1) {
    const c = text[i];
    if (quote) {
      if (c === '\\') i += 1;
      else if (c === quote) quote = null;
    } else if (c === '"' || c === "'" || c === '`') quote = c;
    else if (c === '{' || c === '[') depth += 1;
    else if (c === '}' || c === ']') {
      depth -= 1;
      if (depth === 0) return text.slice(start, i + 1);
    }
  }
  throw new Error('the bundle ends inside a schema');
}

function schemas_in_the_bundle() {
  const text = readFileSync(bundle, 'utf8');
  const begins = /\{\$schema:`[^`]*`,(?:definitions|\$defs):\{Annotations:/g;
  return [...text.matchAll(begins)].map((m) => vm.runInNewContext(`(${literal_at(text, m.index)})`));
}

const definitions_of = (schema) => schema.$defs ?? schema.definitions;

// Which one is which: by what the revisions brought.
function revision_of(schema) {
  const known = definitions_of(schema);
  if (known.DiscoverResult) return '2026-07-28';
  if (known.CreateTaskResult) return '2025-11-25';
  return known.ElicitResult ? '2025-06-18' : '2025-03-26';
}

function compiled(schema) {
  const options = { strict: false, allErrors: true };
  const ajv = schema.$defs ? new Ajv2020(options) : new Ajv(options);
  formats(ajv);
  ajv.addFormat('byte', /^[A-Za-z0-9+/]*={0,2}$/);
  ajv.addSchema(schema, 'mcp');
  const folder = schema.$defs ? '$defs' : 'definitions';
  const made = new Map();
  return {
    has: (name) => definitions_of(schema)[name] !== undefined,
    // The complaints about `value` as a `name`, each with its path; none when it is one.
    complaints(name, value) {
      if (!made.has(name)) made.set(name, ajv.compile({ $ref: `mcp#/${folder}/${name}` }));
      const check = made.get(name);
      if (check(value)) return [];
      return check.errors.map((e) => `${name}${e.instancePath} ${e.message} ${JSON.stringify(e.params)}`);
    },
    definitions: definitions_of(schema),
  };
}

// A generator's mistake in 2025-06-18 and 2025-11-25: the bounds of a number are no integers in
// schema.ts, which the JSON schema is made of.
function mended(schema) {
  const number = definitions_of(schema).NumberSchema?.properties ?? {};
  for (const name of ['minimum', 'maximum', 'default'])
    if (number[name]?.type === 'integer') number[name].type = 'number';
  return schema;
}

// 2024-11-05, which the suite does not have: 2025-03-26 without what it added, and that is not
// allowed here (tool annotations, audio, completions as a capability, words beside progress).
function as_it_was_in_2024(schema) {
  const no_audio = (key, value) => (key === 'anyOf' ? value.filter((one) => one.$ref !== '#/definitions/AudioContent') : value);
  const older = JSON.parse(JSON.stringify(schema, no_audio));
  const { AudioContent, ToolAnnotations, ...kept } = older.definitions;
  assert.ok(AudioContent && ToolAnnotations && kept.JSONRPCBatchResponse);
  kept.Tool.properties.annotations = false;
  kept.ServerCapabilities.properties.completions = false;
  kept.ProgressNotification.properties.params.properties.message = false;
  return { ...older, definitions: kept };
}

function load() {
  const found = new Map(schemas_in_the_bundle().map((s) => [revision_of(s), mended(structuredClone(s))]));
  assert.deepEqual([...found.keys()].sort(), ['2025-03-26', '2025-06-18', '2025-11-25', '2026-07-28']);
  found.set('2024-11-05', as_it_was_in_2024(found.get('2025-03-26')));
  return new Map([...found].map(([revision, schema]) => [revision, compiled(schema)]));
}

export const schemas = load();

// The Tasks extension of 2026-07-28: its own package has the schemas, as zod writes them.
export function tasks_complaints(name, value) {
  const checked = tasks[`${name}V2Schema`].safeParse(value);
  return checked.success ? [] : checked.error.issues.map((i) => `${name}/${i.path.join('/')} ${i.message}`);
}
