import { type ExecutionSummary, type Genesis, genesisHashOf, producersHash, type SignedHeader } from '#kernel'
import { type Address, assert, type Bytes, type Hash, ZERO_HASH } from '#primitives'
import type { ConsensusEngine, ProposeInput } from '../engine.ts'
import type { ApplyInput } from '../types.ts'
import { type DposHeaderData, encodeHeaderData, headerDataOf } from './codec.ts'
import { dposError } from './errors.ts'
import { applyVotes, emptyVotes, type VoterSet, voterSet } from './finality.ts'
import { compareHeads } from './forkChoice.ts'
import { arrange, firstExtraSignature, residueOf, seedOf, termSignature } from './order.ts'
import { paramsOf } from './params.ts'
import { rotationAt, scheduledIn } from './schedule.ts'
import type { DposState, PendingTerm, ProducerRecord, Rotation, Round, Term } from './state.ts'
import { assertProducerList, openRecords } from './term.ts'
import { evictable, validateHeader } from './validate.ts'

export interface DposProposeInput extends ProposeInput {
  /** Value whose `chainHash` is `anchor`, from the producer's hash chain; undefined when it has none. */
  readonly preimageOf: (anchor: Hash) => Hash | undefined
  /** Highest height this producer ever made a block for, on any fork; 0 for none. Kept by the node across restarts. */
  readonly generatedHeight: bigint
  /** What executing the proposed block gave. */
  readonly summary?: ExecutionSummary
}

function firstRound(producers: readonly Address[], seed: bigint): Round {
  const wanted = producers.map((address) => residueOf(termSignature(seed, address), producers.length))
  const order = arrange(producers, wanted)
  const extra = producers[residueOf(firstExtraSignature(seed), producers.length)] as Address
  const blocks = new Array<undefined>(order.length + 1).fill(undefined)
  return { number: 1n, term: 1, startSlot: 1n, countedFrom: 1n, order, extra, entropy: seed, blocks }
}

function init(genesis: Genesis, hash: Hash = genesisHashOf(genesis)): DposState {
  assertProducerList(genesis.producers)
  const addresses = genesis.producers.map((entry) => entry.address)
  const term: Term = { number: 1, startHeight: 1n, startSlot: 1n, producers: genesis.producers }
  return {
    params: paramsOf(genesis),
    height: 0n,
    slot: 0n,
    hash,
    term,
    round: firstRound(addresses, seedOf(hash)),
    last: undefined,
    records: openRecords(genesis.producers, new Map()),
    evicted: [],
    pending: undefined,
    retired: [],
    votes: emptyVotes(0n, voterSet(1, addresses)),
  }
}

/** Throws `dpos.revealUnavailable` when the producer's hash chain is used up or belongs to another commitment. */
function propose(state: DposState, input: DposProposeInput): { readonly consensus: Bytes } | undefined {
  if (input.slot <= state.slot) return undefined
  const rotation = rotationAt(state, input.slot)
  if (rotation === undefined) return undefined
  const scheduled = scheduledIn(rotation, input.slot)
  if (scheduled.producer !== input.producer) return undefined
  const anchor = rotation.records.get(input.producer)?.anchor ?? ZERO_HASH
  const reveal = scheduled.isExtra ? ZERO_HASH : input.preimageOf(anchor)
  if (reveal === undefined) throw dposError('revealUnavailable', { producer: input.producer, anchor })
  const { termResult, evicted = [] } = input.summary ?? {}
  const consensus = encodeHeaderData({
    round: scheduled.round,
    term: scheduled.term,
    reveal,
    prevotedHeight: state.votes.prevoted,
    generatedHeight: input.generatedHeight,
    nextProducers: termResult === undefined ? ZERO_HASH : producersHash(termResult),
    evicted: evictable(rotation, evicted),
  })
  return { consensus }
}

/** The election result that waits after this header. A newer result replaces one that has not taken effect yet. */
function pendingAfter(rotation: Rotation, data: DposHeaderData, input: ApplyInput): PendingTerm | undefined {
  if (data.nextProducers === ZERO_HASH) {
    const { pending } = rotation
    if (pending === undefined || data.evicted.length === 0) return pending
    return { ...pending, evicted: [...pending.evicted, ...data.evicted] }
  }
  const producers = input.termResult ?? input.producers
  if (producers === undefined) throw dposError('termListMissing', { nextProducers: data.nextProducers })
  assertProducerList(producers)
  const actual = producersHash(producers)
  if (actual !== data.nextProducers) throw dposError('termListMismatch', { expected: data.nextProducers, actual })
  return { producers, evicted: [] }
}

function roundWith(rotation: Rotation, header: SignedHeader): Round {
  const { round } = rotation
  const index = Number(header.slot - round.startSlot)
  const blocks = round.blocks.slice()
  blocks[index] = { height: header.height, hash: header.hash }
  return { ...round, blocks }
}

function votersOf(state: DposState, term: Term): VoterSet {
  const current = state.votes.sets.at(-1)
  return current?.term === term.number
    ? current
    : voterSet(
        term.number,
        term.producers.map((entry) => entry.address),
      )
}

function apply(state: DposState, header: SignedHeader, input: ApplyInput = {}): DposState {
  const data = headerDataOf(header)
  const rotation = rotationAt(state, header.slot)
  assert(rotation !== undefined && header.slot > state.slot, 'a header is applied after it was validated')
  const { producer, height, slot, hash } = header
  let records = rotation.records
  const record = records.get(producer)
  if (record !== undefined && data.reveal !== ZERO_HASH) {
    records = new Map<Address, ProducerRecord>(records).set(producer, { ...record, anchor: data.reveal })
  }
  const { prevotedHeight, generatedHeight } = data
  const vote = { producer, height, prevotedHeight, generatedHeight }
  const members = new Set(rotation.term.producers.map((entry) => entry.address))
  const evicted = data.evicted.filter((address) => members.has(address) && !rotation.evicted.includes(address))
  return {
    params: state.params,
    height,
    slot,
    hash,
    term: rotation.term,
    round: roundWith(rotation, header),
    last: rotation.last,
    records,
    evicted: evicted.length === 0 ? rotation.evicted : [...rotation.evicted, ...evicted],
    pending: pendingAfter(rotation, data, input),
    retired: rotation.retired,
    votes: applyVotes(state.votes, vote, votersOf(state, rotation.term)),
  }
}

/** Delegated proof of stake: rounds from a hash-chain lottery, finality implied by headers. */
export const dpos: ConsensusEngine<DposState, DposProposeInput> = {
  name: 'dpos',
  init,
  propose,
  validate: validateHeader,
  apply,
  choose: compareHeads,
  finalise: (state) => ({ prevoted: state.votes.prevoted, finalized: state.votes.finalized }),
}
