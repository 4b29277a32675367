import { expect, field, test } from './fixtures';

test('the version follows the type until one is typed', async ({ page, open, workspace }) => {
  await open(`${workspace.home}/releases/new`);
  const version = field(page, 'Version');
  await expect(version).toHaveValue('0.1.0');
  await field(page, 'Type').selectOption('Major');
  await expect(version).toHaveValue('1.0.0');
  await field(page, 'Type').selectOption('Hotfix');
  await expect(version).toHaveValue('0.0.1');
  await version.fill('7.0.0');
  await field(page, 'Type').selectOption('Minor');
  await expect(version).toHaveValue('7.0.0');
});
