// Chromium, by playwright-core.

import { createRequire } from 'node:module';
import { join } from 'node:path';

const { chromium } = createRequire(join(process.env.TENSORAMA_PLAYWRIGHT, 'x'))('playwright-core');

// Headless Chromium draws WebGL without a GPU only when told to, and otherwise shows nothing.
const FLAGS = [
  '--enable-unsafe-swiftshader', '--ignore-gpu-blocklist', '--no-sandbox',
  '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run',
];

/** The browser, which draws by `swiftshader`, its own, or by `gl`, the system's driver. */
export function launch(graphics = process.env.GL ?? 'swiftshader') {
  return chromium.launch({ executablePath: process.env.CHROMIUM, args: [`--use-angle=${graphics}`, ...FLAGS] });
}

/** The browser as its users have it: with a profile that stays in a folder, and so with caches that last. */
export function launchKept(folder, graphics) {
  return chromium.launchPersistentContext(folder, {
    executablePath: process.env.CHROMIUM, args: [`--use-angle=${graphics}`, ...FLAGS],
    viewport: { width: 1280, height: 720 }, locale: 'en-GB', colorScheme: 'light',
  });
}

/** A page with a profile of its own. What goes wrong in it is kept in `faults`. */
export async function newPage(browser, address, { size = [1280, 720], lang = 'en-GB', theme = 'light', ...more } = {}) {
  const context = await browser.newContext({
    viewport: { width: size[0], height: size[1] }, locale: lang, colorScheme: theme, ...more,
  });
  context.setDefaultTimeout(60_000);
  // Chromium that plays a finer screen still tells the sizes of elements in pixels of the coarse one.
  if (more.deviceScaleFactor) {
    await context.addInitScript(() => {
      const fine = (size) => [{ inlineSize: size.inlineSize * devicePixelRatio, blockSize: size.blockSize * devicePixelRatio }];
      const seen = (entry) => new Proxy(entry, {
        get: (real, name) => (name === 'devicePixelContentBoxSize' ? fine(real.contentBoxSize[0]) : real[name]),
      });
      globalThis.ResizeObserver = class extends ResizeObserver {
        constructor(tell) { super((entries, observer) => tell(entries.map(seen), observer)); }
      };
    });
  }
  const page = await context.newPage();
  page.faults = [];
  page.requests = [];
  page.on('pageerror', (error) => {
    if (!error.message.includes('exceptions for control flow')) page.faults.push(error.message);
  });
  page.on('console', (message) => {
    // A page of plain text has no icon; ours has.
    if (message.location().url.endsWith('/favicon.ico')) return;
    if (message.type() === 'error') page.faults.push(message.text());
  });
  page.on('request', (request) => {
    const url = request.url();
    page.requests.push(url);
    if (/^https?:/.test(url) && !url.startsWith(address)) page.faults.push(`asks another host: ${url}`);
  });
  return page;
}
