import { createHash } from 'node:crypto'
import { type Address, type Amount, DAY_MS, type Hash, type Hex, stakeWeight } from '#domain'
import type {
  ChainSource,
  SourceBlock,
  SourceEvent,
  SourceInfo,
  SourceRound,
  SourceTerm,
  SourceTransaction,
} from '#indexer'

const SLOT_MS = 4_000
const PRODUCERS = 5
const SLOTS_OF_ROUND = PRODUCERS + 1
const GENESIS_TIME_MS = 1_800_000_000_000
const SLOTS_OF_TERM = 60n
const FINALITY_LAG = 8n
const FEE = 250_000n
const TREASURY: Address = '0xae1f000000000000000000000000000000000010'
const TOKEN: Address = '0xae1f000000000000000000000000000000000001'
const ELECTION: Address = '0xae1f000000000000000000000000000000000002'
const ACCOUNTS = 6
const OPENING = 1_000_000n * 100_000_000n

const digest = (...parts: readonly unknown[]): Hash =>
  `0x${createHash('sha256').update(JSON.stringify(parts, bigintText)).digest('hex')}`
const bigintText = (_: string, value: unknown): unknown => (typeof value === 'bigint' ? value.toString() : value)
const addressFrom = (name: string): Address => digest(name).slice(0, 42) as Address

interface FakePosition {
  readonly lockId: Hash
  readonly owner: Address
  readonly delegate: Address
  readonly amount: Amount
  readonly weight: bigint
  readonly endsAt: number
}

interface FakeState {
  readonly holdings: Map<string, { available: Amount; locked: Amount }>
  readonly positions: Map<Hash, FakePosition>
  readonly delegates: Map<Address, { name: string; url: string; commissionBps: number }>
}

