// Voices: clips made beforehand, or else the browser's own speech.

import { built, inManifest } from './loading.js';
import { tell } from './program.js';

// A quarter of a second of silence: Safari lets an element sound later only if a click has played it.
const SILENCE = 'data:audio/wav;base64,UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAEAfAAABAAgAZGF0YQAAAAA=';
const KEPT = 16;
/** Seconds by which a clip may be off before it is moved. */
const DRIFT = 0.12;

const speaker = new Audio();
speaker.preload = 'auto';
speaker.preservesPitch = true;

/** To be called within a click. */
export function unlockSound() {
  speaker.src = SILENCE;
  speaker.play().catch(() => {});
}

// --- Clips ---------------------------------------------------------------------------------------

let order = [];
const clips = new Map();

function clipAddress(url) {
  if (!clips.has(url)) {
    const address = fetch(inManifest(url) ? built(url) : url)
      .then((response) => (response.ok ? response.blob() : Promise.reject(response.status)))
      .then((blob) => URL.createObjectURL(blob));
    address.catch(() => clips.delete(url));
    clips.set(url, address);
    for (const [old, kept] of clips) {
      if (clips.size <= KEPT) break;
      clips.delete(old);
      kept.then(URL.revokeObjectURL, () => {});
    }
  }
  return clips.get(url);
}

export async function narration(lesson, lang) {
  const path = `voices/${lesson}/${lang}.json`;
  let text = '';
  if (inManifest(path)) {
    try {
      const response = await fetch(built(path));
      if (response.ok) text = await response.text();
    } catch {
      // Then it is told without a voice.
    }
  }
  try {
    order = text ? JSON.parse(text).beats.flat().filter(Boolean).map((beat) => beat.file) : [];
  } catch {
    order = [];
  }
  if (order.length) clipAddress(order[0]);
  // Else the browser's own voices are asked for.
  else await voicesKnown;
  tell('put_narration', lesson, lang, text);
}

let current = null;

export function sound(url, at, rate) {
  const since = performance.now();
  setTimeout(async () => {
    const again = current?.url === url && !speaker.paused && !speaker.ended;
    if (again && Math.abs(speaker.currentTime - at) < DRIFT * rate) {
      speaker.playbackRate = rate;
      return;
    }
    const mine = { url };
    current = mine;
    let address;
    try {
      address = await clipAddress(url);
    } catch {
      return;
    }
    if (current !== mine) return;
    if (speaker.src !== address) {
      speaker.src = address;
      await new Promise((ready) => {
        speaker.onloadedmetadata = ready;
        speaker.onerror = ready;
      });
      if (current !== mine) return;
    }
    const due = () => at + ((performance.now() - since) / 1000) * rate;
    speaker.playbackRate = rate;
    // Played from its end on, a clip would begin anew.
    if (due() < speaker.duration) {
      speaker.currentTime = due();
      speaker.play().then(() => {
        // It took a moment to begin.
        if (current === mine && Math.abs(speaker.currentTime - due()) > DRIFT * rate) speaker.currentTime = due();
      }, () => {});
    } else {
      speaker.pause();
    }
    const next = order[order.indexOf(url) + 1];
    if (next) clipAddress(next);
  }, 0);
}

export function silence() {
  current = null;
  setTimeout(() => { if (!current) speaker.pause(); }, 0);
}

// --- The browser's own speech --------------------------------------------------------------------

/** Milliseconds that voices may take to come. */
const COME = 2000;

/** Some browsers load their voices only when asked, and tell when they have come. */
const voicesKnown = new Promise((known) => {
  const speech = globalThis.speechSynthesis;
  if (!speech || speech.getVoices().length) {
    known();
    return;
  }
  speech.addEventListener?.('voiceschanged', known, { once: true });
  setTimeout(known, COME);
});

/** A voice that speaks on this machine: others would send the words away. */
function voiceOf(lang) {
  const voices = globalThis.speechSynthesis?.getVoices() ?? [];
  const fitting = voices.filter((voice) =>
    voice.localService && voice.lang.toLowerCase().replace('_', '-').split('-')[0] === lang);
  return fitting.find((voice) => voice.default) ?? fitting[0];
}

export function canSpeak(lang) {
  return voiceOf(lang) !== undefined;
}

// Kept here, or a browser may clear it away while it speaks.
let utterance = null;

export function speak(text, lang, rate) {
  setTimeout(() => {
    const voice = voiceOf(lang);
    if (!voice) return;
    speechSynthesis.cancel();
    const mine = new SpeechSynthesisUtterance(text);
    mine.voice = voice;
    mine.lang = voice.lang;
    mine.rate = Math.min(Math.max(rate, 0.1), 10);
    const ended = () => {
      if (utterance !== mine) return;
      utterance = null;
      tell('spoken');
    };
    mine.onend = ended;
    mine.onerror = ended;
    utterance = mine;
    speechSynthesis.speak(mine);
  }, 0);
}

export function hush() {
  utterance = null;
  setTimeout(() => { if (!utterance) globalThis.speechSynthesis?.cancel(); }, 0);
}
