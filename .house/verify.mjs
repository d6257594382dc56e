// `npm test`: every check of the project in order, stopping at the first that fails. `npm test -- unit sim` runs only those.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ensureBrowser } from './browser.mjs'
import { buildPackages, buildPortal, generateClient, root } from './launch/build.mjs'

const requireForBrowserTests = createRequire(`${root}/e2e/package.json`)
const reports = mkdtempSync(join(tmpdir(), 'aelf-verify-'))

/** @typedef {{ passed: number, failed: number }} Count */

const PASSED = { passed: 1, failed: 0 }
const FAILED = { passed: 0, failed: 1 }

/** @param {string} script @param {string[]} args @param {{ cwd?: string, env?: Record<string, string> }} [options] */
const tool = (script, args, { cwd = root, env = {} } = {}) =>
  spawnSync(process.execPath, [script, ...args], {
    cwd,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1', ...env },
  }).status === 0

/** Folder of an installed package. @param {string} name */
const packageFolder = (name) => join(root, 'node_modules', name)

/** A tool that either holds or not counts as one check. @param {boolean} holds */
const one = (holds) => (holds ? PASSED : FAILED)

/** @param {Count[]} counts @returns {Count} */
const sum = (counts) => ({
  passed: counts.reduce((total, { passed }) => total + passed, 0),
  failed: counts.reduce((total, { failed }) => total + failed, 0),
})

/** @param {string} name @param {string[]} args @returns {Count} */
const vitest = (name, args) => {
  const report = `${reports}/${name}.json`
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
  const holds = tool(join(packageFolder('vitest'), 'vitest.mjs'), ['run', ...reporters, ...args])
  if (!existsSync(report)) return FAILED
  const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(report, 'utf8'))
  if (numPassedTests === 0) return FAILED
  return { passed: numPassedTests, failed: holds ? 0 : Math.max(1, numFailedTests) }
}

const compiler = () => join(packageFolder('@typescript/native'), 'bin/tsc')

/** @type {Record<string, () => Count>} */
const steps = {
  lint: () => one(tool(join(packageFolder('@biomejs/biome'), 'bin/biome'), ['ci', '--colors=off', '.'])),
  types: () => {
    generateClient()
    const projects = [
      'packages/chain/tsconfig.test.json',
      'packages/governance/tsconfig.test.json',
      'e2e/tsconfig.json',
      '.house/tsconfig.json',
    ]
    const checks = [['-b'], ...projects.filter((path) => existsSync(`${root}/${path}`)).map((path) => ['-p', path])]
    return sum(checks.map((args) => one(tool(compiler(), args))))
  },
  gates: () => {
    const knip = join(packageFolder('knip'), 'bin/knip.js')
    const production = one(tool(knip, ['--production', '--include', 'files,dependencies,unlisted,unresolved']))
    const everywhere = one(tool(knip, ['--include', 'exports,unlisted,binaries']))
    return sum([vitest('gates', ['.house/law.test.ts']), production, everywhere])
  },
  tidy: () => vitest('tidy', ['.house/tidy.test.ts', '.house/launch']),
  // Much of it waits for clocks and processes; the runner's own default is one worker on two processors.
  unit: () => vitest('unit', ['packages', 'apps', '--exclude', '**/{sim,chaos,fuzz}/**', '--maxWorkers=2']),
  sim: () => vitest('sim', ['packages/chain/sim', 'packages/chain/chaos', 'packages/chain/fuzz']),
  build: () => {
    buildPackages()
    buildPortal()
    return PASSED
  },
  e2e: () => {
    const report = `${reports}/e2e.json`
    const env = { CHROMIUM_PATH: ensureBrowser(), PLAYWRIGHT_JSON_OUTPUT_NAME: report }
    const holds = tool(requireForBrowserTests.resolve('@playwright/test/cli'), ['test', '--reporter=list,json'], {
      cwd: `${root}/e2e`,
      env,
    })
    if (!existsSync(report)) return FAILED
    const { expected, flaky, unexpected } = JSON.parse(readFileSync(report, 'utf8')).stats
    if (expected === 0) return FAILED
    return { passed: expected + flaky, failed: holds ? 0 : Math.max(1, unexpected) }
  },
}

/** @param {string} name @param {() => Count} step @returns {Count} */
const attempt = (name, step) => {
  try {
    return step()
  } catch (error) {
    console.error(`${name}: ${error instanceof Error ? error.message : String(error)}`)
    return FAILED
  }
}

/** @param {string[]} wanted */
export const main = async (wanted) => {
  const unknown = wanted.filter((name) => !Object.hasOwn(steps, name))
  if (unknown.length > 0) {
    console.error(`no such step: ${unknown.join(', ')}; there are: ${Object.keys(steps).join(', ')}`)
    process.exitCode = 2
    return
  }
  /** @type {Count[]} */
  const counts = []
  const lines = []
  for (const [name, step] of Object.entries(steps)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue
    console.log(`\n── ${name} ${'─'.repeat(60 - name.length)}`)
    const began = Date.now()
    const count = attempt(name, step)
    counts.push(count)
    lines.push(
      `${name.padEnd(8)} ${count.passed} passed, ${count.failed} failed in ${((Date.now() - began) / 1000).toFixed(1)} s`,
    )
    if (count.failed > 0) break
  }
  rmSync(reports, { recursive: true, force: true })
  const { passed, failed } = sum(counts)
  console.log(`\n${lines.join('\n')}\n\n${passed} passed, ${failed} failed`)
  process.exitCode = failed === 0 ? 0 : 1
}
