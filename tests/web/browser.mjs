// A browser, a server, and pictures that can be counted.

import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';

const { chromium } = createRequire(join(process.env.TENSORAMA_PLAYWRIGHT, 'x'))('playwright-core');

export const graphics = process.env.GL ?? 'swiftshader';

// Headless Chromium draws WebGL without a GPU only when told to, and otherwise shows nothing.
const FLAGS = [
  `--use-angle=${graphics}`, '--enable-unsafe-swiftshader', '--ignore-gpu-blocklist', '--no-sandbox',
  '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run',
];

/** The folder, served; `address` is where. */
export async function serve() {
  const server = spawn(process.env.TENSORAMA_PYTHON, [process.env.TENSORAMA_SERVER, process.env.TENSORAMA_PAGE, '0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const address = await new Promise((resolve, reject) => {
    server.stdout.once('data', (data) => resolve(String(data).trim()));
    server.once('exit', (code) => reject(new Error(`the server ended with ${code}`)));
  });
  return { address, stop: () => server.kill() };
}

export function launch() {
  return chromium.launch({ executablePath: process.env.CHROMIUM, args: FLAGS });
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

/** A screenshot's pixels; kept as a file where PICTURES names a folder. */
export async function look(page, name) {
  const file = await page.screenshot();
  if (process.env.PICTURES) {
    mkdirSync(process.env.PICTURES, { recursive: true });
    writeFileSync(join(process.env.PICTURES, `${name.replace(/[^\w.-]+/g, '-')}.png`), file);
  }
  return decode(file);
}

/** PNG with eight bits a channel, as browsers write it. */
export function decode(file) {
  let at = 8;
  const data = [];
  let width, height, channels;
  while (at < file.length) {
    const length = file.readUInt32BE(at);
    const kind = file.toString('latin1', at + 4, at + 8);
    const body = file.subarray(at + 8, at + 8 + length);
    if (kind === 'IHDR') {
      width = body.readUInt32BE(0);
      height = body.readUInt32BE(4);
      channels = { 2: 3, 6: 4 }[body[9]];
      if (body[8] !== 8 || !channels || body[12]) throw new Error('a PNG of another kind');
    } else if (kind === 'IDAT') data.push(body);
    at += length + 12;
  }
  const raw = inflateSync(Buffer.concat(data));
  const stride = width * channels;
  const pixels = Buffer.alloc(stride * height);
  for (let row = 0; row < height; row += 1) {
    const filter = raw[row * (stride + 1)];
    for (let i = 0; i < stride; i += 1) {
      const place = row * stride + i;
      const left = i >= channels ? pixels[place - channels] : 0;
      const up = row > 0 ? pixels[place - stride] : 0;
      const corner = i >= channels && row > 0 ? pixels[place - stride - channels] : 0;
      const guess = left + up - corner;
      const [a, b, c] = [left, up, corner].map((value) => Math.abs(guess - value));
      const paeth = a <= b && a <= c ? left : b <= c ? up : corner;
      const add = [0, left, up, (left + up) >> 1, paeth][filter];
      pixels[place] = raw[row * (stride + 1) + 1 + i] + add;
    }
  }
  return { width, height, channels, pixels };
}

/** How many colours a picture has. A blank one has one, a page without its stage some dozens. */
export function colours({ pixels, channels }) {
  const seen = new Uint8Array(1 << 24);
  let count = 0;
  for (let at = 0; at < pixels.length; at += channels) {
    const colour = (pixels[at] << 16) | (pixels[at + 1] << 8) | pixels[at + 2];
    if (!seen[colour]) count += seen[colour] = 1;
  }
  return count;
}

/** The part of pixels that differ by more than 8 of 255, from a row on. */
export function difference(one, other, from = 0, to = one.height) {
  if (one.width !== other.width || one.height !== other.height) return 1;
  let off = 0;
  for (let pixel = from * one.width; pixel < one.width * to; pixel += 1) {
    for (let channel = 0; channel < 3; channel += 1) {
      const a = one.pixels[pixel * one.channels + channel];
      const b = other.pixels[pixel * other.channels + channel];
      if (Math.abs(a - b) > 8) {
        off += 1;
        break;
      }
    }
  }
  return off / (one.width * one.height);
}

export function assert(holds, what) {
  if (!holds) throw new Error(what);
}
