// One test at a time: each has its own relay and analyses video, which wants the whole machine.
import { defineConfig } from '@playwright/test';
import { join } from 'node:path';

/** What `cargo xtask test` hands over. */
const given = (name: string): string => {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: run the tests with \`cargo xtask test --only e2e\``);
  return value;
};

export default defineConfig({
  testDir: '.',
  outputDir: join(given('VIGIE_OUT'), 'results'),
  workers: 1,
  fullyParallel: false,
  retries: 0,
  timeout: 240_000,
  expect: { timeout: 15_000 },
  reporter: [['list']],
  use: {
    browserName: 'chromium',
    viewport: { width: 1920, height: 1080 },
    locale: 'en-GB',
    // Pictures of every frame would take the processor from what is measured.
    trace: { mode: 'retain-on-failure', screenshots: false, snapshots: true, sources: false },
    launchOptions: {
      executablePath: given('VIGIE_CHROMIUM'),
      args: [
        // Containers and build servers run as root, where Chromium's sandbox refuses to start.
        '--no-sandbox',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        // A page in the background of the test must analyse as one in front does.
        '--disable-backgrounding-occluded-windows',
        '--disable-renderer-backgrounding',
        '--disable-background-timer-throttling',
      ],
    },
  },
});
