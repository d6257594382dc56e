// @ts-check
import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, chownSync, mkdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { pack } from '../pack.mjs'
import { inScratch, isInstalled, output, runNode } from './machine.mjs'
import { must, skipped } from './report.mjs'

const packaging = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
const dockerfile = join(packaging, 'docker/Dockerfile')
const TAG = 'localhost/aelf-check'
const USER = 10_001

/** What the image asks its node to know whether it is well, against one that listens on this port. @param {number} port */
export const isHealthy = (port) => {
  const [, json = '[]'] = /^HEALTHCHECK [^\n]*\\\n\s*CMD (\[.*\])$/m.exec(readFileSync(dockerfile, 'utf8')) ?? []
  const [command = 'false', ...args] = JSON.parse(json)
  const there = args.map((/** @type {string} */ one) => one.replace('127.0.0.1:8545', `127.0.0.1:${port}`))
  return spawnSync(command, there, { stdio: 'ignore' }).status === 0
}

const checkCompose = () => {
  const file = join(packaging, 'docker/compose.yaml')
  const tool = [['docker', 'compose'], ['docker-compose']].find(
    ([command = '', ...words]) => spawnSync(command, [...words, 'version'], { stdio: 'ignore' }).status === 0,
  )
  if (tool === undefined) return skipped('compose', 'docker compose is not installed')
  const [command = '', ...words] = tool
  const found = spawnSync(command, [...words, '--file', file, 'config', '--quiet'], { encoding: 'utf8' })
  must(found.status === 0 && found.stderr.trim() === '', `compose: ${tool.join(' ')} reads it ${found.stderr.trim()}`)
}

/** How a command of the image is run on this machine's network, with a folder of the machine as its volume. */
/** @param {string} tool @param {string} folder @returns {string[]} */
const runner = (tool, folder) => {
  const volume = ['--volume', `${folder}:/var/lib/aelf`]
  if (tool === 'docker') return ['docker', 'run', '--rm', '--network', 'host', ...volume, TAG]
  const container = output('buildah', ['from', '--pull-never', TAG]).trim()
  return ['buildah', 'run', ...volume, container, '--', 'aelf']
}

const buildImage = (/** @type {string} */ folder) => {
  const tool = ['docker', 'buildah'].find(
    (one) => isInstalled(one) && (one === 'buildah' || spawnSync('docker', ['info'], { stdio: 'ignore' }).status === 0),
  )
  if (tool === undefined) return skipped('image build', 'neither a docker engine nor buildah is here')
  // AELF_IMAGE_FLAGS go to `build`, such as `--pull-never`; buildah also minds STORAGE_DRIVER and BUILDAH_ISOLATION.
  const flags = (process.env['AELF_IMAGE_FLAGS'] ?? '').split(' ').filter(Boolean)
  const build = tool === 'docker' ? ['build'] : ['bud']
  const done = spawnSync(tool, [...build, ...flags, '-t', TAG, '-f', dockerfile, packaging], {
    cwd: folder,
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  if (done.status !== 0 && tool === 'buildah' && process.env['AELF_IMAGE_FLAGS'] === undefined) {
    return skipped(
      'image build',
      'buildah needs other settings on this machine: AELF_IMAGE_FLAGS, STORAGE_DRIVER, BUILDAH_ISOLATION',
    )
  }
  must(done.status === 0, `image: ${tool} builds it`)
  return tool
}

export const checkImage = () =>
  inScratch(async (folder) => {
    pack()
    const sources = [...readFileSync(dockerfile, 'utf8').matchAll(/^COPY (?!--from)(\S+) /gm)].map(
      ([, source = '']) => source,
    )
    must(
      sources.length > 0 &&
        sources.every((source) => spawnSync('sh', ['-c', `ls ${source}`], { cwd: packaging }).status === 0),
      'image: every file it copies is there',
    )
    checkCompose()
    const tool = buildImage(folder)
    if (tool === undefined) return
    const volume = join(folder, 'volume')
    mkdirSync(volume)
    chmodSync(volume, 0o700)
    chownSync(volume, USER, USER)
    const aelf = runner(tool, volume)
    try {
      await runNode({ what: 'image', aelf, folder: volume })
    } finally {
      if (tool === 'buildah') execFileSync('buildah', ['rm', aelf.at(-3) ?? ''], { stdio: 'ignore' })
    }
  })
