// Keys, wheel and buttons that the program takes, so that the browser does not take them too.

import { embedded } from './embed.js';

const canvas = document.getElementById('stage');

const KEYS = new Set([
  ' ', '/', "'", 'Backspace', 'ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'Home', 'End', 'PageUp', 'PageDown',
]);
// Undo, redo and save on the workbench.
const WITH_CONTROL = new Set(['s', 'z', 'y']);

function isProgramKey(event) {
  if (event.altKey) return false;
  if (event.ctrlKey || event.metaKey) {
    const key = event.key.toLowerCase();
    if (key === 'c') return event.shiftKey;
    // The search of a network, larger and smaller panels; elsewhere the browser's own.
    if ('f+=-'.includes(key)) return location.hash.startsWith('#explore');
    return WITH_CONTROL.has(key);
  }
  // In a page of somebody else's, Tab must lead on.
  if (event.key === 'Tab') return !embedded;
  return KEYS.has(event.key);
}

/** Keeps them from the browser while the canvas has the focus. */
export function followKeys() {
  const refuse = (event) => event.preventDefault();
  canvas.addEventListener('keydown', (event) => { if (isProgramKey(event)) refuse(event); });
  // The right button shifts the stage, the middle one must not scroll, two fingers must not enlarge the page.
  canvas.addEventListener('contextmenu', refuse);
  canvas.addEventListener('mousedown', (event) => { if (event.button === 1) refuse(event); });
  canvas.addEventListener('wheel', refuse, { passive: false });
  addEventListener('gesturestart', refuse);
}
