import { type Book, ELECTION } from './book.ts'
import { Cursor, fromHex, type HexText, lengthed, tagged, text, toHex, uint } from './bytes.ts'
import type { Rewards, Vote } from './reward.ts'
import type { Producer } from './rounds.ts'
import type { Call, Refusal } from './token.ts'

export const CANDIDATES = 1
export const CANDIDATE_LIST = 2
export const VOTES = 3
export const EXPIRING = 4
export const SWEPT = 5
export const POSITIONS = 6
export const ACCOUNT_POSITIONS = 7
const TERM = 8
export const TERM_RESULT = 9
export const INITIAL = 10
export const EVICTED = 11
export const REGISTRATIONS = 12
export const DAY_MS = 86_400_000n
export const YEAR_MS = 365n * DAY_MS
export const DEPOSIT = 10_000_000_000_000n
export const VOTE_MIN = 100_000_000n
export const NOTHING = Buffer.alloc(0)
export const NO_COMMITMENT = '00'.repeat(32)

/** What the oracle must know besides state. */
export interface ElectionRules {
  readonly chainId: number
  readonly genesisHash: HexText
  readonly termSeconds: bigint
  readonly firstN: bigint
  readonly rewards: Rewards
  /** Whether a header's signature is its producer's; the simulation holds all keys, so it knows. */
  signed(headerHash: HexText): boolean
}

interface Candidate {
  name: string
  url: string
  commitment: HexText
  bps: number
  sequence: number
  deposit: bigint
  quitTerm: number
}

export interface Position {
  owner: HexText
  delegate: HexText
  amount: bigint
  days: number
  weight: bigint
  startedAt: bigint
  endsAt: bigint
}

export const refuse = (error: number): Refusal => ({ contract: 2, error })
export const dayOf = (timeMs: bigint): number => Number(timeMs / DAY_MS)
export const weigh = (amount: bigint, days: number): bigint => (amount * (990n + 3n * BigInt(days - 90))) / 990n
export const depositLock = (delegate: HexText): HexText => toHex(tagged('aelf/deposit/1', fromHex(delegate)))

export function emit(call: Call, number: number, ...data: Buffer[]): void {
  call.events.push({ contract: ELECTION, number, data: Buffer.concat(data) })
}

export function candidateOf(book: Book, delegate: HexText): Candidate | undefined {
  const value = book.get(ELECTION, CANDIDATES, fromHex(delegate))
  if (value === undefined) return undefined
  const input = new Cursor(value)
  const [name, url, commitment, bps] = [input.text(), input.text(), input.hex(32), input.int(4)]
  return { name, url, commitment, bps, sequence: input.int(4), deposit: input.uint(32), quitTerm: input.int(4) }
}

export function writeCandidate(
  book: Book,
  delegate: HexText,
  { name, url, commitment, bps, sequence, deposit, quitTerm }: Candidate,
): void {
  const tail = [uint(bps, 4), uint(sequence, 4), uint(deposit, 32), uint(quitTerm, 4)]
  book.set(
    ELECTION,
    CANDIDATES,
    fromHex(delegate),
    Buffer.concat([text(name), text(url), fromHex(commitment), ...tail]),
  )
}

export function registered(book: Book, delegate: HexText): Candidate | undefined {
  const found = candidateOf(book, delegate)
  return found?.quitTerm === 0 ? found : undefined
}

export function listOf(book: Book, item: number, key: Buffer, width: number): HexText[] {
  const value = book.get(ELECTION, item, key)
  const data = value === undefined ? NOTHING : new Cursor(value).lengthed()
  return Array.from({ length: data.length / width }, (_, at) => toHex(data.subarray(at * width, (at + 1) * width)))
}

export const writeList = (book: Book, item: number, key: Buffer, list: readonly HexText[]): void =>
  book.set(ELECTION, item, key, lengthed(Buffer.concat(list.map(fromHex))))

export const candidateList = (book: Book): HexText[] => listOf(book, CANDIDATE_LIST, NOTHING, 20)

export function positionOf(book: Book, id: HexText): Position | undefined {
  const value = book.get(ELECTION, POSITIONS, fromHex(id))
  if (value === undefined) return undefined
  const input = new Cursor(value)
  const [owner, delegate, amount, days] = [input.hex(20), input.hex(20), input.uint(32), input.int(4)]
  return { owner, delegate, amount, days, weight: input.uint(32), startedAt: input.uint(8), endsAt: input.uint(8) }
}

