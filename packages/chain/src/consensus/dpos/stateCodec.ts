import type { ProducerEntry } from '#kernel'
import {
  type Address,
  type Bytes,
  bytesToAddress,
  bytesToHash,
  CodecError,
  type Hash,
  hexToBytes,
  type Reader,
  reader,
  type Writer,
  writer,
} from '#primitives'
import { dposError } from './errors.ts'
import { type VoteEntry, type Voter, type VoterSet, type Votes, voterSet } from './finality.ts'
import { type DposParams, MAX_PRODUCERS, MAX_RETIRED, VOTE_WINDOW_ROUNDS } from './params.ts'
import type {
  ClosedRound,
  DposState,
  PendingTerm,
  ProducerRecord,
  RetiredProducer,
  Round,
  SlotBlock,
  Term,
} from './state.ts'

const VERSION = 1
const MAX_WINDOW = VOTE_WINDOW_ROUNDS * (MAX_PRODUCERS + 1)

function refuse(reason: string): never {
  throw new CodecError('codec.range', reason)
}

function putList<T>(out: Writer, list: readonly T[], put: (item: T) => void): void {
  out.u16(list.length)
  for (const item of list) put(item)
}

function takeList<T>(input: Reader, most: number, take: () => T): T[] {
  const count = input.u16()
  if (count > most) refuse(`a list of ${count} where ${most} is the limit`)
  return Array.from({ length: count }, take)
}

function putOptional<T>(out: Writer, value: T | undefined, put: (value: T) => void): void {
  out.u8(value === undefined ? 0 : 1)
  if (value !== undefined) put(value)
}

function takeOptional<T>(input: Reader, take: () => T): T | undefined {
  const flag = input.u8()
  if (flag > 1) refuse('a presence flag is 0 or 1')
  return flag === 1 ? take() : undefined
}

const putHex = (out: Writer, hex: Hash | Address): Writer => out.fixed(hexToBytes(hex))
const takeHash = (input: Reader): Hash => bytesToHash(input.fixed(32))
const takeAddress = (input: Reader): Address => bytesToAddress(input.fixed(20))

function putProducers(out: Writer, producers: readonly ProducerEntry[]): void {
  putList(out, producers, (entry) => putHex(putHex(out, entry.address), entry.commitment))
}

function takeProducers(input: Reader): ProducerEntry[] {
  return takeList(input, MAX_PRODUCERS, () => ({ address: takeAddress(input), commitment: takeHash(input) }))
}

function putAddresses(out: Writer, addresses: readonly Address[]): void {
  putList(out, addresses, (address) => putHex(out, address))
}

function takeAddresses(input: Reader): Address[] {
  return takeList(input, MAX_PRODUCERS * 2, () => takeAddress(input))
}

function putRound(out: Writer, round: Round): void {
  out.u64(round.number).u32(round.term).u64(round.startSlot).u64(round.countedFrom)
  putAddresses(out, round.order)
  putHex(out, round.extra).u256(round.entropy)
  putList(out, round.blocks, (block) => putOptional(out, block, (one) => putHex(out.u64(one.height), one.hash)))
}

function takeRound(input: Reader): Round {
  const number = input.u64()
  const term = input.u32()
  const startSlot = input.u64()
  const countedFrom = input.u64()
  const order = takeAddresses(input)
  const extra = takeAddress(input)
  const entropy = input.u256()
  const blocks = takeList(input, MAX_PRODUCERS + 1, () =>
    takeOptional(input, (): SlotBlock => ({ height: input.u64(), hash: takeHash(input) })),
  )
  if (order.length === 0 || blocks.length !== order.length + 1) refuse('a round has one slot per producer and one more')
  return { number, term, startSlot, countedFrom, order, extra, entropy, blocks }
}

function putTerm(out: Writer, term: Term): void {
  putProducers(out.u32(term.number).u64(term.startHeight).u64(term.startSlot), term.producers)
}

function takeTerm(input: Reader): Term {
  return { number: input.u32(), startHeight: input.u64(), startSlot: input.u64(), producers: takeProducers(input) }
}

function putRecord(out: Writer, record: ProducerRecord): void {
  putHex(putHex(out, record.commitment), record.anchor).u8(record.streak).u32(record.failures).u64(record.excludedUntil)
}

function takeRecord(input: Reader): ProducerRecord {
  return {
    commitment: takeHash(input),
    anchor: takeHash(input),
    streak: input.u8(),
    failures: input.u32(),
    excludedUntil: input.u64(),
  }
}

