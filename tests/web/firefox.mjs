// The page in Firefox, by WebDriver BiDi. scripts/web-firefox runs it.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

import { assert, until } from './claims.mjs';
import { DRAWN, colours, difference, look } from './pictures.mjs';
import { serve } from './serving.mjs';

const puppeteer = createRequire(join(process.env.TENSORAMA_PUPPETEER, 'x'))('puppeteer-core').default;

/** Above this row the program tells things for some seconds. */
const NOTES = 60;

const { address, stop } = await serve({ compressed: true });
const browser = await puppeteer.launch({
  browser: 'firefox',
  executablePath: process.env.FIREFOX,
  // Without a screen, not even a virtual one, it has no WebGL.
  headless: false,
  protocolTimeout: 180_000,
  // Graphics by the processor, if there is nothing better; no calls home.
  extraPrefsFirefox: {
    'webgl.force-enabled': true,
    'webgl.disable-fail-if-major-performance-caveat': true,
    'intl.accept_languages': 'en-GB',
    'app.update.enabled': false,
    'datareporting.policy.dataSubmissionEnabled': false,
  },
});
const page = await browser.newPage();
await page.setViewport({ width: 1280, height: 720 });
const faults = [];
page.on('pageerror', (error) => {
  if (!error.message.includes('exceptions for control flow')) faults.push(error.message);
});
page.on('console', (message) => {
  if (message.type() === 'error') faults.push(message.text());
});
const requests = [];
page.on('request', (request) => requests.push(request.url()));

const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));
const hash = () => page.evaluate(() => decodeURIComponent(location.hash.slice(1)));
const linked = (part) => until(`${part} in the address`, async () => (await hash()).includes(part), 60);
const time = async () => Number(/--at\+([\d.]+)/.exec(await hash())?.[1] ?? 0);
const go = async (link) => {
  await page.evaluate((link) => { location.hash = link; }, link);
  await pause(800);
};

/** Presses the button, and waits for the first frame. */
async function start() {
  await page.waitForSelector('#play', { visible: true, timeout: 30_000 });
  await page.evaluate(() => {
    const { state } = globalThis.tensoramaHost;
    globalThis.tensoramaHost.state = (json) => {
      globalThis.lastState = JSON.parse(json);
      state(json);
    };
  });
  await page.click('#play');
  const poster = () => page.evaluate(() => document.getElementById('poster').dataset.state);
  const state = await until('the first frame', async () => {
    const now = await poster();
    return now === 'gone' || now === 'trouble' ? now : null;
  }, 180);
  const said = await page.evaluate(() => document.getElementById('status').textContent);
  assert(state === 'gone', `the page says: ${said}`);
}

/** What is shown once it stands still, or after some seconds all the same. */
async function drawn(name, seconds = 15) {
  const end = Date.now() + seconds * 1000;
  let picture = await look(page, `firefox ${name}`);
  for (;;) {
    await pause(400);
    const next = await look(page, `firefox ${name}`);
    const stands = colours(next) >= DRAWN && difference(picture, next) < 0.0005;
    picture = next;
    if (stands || Date.now() > end) break;
  }
  const count = colours(picture);
  assert(count >= DRAWN, `${name}: ${count} colours only: nothing was drawn`);
  return picture;
}

/** The workbench's text field, with all that it holds chosen. */
async function field() {
  await page.keyboard.press('l');
  await page.waitForSelector('.field');
  await page.waitForFunction(() => document.activeElement?.className === 'field');
  await chord('a');
}

async function chord(key) {
  await page.keyboard.down('Control');
  await page.keyboard.press(key);
  await page.keyboard.up('Control');
}

