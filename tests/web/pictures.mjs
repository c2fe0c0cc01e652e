// Pictures of a page, whose pixels can be counted and compared.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';

/** A stage has thousands of colours; a page without one some dozens. */
export const DRAWN = 1000;

/** A screenshot's pixels; kept as a file where PICTURES names a folder. */
export async function look(page, name) {
  const file = Buffer.from(await page.screenshot());
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
