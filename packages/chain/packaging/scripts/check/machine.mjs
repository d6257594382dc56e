// @ts-check
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { must } from './report.mjs'

const MINIMUM_HEIGHT = 3
const START_MS = 60_000
const STOP_MS = 10_000

/** @param {string} command @param {string[]} args @param {string} [cwd] */
export const output = (command, args, cwd = tmpdir()) =>
  execFileSync(command, args, { cwd, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 })

/** @param {string} command */
export const isInstalled = (command) => spawnSync(command, ['--version'], { stdio: 'ignore' }).status === 0

/** @param {(folder: string) => Promise<void>} work */
export const inScratch = async (work) => {
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

/** The process at the end of a chain of children. @param {number} pid @returns {number} */
const youngest = (pid) => {
  const tasks = readdirSync(`/proc/${pid}/task`)
  const children = tasks.map((task) => readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').trim()).join(' ')
  const [child = ''] = children.trim().split(' ')
  return child === '' ? pid : youngest(Number(child))
}

/**
 * `aelf init` and `aelf node` in an empty folder, until there are blocks; then a signal must end it with code 0. `npx` ends by the
 * signal itself, once what it started has ended.
 * @param {{ what: string, aelf: string[], folder: string, during?: (rpcPort: number) => void }} plan
 */
export const runNode = async ({ what, aelf, folder, during }) => {
  const [command = '', ...before] = aelf
  const ports = ['p2p', 'rpc', 'metrics']
  const numbers = await Promise.all(ports.map(freePort))
  const flags = ports.flatMap((name, index) => [`--${name}-port`, String(numbers[index])])
  mkdirSync(folder, { recursive: true })
  output(command, [...before, 'init', '--slot', '500ms', ...flags], folder)
  const node = spawn(command, [...before, 'node', '--log', 'warn'], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
    // A group of its own, so that a signal reaches what `npx` starts, as Ctrl-C does at a terminal.
    detached: true,
  })
  const group = -(node.pid ?? 0)
  const ended = new Promise((resolve) => node.once('exit', (code, signal) => resolve(code ?? signal)))
  try {
    const height = await waitForHeight(`http://127.0.0.1:${numbers[1]}`)
    must(height >= MINIMUM_HEIGHT, `${what}: init and node make blocks (height ${height})`)
    during?.(numbers[1] ?? 0)
    // buildah's own processes would die of it before the node.
    process.kill(command === 'buildah' ? youngest(node.pid ?? 0) : group, 'SIGINT')
    const late = new Promise((resolve) => setTimeout(() => resolve('still running'), STOP_MS).unref())
    const code = await Promise.race([ended, late])
    if (command === 'npx') must(code === 'SIGINT', `${what}: a signal ends it`)
    else must(code === 0, `${what}: a signal ends the node with code 0 (${code})`)
  } finally {
    try {
      process.kill(group, 'SIGKILL')
    } catch {
      // It has ended.
    }
  }
}
