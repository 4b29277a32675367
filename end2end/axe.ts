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
 * wider than the screen. Takes a picture of each look where a name is given for it.
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
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    if (wide > width) found.push(`${width}: it is ${wide} pixels wide`);
  }
  await page.emulateMedia({ colorScheme: null });
  if (size) await page.setViewportSize(size);
  return found;
}

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