let seen;
const steps = {
  async 'the poster waits for its button'() {
    const link = 'play+convolution+--at+10';
    await page.goto(`${address}#${link}`);
    await page.waitForSelector('#play', { visible: true });
    await look(page, 'firefox poster');
    await until('the program to be fetched', () => requests.some((url) => url.includes('.wasm')));
    const poster = requests.findIndex((url) => url.includes('/poster-'));
    assert(poster >= 0 && poster < requests.findIndex((url) => url.includes('.wasm')), 'the poster comes first');
    await pause(3000);
    assert(await hash() === link, `the address stays as it was: ${await hash()}`);
    assert(await page.evaluate(() => document.getElementById('play').checkVisibility()), 'the button waits');
  },

  async 'a click, and the lesson plays'() {
    await start();
    await until('the lesson going on', async () => (await time()) > 11, 60);
    await drawn('playing', 2);
  },

  async 'a link goes to a moment, a key to another'() {
    await go('play+convolution+--at+10+--paused');
    await linked('--paused');
    seen = await drawn('at 10');
    await page.keyboard.press('5');
    await until('half way in the address', async () => (await time()) > 60);
    const later = await drawn('at half');
    assert(difference(seen, later) > 0.01, 'half way looks otherwise');
    await go('play+convolution+--at+10+--paused');
    assert(difference(seen, await drawn('at 10 again'), NOTES) < 0.002, 'the same link shows the same');
  },

  async 'another language, with its letters'() {
    assert(!requests.some((url) => url.includes('fonts/japanese')), 'no Japanese letters for English');
    await go('play+convolution+--at+10+--paused+--lang+ja');
    await until('Japanese letters', () => requests.some((url) => url.includes('fonts/japanese')));
    await until('Japanese', () => page.evaluate(() => globalThis.lastState?.lang === 'ja'));
    const japanese = await drawn('Japanese');
    assert(difference(seen, japanese) > 0.003, 'Japanese looks otherwise');
    await go('play+convolution+--at+10+--paused+--lang+en');
    await until('English', () => page.evaluate(() => globalThis.lastState?.lang === 'en'));
  },

  async 'the workbench by its link, a change, and Back undoes it'() {
    await go('explore+nn.Conv2d(1,2,3)+--input+1x5x5');
    await linked('explore');
    const before = await drawn('workbench');
    assert(difference(seen, before) > 0.02, 'the workbench is shown');
    await page.keyboard.press('q');
    await linked('--order');
    await page.evaluate(() => history.back());
    await until('the order as it was', async () => !(await hash()).includes('--order'));
    assert(difference(before, await drawn('undone')) < 0.02, 'as before');
  },

  async 'a layer is pasted into the field'() {
    await go('explore+nn.Conv2d(1,2,3)+--input+1x6x6');
    await linked('1x6x6');
    const before = await drawn('paste before');
    await field();
    await page.keyboard.type('nn.MaxPool2d(2)');
    await chord('a');
    await chord('x');
    assert((await page.$eval('.field', (field) => field.value)) === '', 'cut');
    await chord('v');
    assert((await page.$eval('.field', (field) => field.value)) === 'nn.MaxPool2d(2)', 'and pasted');
    await page.keyboard.press('Enter');
    await linked('MaxPool2d');
    assert(difference(before, await drawn('paste after')) > 0.02, 'another layer is on the workbench');
  },

  async 'a picture is dropped'() {
    await go('explore+nn.Conv2d(1,2,3)+--input+1x8x8');
    await linked('1x8x8');
    const before = await drawn('drop before');
    const bytes = [...readFileSync(join(process.env.TENSORAMA_ROOT, 'lessons/pictures/cat.png'))];
    await page.evaluate((bytes) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([new Uint8Array(bytes)], 'cat.png', { type: 'image/png' }));
      for (const kind of ['dragenter', 'dragover', 'drop']) {
        dispatchEvent(new DragEvent(kind, { dataTransfer: transfer, cancelable: true }));
      }
    }, bytes);
    await linked('cat.png');
    assert(difference(before, await drawn('drop after')) > 0.01, 'the picture is on the stage');
  },

  async 'a reload, and it goes on there'() {
    await go('play+convolution+--at+50+--paused');
    await linked('--at+50');
    const before = await drawn('before the reload');
    await page.reload();
    await start();
    assert(difference(before, await drawn('after the reload'), NOTES) < 0.02, 'the same as before');
  },

  async 'without a complaint'() {
    const others = requests.filter((url) => /^https?:/.test(url) && !url.startsWith(address));
    assert(!others.length, `asks another host: ${others[0]}`);
    assert(!faults.length, `the page complains: ${faults.slice(0, 3).join(' | ')}`);
  },
};

console.log(`        ${await browser.version()}`);
let failed = false;
for (const [name, step] of Object.entries(steps)) {
  const begun = Date.now();
  const seconds = () => `${((Date.now() - begun) / 1000).toFixed(1)} s`;
  try {
    await step();
    console.log(`ok      ${name} (${seconds()})`);
  } catch (error) {
    console.log(`FAILED  ${name} (${seconds()}): ${error.message}`);
    if (faults.length) console.log(`        the page said: ${faults.slice(0, 3).join(' | ')}`);
    await look(page, 'firefox FAILED').catch(() => {});
    // Each step goes on from the one before.
    failed = true;
    break;
  }
}
await browser.close();
stop();
process.exitCode = failed ? 1 : 0;
