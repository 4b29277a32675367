import { expect, test } from './fixtures';

test('how an effect went is read by key and by pointer', async ({ page, open, signedInAs }) => {
  await signedInAs('stakeholder');
  await open('/orgs/demo/products/demo-product/experiments');
  await page.getByRole('link', { name: 'Guided first idea' }).click();
  const metric = page.getByRole('region', { name: 'Idea in the first session', exact: true });
  const plot = metric.getByRole('group', { name: 'Idea in the first session, day by day: read with the arrow keys' });
  const picture = metric.getByRole('img', { name: /^Idea in the first session, day by day\./ });
  await expect(picture).toBeVisible();
  const told = metric.locator('[aria-live]');
  const words = /^\d+ \w{3} \d{4}: -?[\d.,]+ %, from -?[\d.,]+ % to -?[\d.,]+ %$/;
  await plot.focus();
  await page.keyboard.press('End');
  await expect(told).toHaveText(words);
  const last = await told.textContent();
  await page.keyboard.press('ArrowLeft');
  await expect(told).toHaveText(words);
  await expect(told).not.toHaveText(last!);
  await page.keyboard.press('Escape');
  await expect(told).toHaveText('');

  const read = plot.getByText(/ %, from /);
  await expect(read).toHaveCount(0);
  const box = (await picture.boundingBox())!;
  await page.mouse.move(box.x + box.width - 2, box.y + box.height / 2);
  await expect(read).toBeVisible();
  await page.mouse.move(0, 0);
  await expect(read).toHaveCount(0);
});