function putVotes(out: Writer, votes: Votes): void {
  out.u64(votes.prevoted).u64(votes.finalized)
  putList(out, votes.window, (entry) => {
    putHex(out.u64(entry.height), entry.producer)
      .u64(entry.generatedHeight)
      .u32(entry.term)
      .u16(entry.prevotes)
      .u16(entry.precommits)
  })
  const voters = [...votes.voters.values()].sort((a, b) =>
    a.producer < b.producer ? -1 : a.producer > b.producer ? 1 : 0,
  )
  putList(out, voters, (voter) => {
    putHex(out, voter.producer)
      .u64(voter.height)
      .u64(voter.prevotedHeight)
      .u64(voter.generatedHeight)
      .u64(voter.precommitted)
  })
  putList(out, votes.sets, (set) => putAddresses(out.u32(set.term), set.producers))
}

function takeVotes(input: Reader): Votes {
  const prevoted = input.u64()
  const finalized = input.u64()
  const window = takeList(
    input,
    MAX_WINDOW,
    (): VoteEntry => ({
      height: input.u64(),
      producer: takeAddress(input),
      generatedHeight: input.u64(),
      term: input.u32(),
      prevotes: input.u16(),
      precommits: input.u16(),
    }),
  )
  const voters = takeList(
    input,
    MAX_PRODUCERS + MAX_WINDOW,
    (): Voter => ({
      producer: takeAddress(input),
      height: input.u64(),
      prevotedHeight: input.u64(),
      generatedHeight: input.u64(),
      precommitted: input.u64(),
    }),
  )
  const sets = takeList(input, MAX_WINDOW + 1, (): VoterSet => voterSet(input.u32(), takeAddresses(input)))
  const terms = new Set(sets.map((set) => set.term))
  window.forEach((entry, index) => {
    if (entry.height !== (window[0] as VoteEntry).height + BigInt(index) || !terms.has(entry.term))
      refuse('the vote window has a gap')
  })
  voters.forEach((voter, index) => {
    if (index > 0 && voter.producer <= (voters[index - 1] as Voter).producer) refuse('voters ascend')
  })
  return { prevoted, finalized, window, voters: new Map(voters.map((voter) => [voter.producer, voter])), sets }
}

function takeParams(input: Reader): DposParams {
  return { chainId: input.u32(), genesisTimeMs: input.u64(), slotMs: input.u64(), exclusionUnitMs: input.u64() }
}

/** Canonical bytes of a state: equal states, equal bytes. */
export function encodeState(state: DposState): Bytes {
  const out = writer().u8(VERSION)
  const { params } = state
  out.u32(params.chainId).u64(params.genesisTimeMs).u64(params.slotMs).u64(params.exclusionUnitMs)
  putHex(out.u64(state.height).u64(state.slot), state.hash)
  putTerm(out, state.term)
  putRound(out, state.round)
  putOptional(out, state.last, (last) => putRound(out.u64(last.countedTo), last))
  for (const { address } of state.term.producers) putRecord(out, state.records.get(address) as ProducerRecord)
  putAddresses(out, state.evicted)
  putOptional(out, state.pending, (pending) => {
    putProducers(out, pending.producers)
    putAddresses(out, pending.evicted)
  })
  putList(out, state.retired, (one) => putHex(putHex(putHex(out, one.address), one.commitment), one.anchor))
  putVotes(out, state.votes)
  return out.finish()
}

function takeState(input: Reader): DposState {
  if (input.u8() !== VERSION) refuse('unknown version of the stored state')
  const params = takeParams(input)
  const height = input.u64()
  const slot = input.u64()
  const hash = takeHash(input)
  const term = takeTerm(input)
  const round = takeRound(input)
  const last = takeOptional(input, (): ClosedRound => {
    const countedTo = input.u64()
    return { ...takeRound(input), countedTo }
  })
  const records = new Map(term.producers.map((entry) => [entry.address, takeRecord(input)]))
  if (records.size !== term.producers.length || records.size === 0) refuse('a term lists different producers')
  const evicted = takeAddresses(input)
  const pending = takeOptional(
    input,
    (): PendingTerm => ({ producers: takeProducers(input), evicted: takeAddresses(input) }),
  )
  const retired = takeList(
    input,
    MAX_RETIRED,
    (): RetiredProducer => ({
      address: takeAddress(input),
      commitment: takeHash(input),
      anchor: takeHash(input),
    }),
  )
  const votes = takeVotes(input)
  input.end()
  return { params, height, slot, hash, term, round, last, records, evicted, pending, retired, votes }
}

/** Throws `dpos.malformedState`. */
export function decodeState(bytes: Bytes): DposState {
  try {
    return takeState(reader(bytes))
  } catch (cause) {
    throw dposError('malformedState', { length: bytes.length }, cause)
  }
}
