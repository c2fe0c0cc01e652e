// Messages between this page and the one that embeds it: docs/web.md.

export const embedded = new URLSearchParams(location.search).has('embed');
const framed = parent !== self;

/** What a message asks for, of what it may. */
function command({ link, seek, play, pause, bar }) {
  const asked = {};
  if (typeof link === 'string') asked.link = link.replace(/^#/, '');
  if (Number.isFinite(seek)) asked.seek = seek;
  if (play === true) asked.play = true;
  else if (pause === true) asked.pause = true;
  if (typeof bar === 'boolean') asked.bar = bar;
  return asked;
}

/** Tells the page around what goes on. Nothing of it is secret, so any page may hear it. */
export function report(what) {
  if (framed) parent.postMessage({ tensorama: what }, '*');
}

/** Listens to the page around. `obey` takes what is asked. */
export function followMessages(obey) {
  if (!framed) return;
  addEventListener('message', (event) => {
    const asked = event.data?.tensorama;
    if (event.source !== parent || typeof asked !== 'object' || asked === null) return;
    obey(command(asked));
  });
}
