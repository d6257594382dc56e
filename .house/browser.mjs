// Finds a Chromium the browser tests can drive, installing one where that is possible.
import { spawnSync } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { createRequire } from 'node:module'

const requireForTests = createRequire(new URL('../e2e/package.json', import.meta.url))
const SYSTEM = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome-stable',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]

/** @param {string} path */
const isExecutable = (path) => {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** @param {string} command @param {string[]} args */
const succeeds = (command, args) =>
  spawnSync(command, args, { stdio: ['ignore', 2, 2], env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } })
    .status === 0

/** Path of a Chromium that is there already: CHROMIUM_PATH, Playwright's own, or the system's. */
export const findBrowser = () => {
  const { chromium } = requireForTests('@playwright/test')
  const given = process.env.CHROMIUM_PATH
  return [given, chromium.executablePath(), ...SYSTEM].find(
    (path) => path !== undefined && path !== '' && isExecutable(path),
  )
}

const installFromDebian = () => {
  if (!isExecutable('/usr/bin/apt-get') || process.getuid?.() !== 0) return
  console.error('Installing Chromium with apt-get (once) …')
  // Another installation may be going on; it ends.
  const patient = ['-o', 'DPkg::Lock::Timeout=300']
  succeeds('apt-get', [...patient, 'update', '-qq'])
  succeeds('apt-get', [...patient, 'install', '-y', '-qq', '--no-install-recommends', 'chromium', 'fonts-liberation'])
}

const installFromPlaywright = () => {
  console.error('Installing Chromium with Playwright (once) …')
  const tool = requireForTests.resolve('@playwright/test/cli')
  const withDependencies = process.getuid?.() === 0 ? ['--with-deps'] : []
  succeeds(process.execPath, [tool, 'install', ...withDependencies, 'chromium'])
}

/** Path of a usable Chromium; throws with what to do when none can be had. */
export const ensureBrowser = () => {
  for (const install of [() => {}, installFromDebian, installFromPlaywright]) {
    install()
    const found = findBrowser()
    if (found !== undefined) return found
  }
  throw new Error('No Chromium found and none could be installed: install one, or set CHROMIUM_PATH to its program.')
}
