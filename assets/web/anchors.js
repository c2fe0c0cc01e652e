// Links over those that the program draws: real ones, with an address that can be seen, copied and opened elsewhere.

const frame = document.getElementById('frame');
const canvas = document.getElementById('stage');

/** Those that lie there, by their addresses. */
const laid = new Map();

function made(url) {
  const anchor = document.createElement('a');
  anchor.className = 'anchor';
  anchor.href = url;
  anchor.target = '_blank';
  anchor.rel = 'noopener noreferrer';
  // Back here, keys are the program's again.
  anchor.addEventListener('click', () => setTimeout(() => canvas.focus({ preventScroll: true }), 0));
  frame.append(anchor);
  return anchor;
}

function lay(wanted) {
  const urls = new Set(wanted.map(({ url }) => url));
  for (const [url, anchor] of laid) {
    if (urls.has(url)) continue;
    anchor.remove();
    laid.delete(url);
  }
  for (const { place: [left, top, width, height], url, title } of wanted) {
    if (!/^https?:$/.test(new URL(url, location.href).protocol)) continue;
    if (!laid.has(url)) laid.set(url, made(url));
    const anchor = laid.get(url);
    anchor.setAttribute('aria-label', title);
    Object.assign(anchor.style, { left: `${left}px`, top: `${top}px`, width: `${width}px`, height: `${height}px` });
  }
}

export function anchors(json) {
  const wanted = JSON.parse(json);
  setTimeout(() => lay(wanted), 0);
}
