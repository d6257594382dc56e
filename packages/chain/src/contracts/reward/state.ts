import {
  type Counter,
  defineCounter,
  defineItem,
  type ExecuteContext,
  type FieldsOf,
  type Item,
  type ViewContext,
} from '#contracts/runtime'
import { type Address, bytesToAddress, bytesToHex, concatBytes, hexToBytes } from '#primitives'
import { DAY_MS, REWARD } from './params.ts'

/** The running term; times in milliseconds, `endsAt` as planned, `blockReward` for each of its blocks. */
export const running: Item<'', 'uint32 term, uint64 startedAt, uint64 endsAt, uint64 genesisAt, uint256 blockReward'> =
  defineItem(REWARD, {
    number: 1,
    name: 'running',
    key: '',
    value: 'uint32 term, uint64 startedAt, uint64 endsAt, uint64 genesisAt, uint256 blockReward',
    bound: 'one entry',
  })

/** What a delegate keeps of its income of a term, and the weight it shares the rest among; both fixed when the term begins. */
export const policies: Item<'address delegate', 'uint32 term, uint32 commissionBps, uint256 weight'> = defineItem(
  REWARD,
  {
    number: 2,
    name: 'policies',
    key: 'address delegate',
    value: 'uint32 term, uint32 commissionBps, uint256 weight',
    bound: 'one entry per delegate ever elected',
  },
)

/** Blocks of a producer in the running term. */
export const blocks: Counter<'address producer'> = defineCounter(REWARD, {
  number: 3,
  name: 'blocks',
  key: 'address producer',
  bound: '256 producers, gone when the term ends',
})

/** Who made a block in the running term, 20 bytes each, in the order of their first blocks. */
export const makers: Item<'', 'bytes addresses'> = defineItem(REWARD, {
  number: 4,
  name: 'makers',
  key: '',
  value: 'bytes addresses',
  bound: '256 addresses',
})

/**
 * What a term brought a delegate, numbered from 1. `index` is the sum, over this and all points before, of what a unit of
 * weight received, times SCALE; `endDay` the day on which the term was to end.
 */
export const points: Item<
  'address delegate, uint32 number',
  'uint32 term, uint64 startedAt, uint32 endDay, uint32 blocks, uint256 income, uint256 commission, uint256 weight, uint256 index'
> = defineItem(REWARD, {
  number: 5,
  name: 'points',
  key: 'address delegate, uint32 number',
  value:
    'uint32 term, uint64 startedAt, uint32 endDay, uint32 blocks, uint256 income, uint256 commission, uint256 weight, uint256 index',
  bound: 'one entry per term and delegate that made a block in it, at most 256 a term',
})

export const pointCount: Counter<'address delegate'> = defineCounter(REWARD, {
  number: 6,
  name: 'pointCount',
  key: 'address delegate',
  bound: 'one entry per delegate that ever made a block',
})

/**
 * A vote's part in rewards. It counts for terms that begin at `since` or later; points up to `cursor` are settled. What it
 * was when the running term began stands in `former…` after a change within the term, with a weight of zero when there is nothing.
 */
export const shares: Item<
  'bytes32 lockId',
  'address owner, address delegate, uint256 weight, uint64 since, uint64 endsAt, uint32 cursor, address formerDelegate, uint256 formerWeight, uint32 formerTerm, uint32 formerCursor'
> = defineItem(REWARD, {
  number: 7,
  name: 'shares',
  key: 'bytes32 lockId',
  value:
    'address owner, address delegate, uint256 weight, uint64 since, uint64 endsAt, uint32 cursor, address formerDelegate, uint256 formerWeight, uint32 formerTerm, uint32 formerCursor',
  bound: 'one entry per vote, 256 per account',
})

/** What a delegate may claim for itself. */
export const commissions: Counter<'address delegate'> = defineCounter(REWARD, {
  number: 8,
  name: 'commissions',
  key: 'address delegate',
  bound: 'one entry per delegate ever elected',
})

/** What delegates and voters were given and have not claimed. */
export const owed: Counter<''> = defineCounter(REWARD, { number: 9, name: 'owed', key: '', bound: 'one entry' })

/** What came in over a term, and how much of it went to delegates and voters. */
export const terms: Item<
  'uint32 term',
  'uint64 startedAt, uint64 endedAt, uint32 blocks, uint256 fees, uint256 minted, uint256 income, uint256 shared'
> = defineItem(REWARD, {
  number: 10,
  name: 'terms',
  key: 'uint32 term',
  value:
    'uint64 startedAt, uint64 endedAt, uint32 blocks, uint256 fees, uint256 minted, uint256 income, uint256 shared',
  bound: 'one entry per term',
})

export const state: readonly Item[] = [
  running,
  policies,
  blocks,
  makers,
  points,
  pointCount,
  shares,
  commissions,
  owed,
  terms,
]

export type Running = FieldsOf<'uint32 term, uint64 startedAt, uint64 endsAt, uint64 genesisAt, uint256 blockReward'>
export type Share =
  FieldsOf<'address owner, address delegate, uint256 weight, uint64 since, uint64 endsAt, uint32 cursor, address formerDelegate, uint256 formerWeight, uint32 formerTerm, uint32 formerCursor'>

const ADDRESS_BYTES = 20

/** Day of a time in milliseconds. */
export const dayOf = (timeMs: bigint): number => Number(timeMs / DAY_MS)

export const countPoints = (ctx: ViewContext, delegate: Address): number => Number(ctx.count(pointCount, { delegate }))

/** Sum of a delegate's index up to a point; zero before the first. */
export const indexAt = (ctx: ViewContext, delegate: Address, number: number): bigint =>
  ctx.get(points, { delegate, number })?.index ?? 0n

export function listMakers(ctx: ViewContext): Address[] {
  const packed = hexToBytes(ctx.get(makers, {})?.addresses ?? '0x')
  return Array.from({ length: packed.length / ADDRESS_BYTES }, (_, at) =>
    bytesToAddress(packed.subarray(at * ADDRESS_BYTES, (at + 1) * ADDRESS_BYTES)),
  )
}

export const saveMakers = (ctx: ExecuteContext, list: readonly Address[]): void =>
  ctx.set(makers, {}, { addresses: bytesToHex(concatBytes(...list.map(hexToBytes))) })
