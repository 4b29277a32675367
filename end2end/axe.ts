import axe from 'axe-core';
import { expect, type Page } from '@playwright/test';

const ALL: axe.RunOnly = { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] };
const OF_COLOURS: axe.RunOnly = { type: 'rule', values: ['color-contrast', 'link-in-text-block'] };

/** The page is as it should be. */
export async function expectNothing(page: Page) {
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  expect(await faults(page)).toEqual([]);
}

/**
 * What axe finds on a wide and on a narrow screen, in both themes, between which only the colours differ; and whether the page is
 * wider than the screen, also on those between. Takes a picture of each look where a name is given for it.
 */
export async function faults(page: Page, picture?: string): Promise<string[]> {
  const size = page.viewportSize();
  await page.evaluate(axe.source);
  const found: string[] = [];
  for (const width of [1440, 390]) {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.setViewportSize({ width, height: 900 });
      await page.emulateMedia({ colorScheme });
      await settled(page);
      if (picture) await page.screenshot({ path: `${picture}.${colorScheme}.${width}.png`, fullPage: true });
      const wrong = await violations(page, colorScheme === 'light' ? ALL : OF_COLOURS);
      found.push(...wrong.map((violation) => `${colorScheme} ${width}: ${violation}`));
    }
    found.push(...(await tooWide(page, width)));
  }
  for (const width of [1024, 768]) {
    await page.setViewportSize({ width, height: 900 });
    found.push(...(await tooWide(page, width)));
  }
  await page.emulateMedia({ colorScheme: null });
  if (size) await page.setViewportSize(size);
  return found;
}

/** Whether the page is wider than the screen, an item's text narrower than what stands beside it, or a list cut off on a narrow screen. */
const tooWide = (page: Page, width: number) =>
  page.evaluate((width) => {
    const found: string[] = [];
    const { scrollWidth } = document.documentElement;
    if (scrollWidth > width) found.push(`${width}: it is ${scrollWidth} pixels wide`);
    const [text, beside] = [...document.querySelectorAll('.item-page > .columns > .stack')].map((part) => part.getBoundingClientRect().width);
    if (text < beside) found.push(`${width}: the text is ${text} pixels wide beside ${beside}`);
    for (const table of document.querySelectorAll('.table-scroll:has(> .stacked)')) {
      const hidden = table.scrollWidth - table.clientWidth;
      if (width <= 620 && hidden > 0) found.push(`${width}: ${hidden} pixels of “${table.getAttribute('aria-label')}” are hidden`);
    }
    return found;
  }, width);

/** What lies in a shut fold stands still, so its transition into the other theme never ends. */
const settled = (page: Page) =>
  page.evaluate(() => {
    const seen = (animation: Animation) => (animation.effect as KeyframeEffect | null)?.target?.checkVisibility() ?? false;
    const ended = Promise.allSettled(document.getAnimations().filter(seen).map((animation) => animation.finished));
    return Promise.race([ended.then(() => {}), new Promise<void>((resolve) => setTimeout(resolve, 1_000))]);
  });

const violations = (page: Page, runOnly: axe.RunOnly) =>
  page.evaluate(async (runOnly) => {
    const { violations } = await (window as unknown as { axe: typeof axe }).axe.run(document, { runOnly, resultTypes: ['violations'] });
    return violations.flatMap(({ id, help, nodes }) => nodes.map(({ target, failureSummary }) => `${id} (${help}) ${target} ${failureSummary}`));
  }, runOnly);
