// The state in the address, after `#`.

import { tell } from './program.js';

// Browsers refuse more than about a hundred changes in half a minute.
const PAUSE = 350;

// Which of the steps that one can go back this is, so that Back and Forward can be told apart.
let place = history.state?.place ?? 0;
let shown = location.hash.slice(1);
let waiting = null;

function write(text, push) {
  try {
    const address = `${location.pathname}${location.search}#${text}`;
    if (push) history.pushState({ place: place + 1 }, '', address);
    else history.replaceState({ place }, '', address);
    if (push) place += 1;
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
    const now = history.state?.place;
    const back = now < place;
    // An address that was typed has no place yet.
    place = now ?? place + 1;
    if (now === undefined) history.replaceState({ place }, '');
    const text = location.hash.slice(1);
    if (text === shown) return;
    if (waiting) {
      clearTimeout(waiting.timer);
      waiting = null;
    }
    shown = text;
    tell('open_link', text, back);
  };
  addEventListener('popstate', opened);
  addEventListener('hashchange', opened);
  addEventListener('pagehide', flush);
}
