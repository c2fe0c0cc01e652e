// The first view, which is also what stands there when there is no stage to show.

import { CHOSEN, keep, kept } from './kept.js';
import { running } from './program.js';
import { decoded, language, say, setLanguage } from './words.js';

const part = (id) => document.getElementById(id);
const poster = part('poster');
const status = part('status');
const play = part('play');
const progress = part('progress');
const CELLS = 24;
/** In how many steps each of them fills: where there is no graphics card, each picture of the poster takes time. */
const STEPS = 4;
/** How many of all the steps are shown. */
let shown = -1;

/** Whether the language was chosen on the poster. */
export let chosen = false;

let act = () => {};
let button = () => say(opens());
let sentence = () => '';

/** What the link opens: the word for the button. */
function opens() {
  const link = decoded(location.hash.slice(1)).trim();
  if (!link) return 'start';
  if (/^explore\b/.test(link)) return 'workbench';
  return /^play\b/.test(link) ? 'lesson' : 'link';
}

function write() {
  document.documentElement.lang = language;
  part('tagline').textContent = say('tagline');
  part('local').querySelector('span').textContent = say('local');
  part('picture').ariaLabel = say('picture');
  part('stage').setAttribute('aria-label', say('stage'));
  part('drop').querySelector('p').textContent = say('drop');
  progress.setAttribute('aria-label', say('fetching'));
  const other = part('language');
  other.textContent = say('other');
  other.lang = language === 'ja' ? 'en' : 'ja';
  play.querySelector('span').textContent = button();
  status.textContent = sentence();
}

/** Shows the poster with its button; `start` is what a press does. */
export function showPoster(start) {
  act = start;
  play.hidden = false;
  part('language').hidden = false;
  for (let cell = 0; cell < CELLS; cell += 1) {
    const cube = progress.appendChild(document.createElement('i'));
    cube.style.setProperty('--place', cell / (CELLS - 1));
  }
  play.addEventListener('click', () => act());
  part('language').addEventListener('click', () => {
    setLanguage(language === 'ja' ? 'en' : 'ja');
    keep(CHOSEN.language, language);
    chosen = true;
    write();
  });
  addEventListener('hashchange', write);
  const theme = /--theme(?:=|\s+)(light|dark)\b/.exec(decoded(location.hash.slice(1)));
  setTheme(theme ? theme[1] : document.documentElement.dataset.theme);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', (system) => {
    if (!kept(CHOSEN.theme) && !running()) setTheme(system.matches ? 'dark' : 'light');
  });
  write();
}

/** Light or dark from here on. */
export function setTheme(theme) {
  document.documentElement.dataset.theme = theme;
  document.querySelector('meta[name="theme-color"]').content = theme === 'dark' ? '#181a21' : '#dee0e5';
}

export function showProgress(value) {
  poster.dataset.state = 'loading';
  play.hidden = true;
  progress.hidden = false;
  const filled = Math.floor(value * CELLS * STEPS);
  if (filled !== shown) {
    shown = filled;
    progress.setAttribute('aria-valuenow', Math.floor(value * 100));
    [...progress.children].forEach((cube, cell) => {
      cube.style.setProperty('--full', Math.min(Math.max(filled / STEPS - cell, 0), 1));
    });
  }
  phase(value < 1 ? 'fetching' : 'starting');
}

/** Says what is going on, once. */
function phase(name) {
  if (poster.dataset.phase === name) return;
  poster.dataset.phase = name;
  sentence = () => say(name);
  write();
}

/** The stage stands: the poster fades. */
export function hidePoster() {
  document.documentElement.dataset.runs = '';
  poster.dataset.state = 'gone';
  poster.inert = true;
  const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
  setTimeout(() => { if (poster.dataset.state === 'gone') poster.hidden = true; }, still ? 0 : 700);
}

/** A sentence instead of the stage, with a button where there is something to do. */
export function showTrouble(name, action, todo, detail = '') {
  delete document.documentElement.dataset.runs;
  poster.hidden = false;
  poster.inert = false;
  poster.dataset.state = 'trouble';
  delete poster.dataset.phase;
  progress.hidden = true;
  play.hidden = !action;
  sentence = () => [say(name), detail].filter(Boolean).join(' ');
  if (action) {
    button = () => say(action);
    act = todo;
  }
  write();
  if (action) play.focus();
}
