// The page around the program: poster, loading, and what the program asks of a browser.

import { followAddress, link } from './address.js';
import { anchors } from './anchors.js';
import { embedded, followMessages, report } from './embed.js';
import { choose, clip, fetchFile, followFiles, handEarlyFiles, picture, save } from './files.js';
import { followKeys } from './input.js';
import { CHOSEN, keep, kept } from './kept.js';
import { fetchAhead, fonts, load, sentences, thumbnails } from './loading.js';
import { canSpeak, hush, narration, silence, sound, speak, unlockSound } from './narration.js';
import { chosen, hidePoster, setTheme, showPoster, showProgress, showTrouble } from './poster.js';
import { runs, tell } from './program.js';
import { edit, edited } from './typing.js';
import { language, say, setLanguage, tongue, tongueAmong } from './words.js';

const { ahead } = globalThis;
const canvas = document.getElementById('stage');
const later = (work) => setTimeout(work, 0);

// --- What the program calls, inside its frame ----------------------------------------------------

globalThis.tensoramaHost = {
  ready() {
    // Before the browser shows this frame, so that the poster goes with it and not with the next.
    queueMicrotask(() => {
      stands = true;
      document.documentElement.dataset.stands = '';
      if (pressed) raise();
      early.splice(0).forEach(obey);
    });
    // Only lists show them, and what is on show need not wait for them.
    requestAnimationFrame(() => later(() => {
      thumbnails().then((files) => {
        for (const [path, bytes] of files) tell('put_file', path, bytes);
        tell('thumbnails_came');
      }).catch(() => {});
    }));
  },
  link,
  title(text) { document.title = text; },
  page: () => location.origin + location.pathname,
  save,
  choose,
  picture,
  clip,
  anchors,
  edit,
  edited,
  wants_fonts(level) {
    fonts(level)
      .then(([medium, bold]) => putFonts(level, medium, bold))
      .catch(() => {});
  },
  wants_sentences(code) {
    sentences(code).then((files) => {
      for (const [path, bytes] of files) tell('put_file', path, bytes);
      tell('sentences_came');
    }).catch(() => tell('failed', `sentences/${code}.json`, say('refused')));
  },
  speak,
  hush,
  can_speak: canSpeak,
  narration,
  sound,
  silence,
  kept,
  keep,
  chose(what, value) { keep(CHOSEN[what], value); },
  state(json) {
    later(() => {
      const state = JSON.parse(json);
      if (typeof state.dark === 'boolean') setTheme(state.dark ? 'dark' : 'light');
      if (state.lang && state.lang !== tongue) setLanguage(state.lang);
      report(state);
    });
  },
  fetch_file: fetchFile,
  full_screen() {
    later(() => {
      const root = document.documentElement;
      const done = document.fullscreenElement ? document.exitFullscreen() : root.requestFullscreen?.();
      done?.catch(() => {});
    });
  },
};

/** The program's fonts, and the same for the page's own text fields. */
function putFonts(level, medium, bold) {
  tell('put_fonts', level, medium, bold);
  for (const [weight, bytes] of [['500', medium], ['700', bold]]) {
    document.fonts.add(new FontFace(`Tensorama ${level}`, bytes, { weight }));
  }
}

// --- Starting ------------------------------------------------------------------------------------

/** Whether there is WebGL 2, once that is known. */
let drawable = null;

function graphics() {
  if (drawable === null) {
    const gl = document.createElement('canvas').getContext('webgl2');
    gl?.getExtension('WEBGL_lose_context')?.loseContext();
    drawable = gl !== null;
  }
  return drawable;
}

const RESUME = 'tensorama/resume';
/** Whether the button was pressed, or need not be. */
let pressed = false;
/** Whether a frame stands behind the poster. */
let stands = false;
/** The program's coming, once it was begun. */
let coming = null;
let lost = false;
/** What the page around has asked for before. */
const early = [];

/** Opens the page anew at the same link; where the button was pressed, it need not be again. */
function reload() {
  try {
    if (pressed) sessionStorage.setItem(RESUME, 'yes');
  } catch {
    // Then the button is to be pressed.
  }
  location.reload();
}

function resumes() {
  try {
    const resume = sessionStorage.getItem(RESUME) !== null;
    sessionStorage.removeItem(RESUME);
    return resume;
  } catch {
    return false;
  }
}

/** The poster goes, and what is on show plays. */
function raise() {
  if (language !== begunIn) tell('open_link', spokenLink(), false);
  hidePoster();
  tell('raise');
  canvas.focus({ preventScroll: true });
  report({ page: 'running' });
}

/** What the button does. */
async function start() {
  if (pressed) return;
  pressed = true;
  unlockSound();
  if (!ahead.supported) return showTrouble('noWebAssembly');
  if (stands) return raise();
  report({ page: 'loading' });
  showProgress(come);
  fetchAhead(language);
  instantiate().catch(() => {});
  await ahead.awake();
  if (!graphics()) {
    // What still comes is not told any more.
    pressed = false;
    report({ page: 'failed' });
    return showTrouble('noGraphics');
  }
  try {
    await launch();
  } catch (error) {
    console.error(error);
    report({ page: 'failed' });
    showTrouble('notFetched', 'again', reload);
  }
}

