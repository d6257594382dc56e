import {
  type Counter,
  defineCounter,
  defineItem,
  type ExecuteContext,
  type FieldsOf,
  type Item,
  type ViewContext,
} from '#contracts/runtime'
import type { ProducerEntry } from '#kernel'
import {
  type Address,
  type Amount,
  bytesToAddress,
  bytesToHash,
  bytesToHex,
  concatBytes,
  type Hash,
  type Hex,
  hexToBytes,
  mulDiv,
  taggedHash,
} from '#primitives'
import { DAY_MS, ELECTION, LOCK_DAYS_MIN } from './params.ts'

/** `sequence` orders by registration; `quitTerm` is zero while registered, else the term in which it quit. */
export const candidates: Item<
  'address delegate',
  'string name, string url, bytes32 commitment, uint32 commissionBps, uint32 sequence, uint256 deposit, uint32 quitTerm'
> = defineItem(ELECTION, {
  number: 1,
  name: 'candidates',
  key: 'address delegate',
  value:
    'string name, string url, bytes32 commitment, uint32 commissionBps, uint32 sequence, uint256 deposit, uint32 quitTerm',
  bound: 'one entry per deposit',
})

/** Registered candidates in order of registration, 20 bytes each. */
export const candidateList: Item<'', 'bytes addresses'> = defineItem(ELECTION, {
  number: 2,
  name: 'candidateList',
  key: '',
  value: 'bytes addresses',
  bound: '1,024 addresses',
})

/** Weight of all positions for a delegate, except the ones swept because their lock ended. */
export const votes: Counter<'address delegate'> = defineCounter(ELECTION, {
  number: 3,
  name: 'votes',
  key: 'address delegate',
  bound: 'one entry per delegate ever registered',
})

/** Weight whose lock ends on a day (days since the epoch). */
export const expiring: Counter<'address delegate, uint32 day'> = defineCounter(ELECTION, {
  number: 4,
  name: 'expiring',
  key: 'address delegate, uint32 day',
  bound: '1,081 days ahead per delegate, as locks last at most 1,080',
})

/** Last day whose ended positions were taken out of `votes`. */
export const swept: Item<'address delegate', 'uint32 day'> = defineItem(ELECTION, {
  number: 5,
  name: 'swept',
  key: 'address delegate',
  value: 'uint32 day',
  bound: 'one entry per delegate ever registered',
})

/** A vote; times in milliseconds. */
export const positions: Item<
  'bytes32 lockId',
  'address owner, address delegate, uint256 amount, uint32 lockDays, uint256 weight, uint64 startedAt, uint64 endsAt'
> = defineItem(ELECTION, {
  number: 6,
  name: 'positions',
  key: 'bytes32 lockId',
  value:
    'address owner, address delegate, uint256 amount, uint32 lockDays, uint256 weight, uint64 startedAt, uint64 endsAt',
  bound: '256 per account',
})

/** Ids of an account's positions, 32 bytes each, oldest first. */
export const accountPositions: Item<'address owner', 'bytes lockIds'> = defineItem(ELECTION, {
  number: 7,
  name: 'accountPositions',
  key: 'address owner',
  value: 'bytes lockIds',
  bound: '256 ids',
})

/** The running term; times in milliseconds. */
export const term: Item<'', 'uint32 term, uint64 startedAt, uint64 endsAt, uint64 genesisAt'> = defineItem(ELECTION, {
  number: 8,
  name: 'term',
  key: '',
  value: 'uint32 term, uint64 startedAt, uint64 endsAt, uint64 genesisAt',
  bound: 'one entry',
})

/** Producers of the running term, encoded by `encodeProducers`. */
export const termResult: Item<'', 'uint32 term, bytes producers'> = defineItem(ELECTION, {
  number: 9,
  name: 'termResult',
  key: '',
  value: 'uint32 term, bytes producers',
  bound: '4,096 producers',
})

export const initialProducers: Item<'', 'bytes producers'> = defineItem(ELECTION, {
  number: 10,
  name: 'initialProducers',
  key: '',
  value: 'bytes producers',
  bound: '4,096 producers',
})

export const evicted: Item<'address delegate', 'uint64 height, address finder'> = defineItem(ELECTION, {
  number: 11,
  name: 'evicted',
  key: 'address delegate',
  value: 'uint64 height, address finder',
  bound: 'one entry per proven double mining',
})

/** Registrations so far. */
export const registrations: Counter<''> = defineCounter(ELECTION, {
  number: 12,
  name: 'registrations',
  key: '',
  bound: 'one entry',
})

export const state: readonly Item[] = [
  candidates,
  candidateList,
  votes,
  expiring,
  swept,
  positions,
  accountPositions,
  term,
  termResult,
  initialProducers,
  evicted,
  registrations,
]

export type Candidate =
  FieldsOf<'string name, string url, bytes32 commitment, uint32 commissionBps, uint32 sequence, uint256 deposit, uint32 quitTerm'>
export type Position =
  FieldsOf<'address owner, address delegate, uint256 amount, uint32 lockDays, uint256 weight, uint64 startedAt, uint64 endsAt'>

