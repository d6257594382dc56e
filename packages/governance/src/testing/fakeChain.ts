import type { Address, Amount, Hash } from '#domain'
import type { ChainSource, SourceBlock, SourceInfo, SourceRound, SourceTerm } from '#indexer'
import { fakeCollection, fakeSignal } from './fakeCollection.ts'
import { shareFakeTerm } from './fakeRewards.ts'
import {
  ACCOUNTS,
  addressFrom,
  copyState,
  digest,
  type FakeState,
  FINALITY_LAG,
  GENESIS_TIME_MS,
  indexOf,
  OPENING,
  openingPosition,
  openingProfile,
  openingState,
  PRODUCERS,
  pick,
  roundOf,
  SLOT_MS,
  SLOTS_OF_ROUND,
  SLOTS_OF_TERM,
  TOKEN,
  timeOf,
} from './fakeState.ts'
import { makeTransaction } from './fakeTransactions.ts'

/** A chain without rules of consensus: it makes blocks full of random but possible transactions, and can change its mind. */
export interface FakeChain extends ChainSource {
  /** Appends blocks. */
  grow(blocks: number): void
  /** Drops up to `depth` blocks, never irreversible ones, and grows another branch that is one longer. */
  reorganise(depth: number): void
  readonly producers: readonly Address[]
  readonly accounts: readonly Address[]
  head(): SourceBlock
  balanceOf(account: Address, symbol: string): { available: Amount; locked: Amount }
  /** All there is of the native token. */
  supply(): Amount
  /** Open weight by delegate. */
  weights(): Map<Address, bigint>
}

export interface FakeChainOptions {
  readonly seed: number
}

/** Numbers that depend on the seed only. */
function createDice(seed: number): (sides: number) => number {
  let state = seed >>> 0
  return (sides) => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = state
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) % sides
  }
}

export function createFakeChain(options: FakeChainOptions): FakeChain {
  const roll = createDice(options.seed)
  const producers = Array.from({ length: PRODUCERS }, (_, index) => addressFrom(`producer ${index}`))
  const accounts = Array.from({ length: ACCOUNTS }, (_, index) => addressFrom(`account ${index}`))
  const genesisHash = digest('genesis', options.seed)
  let states: FakeState[] = [openingState(producers, accounts)]
  let blocks: SourceBlock[] = [genesisBlock(genesisHash, producers)]
  let salt = 0
  let finalizedHeight = 0n
  const wakers = new Set<() => void>()

  const last = (): SourceBlock => blocks.at(-1) ?? genesisBlock(genesisHash, producers)

  function grow(count: number): void {
    for (let made = 0; made < count; made++) {
      const parent = last()
      const state = copyState(states.at(-1) ?? openingState(producers, accounts))
      // Now and then slots pass without a block.
      const slot = parent.slot + 1n + BigInt(roll(5) === 0 ? roll(3) : 0)
      const body = Array.from({ length: roll(4) }, (_, index) =>
        makeTransaction({ state, roll, accounts, producers, slot, salt: `${salt}/${parent.height}/${index}` }),
      )
      const header = headerAt(slot, producers)
      shareFakeTerm(state, parent, { ...header, height: parent.height + 1n })
      const height = parent.height + 1n
      blocks.push({
        ...header,
        height,
        signal: fakeSignal(height, salt),
        parentHash: parent.hash,
        hash: digest(
          parent.hash,
          salt,
          slot,
          body.map(({ id }) => id),
        ),
        transactions: body,
      })
      states.push(state)
    }
    const settled = last().height - FINALITY_LAG
    if (settled > finalizedHeight) finalizedHeight = settled
    for (const wake of wakers) wake()
  }

  function reorganise(depth: number): void {
    const droppable = Number(last().height - finalizedHeight)
    const dropped = Math.min(depth, droppable)
    salt += 1
    blocks = blocks.slice(0, blocks.length - dropped)
    states = states.slice(0, states.length - dropped)
    grow(dropped + 1)
  }

  const info = (): SourceInfo => {
    const { height, hash } = last()
    return {
      genesisHash,
      height,
      headHash: hash,
      prevotedHeight: height > 4n ? height - 4n : 0n,
      finalizedHeight,
      slotMs: SLOT_MS,
      genesisTimeMs: GENESIS_TIME_MS,
      termMs: SLOT_MS * Number(SLOTS_OF_TERM),
    }
  }
  const holdingOf = (
    state: FakeState | undefined,
    account: Address,
    symbol: string,
  ): { available: Amount; locked: Amount } =>
    state?.holdings.get(`${account}${symbol}`) ?? { available: 0n, locked: 0n }

  return {
    grow,
    reorganise,
    producers,
    accounts,
    head: last,
    balanceOf: (account, symbol) => holdingOf(states.at(-1), account, symbol),
    supply: () => (states.at(-1)?.sharings ?? []).reduce((sum, { minted }) => sum + minted, OPENING * BigInt(ACCOUNTS)),
    weights: () => sumWeights(states.at(-1)),
    info: async () => info(),
    blocks: async (from, to) => blocks.slice(Number(from), Number(to) + 1),
    hashAt: async (height) => blocks[Number(height)]?.hash,
    round: async (number) => roundView(number, blocks, producers),
    term: async (term) => termView(term, blocks, producers),
    sharing: async ({ height, timeMs }) =>
      states[Number(height)]?.sharings.find(({ endedAtMs }) => endedAtMs === timeMs),
    ranking: async (height) => {
      const weights = sumWeights(states[Number(height)])
      const ranked = producers.map((delegate, sequence) => ({
        delegate,
        sequence,
        weight: weights.get(delegate) ?? 0n,
      }))
      ranked.sort((a, b) => (a.weight === b.weight ? a.sequence - b.sequence : a.weight > b.weight ? -1 : 1))
      const entries = ranked.map(({ delegate, weight }, index) => ({ delegate, weight, rank: index + 1 }))
      return { hash: blocks[Number(height)]?.hash ?? genesisHash, entries }
    },
    collection: async (at) => fakeCollection(blocks, at === 'head' ? last().height : at),
    genesis: async () => ({
      token: {
        symbol: 'ELF',
        name: 'aelf',
        supply: OPENING * BigInt(ACCOUNTS),
        burned: 0n,
        creator: TOKEN,
        burnable: true,
      },
      delegates: producers.map((address, sequence) => ({
        ...openingProfile(sequence),
        address,
        weight: openingPosition(address, sequence).weight,
        sequence,
      })),
      positions: producers.map((address, index) => {
        const { endsAt, ...position } = openingPosition(address, index)
        return { ...position, lockDays: 90, startedAtMs: GENESIS_TIME_MS, unlocksAtMs: endsAt }
      }),
    }),
    genesisHolding: async (account) => holdingOf(states[0], account, 'ELF'),
    watch: (wake) => {
      wakers.add(wake)
      return () => wakers.delete(wake)
    },
  }
}

