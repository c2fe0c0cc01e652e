// Files in and out. What comes in stays on this machine.

import { running, tell } from './program.js';
import { say } from './words.js';

const canvas = document.getElementById('stage');
const chooser = document.getElementById('chooser');
const curtain = document.getElementById('drop');

let early = [];

async function take(files) {
  for (const file of files) {
    let bytes;
    try {
      bytes = new Uint8Array(await file.arrayBuffer());
    } catch {
      tell('failed', file.name, say('tooLarge'));
      continue;
    }
    if (running()) tell('take_file', file.name, bytes);
    else early.push([file.name, bytes]);
  }
}

/** Hands over what was dropped before the program ran. */
export function handEarlyFiles() {
  for (const [name, bytes] of early) tell('take_file', name, bytes);
  early = [];
}

/** Takes files that are dropped anywhere on the page, chosen, or pasted. `dropped` hears of each drop. */
export function followFiles(dropped) {
  const carriesFiles = (event) => event.dataTransfer?.types.includes('Files');
  let depth = 0;
  const over = (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = 'copy';
  };
  addEventListener('dragenter', (event) => {
    if (!carriesFiles(event)) return;
    over(event);
    depth += 1;
    curtain.hidden = false;
  });
  addEventListener('dragover', over);
  addEventListener('dragleave', (event) => {
    if (!carriesFiles(event)) return;
    depth = Math.max(depth - 1, 0);
    curtain.hidden = depth === 0;
  });
  addEventListener('drop', (event) => {
    depth = 0;
    curtain.hidden = true;
    if (!carriesFiles(event)) return;
    event.preventDefault();
    const files = [...event.dataTransfer.files];
    if (!files.length) return;
    take(files);
    dropped();
  });
  addEventListener('paste', (event) => {
    const files = [...(event.clipboardData?.files ?? [])];
    if (!files.length || !running()) return;
    event.preventDefault();
    take(files);
  });
  chooser.addEventListener('change', () => {
    take([...chooser.files]);
    // So that the same file can be chosen again.
    chooser.value = '';
  });
}

export function choose() {
  setTimeout(() => chooser.click(), 0);
}

function download(name, blob) {
  const anchor = document.createElement('a');
  anchor.href = URL.createObjectURL(blob);
  anchor.download = name;
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(anchor.href), 60_000);
}

export function save(name, mime, bytes) {
  // A copy: the program's memory may grow and move before the download reads it.
  const blob = new Blob([bytes.slice()], { type: mime });
  setTimeout(() => download(name, blob), 0);
}

export function picture(name) {
  // A WebGL canvas can be read only between the drawing of a frame and its showing: a microtask runs
  // right after the frame that asked for it.
  queueMicrotask(() => {
    canvas.toBlob((blob) => {
      if (blob) download(name, blob);
      else tell('failed', name, say('tooLarge'));
    }, 'image/png');
  });
}

let recording = null;

/** Begins a recording of the canvas, or ends the one that runs; whether one runs now, or nothing where none can. */
export function clip(name) {
  if (recording) {
    setTimeout(() => recording?.stop(), 0);
    return false;
  }
  const kinds = ['video/webm;codecs=vp9', 'video/webm;codecs=vp8', 'video/webm', 'video/mp4'];
  const mimeType = kinds.find((kind) => globalThis.MediaRecorder?.isTypeSupported(kind));
  if (!mimeType || !canvas.captureStream) {
    setTimeout(() => tell('failed', name, say('noRecorder')), 0);
    return undefined;
  }
  const stream = canvas.captureStream(30);
  const parts = [];
  recording = new MediaRecorder(stream, { mimeType, videoBitsPerSecond: 12_000_000 });
  recording.ondataavailable = (event) => parts.push(event.data);
  recording.onerror = () => tell('failed', name, say('noRecorder'));
  recording.onstop = () => {
    recording = null;
    for (const track of stream.getTracks()) track.stop();
    const ending = mimeType.startsWith('video/mp4') ? '.mp4' : '.webm';
    download(name.replace(/\.(webm|mp4)$/, '') + ending, new Blob(parts, { type: mimeType.split(';')[0] }));
  };
  setTimeout(() => recording.start(1000), 0);
  return true;
}

/** A file of another host, if that host lets pages read it. */
export async function fetchFile(url, name) {
  let response;
  try {
    response = await fetch(url, { credentials: 'omit', referrerPolicy: 'no-referrer' });
  } catch {
    tell('failed', name, say('refused'));
    return;
  }
  if (!response.ok) {
    tell('failed', name, say('answered')(`${response.status} ${response.statusText}`.trim()));
    return;
  }
  try {
    tell('take_file', name, new Uint8Array(await response.arrayBuffer()));
  } catch {
    tell('failed', name, say('refused'));
  }
}
