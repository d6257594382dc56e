import { type Book, COLLECTION, GREETER } from './book.ts'
import { fromHex, type HexText, toInt, uint } from './bytes.ts'
import type { Call } from './token.ts'

const NOTHING = Buffer.alloc(0)
const NO_HASH = '00'.repeat(32)

/** How signals become an activation. */
export interface UpdateRule {
  readonly window: number
  readonly lockIn: number
  readonly confirm: number
}

/** What a collection changes, in the oracle's own terms. */
export interface Successor {
  readonly hash: HexText
  readonly feePerByte: bigint
  /** Methods it does not have any more, as contract.method. */
  readonly without: readonly string[]
  /** Has the contract 700, and takes it over when it begins. */
  readonly greets: boolean
  /** Cannot take over the state. */
  readonly fails: boolean
  readonly rule: UpdateRule
}

interface Candidate {
  readonly hash: HexText
  readonly lockedAt: number
  readonly confirmed: number
  readonly resetAt: number
}

export type Said = 'lockedIn' | 'replaced' | 'reset' | 'activated' | 'calledOff'

/** How far the update of a chain has come after one of its blocks. */
export interface Course {
  readonly current: { readonly hash: HexText; readonly since: number; readonly former: HexText }
  /** Signals of all blocks since the collection began, by height from `from` on; '' for none. */
  readonly heard: readonly HexText[]
  readonly from: number
  readonly candidate: Candidate | undefined
  readonly upgrades: readonly { readonly hash: HexText; readonly since: number; readonly lockedAt: number }[]
  readonly height: number
  /** What ran this block. */
  readonly ran: HexText
  readonly said: readonly Said[]
  /** Most blocks of the window that signal one hash that is not the candidate, and how many signal the candidate. */
  readonly rival: number
  readonly support: number
}

export function openCourse(hash: HexText): Course {
  const current = { hash, since: 0, former: NO_HASH }
  const nothing = { heard: [], candidate: undefined, upgrades: [], said: [], rival: 0, support: 0 }
  return { current, from: 1, height: 0, ran: hash, ...nothing }
}

/** SPEC COLL-CURRENT-1: what the next block runs with. */
export const nextOf = ({ current, height }: Course): HexText =>
  height + 1 >= current.since ? current.hash : current.former

const entering = ({ current, height }: Course): boolean => current.since === height + 1 && height > 0

/** What the block after this one cannot be made without: in front of an activation also what ran before. */
export function neededOf(course: Course): readonly { readonly hash: HexText; readonly height: number }[] {
  const { current, height } = course
  const next = { hash: nextOf(course), height: height + 1 }
  return entering(course) ? [next, { hash: current.former, height }] : [next]
}

/** Counts by looking through the window, each time from the beginning. */
function tally(heard: readonly HexText[], window: number, hash: HexText): number {
  return heard.slice(-window).filter((one) => one === hash).length
}

/** SPEC 12.6 and EXEC-UPGRADE-2 for one more block, from nothing but its signal. */
export function proceed(before: Course, signal: HexText, about: (hash: HexText) => Successor): Course {
  const height = before.height + 1
  const said: Said[] = []
  let { current, candidate } = before
  if (entering(before) && about(current.hash).fails) {
    current = { hash: current.former, since: height, former: current.hash }
    said.push('calledOff')
  }
  const ran = current.hash
  const { window, lockIn, confirm } = about(ran).rule
  const own = signal === NO_HASH || signal === ran ? '' : signal
  const heard = [...before.heard, own].slice(-window)
  const from = height - heard.length + 1
  const over = [...new Set(heard)].filter((hash) => hash !== '' && tally(heard, window, hash) >= lockIn)
  if (over.length > 1) throw new Error(`two successors have the support of a window: ${over.join(' ')}`)
  const rivals = heard.filter((hash) => hash !== '' && hash !== candidate?.hash)
  const rival = rivals.reduce((most, hash) => Math.max(most, tally(heard, window, hash)), 0)
  const support = candidate === undefined ? 0 : tally(heard, window, candidate.hash)
  const after = { ...before, current, heard, from, height, ran, rival, support }
  if (own !== '' && own !== candidate?.hash && tally(heard, window, own) >= lockIn) {
    said.push(candidate === undefined ? 'lockedIn' : 'replaced')
    return { ...after, said, candidate: { hash: own, lockedAt: height, confirmed: 0, resetAt: 0 } }
  }
  if (candidate === undefined) return { ...after, said }
  if (support < lockIn) {
    if (candidate.confirmed > 0) said.push('reset')
    candidate = { ...candidate, confirmed: 0, resetAt: height }
    return { ...after, said, candidate }
  }
  const confirmed = candidate.confirmed + 1
  if (confirmed < confirm) return { ...after, said, candidate: { ...candidate, confirmed } }
  said.push('activated')
  const { hash, lockedAt } = candidate
  const since = height + 1
  const upgrades = [...before.upgrades, { hash, since, lockedAt }]
  return { ...after, said, upgrades, candidate: undefined, heard: [], current: { hash, since, former: ran } }
}