/** floor(amount × multiplier), the multiplier linear from 1.00 at 90 days to 4.00 at 1,080 days. */
export function weightOf(amount: Amount, lockDays: number): bigint {
  return mulDiv(amount, 990n + 3n * BigInt(lockDays - LOCK_DAYS_MIN), 990n)
}

/** Day of a time in milliseconds. */
export const dayOf = (timeMs: bigint): number => Number(timeMs / DAY_MS)

/** Name of a delegate's deposit lock: known from the address, so that it can be declared. */
export const depositLockOf = (delegate: Address): Hash => taggedHash('aelf/deposit/1', hexToBytes(delegate))

/** The candidate while it is registered. */
export function registeredCandidate(ctx: ViewContext, delegate: Address): Candidate | undefined {
  const candidate = ctx.get(candidates, { delegate })
  return candidate?.quitTerm === 0 ? candidate : undefined
}

function split<T>(packed: Hex | undefined, width: number, read: (bytes: Uint8Array) => T): T[] {
  const bytes = hexToBytes(packed ?? '0x')
  return Array.from({ length: bytes.length / width }, (_, index) =>
    read(bytes.subarray(index * width, (index + 1) * width)),
  )
}

const pack = (parts: readonly Hex[]): Hex => bytesToHex(concatBytes(...parts.map(hexToBytes)))

export const listCandidates = (ctx: ViewContext): Address[] =>
  split(ctx.get(candidateList, {})?.addresses, 20, bytesToAddress)

export const saveCandidateList = (ctx: ExecuteContext, list: readonly Address[]): void =>
  ctx.set(candidateList, {}, { addresses: pack(list) })

export const listPositions = (ctx: ViewContext, owner: Address): Hash[] =>
  split(ctx.get(accountPositions, { owner })?.lockIds, 32, bytesToHash)

export function savePositionList(ctx: ExecuteContext, owner: Address, list: readonly Hash[]): void {
  if (list.length === 0) ctx.delete(accountPositions, { owner })
  else ctx.set(accountPositions, { owner }, { lockIds: pack(list) })
}

/** Counts a position for its delegate until the day its lock ends. */
export function addWeight(
  ctx: ExecuteContext,
  { delegate, weight, endsAt }: Pick<Position, 'delegate' | 'weight' | 'endsAt'>,
): void {
  ctx.add(votes, { delegate }, weight)
  ctx.add(expiring, { delegate, day: dayOf(endsAt) }, weight)
}

/** Stops counting a position whose weight was not swept yet. */
export function removeWeight(
  ctx: ExecuteContext,
  { delegate, weight, endsAt }: Pick<Position, 'delegate' | 'weight' | 'endsAt'>,
): void {
  ctx.add(votes, { delegate }, -weight)
  ctx.add(expiring, { delegate, day: dayOf(endsAt) }, -weight)
}

/** True when the position's weight was already taken out of `votes`. */
export const isSwept = (ctx: ViewContext, { delegate, endsAt }: Pick<Position, 'delegate' | 'endsAt'>): boolean =>
  dayOf(endsAt) <= (ctx.get(swept, { delegate })?.day ?? 0)

/** Weight on days after the last sweep up to `day`: ended, but still inside `votes`. */
export function endedWeight(ctx: ViewContext, delegate: Address, day: number): bigint {
  let ended = 0n
  for (let at = (ctx.get(swept, { delegate })?.day ?? day) + 1; at <= day; at++)
    ended += ctx.count(expiring, { delegate, day: at })
  return ended
}

/** Takes ended positions out of `votes`, up to and including `day`. */
export function sweep(ctx: ExecuteContext, delegate: Address, day: number): void {
  let ended = 0n
  for (let at = (ctx.get(swept, { delegate })?.day ?? day) + 1; at <= day; at++) {
    const weight = ctx.count(expiring, { delegate, day: at })
    if (weight === 0n) continue
    ended += weight
    ctx.delete(expiring, { delegate, day: at })
  }
  if (ended > 0n) ctx.add(votes, { delegate }, -ended)
  ctx.set(swept, { delegate }, { day })
}

/** A candidate with the weight that counts on a day. */
export interface Standing {
  readonly delegate: Address
  readonly weight: bigint
  readonly candidate: Candidate
}

const byRank = (a: Standing, b: Standing): number =>
  a.weight === b.weight ? a.candidate.sequence - b.candidate.sequence : a.weight > b.weight ? -1 : 1

/** Registered candidates, heaviest first; ties go to the earlier registration. */
export function rank(ctx: ViewContext, day: number): Standing[] {
  return listCandidates(ctx)
    .flatMap((delegate) => {
      const candidate = ctx.get(candidates, { delegate })
      return candidate === undefined
        ? []
        : [{ delegate, candidate, weight: ctx.count(votes, { delegate }) - endedWeight(ctx, delegate, day) }]
    })
    .sort(byRank)
}

export const entryOf = ({ delegate, candidate }: Standing): ProducerEntry => ({
  address: delegate,
  commitment: bytesToHash(hexToBytes(candidate.commitment)),
})
