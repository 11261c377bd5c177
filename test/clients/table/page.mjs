// The generated part of docs/clients.md.
import { every_client } from './clients.mjs';
import { groups } from './faults.mjs';

const begin = '<!-- client-table -->\n';
const end = '<!-- end of client-table -->';

const row = (cells) => `| ${cells.join(' | ')} |`;

function word_of({ word, asked }) {
  if (asked === 0 || word === 'by hand' || word === 'never') return word;
  return word === 'ok' ? 'login' : `${word}, login`;
}

// "**ok** refresh, call again (3)"
export function cell_text(cell, client, fault) {
  if (!cell) return '';
  if (cell.trouble) return 'not run';
  if (client.each_time && fault.ends_sessions) return '–'; // no session lasts longer than a call
  const notes = [...cell.actions];
  if (cell.asked > 0 && !notes.some((action) => action.startsWith('browser')) && cell.word === 'never') notes.push('browser later');
  if (!cell.met) notes.push('fault not met');
  const waited = cell.seconds >= (client.slow ? 40 : 20);
  if (waited) notes.push(cell.hangs ? `no answer for ${cell.seconds} s` : `after ${cell.seconds} s`);
  if (cell.twice) notes.push('started twice');
  if (cell.restless) notes.push('keeps asking');
  return `**${word_of(cell)}** ${[notes.join(', '), `(${cell.requests})`].filter(Boolean).join(' ')}`;
}

function group_text({ title, faults }, shown, results) {
  const head = [row(['client', ...faults.map((fault) => fault.title)]), row(Array(faults.length + 1).fill('---'))];
  const body = shown.map((client) => row([client.title, ...faults.map((fault) => cell_text(results[client.name].cells[fault.name], client, fault))]));
  const legend = faults.map((fault) => `- *${fault.title}*: ${fault.about}.`);
  return [`### ${title}`, '', ...legend, '', ...head, ...body].join('\n');
}

// results: name of a client → { version, date, cells: name of a fault → what reading.mjs gives }.
export function generated(results) {
  const shown = every_client.filter((client) => results[client.name]);
  const versions = shown.map((client) => {
    const { version, date } = results[client.name];
    return row([client.title, `\`${client.package}\` ${version}`, client.way, date]);
  });
  const head = [row(['client', 'package, version', 'driven by', 'seen on']), row(['---', '---', '---', '---'])];
  return [...head, ...versions, '', groups.map((group) => group_text(group, shown, results)).join('\n\n')].join('\n');
}

// `text` with the generated part in its place.
export function page_with(text, results) {
  const [before, rest] = text.split(begin);
  const after = rest?.split(end)[1];
  if (after === undefined) throw new Error(`docs/clients.md has no ${begin.trim()} with its end`);
  return `${before}${begin}\n${generated(results)}\n\n${end}${after}`;
}
