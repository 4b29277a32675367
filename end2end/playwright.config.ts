import { defineConfig } from '@playwright/test';

/** Where the server listens that is tested. */
export const BASE_URL = process.env.BASE_URL ?? 'http://127.0.0.1:3000';

export default defineConfig({
  testDir: '.',
  testMatch: '*.spec.ts',
  fullyParallel: true,
  workers: 2,
  // A test that passes only on a second try is shown as flaky in the report; a busy machine is no reason to refuse a change.
  retries: process.env.CI ? 1 : 0,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  forbidOnly: !!process.env.CI,
  reporter: [['list'], ['json', { outputFile: 'results.json' }]],
  use: {
    baseURL: BASE_URL,
    trace: 'off',
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        // Fewer processes that talk to one another: a tenth of the time.
        '--in-process-gpu',
        '--enable-features=NetworkServiceInProcess2',
        // All pages are of one site: a sixth of a page's time.
        '--disable-site-isolation-trials',
      ],
    },
  },
  projects: [
    { name: 'scripts-on' },
    { name: 'scripts-off', use: { javaScriptEnabled: false }, testIgnore: '**/*.hydrate.spec.ts' },
  ],
});
