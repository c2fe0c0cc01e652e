// What the browser keeps from one visit to the next. In private windows and with full storage it keeps nothing.

/** Where it stands what was chosen instead of what the browser asks for. */
export const CHOSEN = { language: 'page/language', theme: 'page/theme', motion: 'page/motion' };

const place = (name) => `tensorama/${name}`;

/** The text of a name, or null. */
export function kept(name) {
  try {
    return localStorage.getItem(place(name));
  } catch {
    return null;
  }
}

/** Keeps a text; whether the browser did. */
export function keep(name, text) {
  try {
    localStorage.setItem(place(name), text);
    return true;
  } catch {
    return false;
  }
}
