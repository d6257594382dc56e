import { defineConfig } from '@playwright/test'
import { ensureBrowser } from '../.house/browser.mjs'

const executablePath = ensureBrowser()
process.env.CHROMIUM_PATH = executablePath

/** Specs in which people sign and the chain's clock jumps: one after another. */
const PEOPLE = ['journey', 'newProposal', 'proposals', 'upgrades', 'watch'].map((name) => `${name}.spec.ts`)
/** Specs that have networks of their own, and then the one that only reads: beside those. */
const BESIDE = ['networks/*.spec.ts', 'pages.spec.ts']

/**
 * One product is started for all specs (globalSetup.ts). Much of a spec's time is waiting, so that two run at a time, but only
 * such as do not change what the other one reads. Parts of the product stop and start when nobody else uses it any more.
 */
export default defineConfig({
  testDir: './specs',
  outputDir: './test-results',
  globalSetup: './globalSetup.ts',
  workers: 2,
  fullyParallel: false,
  projects: [
    { name: 'people', testMatch: PEOPLE, workers: 1 },
    { name: 'beside', testMatch: BESIDE, workers: 1 },
    { name: 'restarts', testMatch: 'rebuild.spec.ts', workers: 1, dependencies: ['people', 'beside'] },
  ],
  forbidOnly: process.env.CI !== undefined,
  maxFailures: process.env.CI === undefined ? 0 : 5,
  // What is there comes within a second on an idle machine; these say when to give up on a busy one.
  timeout: 300_000,
  expect: { timeout: 60_000 },
  reporter: 'list',
  use: {
    actionTimeout: 60_000,
    navigationTimeout: 60_000,
    browserName: 'chromium',
    // Pictures and copies of the page at each step, kept for the one run in many that fails, took most of the processor's time.
    trace: { mode: 'retain-on-failure', screenshots: false, snapshots: false },
    screenshot: { mode: 'only-on-failure', fullPage: true },
    locale: 'en-GB',
    timezoneId: 'UTC',
    viewport: { width: 1280, height: 860 },
    launchOptions: {
      executablePath,
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--no-first-run',
      ],
    },
  },
})
