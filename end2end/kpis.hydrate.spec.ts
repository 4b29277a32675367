import { expect, test } from './fixtures';

test('a chart is read by key and by pointer', async ({ page, open, signedInAs }) => {
  await signedInAs('stakeholder');
  await open('/orgs/demo/products/demo-product/kpis');
  await page.getByRole('link', { name: 'Activation rate' }).click();
  const plot = page.getByRole('group', { name: 'Activation rate: read with the arrow keys' });
  const picture = page.getByRole('img', { name: /^Activation rate\./ });
  const chart = page.getByRole('region', { name: 'Chart' });
  await expect(picture).toBeVisible();
  await plot.focus();
  await page.keyboard.press('Home');
  const told = chart.locator('[aria-live]');
  await expect(told).toHaveText(/^\w{3} \d{4}: [\d.]+ %$/);
  const first = await told.textContent();
  await page.keyboard.press('ArrowRight');
  await expect(told).not.toHaveText(first!);
  await page.keyboard.press('ArrowLeft');
  await expect(told).toHaveText(first!);
  await page.keyboard.press('Escape');
  await expect(told).toHaveText('');

  const box = (await picture.boundingBox())!;
  await page.mouse.move(box.x + box.width - 2, box.y + box.height / 2);
  await expect(plot.getByText(/^\w{3} \d{4}$/).last()).toBeVisible();
  await page.mouse.move(0, 0);
  await expect(told).toHaveText('');
});
