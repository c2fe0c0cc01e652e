// The state in the address, after `#`.

import { tell } from './program.js';

// Browsers refuse more than about a hundred changes in half a minute.
const PAUSE = 350;

let shown = location.hash.slice(1);
let waiting = null;

function write(text, push) {
  try {
    const address = `${location.pathname}${location.search}#${text}`;
    if (push) history.pushState(null, '', address);
    else history.replaceState(null, '', address);
  } catch {
    // Too many at once: the next one comes.
    return;
  }
  // As the browser spells it.
  shown = location.hash.slice(1);
}

function flush() {
  if (!waiting) return;
  clearTimeout(waiting.timer);
  const { text } = waiting;
  waiting = null;
  write(text, false);
}

export function link(text, push) {
  if (push) {
    flush();
    write(text, true);
    return;
  }
  if (waiting) {
    waiting.text = text;
    return;
  }
  write(text, false);
  waiting = { text, timer: setTimeout(flush, PAUSE) };
}

/** Tells the program of Back, Forward and addresses that are typed. */
export function followAddress() {
  const opened = () => {
    const text = location.hash.slice(1);
    if (text === shown) return;
    if (waiting) {
      clearTimeout(waiting.timer);
      waiting = null;
    }
    shown = text;
    tell('open_link', text);
  };
  addEventListener('popstate', opened);
  addEventListener('hashchange', opened);
  addEventListener('pagehide', flush);
}
