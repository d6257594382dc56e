import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { type Bytes, bytesToHex } from '#primitives'
import { type Complaint, type Finding, type Plant, type Shot, sayError, type Target } from './target.ts'

/** A message may not keep the loop from others for longer. */
export const STALL_MS = 50
/** A message is slow when it is so in every one of so many replays of its episode. */
const REPLAYS = 3
/** Most findings of one episode; the first ones say enough. */
const MAX_FINDINGS = 20
/** What one state may take up from its first quarter on: everything a stranger can fill is bounded. */
export const GROWTH_BYTES: number = 24 * 1024 * 1024
/** Suspects whose bytes are kept to be shown. */
const MAX_KEPT = 16
/** Suspects looked at again, slowest first. */
const MAX_SUSPECTS = 8

export interface EpisodeReport {
  readonly messages: number
  readonly findings: readonly Finding[]
  /** Messages that took longer than `STALL_MS`, by the clock and of the processor, the first time. */
  readonly suspects: number
  /** Bytes held after a collection, at one quarter and at the end. */
  readonly heap: readonly number[]
  readonly slowestMs: number
}

export interface EpisodeOptions {
  readonly target: Target
  readonly seed: string
  readonly messages: number
  readonly plant?: Plant | undefined
}

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

/** Collects garbage and says how much memory is held. */
export async function heldBytes(): Promise<number> {
  // Buffers are given back beside the collection, not in it.
  for (let count = 0; count < 3; count += 1) {
    collect()
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

function cpuMsSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}

interface Suspect {
  readonly index: number
  readonly ms: number
}

/** Longest time between two turns of the loop while `work` is under way; of each time, what the processor spent on this process. */
async function standstill(work: () => Complaint | Promise<Complaint>): Promise<number> {
  let longestMs = 0
  let running = true
  let last = performance.now()
  let cpu = process.cpuUsage()
  const look = (): void => {
    const now = performance.now()
    longestMs = Math.max(longestMs, Math.min(now - last, cpuMsSince(cpu)))
    last = now
    cpu = process.cpuUsage()
    if (running) setImmediate(look)
  }
  setImmediate(look)
  await Promise.resolve(work())
  look()
  running = false
  return longestMs
}

/**
 * Runs the episode again from its seed and measures the suspects alone: after a collection, so that the garbage of earlier messages
 * is not theirs, and in processor time as well, which other processes of the machine do not spend.
 */
async function replay(
  { target, seed, plant }: EpisodeOptions,
  suspects: readonly Suspect[],
): Promise<Map<number, number>> {
  const blocked = new Map<number, number>()
  const wanted = new Set(suspects.map(({ index }) => index))
  const last = Math.max(...wanted)
  const episode = await target.open(seed, plant)
  for (let index = 0; index <= last; index += 1) {
    const shot = episode.next()
    if (!wanted.has(index)) {
      await Promise.resolve(shot.deliver())
      continue
    }
    collect()
    blocked.set(index, await standstill(() => shot.deliver()))
  }
  await episode.close()
  return blocked
}

async function confirmStalls(
  options: EpisodeOptions,
  all: readonly Suspect[],
  kept: ReadonlyMap<number, Bytes>,
): Promise<Finding[]> {
  let suspects = [...all].sort((a, b) => b.ms - a.ms).slice(0, MAX_SUSPECTS)
  const least = new Map<number, number>()
  for (let count = 0; count < REPLAYS && suspects.length > 0; count += 1) {
    const blocked = await replay(options, suspects)
    for (const { index } of suspects)
      least.set(index, Math.min(least.get(index) ?? Number.POSITIVE_INFINITY, blocked.get(index) ?? 0))
    suspects = suspects.filter(({ index }) => (least.get(index) ?? 0) > STALL_MS)
  }
  return suspects.map(({ index }) => ({
    target: options.target.name,
    episode: options.seed,
    index,
    what: `the loop stands still for ${(least.get(index) ?? 0).toFixed(0)} ms in each of ${REPLAYS} replays`,
    bytes: kept.get(index) ?? new Uint8Array(0),
  }))
}

/** Plays one episode and says what was wrong. */
export async function playEpisode(options: EpisodeOptions): Promise<EpisodeReport> {
  const { target, seed, messages, plant } = options
  const episode = await target.open(seed, plant)
  const findings: Finding[] = []
  const suspects: Suspect[] = []
  const kept = new Map<number, Bytes>()
  const heap: number[] = []
  let slowestMs = 0
  const note = (index: number, what: string, shot: Shot | undefined): void => {
    if (findings.length < MAX_FINDINGS)
      findings.push({ target: target.name, episode: seed, index, what, bytes: shot?.bytes ?? new Uint8Array(0) })
  }
  let index = 0
  for (; index < messages && findings.length < MAX_FINDINGS; index += 1) {
    const shot = episode.next()
    const started = performance.now()
    const cpu = process.cpuUsage()
    const result = shot.deliver()
    const complaint = result instanceof Promise ? await result : result
    const ms = performance.now() - started
    slowestMs = Math.max(slowestMs, ms)
    // A loop that a message holds up is a busy one: what waits for a processor is not.
    if (ms > STALL_MS && cpuMsSince(cpu) > STALL_MS) {
      suspects.push({ index, ms })
      if (kept.size < MAX_KEPT) kept.set(index, shot.bytes)
    }
    const wrong = complaint ?? shot.judge?.()
    if (wrong !== undefined) note(index, wrong, shot)
    if (index === Math.floor(messages / 4)) heap.push(await heldBytes())
  }
  heap.push(await heldBytes())
  const growth = (heap.at(-1) ?? 0) - (heap[0] ?? 0)
  if (growth > GROWTH_BYTES)
    note(index, `memory grew by ${(growth / 1_048_576).toFixed(0)} MiB in one episode`, undefined)
  try {
    const last = await episode.close()
    if (last !== undefined) note(index, last, undefined)
  } catch (error) {
    note(index, `the end failed: ${sayError(error)}`, undefined)
  }
  if (suspects.length > 0 && findings.length < MAX_FINDINGS)
    findings.push(...(await confirmStalls(options, suspects, kept)))
  return { messages: index, findings, suspects: suspects.length, heap, slowestMs }
}

/** A finding as lines that tell how to see it again. */
export function showFinding({ target, episode, index, what, bytes }: Finding): string {
  const hex = bytesToHex(bytes.subarray(0, 256))
  return `${target} ${episode} message ${index}: ${what}\n  ${hex}${bytes.length > 256 ? `… ${bytes.length} bytes` : ''}\n  again: npm run fuzz -w @aelf/chain -- --target ${target} --episode ${episode}`
}