export function writePosition(
  book: Book,
  id: HexText,
  { owner, delegate, amount, days, weight, startedAt, endsAt }: Position,
): void {
  const numbers = [uint(amount, 32), uint(days, 4), uint(weight, 32), uint(startedAt, 8), uint(endsAt, 8)]
  book.set(ELECTION, POSITIONS, fromHex(id), Buffer.concat([fromHex(owner), fromHex(delegate), ...numbers]))
}

export function writePositionList(book: Book, owner: HexText, list: readonly HexText[]): void {
  if (list.length === 0) book.set(ELECTION, ACCOUNT_POSITIONS, fromHex(owner), undefined)
  else writeList(book, ACCOUNT_POSITIONS, fromHex(owner), list)
}

export const sweptDay = (book: Book, delegate: HexText): number | undefined => {
  const value = book.get(ELECTION, SWEPT, fromHex(delegate))
  return value === undefined ? undefined : Number(`0x${toHex(value)}`)
}
export const isSwept = (book: Book, { delegate, endsAt }: Position): boolean =>
  dayOf(endsAt) <= (sweptDay(book, delegate) ?? 0)
const dayKey = (delegate: HexText, day: number): Buffer => Buffer.concat([fromHex(delegate), uint(day, 4)])

export function weight(book: Book, { delegate, endsAt, weight: amount }: Position, sign: 1n | -1n): void {
  book.add(ELECTION, VOTES, fromHex(delegate), sign * amount)
  book.add(ELECTION, EXPIRING, dayKey(delegate, dayOf(endsAt)), sign * amount)
}

interface TermState {
  readonly term: number
  readonly startedAt: bigint
  readonly endsAt: bigint
  readonly genesisAt: bigint
}

export function termOf(book: Book): TermState {
  const input = new Cursor(book.get(ELECTION, TERM, NOTHING) ?? NOTHING)
  return { term: input.int(4), startedAt: input.uint(8), endsAt: input.uint(8), genesisAt: input.uint(8) }
}

export function writeTerm(book: Book, { term, startedAt, endsAt, genesisAt }: TermState): void {
  book.set(
    ELECTION,
    TERM,
    NOTHING,
    Buffer.concat([uint(term, 4), uint(startedAt, 8), uint(endsAt, 8), uint(genesisAt, 8)]),
  )
}

export function packProducers(list: readonly Producer[]): Buffer {
  return Buffer.concat([
    uint(list.length, 4),
    ...list.flatMap(({ address, commitment }) => [fromHex(address), fromHex(commitment)]),
  ])
}

/** SPEC PROD-ENC-1. */
export const producersHash = (list: readonly Producer[]): HexText =>
  toHex(tagged('aelf/producers/1', packProducers(list)))

export function readProducers(packed: Buffer): Producer[] {
  const input = new Cursor(packed)
  return Array.from({ length: input.int(4) }, () => ({ address: input.hex(20), commitment: input.hex(32) }))
}

export function currentProducers(book: Book): Producer[] {
  const input = new Cursor(book.get(ELECTION, TERM_RESULT, NOTHING) ?? NOTHING)
  input.int(4)
  return readProducers(input.lengthed())
}

export const produces = (book: Book, account: HexText): boolean =>
  currentProducers(book).some(({ address }) => address === account)

/** Fixes what the running term is shared by: who may make its blocks, their commission, and all votes. */
export function openTerm(book: Book, rewards: Rewards, mayProduce: readonly Producer[]): void {
  const { term, ...times } = termOf(book)
  const addresses = [...new Set(mayProduce.map(({ address }) => address))]
  const delegates = addresses
    .filter((address) => book.get(ELECTION, EVICTED, fromHex(address)) === undefined)
    .map((address) => ({ address, bps: candidateOf(book, address)?.bps ?? 10_000 }))
  const votes = book.entries(ELECTION, POSITIONS).flatMap(({ key }): Vote[] => {
    const found = positionOf(book, toHex(key))
    return found === undefined ? [] : [{ id: toHex(key), ...found }]
  })
  rewards.open(book, { number: term, ...times }, { delegates, votes })
}
