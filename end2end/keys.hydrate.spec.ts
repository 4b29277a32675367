import { expect, field, test } from './fixtures';
import { heading, listens, openPalette, palette, pressUntil, shortcuts } from './keys';

test('g leads to places, within the product and without', async ({ page, open, workspace }) => {
  await open(workspace.home);
  await listens(page);
  const places = { i: 'Ideas', f: 'Features', t: 'Tasks', r: 'Releases', c: 'Documents', o: 'Rocket', p: 'Portfolio', w: 'My work' };
  for (const [key, name] of Object.entries(places)) {
    await page.keyboard.press('g');
    await page.keyboard.press(key);
    await expect(heading(page, name)).toBeVisible();
    await expect(page.getByRole('main')).toBeFocused();
  }
  await page.keyboard.press('g');
  await page.keyboard.press('d');
  await expect(page).toHaveURL(`/orgs/${workspace.org}`);
});

test('n begins something new, and does nothing where there is nothing to begin', async ({ page, open, workspace }) => {
  await open(`${workspace.home}/ideas`);
  await listens(page);
  await page.keyboard.press('n');
  await expect(heading(page, 'New idea')).toBeVisible();
  await page.keyboard.press('n');
  await expect(heading(page, 'New idea')).toBeVisible();
});

test('j and k go through a list, and Enter opens', async ({ page, open, workspace }) => {
  for (const title of ['One', 'Two', 'Three']) await workspace.addIdea({ title });
  await open(`${workspace.home}/ideas`);
  await listens(page);
  const rows = page.getByRole('rowgroup').last().getByRole('rowheader').getByRole('link');
  await page.keyboard.press('j');
  await expect(rows.nth(0)).toBeFocused();
  await page.keyboard.press('j');
  await expect(rows.nth(1)).toBeFocused();
  await page.keyboard.press('k');
  await page.keyboard.press('k');
  await expect(rows.nth(0)).toBeFocused();
  for (let time = 0; time < 4; time++) await page.keyboard.press('j');
  await expect(rows.nth(2)).toBeFocused();
  const name = await rows.nth(2).innerText();
  await page.keyboard.press('Enter');
  await expect(heading(page, name)).toBeVisible();
});

test('keys in a field are text', async ({ page, open, workspace }) => {
  await open(`${workspace.home}/ideas/new`);
  await listens(page);
  await field(page, 'Title').focus();
  await page.keyboard.type('gp ? n/jk');
  await expect(field(page, 'Title')).toHaveValue('gp ? n/jk');
  await field(page, 'Description').focus();
  await page.keyboard.type('gp ? n/jk');
  await expect(field(page, 'Description')).toHaveValue('gp ? n/jk');
  await expect(shortcuts(page)).toBeHidden();
  await expect(page).toHaveURL(`${workspace.home}/ideas/new`);

  await page.keyboard.press('Control+k');
  await expect(palette(page)).toBeFocused();
  await page.keyboard.type('?n/gp');
  await expect(palette(page)).toHaveValue('?n/gp');
  await page.keyboard.press('Escape');
  await expect(field(page, 'Description')).toBeFocused();
});

test('keys in an editor, a choice, a dialog or with a modifier are not ours', async ({ page, open, workspace }) => {
  await open(`${workspace.home}/ideas`);
  await listens(page);
  await page.evaluate(() => {
    const editor = document.createElement('div');
    editor.contentEditable = 'true';
    editor.innerHTML = '<p>text</p>';
    const choice = document.createElement('select');
    document.querySelector('main')!.append(editor, choice);
  });
  for (const typedInto of ['main [contenteditable]', 'main > select']) {
    await page.locator(typedInto).focus();
    for (const key of ['n', 'g', 'p', '?']) await page.keyboard.press(key);
    await expect(shortcuts(page)).toBeHidden();
    await expect(heading(page, 'Ideas')).toBeVisible();
  }
  await page.evaluate(() => (document.activeElement as HTMLElement).blur());
  for (const key of ['Control+g', 'Alt+n', 'Meta+p']) await page.keyboard.press(key);
  await page.keyboard.press('p');
  await expect(heading(page, 'Ideas')).toBeVisible();
  await page.keyboard.press('?');
  await expect(shortcuts(page)).toBeVisible();
  await page.keyboard.press('n');
  await expect(shortcuts(page)).toBeVisible();
  await expect(page).toHaveURL(`${workspace.home}/ideas`);
});

test('the list of keys says what they do here', async ({ page, open, workspace }) => {
  await open(`${workspace.home}/ideas`);
  await pressUntil(page, '?', shortcuts(page));
  for (const text of ['New idea', 'Portfolio', 'Ideas', 'Roadmap']) await expect(shortcuts(page).getByText(text, { exact: true })).toBeVisible();
  // Both the organisation and the product have documents: which are which, the lists say.
  const list = (name: string) => shortcuts(page).locator('section').filter({ has: page.getByRole('heading', { name, exact: true }) });
  for (const name of ['Go to', 'Go to in Rocket']) await expect(list(name).getByText('Documents', { exact: true })).toHaveCount(1);
  await expect(list('Go to').getByText('Ideas', { exact: true })).toHaveCount(0);
  await page.keyboard.press('Escape');
  await open(`/orgs/${workspace.org}/members`);
  await pressUntil(page, '?', shortcuts(page));
  await expect(shortcuts(page).getByText('Roadmap', { exact: true })).toBeHidden();
});

test('single keys are switched off in the profile, and the palette stays', async ({ page, open, workspace }) => {
  await open('/account');
  const keyboard = page.getByRole('region', { name: /^Keyboard/ });
  await keyboard.getByRole('button', { name: 'Switch single keys off' }).click();
  await expect(keyboard.getByRole('button', { name: 'Switch single keys on' })).toBeVisible();

  await open(`${workspace.home}/ideas`);
  await openPalette(page);
  await page.keyboard.press('Escape');
  for (const key of ['?', 'n', 'g', 'p', 'j', '/']) await page.keyboard.press(key);
  await expect(shortcuts(page)).toBeHidden();
  await expect(heading(page, 'Ideas')).toBeVisible();
  await expect(palette(page)).toBeHidden();

  await openPalette(page);
  await page.keyboard.type('keyboard sh');
  await page.keyboard.press('Enter');
  await expect(shortcuts(page)).toContainText('switched off in your profile');
  await shortcuts(page).getByRole('link', { name: 'Switch them on' }).click();
  await keyboard.getByRole('button', { name: 'Switch single keys on' }).click();
  await expect(keyboard.getByRole('button', { name: 'Switch single keys off' })).toBeVisible();
  await open(`${workspace.home}/ideas`);
  await listens(page);
});