const encodeCurrent = ({ hash, since, former }: Course['current']): Buffer =>
  Buffer.concat([fromHex(hash), uint(since, 8), fromHex(former)])

const encodeCandidate = (candidate: Candidate | undefined): Buffer | undefined => {
  if (candidate === undefined) return undefined
  const { hash, lockedAt, confirmed, resetAt } = candidate
  return Buffer.concat([fromHex(hash), uint(lockedAt, 8), uint(confirmed, 4), uint(resetAt, 8)])
}

/** The entries of contract 5 that say what is in force and what is locked in, as every state must have them. */
export function entriesOf(course: Course): { readonly current: string; readonly candidate: string | undefined } {
  const candidate = encodeCandidate(course.candidate)?.toString('hex')
  return { current: encodeCurrent(course.current).toString('hex'), candidate }
}

/** SPEC EXEC-UPGRADE-1: what the first block of a collection does before its transactions. */
export function takeOver(book: Book, course: Course, about: (hash: HexText) => Successor): void {
  if (!entering(course)) return
  const { hash, former } = course.current
  const { fails, greets } = about(hash)
  if (fails) {
    const back = { hash: former, since: course.height + 1, former: hash }
    book.set(COLLECTION, 1, NOTHING, encodeCurrent(back))
  } else if (greets) {
    const found = book.get(GREETER, 1, NOTHING)
    const count = found === undefined ? 0n : toInt(found.subarray(32))
    book.set(GREETER, 1, NOTHING, Buffer.concat([fromHex(former), uint(count + 1000n, 4)]))
  }
}

/** `greet()` of contract 700. */
export function greet({ book }: Call): undefined {
  const found = book.get(GREETER, 1, NOTHING)
  if (found === undefined) throw new Error('nobody took over the greetings')
  const count = toInt(found.subarray(32)) + 1n
  book.set(GREETER, 1, NOTHING, Buffer.concat([found.subarray(0, 32), uint(count, 4)]))
}

/** What contract 5 keeps about signals, by item and key. */
function signalsOf({ heard, from }: Course, window: number): Map<string, [item: number, key: Buffer, value: Buffer]> {
  const kept = new Map<string, [number, Buffer, Buffer]>()
  for (const [index, hash] of heard.entries()) {
    if (hash === '') continue
    const place = (from + index) % window
    kept.set(`place ${place}`, [2, uint(place, 4), fromHex(hash)])
    kept.set(hash, [3, fromHex(hash), uint(tally(heard, window, hash), 32)])
  }
  return kept
}

/** Writes everything contract 5 keeps; what it kept before under a window of that size goes. */
export function writeCourse(book: Book, before: Course, after: Course, window: number): void {
  const kept = signalsOf(after, window)
  for (const [name, [item, key]] of signalsOf(before, window))
    if (!kept.has(name)) book.set(COLLECTION, item, key, undefined)
  for (const [item, key, value] of kept.values()) book.set(COLLECTION, item, key, value)
  book.set(COLLECTION, 1, NOTHING, encodeCurrent(after.current))
  book.set(COLLECTION, 4, NOTHING, encodeCandidate(after.candidate))
  for (const [index, { hash, since, lockedAt }] of after.upgrades.entries())
    book.set(COLLECTION, 5, uint(index + 1, 4), Buffer.concat([fromHex(hash), uint(since, 8), uint(lockedAt, 8)]))
  if (after.upgrades.length > 0) book.set(COLLECTION, 6, NOTHING, uint(after.upgrades.length, 32))
}
