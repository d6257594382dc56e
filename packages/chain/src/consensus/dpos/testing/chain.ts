import {
  EMPTY_LIST_ROOT,
  type ExecutionSummary,
  type Genesis,
  type Header,
  type ProducerEntry,
  type SignedHeader,
} from '#kernel'
import {
  type Address,
  asHash,
  bytesToAddress,
  type Hash,
  type Hex,
  taggedHash,
  taggedHashBytes,
  utf8ToBytes,
  ZERO_HASH,
} from '#primitives'
import { dpos } from '../engine.ts'
import { createRevealChain, type RevealChain } from '../revealChain.ts'
import { rotationAt, roundLength, scheduleAt } from '../schedule.ts'
import type { DposState } from '../state.ts'

// Builds chains of headers without bodies and without real signatures, for this room's own tests.

const NO_SIGNATURE: Hex = `0x${'00'.repeat(65)}`

export interface Member extends ProducerEntry {
  readonly chain: RevealChain
}

export function createMember(label: string, reveals: number): Member {
  const chain = createRevealChain(utf8ToBytes(label), reveals)
  const address = bytesToAddress(taggedHashBytes('test/member', utf8ToBytes(label)).slice(0, 20))
  return { address, commitment: chain.commitment, chain }
}

export function createMembers(count: number, reveals = 512, label = 'member'): readonly Member[] {
  return Array.from({ length: count }, (_, index) => createMember(`${label} ${index}`, reveals))
}

export function entriesOf(members: readonly Member[]): readonly ProducerEntry[] {
  return members.map(({ address, commitment }) => ({ address, commitment }))
}

export function testGenesis(
  members: readonly Member[],
  label = 'test',
): { readonly genesis: Genesis; readonly hash: Hash } {
  const genesis: Genesis = {
    network: label,
    chainId: 7,
    genesisTimeMs: 1_700_000_000_000n,
    slotMs: 4000n,
    collectionHash: ZERO_HASH,
    state: new Map(),
    producers: entriesOf(members),
    params: {},
  }
  return { genesis, hash: taggedHash('test/genesis', utf8ToBytes(label)) }
}

export function startState(members: readonly Member[], label = 'test'): DposState {
  const { genesis, hash } = testGenesis(members, label)
  return dpos.init(genesis, hash)
}

/** A distinct hash for a header without paying for its encoding. */
function cheapHash(parent: Hash, slot: bigint): Hash {
  return asHash(`0x${parent.slice(34)}${slot.toString(16).padStart(32, '0')}`)
}

/** The members of a simulated network, each with the highest height it made a block for. */
export interface Cast {
  readonly members: ReadonlyMap<Address, Member>
  readonly generated: Map<Address, bigint>
}

export function castOf(members: readonly Member[]): Cast {
  return { members: new Map(members.map((member) => [member.address, member])), generated: new Map() }
}

/** The header of the scheduled producer for `slot`; remembers what the producer generated. */
export function makeHeader(state: DposState, cast: Cast, slot: bigint, summary?: ExecutionSummary): SignedHeader {
  const producer = scheduleAt(state, slot)?.producer as Address
  const member = cast.members.get(producer) as Member
  const proposed = dpos.propose(state, {
    slot,
    producer,
    preimageOf: (anchor) => member.chain.preimageOf(anchor),
    generatedHeight: cast.generated.get(producer) ?? 0n,
    ...(summary === undefined ? {} : { summary }),
  })
  const height = state.height + 1n
  const before = cast.generated.get(producer) ?? 0n
  cast.generated.set(producer, height > before ? height : before)
  const header: Header = {
    version: 1,
    chainId: state.params.chainId,
    height,
    parentHash: state.hash,
    slot,
    producer,
    transactionRoot: EMPTY_LIST_ROOT,
    receiptRoot: EMPTY_LIST_ROOT,
    stateRoot: ZERO_HASH,
    indexRoot: EMPTY_LIST_ROOT,
    signal: ZERO_HASH,
    consensus: proposed?.consensus ?? new Uint8Array(),
    extension: new Uint8Array(),
  }
  return { ...header, signature: NO_SIGNATURE, hash: cheapHash(state.hash, slot) }
}

/** Validates, then applies; throws the refusal. */
export function extend(state: DposState, header: SignedHeader, summary?: ExecutionSummary): DposState {
  const refusal = dpos.validate(state, header, { trustSignature: true })
  if (refusal !== undefined) throw refusal
  return dpos.apply(state, header, summary)
}

/** One slot: a block by the scheduled producer, unless `silent` says it stays away. */
export function step(
  state: DposState,
  cast: Cast,
  slot: bigint,
  silent: (address: Address) => boolean = () => false,
): DposState {
  const producer = scheduleAt(state, slot)?.producer as Address
  if (silent(producer)) return state
  return extend(state, makeHeader(state, cast, slot))
}

/** Runs slots after the head until the round in which the next slot lies has the given number. */
export function runToRound(
  state: DposState,
  cast: Cast,
  round: bigint,
  silent?: (address: Address) => boolean,
): DposState {
  let current = state
  let slot = state.slot + 1n
  while ((rotationAt(current, slot)?.round.number ?? 0n) < round) {
    current = step(current, cast, slot, silent)
    slot++
  }
  return current
}

/** The first slot after the round of the head. */
export function endOfRound(state: DposState): bigint {
  return state.round.startSlot + roundLength(state.round)
}