/** Has the program come and run, behind the poster if the button was not pressed yet. */
function launch() {
  coming ??= run();
  return coming;
}

/** Does what the page around asks for, once what the link opens is there to be played. */
function obey(asked) {
  if (stands) tell('command', JSON.stringify(asked));
  else early.push(asked);
}

/** How much has come, from 0 to 1. */
let come = 0;

function comes(part) {
  if (part - come < 0.02 && part < 1) return;
  come = part;
  if (pressed) showProgress(part);
}

/** The language that the poster was in when the program began. */
let begunIn = null;

/** What was fetched, with the program in it ready to run. */
let instance = null;

function instantiate() {
  instance ??= (async () => {
    const loaded = await load(language, tongueAmong, comes);
    await loaded.program.default({ module_or_path: loaded.module });
    comes(1);
    return loaded;
  })();
  return instance;
}

async function run() {
  const loaded = await instantiate();
  // The program takes the thread for a while: what the poster says is to be seen before.
  await new Promise((done) => { later(done); });
  runs(loaded.program);
  for (const [path, bytes] of loaded.files) tell('put_file', path, bytes);
  putFonts(loaded.fonts.level, ...loaded.fonts.files);
  watchContext();
  followAddress();
  followKeys();
  begunIn = language;
  const motion = kept(CHOSEN.motion);
  const options = {
    link: spokenLink(),
    lang: loaded.tongue,
    sentences: loaded.sentences,
    dark: document.documentElement.dataset.theme === 'dark',
    reduced: motion ? motion === 'reduced' : matchMedia('(prefers-reduced-motion: reduce)').matches,
    embed: embedded,
    held: !pressed,
  };
  try {
    loaded.program.start(JSON.stringify(options));
  } catch (error) {
    // winit leaves its first call by throwing.
    if (!String(error).includes('exceptions for control flow')) throw error;
  }
  handEarlyFiles();
}

/** The link in the address, in the language that was chosen on the poster, if one was. */
function spokenLink() {
  const link = location.hash.slice(1);
  if (!chosen) return link;
  const silent = link.replace(/(^|\+|%20)--lang(=|\+|%20)[^+%]*/, '').replace(/^(\+|%20)/, '');
  return `${silent}${silent && '+'}--lang+${language}`;
}

/** A lost context does not come back to the program: the page is opened anew at the same link. */
function watchContext() {
  canvas.addEventListener('webglcontextlost', (event) => {
    // Only then will the browser say when there is one again.
    event.preventDefault();
    lost = true;
    tell('lost');
    later(() => showTrouble('lost', 'carryOn', reload));
    report({ page: 'lost' });
  });
  canvas.addEventListener('webglcontextrestored', () => {
    tell('restored');
    // By itself only once in a while: a machine that keeps losing it is not to reload for ever.
    let last = 0;
    try {
      last = Number(sessionStorage.getItem('tensorama/restored') ?? 0);
      sessionStorage.setItem('tensorama/restored', Date.now());
    } catch {
      return;
    }
    if (Date.now() - last > 60_000) reload();
  });
}

/** The program is dead after a fault in it: better to say so than to stand still. */
function watchFaults() {
  const fault = (error) => {
    // What fails for want of graphics is no fault.
    if (lost || !(error instanceof WebAssembly.RuntimeError)) return;
    report({ page: 'failed' });
    showTrouble('stopped', 'again', reload);
  };
  addEventListener('error', (event) => {
    if (String(event.message).includes('exceptions for control flow')) event.preventDefault();
    else fault(event.error);
  });
  addEventListener('unhandledrejection', (event) => fault(event.reason));
}

/** Has the program come, and run behind the poster, before the button is pressed, where somebody is likely to and
 * does not pay for bytes. A scene within another page waits for a sign, and then is only fetched: there may be many
 * of them. */
function prepare() {
  if (!ahead.may) return;
  const begin = () => {
    fetchAhead(language);
    if (embedded || !ahead.roomy) return;
    // What fails is told once the button is pressed.
    ahead.awake().then(() => (globalThis.requestIdleCallback ?? later)(() => {
      if (graphics()) launch().catch(() => {});
    }));
  };
  if (embedded) {
    for (const sign of ['pointerenter', 'pointerdown', 'focusin']) {
      document.documentElement.addEventListener(sign, begin, { once: true, passive: true });
    }
    return;
  }
  // The poster comes first.
  if (document.readyState === 'complete') begin();
  else addEventListener('load', begin, { once: true });
}

if (embedded) document.documentElement.classList.add('embed');
watchFaults();
followFiles(start);
followMessages(({ link, ...asked }) => {
  if (link !== undefined) {
    if (coming) obey({ link });
    else location.hash = link;
  }
  if (Object.keys(asked).length) obey(asked);
  if (asked.play) start();
});
showPoster(start);
report({ page: 'poster' });
if (resumes()) start();
else prepare();
