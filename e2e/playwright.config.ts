import { defineConfig } from '@playwright/test'
import { ensureBrowser } from '../.house/browser.mjs'

const executablePath = ensureBrowser()
process.env.CHROMIUM_PATH = executablePath

/** One product is started for all specs (globalSetup.ts), so specs share a chain and run one after another. */
export default defineConfig({
  testDir: './specs',
  outputDir: './test-results',
  globalSetup: './globalSetup.ts',
  workers: 1,
  fullyParallel: false,
  forbidOnly: process.env.CI !== undefined,
  maxFailures: process.env.CI === undefined ? 0 : 5,
  timeout: 90_000,
  expect: { timeout: 15_000 },
  reporter: 'list',
  use: {
    actionTimeout: 20_000,
    navigationTimeout: 30_000,
    browserName: 'chromium',
    trace: 'retain-on-failure',
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
