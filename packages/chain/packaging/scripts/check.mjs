// @ts-check
// `npm run check-packages -w @aelf/chain [-- tarball deb image]`: proves on this machine what can be proven of the packages. Each
// part builds what it needs, runs a node from it to height 3 in an empty folder, and leaves nothing behind.
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildDeb } from './deb.mjs'
import { pack } from './pack.mjs'

const packaging = dirname(dirname(fileURLToPath(import.meta.url)))
const MINIMUM_HEIGHT = 3
const START_MS = 60_000
const STOP_MS = 10_000
const TAG = 'localhost/aelf-check'

/** @type {string[]} */
const results = []
/** @param {string} what */
const passed = (what) => {
  results.push(`ok    ${what}`)
  console.log(results.at(-1))
}
/** @param {string} what @param {string} why */
const skipped = (what, why) => {
  results.push(`skip  ${what}: ${why}`)
  console.log(results.at(-1))
}
/** @param {boolean} holds @param {string} what */
const must = (holds, what) => {
  if (!holds) throw new Error(`does not hold: ${what}`)
  passed(what)
}

/** @param {string} command @param {string[]} args @param {string} [cwd] */
const output = (command, args, cwd = tmpdir()) =>
  execFileSync(command, args, { cwd, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 })
/** @param {string} command */
const isInstalled = (command) => spawnSync(command, ['--version'], { stdio: 'ignore' }).status === 0

/** @param {(folder: string) => Promise<void>} work */
const inScratch = async (work) => {
  const folder = mkdtempSync(join(tmpdir(), 'aelf-check-'))
  try {
    await work(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** @returns {Promise<number>} */
const freePort = () =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })

/**
 * `aelf init` and `aelf node` in an empty folder, until there are blocks; then a signal must end it with code 0.
 * @param {string} what @param {string[]} aelf @param {string} folder
 */
const runNode = async (what, aelf, folder) => {
  const [command = '', ...before] = aelf
  const ports = ['p2p', 'rpc', 'metrics']
  const numbers = await Promise.all(ports.map(freePort))
  const flags = ports.flatMap((name, index) => [`--${name}-port`, String(numbers[index])])
  mkdirSync(folder, { recursive: true })
  output(command, [...before, 'init', '--slot', '500ms', ...flags], folder)
  const node = spawn(command, [...before, 'node', '--log', 'warn'], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const ended = new Promise((resolve) => node.once('exit', (code, signal) => resolve(code ?? signal)))
  try {
    const height = await waitForHeight(`http://127.0.0.1:${numbers[1]}`)
    must(height >= MINIMUM_HEIGHT, `${what}: init and node make blocks (height ${height})`)
    node.kill('SIGTERM')
    const late = new Promise((resolve) => setTimeout(() => resolve('still running'), STOP_MS).unref())
    const code = await Promise.race([ended, late])
    must(code === 0, `${what}: a signal ends the node with code 0`)
  } finally {
    node.kill('SIGKILL')
  }
}

/** @param {string} url */
const waitForHeight = async (url) => {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'aelf_chainInfo', params: [] })
  for (const end = Date.now() + START_MS; Date.now() < end; await new Promise((resolve) => setTimeout(resolve, 200))) {
    try {
      const answer = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
      const height = Number((await answer.json()).result.height)
      if (height >= MINIMUM_HEIGHT) return height
    } catch {
      // Not up yet.
    }
  }
  return 0
}

const checkTarball = () =>
  inScratch(async (folder) => {
    const tarball = pack()
    const files = output('tar', ['tzf', tarball]).trim().split('\n')
    const strangers = files.filter(
      (path) =>
        !/^package\/(package\.json|npm-shrinkwrap\.json|README\.md|SPEC\.md|(bin|dist|monitoring)\/.*)$/.test(path),
    )
    must(strangers.length === 0, 'tarball: only the program and its documents are inside')
    must(
      !files.some((path) => /\.(test|bench|map)(\.|$)|\/(testing|src)\//.test(path)),
      'tarball: no sources and no tests',
    )
    copyFileSync(tarball, join(folder, 'aelf.tgz'))
    output('npm', ['init', '-y', '--loglevel=error'], folder)
    output('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error', './aelf.tgz'], folder)
    passed('tarball: installs into an empty folder')
    await runNode('tarball', [process.execPath, join(folder, 'node_modules/aelf/bin/aelf.js')], join(folder, 'node'))
    const help = output('npx', ['--no-install', 'aelf', '--help'], folder)
    must(help.includes('Exit codes:'), 'tarball: npx finds the command')
  })

const checkDeb = () =>
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
    await runNode(
      'deb',
      [join(program, 'bin/node'), join(program, 'node_modules/aelf/bin/aelf.js')],
      join(folder, 'node'),
    )
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

const checkImage = () =>
  inScratch(async (folder) => {
    pack()
    const file = readFileSync(join(packaging, 'docker/Dockerfile'), 'utf8')
    const sources = [...file.matchAll(/^COPY (?!--from)(\S+) /gm)].map(([, source = '']) => source)
    must(
      sources.length > 0 &&
        sources.every((source) => spawnSync('sh', ['-c', `ls ${source}`], { cwd: packaging }).status === 0),
      'image: every file it copies is there',
    )
    const tool = ['docker', 'buildah'].find(
      (one) =>
        isInstalled(one) && (one === 'buildah' || spawnSync('docker', ['info'], { stdio: 'ignore' }).status === 0),
    )
    if (tool === undefined) return skipped('image build', 'neither a docker engine nor buildah is here')
    // AELF_IMAGE_FLAGS go to `build`, such as `--pull-never`; buildah also minds STORAGE_DRIVER and BUILDAH_ISOLATION.
    const flags = (process.env['AELF_IMAGE_FLAGS'] ?? '').split(' ').filter(Boolean)
    const build = tool === 'docker' ? ['build'] : ['bud']
    const done = spawnSync(
      tool,
      [...build, ...flags, '-t', TAG, '-f', join(packaging, 'docker/Dockerfile'), packaging],
      { cwd: folder, stdio: ['ignore', 'inherit', 'inherit'] },
    )
    if (done.status !== 0 && tool === 'buildah' && process.env['AELF_IMAGE_FLAGS'] === undefined)
      return skipped(
        'image build',
        'buildah needs other settings on this machine: AELF_IMAGE_FLAGS, STORAGE_DRIVER, BUILDAH_ISOLATION',
      )
    must(done.status === 0, `image: ${tool} builds it`)
  })

/** @type {Record<string, () => Promise<void>>} */
const parts = { tarball: checkTarball, deb: checkDeb, image: checkImage }
const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => !Object.hasOwn(parts, name))
if (unknown.length > 0) {
  console.error(`no such part: ${unknown.join(', ')}; there are: ${Object.keys(parts).join(', ')}`)
  process.exit(2)
}
for (const [name, check] of Object.entries(parts)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue
  console.log(`── ${name}`)
  try {
    await check()
  } catch (error) {
    results.push(`FAIL  ${name}: ${error instanceof Error ? error.message : String(error)}`)
    console.error(results.at(-1))
    process.exitCode = 1
  }
}
console.log(
  `\n${results.filter((line) => line.startsWith('ok')).length} passed, ${results.filter((line) => line.startsWith('FAIL')).length} failed, ${results.filter((line) => line.startsWith('skip')).length} skipped`,
)
