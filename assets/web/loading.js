// Fetches the program and what it reads.

import { embedded } from './embed.js';

/** The fonts' names, by their level. */
const FONTS = ['latin', 'japanese', 'whole'];

let manifest = null;

/** What the page has asked for before its modules were there. */
const { ahead } = globalThis;

/** The list of this build's files, as it comes. */
let listed = ahead.manifest ?? null;

/** Waits for the list. What has failed is asked for anew the next time. */
async function readManifest() {
  try {
    listed ??= fetch('manifest.json', { cache: 'no-cache' });
    const response = await listed;
    if (!response.ok) throw new Error(`manifest.json: ${response.status}`);
    manifest ??= await response.clone().json();
  } catch (error) {
    listed = null;
    throw error;
  }
}

export function inManifest(path) {
  return manifest !== null && path in manifest.files;
}

/** A file of this build: the name carries the build, so that caches never mix two builds. */
export function built(path) {
  return `${path}?${manifest.build}`;
}

/** Whether what was asked for before the modules were there is of this build: the page may be older than the list, if
 * a browser or a host has kept it. */
const isThisBuild = () => ahead.build === manifest.build;

async function count(body, received) {
  const reader = body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    received(value.length);
  }
}

/** The bytes of a file, counted as they come. */
async function bytes(path, received, coming = ahead.asked(path, manifest.build)) {
  const response = await coming;
  const parts = [];
  let length = 0;
  const reader = response.body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    parts.push(value);
    length += value.length;
    received(value.length);
  }
  const all = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** The compiled program. */
async function compiled(received) {
  const coming = (isThisBuild() && ahead.module) || ahead.program(manifest.build);
  const { body, module } = await coming;
  await count(body, received);
  return module;
}

export async function fonts(level, received = () => {}) {
  const name = FONTS[level];
  return Promise.all([
    bytes(`fonts/${name}-medium.ttf`, received),
    bytes(`fonts/${name}-bold.ttf`, received),
  ]);
}

const fromBase64 = (text) => Uint8Array.fromBase64?.(text)
  ?? Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

/** The files of a bundle, by the paths that they have to the program. */
function unpacked(bundle) {
  const encoder = new TextEncoder();
  return Object.entries(JSON.parse(new TextDecoder().decode(bundle)))
    .map(([path, file]) => [path, typeof file === 'string' ? encoder.encode(file) : fromBase64(file.base64)]);
}

/** The sentences that lessons have in a language, if any, as files. */
export async function sentences(code, received = () => {}) {
  const path = `sentences/${code}.json`;
  return inManifest(path) ? unpacked(await bytes(path, received)) : [];
}

const levelOf = (language) => (language === 'ja' ? 1 : 0);

const THUMBNAILS = 'files/thumbnails/';

/** The lessons' small pictures, as files: none for an embedded scene, which has no list for them to stand in. */
export async function thumbnails() {
  if (embedded) return [];
  const paths = Object.keys(manifest.files).filter((path) => path.startsWith(THUMBNAILS));
  // `files/thumbnails/padding.webp` is `lessons/thumbnails/padding.webp` to the program.
  return Promise.all(paths.map(async (path) => [path.replace(/^files\//, 'lessons/'), await bytes(path, () => {})]));
}

/** What every start needs, whatever its language, and the fonts of the one that is likely: its bytes are counted
 * from the first on. */
let common = null;

function beginCommon(language) {
  const level = levelOf(language);
  const counted = { sum: 0, tell: () => {} };
  const received = (length) => {
    counted.sum += length;
    counted.tell();
  };
  const fetchAll = async () => {
    await readManifest();
    const program = import(new URL(built('tensorama.js'), document.baseURI)).then((program) => {
      received(manifest.files['tensorama.js']?.raw ?? 0);
      return program;
    });
    return Promise.all([
      program,
      compiled(received),
      bytes('lessons.json', received, (isThisBuild() && ahead.lessons) || undefined),
      fonts(level, received),
    ]);
  };
  return { counted, level, parts: fetchAll() };
}

/** Begins to fetch and to compile before anybody has asked for it. What fails is told by `load`. */
export function fetchAhead(language) {
  common ??= beginCommon(language);
  common.parts.catch(() => {});
}

/** Everything for the start. `tongueAmong` tells the language of lessons, of those that there are sentences in;
 * `progress` hears the part that has come, from 0 to 1. */
export async function load(language, tongueAmong, progress) {
  common ??= beginCommon(language);
  const { counted, parts } = common;
  await readManifest();
  const tongue = tongueAmong(manifest.sentences);
  const level = levelOf(language);
  const names = (level) => [`fonts/${FONTS[level]}-medium.ttf`, `fonts/${FONTS[level]}-bold.ttf`];
  const wanted = [
    'tensorama.js', 'tensorama_bg.wasm', 'lessons.json', `sentences/${tongue}.json`,
    ...names(common.level), ...(common.level === level ? [] : names(level)),
  ];
  const total = wanted.reduce((sum, path) => sum + (manifest.files[path]?.raw ?? 0), 0);
  let sum = 0;
  counted.tell = () => progress(Math.min((counted.sum + sum) / total, 1));
  const received = (length) => {
    sum += length;
    counted.tell();
  };
  counted.tell();
  const [[program, module, lessons, likelyFonts], told, otherFonts] = await Promise.all([
    parts,
    sentences(tongue, received),
    // The language may have been chosen since.
    common.level === level ? null : fonts(level, received),
  ]);
  const files = [...unpacked(lessons), ...told];
  const fontFiles = otherFonts ?? likelyFonts;
  return { program, module, files, tongue, sentences: manifest.sentences, fonts: { level, files: fontFiles } };
}
