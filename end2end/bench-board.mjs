// Measures a board of the large product in a browser: node bench-board.mjs with BASE_URL set, and BOARD, such as `ideas`, with the name
// of its first COLUMN. Prints two numbers: milliseconds from
// the start of the navigation until the first cards are painted (median of five), and the share of frames, in percent, that came within
// 16.7 ms while a card was dragged over the columns and along one of them.
import { browser, hydrated, page } from './bench.mjs';

const { BOARD = 'ideas', COLUMN = 'Submitted' } = process.env;

const first = page.getByRole('list', { name: COLUMN, exact: true }).getByRole('listitem').first();
const painted = [];
for (let round = 0; round < 5; round++) {
  await page.goto(`/orgs/demo/products/large-product/${BOARD}/board`, { waitUntil: 'commit' });
  await first.waitFor();
  painted.push(await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(() => resolve(performance.now()))))));
}
await hydrated();
await page.waitForLoadState('networkidle');

const box = await first.boundingBox();
const at = { x: box.x + box.width / 2, y: box.y + 20 };
await page.mouse.move(at.x, at.y);
await page.mouse.down();
await page.mouse.move(at.x + 10, at.y + 10);
await page.evaluate(() => {
  window.frames_ = [];
  let last = performance.now();
  const tick = (now) => {
    window.frames_.push(now - last);
    last = now;
    if (window.frames_) requestAnimationFrame(tick);
  };
  requestAnimationFrame(tick);
});
// Down one column and over the others, and then held near an edge, where the column scrolls.
for (let step = 0; step < 240; step++) {
  await page.mouse.move(at.x + 500 * Math.sin(step / 40) ** 2, at.y + 250 + 250 * Math.sin(step / 15));
  await page.waitForTimeout(8);
}
await page.mouse.move(at.x, 880);
await page.waitForTimeout(2000);
const frames = await page.evaluate(() => window.frames_);
await page.keyboard.press('Escape');
await page.mouse.up();
await browser.close();

// A frame of 60 in a second lasts 16.67 ms, give or take the clock's own grain.
const timely = frames.slice(1).filter((frame) => frame <= 17.2).length / (frames.length - 1);
painted.sort((one, other) => one - other);
console.log(Math.round(painted[2]), (100 * timely).toFixed(1));
