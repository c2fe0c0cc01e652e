// How quick the page is, as a table. scripts/web-speed runs it; words after it name the graphics.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';

import { launch, launchKept, newPage } from './browser.mjs';
import { assert, until } from './claims.mjs';
import { DRAWN, colours, look } from './pictures.mjs';
import { serve } from './serving.mjs';

/** A lesson that plays for a while before it asks anything. */
const LINK = 'play+convolution+--at+20';
const PLAYED = Number(process.env.SECONDS_PLAYED ?? 15);
const RESTED = 10;
/** How often the page is opened, an odd number: times of half a minute ago differ by a tenth. */
const OPENINGS = 5;
/** Milliseconds for which somebody looks at the poster. */
const STOOD = 5000;
/** How often it is opened again, an odd number. */
const AGAIN = 3;
/** Milliseconds until the browser has kept what it has made of the program. */
const KEPT = 10_000;

const { address, stop } = await serve();
const load = () => loadavg().slice(0, 2).map((part) => part.toFixed(2)).join(', ');
const milliseconds = (time) => `${Math.round(time)} ms`;
const percent = (part) => `${(part * 100).toFixed(1)} %`;

/** Milliseconds between frames, sorted. */
function frameTimes(page, seconds) {
  return page.evaluate(async (seconds) => {
    const times = [];
    let last = await new Promise(requestAnimationFrame);
    const end = last + seconds * 1000;
    while (last < end) {
      const now = await new Promise(requestAnimationFrame);
      times.push(now - last);
      last = now;
    }
    return times.sort((a, b) => a - b);
  }, seconds);
}

/** Tells how many seconds the page's main thread has worked, and all processes of the browser together. */
async function workOf(browser, page) {
  // What a thread did is counted from here on.
  const thread = await page.context().newCDPSession(page);
  await thread.send('Performance.enable');
  const whole = await browser.newBrowserCDPSession();
  return async () => {
    const { metrics } = await thread.send('Performance.getMetrics');
    const { processInfo } = await whole.send('SystemInfo.getProcessInfo');
    return {
      thread: metrics.find(({ name }) => name === 'TaskDuration').value,
      processor: processInfo.reduce((sum, { cpuTime }) => sum + cpuTime, 0),
    };
  };
}

/** Presses the button; how long it takes to the first frame. */
async function press(page) {
  const begun = performance.now();
  await page.click('#play');
  await page.waitForSelector('#poster[data-state="gone"]', { state: 'attached', timeout: 180_000 });
  return performance.now() - begun;
}

/** How long it takes from opening the page to the first frame, of one who presses the button as soon as it is there.
 * The page's own clock tells: what drives the browser waits for a thread that is busy. */
async function opened(page) {
  await page.addInitScript(() => addEventListener('DOMContentLoaded', () => {
    const part = (id) => document.getElementById(id);
    const look = () => {
      if (!part('play').hidden && !globalThis.pressed) {
        globalThis.pressed = performance.now();
        setTimeout(() => part('play').click());
      }
      if (part('poster').dataset.state === 'gone') {
        watcher.disconnect();
        requestAnimationFrame(() => { globalThis.firstFrame = performance.now(); });
      }
    };
    const watcher = new MutationObserver(look);
    watcher.observe(part('poster'), { attributes: true, subtree: true });
    look();
  }));
  await page.goto(`${address}#${LINK}`);
  const first = await page.waitForFunction(() => globalThis.firstFrame, undefined, { timeout: 180_000 });
  const time = await first.jsonValue();
  assert(await page.evaluate(() => globalThis.pressed < 1000), 'the button is there within a second');
  return time;
}

/** The same, in a profile of its own, which knows nothing of the page. */
async function openedFirst(browser) {
  const page = await newPage(browser, address);
  const time = await opened(page);
  await page.context().close();
  return time;
}

/** The same, of one who was there before: how long each time takes, sorted. */
async function openedAgain(graphics) {
  const folder = mkdtempSync(join(tmpdir(), 'tensorama-'));
  const browser = await launchKept(folder, graphics);
  try {
    const times = [];
    for (let time = 0; time <= AGAIN; time += 1) {
      const page = await browser.newPage();
      times.push(await opened(page));
      await page.waitForTimeout(KEPT);
      await page.close();
    }
    return times.slice(1).sort((a, b) => a - b);
  } finally {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  }
}


