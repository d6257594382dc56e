// @ts-check
import { spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildDeb } from '../deb.mjs'
import { inScratch, isInstalled } from './machine.mjs'
import { must, skipped } from './report.mjs'

const here = dirname(fileURLToPath(import.meta.url))
const LIMIT_MS = 240_000

/**
 * The Debian package under a real systemd: this machine's own files below a layer that is thrown away, booted as a container with a
 * network of its own. Only here does the unit's sandbox hold the node.
 */
export const checkService = () =>
  inScratch(async (folder) => {
    if (process.getuid?.() !== 0) return skipped('service', 'it needs root')
    if (!isInstalled('systemd-nspawn')) return skipped('service', 'systemd-nspawn (systemd-container) is not installed')
    const files = join(folder, 'files')
    mkdirSync(files)
    copyFileSync(buildDeb(), join(files, 'aelf.deb'))
    copyFileSync(join(here, 'serviceSteps.sh'), join(files, 'steps.sh'))
    const booted = spawnSync('unshare', ['--mount', 'sh', join(here, 'serviceBoot.sh'), folder], {
      encoding: 'utf8',
      timeout: LIMIT_MS,
    })
    const report = join(files, 'report')
    if (!existsSync(report)) return skipped('service', `no systemd boots here: ${booted.stdout.trim().slice(-300)}`)
    const lines = readFileSync(report, 'utf8').trim().split('\n')
    for (const line of lines) {
      if (line !== 'end') must(line.startsWith('ok '), `service: ${line.replace(/^(ok|no) /, '')}`)
    }
    must(lines.at(-1) === 'end', 'service: all steps were gone through')
  })
