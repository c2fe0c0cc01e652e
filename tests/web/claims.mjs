// What a test waits for, and what it claims.

/** Tries until `look` gives something, at most so many seconds. */
export async function until(what, look, seconds = 30) {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > end) throw new Error(`waited ${seconds} s for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

export function assert(holds, what) {
  if (!holds) throw new Error(what);
}
