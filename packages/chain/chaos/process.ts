import { type ChildProcess, spawn } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createRpcClient, createWsClient, type RpcClient, type WsClient } from '#rpc/client'
import type { Member } from './folders.ts'
import { Patience, queuedMs } from './patience.ts'

const BIN = fileURLToPath(new URL('../bin/aelf.js', import.meta.url))
/** From the start of a process until it serves. */
const START_MS = 60_000
const STOP_MS = 20_000
const LOOK_MS = 500

/** What a node says when it is ready. */
interface Announcement {
  readonly rpc: string
  readonly listen: readonly string[]
  readonly height: string
}

export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

export interface NodeProcess {
  readonly child: ChildProcess
  readonly client: RpcClient
  /** For the verdict, which waits for a busy machine. */
  readonly patient: RpcClient
  readonly socket: WsClient
  readonly p2pPort: number
  readonly startedMs: number
  readonly ended: Promise<Ended>
}

export interface LaunchOptions {
  /** Put before `node`, such as a tracer; empty for none. */
  readonly wrapper?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** More flags for `aelf node`. */
  readonly flags?: readonly string[]
  /** Told of the process before it is ready. */
  spawned?(child: ChildProcess): void
}

/** A process that ended before it served. */
export class EndedEarly extends Error {
  readonly ended: Ended
  constructor(name: string, ended: Ended, said: string) {
    super(`${name} ended with ${ended.code ?? ended.signal} before it was ready: ${said.slice(-600)}`)
    this.ended = ended
  }
}

const portOf = (addresses: readonly string[]): number =>
  Number(/\/tcp\/([0-9]+)/.exec(addresses.find((text) => text.startsWith('/ip4/127')) ?? '')?.[1] ?? 0)

function readAnnouncement(text: string): Announcement | undefined {
  const start = text.indexOf('{')
  if (start < 0) return undefined
  try {
    return JSON.parse(text.slice(start)) as Announcement
  } catch {
    return undefined
  }
}

const children = new Set<ChildProcess>()
// A run that is interrupted leaves no network behind.
process.on('exit', () => {
  for (const child of children) child.kill('SIGKILL')
})

/** Starts `aelf node` on a member's folder, and resolves when it serves. Rejects with `EndedEarly` when it ends instead. */
export function launch(member: Member, options: LaunchOptions = {}): Promise<NodeProcess> {
  const [command = process.execPath, ...before] = [...(options.wrapper ?? []), process.execPath]
  const args = [...before, BIN, 'node', '--config', member.config, '--json', ...(options.flags ?? [])]
  const startedMs = Date.now()
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...options.env } })
  children.add(child)
  child.once('exit', () => children.delete(child))
  options.spawned?.(child)
  const log = createWriteStream(join(member.folder, 'node.log'), { flags: 'a' })
  log.on('error', () => {})
  let said = ''
  child.stderr?.on('data', (bytes: Buffer) => {
    log.write(bytes)
    said = (said + bytes.toString()).slice(-2_000)
  })
  const ended = new Promise<Ended>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }))
    child.once('error', () => resolve({ code: -1, signal: null }))
  })
  return new Promise((resolve, reject) => {
    const patience = new Patience({ limitMs: START_MS, pids: () => [child.pid] })
    const timer = setInterval(() => {
      if (!patience.isOver()) return
      clearInterval(timer)
      child.kill('SIGKILL')
      reject(new Error(`${member.name} did not start within ${START_MS / 1000} s: ${said.slice(-600)}`))
    }, LOOK_MS)
    void ended.then((how) => {
      clearInterval(timer)
      reject(new EndedEarly(member.name, how, said))
    })
    let text = ''
    child.stdout?.on('data', (bytes: Buffer) => {
      text += bytes.toString()
      const found = readAnnouncement(text)
      if (found === undefined) return
      clearInterval(timer)
      child.stdout?.removeAllListeners('data').resume()
      const client = createRpcClient({ url: found.rpc, retries: 0, timeoutMs: 5_000 })
      const patient = createRpcClient({ url: found.rpc, retries: 4, retryDelayMs: 500, timeoutMs: 60_000 })
      const socket = createWsClient({ url: found.rpc })
      void ended.then(() => socket.close())
      resolve({ child, client, patient, socket, startedMs, ended, p2pPort: portOf(found.listen) })
    })
  })
}

/** Ends a process with a signal and waits for its end; insists after a while. `ms` is without the time it had no processor. */
export async function end(
  { child, socket, ended }: NodeProcess,
  signal: NodeJS.Signals,
): Promise<Ended & { ms: number }> {
  const started = Date.now()
  const queued = queuedMs(child.pid)
  let waited = 0
  const watch = setInterval(() => {
    waited = Math.max(waited, queuedMs(child.pid) - queued)
  }, LOOK_MS)
  socket.close()
  child.kill(signal)
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS)
  const how = await ended
  clearTimeout(timer)
  clearInterval(watch)
  return { ...how, ms: Math.round(Date.now() - started - waited) }
}

/** The code a process ends with by itself, or that it still runs when patience is over. */
export async function awaitEnd({ ended }: NodeProcess, patience: Patience): Promise<number | null | 'runs'> {
  let over: number | null | undefined
  void ended.then(({ code }) => {
    over = code
  })
  while (over === undefined) {
    if (patience.isOver()) return 'runs'
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS / 10))
  }
  return over
}