const copyState = (state: FakeState): FakeState => ({
  holdings: new Map([...state.holdings].map(([key, value]) => [key, { ...value }])),
  positions: new Map(state.positions),
  delegates: new Map(state.delegates),
})

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
      const height = parent.height + 1n
      blocks.push({
        ...header,
        height,
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
    weights: () => sumWeights(states.at(-1)),
    info: async () => info(),
    blocks: async (from, to) => blocks.slice(Number(from), Number(to) + 1),
    hashAt: async (height) => blocks[Number(height)]?.hash,
    round: async (number) => roundView(number, blocks, producers),
    term: async (term) => termView(term, blocks, producers),
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

const openingProfile = (index: number): { name: string; url: string; commissionBps: number } => ({
  name: `Delegate ${index}`,
  url: '',
  commissionBps: 500,
})

/** Each producer votes for itself at genesis. */
function openingPosition(address: Address, index: number): FakePosition {
  const amount = BigInt(index + 1) * 100_000_000n
  const endsAt = GENESIS_TIME_MS + 90 * DAY_MS
  return { lockId: digest('genesis vote', index), owner: address, delegate: address, amount, weight: amount, endsAt }
}

function openingState(producers: readonly Address[], accounts: readonly Address[]): FakeState {
  const positions = producers.map(openingPosition)
  return {
    holdings: new Map<string, { available: Amount; locked: Amount }>([
      ...accounts.map((account) => [`${account}ELF`, { available: OPENING, locked: 0n }] as const),
      ...positions.map(({ owner, amount }) => [`${owner}ELF`, { available: 0n, locked: amount }] as const),
    ]),
    positions: new Map(positions.map((position) => [position.lockId, position])),
    delegates: new Map(producers.map((address, index) => [address, openingProfile(index)])),
  }
}

const roundOf = (slot: bigint): number => (slot === 0n ? 1 : Number((slot - 1n) / BigInt(SLOTS_OF_ROUND)) + 1)
const indexOf = (slot: bigint): number => (slot === 0n ? 0 : Number((slot - 1n) % BigInt(SLOTS_OF_ROUND)))
const timeOf = (slot: bigint): number => GENESIS_TIME_MS + Number(slot) * SLOT_MS
const pick = <T>(values: readonly T[], index: number): T => {
  const value = values[index % values.length]
  if (value === undefined) throw new RangeError('nothing to pick from')
  return value
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

interface MakeScope {
  readonly state: FakeState
  readonly roll: (sides: number) => number
  readonly accounts: readonly Address[]
  readonly producers: readonly Address[]
  readonly slot: bigint
  readonly salt: string
}

interface Drawn {
  readonly contract: 'token' | 'election'
  readonly method: string
  readonly args: SourceTransaction['args']
  readonly events: readonly SourceEvent[]
  readonly isFailed?: boolean
}

function makeTransaction(scope: MakeScope): SourceTransaction {
  const { state, roll, accounts, slot, salt } = scope
  const from = pick(accounts, roll(accounts.length))
  const id = digest('transaction', salt, from)
  const makers = [transfer, transfer, vote, vote, changeVote, extend, withdraw, updateProfile, fail]
  move(state, from, 'ELF', { available: -FEE })
  move(state, TREASURY, 'ELF', { available: FEE })
  const drawn = pick(makers, roll(makers.length))({ ...scope, from, id }) ?? fail()
  const isFailed = drawn.isFailed === true
  return {
    id,
    envelope: '0x00',
    from,
    contract: drawn.contract,
    contractAddress: drawn.contract === 'token' ? TOKEN : ELECTION,
    method: drawn.method,
    args: drawn.args,
    intent: `${drawn.method} by ${from}`,
    refHeight: 0n,
    refHash: '0x0000000000000000',
    feeLimit: FEE,
    nonce: digest(salt, slot).slice(0, 18) as Hex,
    success: !isFailed,
    error: isFailed ? { code: 'token.insufficientBalance', help: 'Send less.' } : null,
    fee: FEE,
    events: drawn.events,
  }
}

function move(
  state: FakeState,
  account: Address,
  symbol: string,
  change: { available?: Amount; locked?: Amount },
): void {
  const key = `${account}${symbol}`
  const { available, locked } = state.holdings.get(key) ?? { available: 0n, locked: 0n }
  state.holdings.set(key, { available: available + (change.available ?? 0n), locked: locked + (change.locked ?? 0n) })
}

type Maker = (scope: MakeScope & { from: Address; id: Hash }) => Drawn | undefined

const tokenEvent = (name: string, fields: SourceEvent['fields']): SourceEvent => ({
  contract: 'token',
  contractAddress: TOKEN,
  name,
  fields,
})
const electionEvent = (name: string, fields: SourceEvent['fields']): SourceEvent => ({
  contract: 'election',
  contractAddress: ELECTION,
  name,
  fields,
})

function fail(): Drawn {
  return { contract: 'token', method: 'transfer', args: { symbol: 'ELF', amount: '1' }, events: [], isFailed: true }
}

const transfer: Maker = ({ state, roll, accounts, from }) => {
  const to = pick(accounts, roll(accounts.length))
  const amount = BigInt(1 + roll(1_000_000))
  move(state, from, 'ELF', { available: -amount })
  move(state, to, 'ELF', { available: amount })
  const args = { to, symbol: 'ELF', amount: amount.toString() }
  return { contract: 'token', method: 'transfer', args, events: [tokenEvent('Transfer', { from, ...args })] }
}

const vote: Maker = ({ state, roll, producers, from, id, slot }) => {
  const delegate = pick(producers, roll(producers.length))
  const amount = BigInt(100_000_000 + roll(1_000_000_000))
  const lockDays = 90 + roll(991)
  const weight = stakeWeight(amount, lockDays)
  const endsAt = timeOf(slot) + lockDays * DAY_MS
  state.positions.set(id, { lockId: id, owner: from, delegate, amount, weight, endsAt })
  move(state, from, 'ELF', { available: -amount, locked: amount })
  const common = { lockId: id, owner: from, amount: amount.toString(), endsAt: endsAt.toString() }
  return {
    contract: 'election',
    method: 'vote',
    args: { delegate, amount: amount.toString(), lockDays },
    events: [
      tokenEvent('Locked', { ...common, symbol: 'ELF', holder: ELECTION }),
      electionEvent('Voted', {
        lockId: id,
        voter: from,
        amount: amount.toString(),
        endsAt: endsAt.toString(),
        delegate,
        lockDays,
        weight: weight.toString(),
      }),
    ],
  }
}

const ownPosition = (state: FakeState, roll: (sides: number) => number, owner: Address): FakePosition | undefined => {
  const own = [...state.positions.values()].filter((position) => position.owner === owner)
  return own[own.length === 0 ? 0 : roll(own.length)]
}

const changeVote: Maker = ({ state, roll, producers, from }) => {
  const position = ownPosition(state, roll, from)
  if (position === undefined) return undefined
  const { lockId, owner } = position
  const delegate = pick(producers, roll(producers.length))
  state.positions.set(lockId, { ...position, delegate })
  return {
    contract: 'election',
    method: 'changeVote',
    args: { lockId, delegate },
    events: [
      electionEvent('VoteChanged', {
        lockId,
        voter: owner,
        delegate,
        former: position.delegate,
        weight: position.weight.toString(),
      }),
    ],
  }
}

const extend: Maker = ({ state, roll, from, slot }) => {
  const position = ownPosition(state, roll, from)
  if (position === undefined) return undefined
  const { lockId, owner, delegate, amount } = position
  const lockDays = 1_000 + roll(81)
  const weight = stakeWeight(amount, lockDays) > position.weight ? stakeWeight(amount, lockDays) : position.weight
  const endsAt = timeOf(slot) + lockDays * DAY_MS
  state.positions.set(lockId, { ...position, weight, endsAt })
  const fields = { lockId, voter: owner, delegate, lockDays, endsAt: endsAt.toString(), weight: weight.toString() }
  return {
    contract: 'election',
    method: 'extend',
    args: { lockId, lockDays },
    events: [electionEvent('Extended', fields)],
  }
}

const withdraw: Maker = ({ state, roll, from }) => {
  const position = ownPosition(state, roll, from)
  if (position === undefined) return undefined
  const { lockId, owner, delegate, amount } = position
  state.positions.delete(lockId)
  move(state, owner, 'ELF', { available: amount, locked: -amount })
  const events = [
    tokenEvent('Unlocked', { lockId, owner, symbol: 'ELF', amount: amount.toString() }),
    electionEvent('Withdrawn', { lockId, voter: owner, delegate, amount: amount.toString() }),
  ]
  return { contract: 'election', method: 'withdraw', args: { lockId }, events }
}

const updateProfile: Maker = ({ state, roll, producers, salt }) => {
  const delegate = pick(producers, roll(producers.length))
  const profile = { name: `Delegate ${salt}`, url: `https://delegate.example/${salt}`, commissionBps: roll(10_001) }
  state.delegates.set(delegate, profile)
  return {
    contract: 'election',
    method: 'updateProfile',
    args: profile,
    events: [electionEvent('ProfileUpdated', { delegate, ...profile })],
  }
}
