import type { Hash } from '#domain'
import type { SourceBlock, SourceCollection } from '#indexer'
import { digest } from './fakeState.ts'

export const GENESIS_COLLECTION: Hash = digest('collection of genesis')
/** Blocks that mostly signal one bundle. */
const PHASE = 60

const byteOf = (hash: Hash, at: number): number => Number(`0x${hash.slice(2 + 2 * at, 4 + 2 * at)}`)

/** What a block signals: mostly the bundle of its time, now and then another or none. */
export function fakeSignal(height: bigint, salt: number): Hash | null {
  const dice = byteOf(digest('signal', salt, height), 0)
  const phase = Number(height) / PHASE
  const bundle = (turn: number): Hash => digest('bundle', Math.floor(phase) + turn)
  if (dice < 215) return bundle(0)
  return dice < 235 ? bundle(1) : null
}

/** Small numbers, other ones for each collection, so that much happens in few blocks. */
const numbersOf = (hash: Hash): { window: number; lockIn: number; confirm: number } => {
  const window = 8 + (byteOf(hash, 1) % 3)
  return { window, lockIn: window - 2, confirm: 6 + (byteOf(hash, 2) % 4) }
}

/** A third of the collections can't take over. */
const failsToStart = (hash: Hash): boolean => byteOf(hash, 3) % 3 === 0

/** The rule counted anew from the first block: slow, and with nothing of the indexer's way. */
export function fakeCollection(blocks: readonly SourceBlock[], at: bigint): SourceCollection | undefined {
  const head = blocks[Number(at)]
  if (head === undefined) return undefined
  let current: SourceCollection['current'] = { hash: GENESIS_COLLECTION, since: 0n, former: null }
  let candidate = null as SourceCollection['candidate']
  let said: (Hash | null)[] = []
  let upgrades = 0
  const counted = (hash: Hash): number => said.filter((signal) => signal === hash).length
  for (const { height, signal: given } of blocks.slice(0, Number(at) + 1)) {
    if (height === current.since && current.former !== null && failsToStart(current.hash))
      current = { hash: current.former, since: height, former: current.hash }
    const { window, lockIn, confirm } = numbersOf(current.hash)
    const signal = given === current.hash ? null : given
    said = [...said, signal].slice(-window)
    if (signal !== null && signal !== candidate?.hash && counted(signal) >= lockIn)
      candidate = { hash: signal, lockedAt: height, confirmed: 0, resetAt: null }
    else if (candidate !== null && counted(candidate.hash) < lockIn)
      candidate = { ...candidate, confirmed: 0, resetAt: height }
    else if (candidate !== null && candidate.confirmed + 1 < confirm)
      candidate = { ...candidate, confirmed: candidate.confirmed + 1 }
    else if (candidate !== null) {
      current = { hash: candidate.hash, since: height + 1n, former: current.hash }
      candidate = null
      said = []
      upgrades += 1
    }
  }
  const numbers = numbersOf(current.since > at ? (current.former ?? current.hash) : current.hash)
  const signals = [...new Set(said)].flatMap((hash) => (hash === null ? [] : [{ hash, blocks: counted(hash) }]))
  return { hash: head.hash, current, candidate, signals, ...numbers, upgrades }
}
