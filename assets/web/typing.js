// A text field of the page over the one that the program draws: only there do input methods, the
// clipboard and the keyboards of phones work.

import { tell } from './program.js';

const frame = document.getElementById('frame');
const canvas = document.getElementById('stage');

let field = null;
let owner = null;

function place(x, y, width, height, size) {
  field.style.left = `${x}px`;
  field.style.top = `${y}px`;
  field.style.width = `${width}px`;
  field.style.height = `${height}px`;
  // Phones zoom into a field whose letters are smaller.
  field.style.fontSize = `${Math.max(size, 16)}px`;
}

function remove() {
  const gone = field;
  field = null;
  owner = null;
  gone?.remove();
}

function open(x, y, width, height, size, text, multiline, id) {
  remove();
  field = document.createElement(multiline ? 'textarea' : 'input');
  owner = id;
  const own = field;
  const mine = () => field === own;
  own.className = 'field';
  own.value = text;
  own.spellcheck = false;
  own.autocapitalize = 'off';
  own.autocomplete = 'off';
  own.setAttribute('autocorrect', 'off');
  own.setAttribute('aria-label', text || 'Tensorama');
  place(x, y, width, height, size);

  // An input method shows letters before they are meant: they count once it ends.
  const typed = () => { if (mine()) tell('typed', id, own.value); };
  own.addEventListener('input', (event) => { if (!event.isComposing) typed(); });
  own.addEventListener('compositionend', typed);
  own.addEventListener('keydown', (event) => {
    if (event.isComposing || event.keyCode === 229) return;
    const enters = event.key === 'Enter' && (!multiline || event.ctrlKey || event.metaKey);
    if (enters) {
      event.preventDefault();
      tell('entered', id);
    } else if (event.key === 'Escape') {
      event.preventDefault();
      own.blur();
      canvas.focus({ preventScroll: true });
    }
  });
  own.addEventListener('blur', () => {
    if (!mine()) return;
    remove();
    tell('left', id);
  });
  // What is typed here is not also a key of the program.
  for (const kind of ['keydown', 'keyup', 'keypress', 'paste', 'copy', 'cut', 'pointerdown', 'wheel']) {
    own.addEventListener(kind, (event) => event.stopPropagation());
  }
  frame.append(own);
  own.focus({ preventScroll: true });
  own.setSelectionRange(own.value.length, own.value.length);
}

export function edit(x, y, width, height, size, text, multiline, id) {
  setTimeout(() => {
    if (field && owner === id) place(x, y, width, height, size);
    else open(x, y, width, height, size, text, multiline, id);
  }, 0);
}

export function edited() {
  setTimeout(() => {
    if (!field) return;
    remove();
    canvas.focus({ preventScroll: true });
    // A phone's keyboard may have pushed the page up.
    scrollTo(0, 0);
  }, 0);
}