async function measure(graphics) {
  const before = load();
  const again = await openedAgain(graphics);
  const browser = await launch(graphics);
  try {
    // The first one waits for the browser's own graphics; who comes by a link has had them for long.
    const begun = await openedFirst(browser);
    const openings = [];
    for (let time = 0; time < OPENINGS; time += 1) openings.push(await openedFirst(browser));
    openings.sort((a, b) => a - b);
    const page = await newPage(browser, address);
    await page.goto(`${address}#${LINK}`);
    await page.evaluate(() => document.fonts.ready);
    await page.evaluate(() => {
      const { state } = globalThis.tensoramaHost;
      globalThis.tensoramaHost.state = (json) => {
        globalThis.lastState = JSON.parse(json);
        state(json);
      };
    });
    const playing = () => page.evaluate(() => globalThis.lastState?.playing);
    // What is fetched ahead has come, and is compiled.
    await page.waitForTimeout(STOOD);
    const first = await press(page);
    await until('the lesson to play', playing, 60);
    await page.waitForTimeout(1500);
    const times = await frameTimes(page, PLAYED);
    assert(await playing(), 'the lesson plays to the end of the measurement');
    assert(colours(await look(page, `speed ${graphics}`)) >= DRAWN, 'something is drawn');
    await page.keyboard.press('k');
    await until('the lesson to stand', async () => !(await playing()), 60);
    // So long it goes on drawing: something may still come to rest, or a pipeline be compiled.
    await page.waitForTimeout(15_000);
    const work = await workOf(browser, page);
    const from = await work();
    await page.waitForTimeout(RESTED * 1000);
    const to = await work();
    assert(!page.faults.length, `the page complains: ${page.faults.slice(0, 3).join(' | ')}`);
    const at = (part) => milliseconds(times[Math.min(Math.floor(times.length * part), times.length - 1)]);
    return {
      name: graphics,
      [`opening to first frame, pressed at once, median of ${OPENINGS}`]: milliseconds(openings[(OPENINGS - 1) / 2]),
      'the same as the first page of a browser that has just begun': milliseconds(begun),
      [`the same in a browser that was here before, median of ${AGAIN}`]: milliseconds(again[(AGAIN - 1) / 2]),
      [`click to first frame, after ${STOOD / 1000} s of poster`]: milliseconds(first),
      'frame of a playing lesson, median': at(0.5),
      'frame of a playing lesson, 95 %': at(0.95),
      'frame of a playing lesson, longest': at(1),
      'main thread at rest': percent((to.thread - from.thread) / RESTED),
      'processor at rest, whole browser': percent((to.processor - from.processor) / RESTED),
      'load before, of 1 and 5 minutes': before,
      'load after': load(),
      version: browser.version(),
    };
  } finally {
    await browser.close();
  }
}

const wanted = process.argv.slice(2);
try {
  const columns = [];
  for (const graphics of wanted.length ? wanted : ['swiftshader', 'gl']) columns.push(await measure(graphics));
  const { build } = JSON.parse(readFileSync(join(process.env.TENSORAMA_PAGE, 'manifest.json')));
  const day = new Date().toISOString().slice(0, 10);
  console.log(`Measured on ${day}: build ${build}, Chromium ${columns[0].version}, 1280 × 720, ${PLAYED} s of frames, `
    + `${RESTED} s at rest, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}\n`);
  const row = (head, part) => `| ${[head, ...columns.map((column) => column[part])].join(' | ')} |`;
  console.log(row('', 'name'));
  console.log(`|---|${'---|'.repeat(columns.length)}`);
  for (const part of Object.keys(columns[0])) {
    if (part !== 'name' && part !== 'version') console.log(row(part, part));
  }
} catch (error) {
  console.error(`tensorama: ${error.message}`);
  process.exitCode = 1;
} finally {
  stop();
}
