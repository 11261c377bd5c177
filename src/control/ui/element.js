'use strict';

// Elements. Whatever a client sent becomes text, never markup: the content policy of the page
// refuses anything else (trusted types).

const $ = (id) => document.getElementById(id);

// make('p', { class: 'x', hidden: true, onclick: f }, 'text', element …)
function make(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  return fill(made, attributes, children);
}

function make_svg(name, attributes = {}, ...children) {
  return fill(document.createElementNS('http://www.w3.org/2000/svg', name), attributes, children);
}

function fill(made, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith('on')) made.addEventListener(name.slice(2), value);
    else if (value === true) made.setAttribute(name, '');
    else if (value !== false && value !== undefined) made.setAttribute(name, value);
  }
  made.append(...children.filter((child) => child !== undefined && child !== ''));
  return made;
}

const button = (text, press, attributes = {}) => make('button', { type: 'button', onclick: press, ...attributes }, text);

// A link only where it leads to the web.
function link(url, text) {
  return /^https?:\/\//.test(url ?? '') ? make('a', { href: url, target: '_blank', rel: 'noreferrer' }, text) : make('span', {}, text);
}

let saying;
// Says something for a moment.
function say(text) {
  $('said').textContent = text;
  clearTimeout(saying);
  saying = setTimeout(() => ($('said').textContent = ''), 4000);
}

// Calls `work` once, when `ms` have passed without another call.
function calm(work, ms) {
  let waiting;
  return () => {
    if (waiting) return;
    waiting = setTimeout(() => {
      waiting = undefined;
      work();
    }, ms);
  };
}
