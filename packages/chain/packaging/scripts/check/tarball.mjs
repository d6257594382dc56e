// @ts-check
import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { pack } from '../pack.mjs'
import { isHealthy } from './image.mjs'
import { inScratch, output, runNode } from './machine.mjs'
import { must, passed } from './report.mjs'

/** The way of a person with npm: an empty folder, `npm i`, then `npx aelf …`. */
export const checkTarball = () =>
  inScratch(async (folder) => {
    const tarball = pack()
    const files = output('tar', ['tzf', tarball]).trim().split('\n')
    // Sources are those of the collection, which `aelf collection source` hands out.
    const known =
      /^package\/(package\.json|npm-shrinkwrap\.json|README\.md|SPEC\.md|(bin|dist|monitoring|src\/contracts)\/.*|src\/chains\/mainCollection\.ts)$/
    const strangers = files.filter((path) => !known.test(path))
    must(
      strangers.length === 0,
      `tarball: only the program, the contracts' sources and documents are inside ${strangers.slice(0, 3).join(' ')}`,
    )
    must(!files.some((path) => /\.(test|bench|map)(\.|$)|\/testing\//.test(path)), 'tarball: no tests and no maps')
    copyFileSync(tarball, join(folder, 'aelf.tgz'))
    output('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error', './aelf.tgz'], folder)
    passed('tarball: installs into an empty folder')
    const aelf = ['npx', '--no-install', 'aelf']
    must(output('npx', [...aelf.slice(1), '--help'], folder).includes('Exit codes:'), 'tarball: npx finds the command')
    let askedAt = 0
    await runNode({
      what: 'tarball',
      aelf,
      folder,
      during: (port) => {
        askedAt = port
        must(isHealthy(port), 'image: its health command finds a running node well')
      },
    })
    must(!isHealthy(askedAt), 'image: and a stopped one not')
    await runNode({ what: 'tarball', aelf: [join(folder, 'node_modules/.bin/aelf')], folder: join(folder, 'other') })
  })
