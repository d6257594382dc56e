// @ts-check
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { buildDeb } from '../deb.mjs'
import { inScratch, isInstalled, output, runNode } from './machine.mjs'
import { must, skipped } from './report.mjs'

/** The Debian package in a scratch root without a service manager. */
export const checkDeb = () =>
  inScratch(async (folder) => {
    if (!isInstalled('dpkg-deb')) return skipped('deb', 'dpkg-deb is not installed')
    const deb = buildDeb()
    const content = output('dpkg-deb', ['--contents', deb])
    must(!/ \.\/(home|root|tmp|var)\//.test(content), 'deb: nothing outside of /usr, /lib and /etc')
    must(
      !/^[-d].{8}w/m.test(content) && !/^\S+ (?!root\/root)/m.test(content),
      'deb: everything belongs to root, and to root only',
    )
    if (process.getuid?.() !== 0) return skipped('deb installation', 'it needs root')
    const root = join(folder, 'root')
    for (const path of ['var/lib/dpkg/info', 'var/lib/dpkg/updates', 'var/log'])
      mkdirSync(join(root, path), { recursive: true })
    execFileSync('touch', [join(root, 'var/lib/dpkg/status'), join(root, 'var/lib/dpkg/available')])
    // The scratch root has neither a libc nor a shell: the machine's own serve.
    const dpkg = ['--root', root, '--force-script-chrootless', '--force-depends', '--log', join(folder, 'log')]
    /** @param {string[]} args */
    const run = (...args) =>
      spawnSync('dpkg', [...dpkg, ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
    must(run('--install', deb).status === 0, 'deb: installs without a network')
    must(run('--verify', 'aelf').stdout === '', 'deb: what is installed is what was packed')
    const program = join(root, 'usr/lib/aelf')
    const aelf = [join(program, 'bin/node'), join(program, 'node_modules/aelf/bin/aelf.js')]
    await runNode({ what: 'deb', aelf, folder: join(folder, 'node') })
    checkUnit(root)
    must(run('--remove', 'aelf').status === 0 && !existsSync(program), 'deb: removes what it brought')
    must(existsSync(join(root, 'etc/default/aelf')), 'deb: keeps its configuration when removed')
    must(
      run('--purge', 'aelf').status === 0 && !existsSync(join(root, 'etc/default/aelf')),
      'deb: purging takes that too',
    )
  })

/** @param {string} root */
const checkUnit = (root) => {
  if (!isInstalled('systemd-analyze')) return skipped('unit', 'systemd-analyze is not installed')
  const unit = 'lib/systemd/system/aelf.service'
  const found = spawnSync(
    'systemd-analyze',
    ['verify', '--man=no', '--recursive-errors=no', `--root=${root}`, join('/', unit)],
    { encoding: 'utf8' },
  )
  must(found.status === 0 && found.stderr.trim() === '', `unit: systemd-analyze verify is clean ${found.stderr.trim()}`)
  const rating = spawnSync(
    'systemd-analyze',
    ['security', '--offline=true', '--no-pager', `--root=${root}`, 'aelf.service'],
    { encoding: 'utf8' },
  )
  const level = /exposure level[^:]*: ([0-9.]+)/.exec(rating.stdout)?.[1]
  must(Number(level) < 2.5, `unit: exposure ${level} of 10`)
}