function sumWeights(state: FakeState | undefined): Map<Address, bigint> {
  const sums = new Map<Address, bigint>()
  for (const { delegate, weight } of state?.positions.values() ?? [])
    sums.set(delegate, (sums.get(delegate) ?? 0n) + weight)
  return sums
}

type Header = Omit<SourceBlock, 'height' | 'hash' | 'parentHash' | 'transactions'>

function headerAt(slot: bigint, producers: readonly Address[]): Header {
  const index = indexOf(slot)
  const root = digest('root', slot)
  return {
    slot,
    timeMs: timeOf(slot),
    producer: pick(producers, index),
    transactionRoot: root,
    receiptRoot: root,
    stateRoot: root,
    indexRoot: root,
    signal: null,
    round: roundOf(slot),
    term: Number(slot / SLOTS_OF_TERM) + 1,
    index: index === PRODUCERS ? null : index,
    isExtra: index === PRODUCERS,
    reveal: index === PRODUCERS ? null : root,
    prevotedHeight: 0n,
    generatedHeight: 0n,
    size: 400,
  }
}

function genesisBlock(hash: Hash, producers: readonly Address[]): SourceBlock {
  return { ...headerAt(0n, producers), height: 0n, hash, parentHash: digest('nothing'), transactions: [] }
}

function roundView(
  number: number,
  blocks: readonly SourceBlock[],
  producers: readonly Address[],
): SourceRound | undefined {
  const head = blocks.at(-1)
  if (head === undefined || number > head.round || number < 1) return undefined
  const startSlot = BigInt((number - 1) * SLOTS_OF_ROUND + 1)
  const slots = Array.from({ length: SLOTS_OF_ROUND }, (_, index) => {
    const slot = startSlot + BigInt(index)
    const block = blocks.find((candidate) => candidate.slot === slot && candidate.height > 0n)
    const state = block === undefined ? (slot < head.slot ? 'missed' : 'upcoming') : 'produced'
    const found =
      block === undefined
        ? { height: null, hash: null, reason: 'no block came' }
        : { height: block.height, hash: block.hash, reason: null }
    return {
      slot,
      timeMs: timeOf(slot),
      producer: pick(producers, index),
      isExtra: index === PRODUCERS,
      state,
      ...found,
    }
  })
  const term = Number(startSlot / SLOTS_OF_TERM) + 1
  return { number, term, startSlot, startTimeMs: timeOf(startSlot), extra: pick(producers, 0), slots, excluded: [] }
}

function termView(term: number, blocks: readonly SourceBlock[], producers: readonly Address[]): SourceTerm | undefined {
  const first = blocks.find((block) => block.term === term)
  if (first === undefined) return undefined
  const startsAtMs = timeOf(BigInt(term - 1) * SLOTS_OF_TERM)
  return {
    term,
    startHeight: first.height,
    startsAtMs,
    endsAtMs: startsAtMs + Number(SLOTS_OF_TERM) * SLOT_MS,
    producers,
  }
}
