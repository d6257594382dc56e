import { describe, expect, it } from 'vitest'
import { type ExecutionSummary, type Header, type SignedHeader, signHeader } from '#kernel'
import { type Address, asHash, bytesToHex, privateKeyToAddress, sha256, utf8ToBytes, ZERO_HASH } from '#primitives'
import { type DposHeaderData, decodeHeaderData, encodeHeaderData } from './codec.ts'
import { dpos } from './engine.ts'
import type { DPOS_ERRORS } from './errors.ts'
import { checkEvidence, headersContradict, isDoubleMining } from './evidence.ts'
import { thresholdOf } from './params.ts'
import { nextSlotOf, scheduleAt } from './schedule.ts'
import type { DposState } from './state.ts'
import { decodeState, encodeState } from './stateCodec.ts'
import {
  castOf,
  createMember,
  createMembers,
  endOfRound,
  entriesOf,
  extend,
  makeHeader,
  runToRound,
  startState,
  step,
  testGenesis,
} from './testing/chain.ts'
import { checkExecution } from './validate.ts'
import { lastRoundView, producerViews, roundView } from './views.ts'

const members = createMembers(5)

function running(rounds = 4n) {
  const cast = castOf(members)
  const state = runToRound(startState(members), cast, rounds)
  return { cast, state }
}

/** A state whose next slot is a regular one of a producer with blocks behind it. */
function atRegularSlot() {
  const { cast, state } = running()
  return { cast, state, slot: state.slot + 1n }
}

function altered(header: SignedHeader, change: Partial<DposHeaderData>): SignedHeader {
  return { ...header, consensus: encodeHeaderData({ ...decodeHeaderData(header.consensus), ...change }) }
}

function codeOf(state: DposState, header: SignedHeader, nowSlot?: bigint): string | undefined {
  return dpos.validate(state, header, { trustSignature: true, ...(nowSlot === undefined ? {} : { nowSlot }) })?.code
}

describe('refusals [DPOS-DATA-1] [DPOS-SLOT-3] [DPOS-VOTE-1] [DPOS-REVEAL-1]', () => {
  const { cast, state, slot } = atRegularSlot()
  const good = makeHeader(state, cast, slot)
  const other = state.round.order.length > 0 ? scheduleAt(state, slot + 1n) : undefined
  const evictee = members[0]?.address as Address
  const cases: readonly [keyof typeof DPOS_ERRORS, SignedHeader, bigint?][] = [
    ['malformed', { ...good, consensus: new Uint8Array(3) }],
    ['malformed', { ...good, consensus: Uint8Array.from([...good.consensus, 0]) }],
    ['wrongChain', { ...good, chainId: 8 }],
    ['wrongHeight', { ...good, height: good.height + 1n }],
    ['wrongParent', { ...good, parentHash: ZERO_HASH }],
    ['slotNotLater', { ...good, slot: state.slot }],
    ['futureSlot', good, slot - 1n],
    ['wrongRound', altered(good, { round: 99n })],
    ['wrongTerm', altered(good, { term: 2 })],
    ['wrongSlot', { ...good, producer: other?.producer as Address }],
    ['notInRotation', { ...good, producer: createMember('stranger', 1).address }],
    ['missingReveal', altered(good, { reveal: ZERO_HASH })],
    ['wrongReveal', altered(good, { reveal: asHash(`0x${'11'.repeat(32)}`) })],
    ['prevotedOverstated', altered(good, { prevotedHeight: state.votes.prevoted + 1n })],
    ['prevotedUnderstated', altered(good, { prevotedHeight: state.votes.prevoted - 1n })],
    ['contradictingHeader', altered(good, { generatedHeight: 0n })],
    ['invalidEviction', altered(good, { evicted: [evictee, evictee] })],
    ['invalidEviction', altered(good, { evicted: [createMember('stranger', 1).address] })],
  ]
  it.each(cases)('%s', (name, header, nowSlot) => {
    expect(codeOf(state, header, nowSlot)).toBe(`dpos.${name}`)
  })

  it('accepts the unaltered header, at its own slot of the clock', () => {
    expect(codeOf(state, good, slot)).toBeUndefined()
  })

  it('[DPOS-REVEAL-2] unexpectedReveal: an extra block reveals nothing', () => {
    const extraSlot = endOfRound(state) + BigInt(state.round.order.length)
    const header = makeHeader(state, castOf(members), extraSlot)
    expect(scheduleAt(state, extraSlot)?.isExtra).toBe(true)
    expect(codeOf(state, altered(header, { reveal: asHash(`0x${'11'.repeat(32)}`) }))).toBe('dpos.unexpectedReveal')
  })

  it('wrongSigner, unless somebody else recovered the right one', () => {
    expect(dpos.validate(state, good)?.code).toBe('dpos.wrongSigner')
    expect(dpos.validate(state, good, { signer: good.producer })).toBeUndefined()
    expect(dpos.validate(state, good, { signer: createMember('x', 1).address })?.code).toBe('dpos.wrongSigner')
  })
})

describe('a signed header', () => {
  const key = sha256(utf8ToBytes('a delegate of this test'))
  const member = { ...createMember('signer', 50), address: privateKeyToAddress(key) }
  const unsigned = (state: DposState, slot: bigint, change: Partial<Header> = {}): Header => {
    const { signature: _, hash: __, ...header } = makeHeader(state, castOf([member]), slot)
    return { ...header, ...change }
  }

  it('is accepted by its signature and refused when a field was changed after signing', () => {
    const state = startState([member])
    const header = signHeader(unsigned(state, 1n), key)
    expect(dpos.validate(state, header)).toBeUndefined()
    expect(dpos.validate(state, { ...header, stateRoot: asHash(`0x${'22'.repeat(32)}`) })?.code).toBe(
      'dpos.wrongSigner',
    )
  })

  it('[DPOS-EVID-1] proves double mining together with another for the same slot, and nothing otherwise', () => {
    const state = startState([member])
    const a = signHeader(unsigned(state, 1n), key)
    const b = signHeader(unsigned(state, 1n, { stateRoot: asHash(`0x${'22'.repeat(32)}`) }), key)
    const later = signHeader(unsigned(state, 3n), key)
    expect(isDoubleMining(a, b)).toBe(true)
    expect(checkEvidence(a, b)).toEqual({ producer: member.address, kind: 'doubleMining' })
    expect(checkEvidence(a, a)).toBeUndefined()
    expect(checkEvidence(a, { ...b, signature: bytesToHex(new Uint8Array(65)) })).toBeUndefined()
    // Both say their producer never made a block before.
    expect(headersContradict(a, later)).toBe(true)
    expect(checkEvidence(a, later)).toEqual({ producer: member.address, kind: 'contradiction' })
  })
})

describe('missed slots', () => {
  const silentOne = members[2]?.address as Address
  const hours = (n: number): bigint => BigInt(n * 900)

  it('[DPOS-EXCL-1] [DPOS-EXCL-2] two in a row exclude for 2^n hours, n-th time in the term; one does nothing', () => {
    const cast = castOf(members)
    let state = runToRound(startState(members), cast, 3n, (address) => address === silentOne)
    // The head is in round 2 or 3, so round 2 is not closed before the next block.
    state = step(state, cast, endOfRound(state), () => false)
    let record = state.records.get(silentOne)
    expect(record).toMatchObject({ failures: 1, streak: 0 })
    const first = record?.excludedUntil as bigint
    expect(first - state.round.startSlot).toBe(hours(2))
    expect(state.round.order).not.toContain(silentOne)
    expect(state.round.order).toHaveLength(4)
    expect(producerViews(state).find((view) => view.address === silentOne)).toMatchObject({
      inRotation: false,
      failures: 1,
    })
    expect(roundView(state).excluded).toMatchObject([{ address: silentOne, failures: 1, evicted: false }])

    state = step(state, cast, first - 30n)
    while (!state.round.order.includes(silentOne)) state = step(state, cast, state.slot + 1n)
    expect(state.round.startSlot).toBeGreaterThanOrEqual(first)
    expect(state.round.startSlot).toBeLessThan(first + 6n)
    const back = state.round.number
    state = runToRound(state, cast, back + 2n, (address) => address === silentOne)
    state = step(state, cast, endOfRound(state))
    record = state.records.get(silentOne)
    expect(record?.failures).toBe(2)
    expect((record?.excludedUntil as bigint) - state.round.startSlot).toBe(hours(4))
  })

  it('a single miss between produced slots is forgotten', () => {
    const cast = castOf(members)
    let state = runToRound(startState(members), cast, 2n, (address) => address === silentOne)
    state = runToRound(state, cast, 6n)
    expect(state.records.get(silentOne)).toMatchObject({ failures: 0, streak: 0, excludedUntil: 0n })
    expect(lastRoundView(state)?.slots.every((slot) => slot.state === 'produced')).toBe(true)
  })

  it('[DPOS-EXCL-3] exclusions stop at two thirds plus one', () => {
    const cast = castOf(members)
    const present = new Set(members.slice(0, 2).map((member) => member.address))
    const state = runToRound(startState(members), cast, 30n, (address) => !present.has(address))
    expect(state.round.order.length).toBe(thresholdOf(5))
    expect(producerViews(state).filter((view) => view.excludedUntilSlot !== undefined)).toHaveLength(1)
  })

  it('[DPOS-EXCL-3] who falls silent while too few are left makes room for who was excluded before', () => {
    const cast = castOf(members)
    const silentNext = members[3]?.address as Address
    let state = runToRound(startState(members), cast, 3n, (address) => address === silentOne)
    while (state.round.order.includes(silentOne)) state = step(state, cast, state.slot + 1n)
    const until = state.records.get(silentOne)?.excludedUntil as bigint
    state = runToRound(state, cast, state.round.number + 3n, (address) => address === silentNext)
    expect(state.round.startSlot).toBeLessThan(until)
    expect(state.round.order).toContain(silentOne)
    expect(state.round.order).not.toContain(silentNext)
    expect(state.round.order).toHaveLength(thresholdOf(5))
    expect(state.records.get(silentNext)).toMatchObject({ failures: 1, streak: 0 })
    expect(state.records.get(silentOne)).toMatchObject({ failures: 1 })
  })
})

describe('halts', () => {
  it('[DPOS-HALT-1] a silence of any length costs one step and punishes nobody', () => {
    const cast = castOf(members)
    const before = runToRound(startState(members), cast, 4n)
    let state = step(before, cast, before.slot + 1n)
    state = step(state, cast, state.slot + 10_000_000_003n)
    expect(state.round.number).toBe(before.round.number + 2n)
    expect(roundView(state).slots.every((slot) => slot.state !== 'missed')).toBe(true)
    expect(lastRoundView(state)?.slots.some((slot) => slot.state === 'skipped')).toBe(true)
    state = runToRound(state, cast, state.round.number + 3n)
    expect([...state.records.values()].every((record) => record.failures === 0 && record.streak === 0)).toBe(true)
  })

  it('[DPOS-HALT-2] repeated halts in the middle of rounds exclude nobody', () => {
    const cast = castOf(members)
    let state = runToRound(startState(members), cast, 2n)
    for (let halt = 0; halt < 40; halt++) {
      for (let slot = 0; slot < 2; slot++) state = step(state, cast, state.slot + 1n)
      state = step(state, cast, state.slot + 7n + BigInt(halt))
    }
    expect([...state.records.values()].every((record) => record.failures === 0)).toBe(true)
  })

  it('[DPOS-SLOT-2] the same slot lies in the same round for whoever asks, and belongs to one producer', () => {
    const { state } = running()
    const slots = Array.from({ length: 40 }, (_, index) => state.slot + 1n + BigInt(index))
    for (const slot of slots) {
      const scheduled = scheduleAt(state, slot)
      const mine = nextSlotOf(state, scheduled?.producer as Address, slot)
      expect(mine).toBe(slot)
    }
    expect(scheduleAt(state, state.round.startSlot - 1n)).toBeUndefined()
  })
})

describe('terms', () => {
  const growing = createMembers(21, 900)

  it('[DPOS-TERM-1] [DPOS-TERM-3] [DPOS-VOTE-4] years grow 17, 19, 21 and the list changes with the next round only', () => {
    const cast = castOf(growing)
    let state = startState(growing.slice(0, 17))
    for (const size of [19, 21]) {
      state = runToRound(state, cast, state.round.number + 3n)
      const termResult = entriesOf(growing.slice(21 - size))
      const summary: ExecutionSummary = { termResult, evicted: [] }
      const header = makeHeader(state, cast, state.slot + 1n, summary)
      expect(checkExecution(state, header, summary)).toBeUndefined()
      expect(checkExecution(state, header, { evicted: [] })?.code).toBe('dpos.termListMismatch')
      expect(() => dpos.apply(state, header)).toThrowError(expect.objectContaining({ code: 'dpos.termListMissing' }))
      expect(() => dpos.apply(state, header, { producers: termResult.slice(1) })).toThrowError(
        expect.objectContaining({ code: 'dpos.termListMismatch' }),
      )
      const old = state.term
      state = extend(state, header, summary)
      while (state.slot + 1n < endOfRound(state)) {
        expect(state.term).toBe(old)
        state = step(state, cast, state.slot + 1n)
      }
      state = step(state, cast, state.slot + 1n)
      expect(state.term).toMatchObject({ number: old.number + 1, startSlot: state.slot, startHeight: state.height })
      expect(state.round.order).toHaveLength(size)
      expect([...state.round.order].sort()).toEqual(termResult.map((entry) => entry.address).sort())
    }
    const finalized = state.votes.finalized
    state = runToRound(state, cast, state.round.number + 4n)
    expect(state.votes.finalized).toBeGreaterThan(state.term.startHeight)
    expect(finalized).toBeLessThan(state.votes.finalized)
    expect(decodeState(encodeState(state))).toEqual(state)
  })

  it('[DPOS-REVEAL-3] a kept commitment continues its chain, also after a term away; a new one starts', () => {
    const cast = castOf(members)
    const change = (state: DposState, list: readonly (typeof members)[number][]): DposState => {
      const summary: ExecutionSummary = { termResult: entriesOf(list), evicted: [] }
      const next = extend(state, makeHeader(state, cast, state.slot + 1n, summary), summary)
      return runToRound(next, cast, next.round.number + 2n)
    }
    let state = runToRound(startState(members), cast, 4n)
    const away = members[0]?.address as Address
    state = change(state, members.slice(1))
    expect(state.records.has(away)).toBe(false)
    const anchor = state.retired.find((one) => one.address === away)?.anchor
    expect(anchor).not.toBe(members[0]?.commitment)
    state = change(state, members)
    expect(state.records.get(away)?.anchor).not.toBe(members[0]?.commitment)
    expect(state.term.number).toBe(3)
    const renewed = createMember('renewed', 9)
    const list = entriesOf(members).map((entry) =>
      entry.address === away ? { ...entry, commitment: renewed.commitment } : entry,
    )
    const summary: ExecutionSummary = { termResult: list, evicted: [] }
    state = extend(state, makeHeader(state, cast, state.slot + 1n, summary), summary)
    state = dpos.apply(
      state,
      makeHeader(
        state,
        { ...cast, members: new Map([...cast.members, [away, { ...renewed, address: away }]]) },
        endOfRound(state),
      ),
    )
    const now = state.records.get(away)
    expect(now?.commitment).toBe(renewed.commitment)
    expect([renewed.commitment, renewed.chain.preimageOf(renewed.commitment)]).toContain(now?.anchor)
  })

  it('[DPOS-TERM-4] a later result replaces one that has not taken effect', () => {
    const cast = castOf(members)
    let state = runToRound(startState(members), cast, 4n)
    while (state.slot + 3n >= endOfRound(state)) state = step(state, cast, state.slot + 1n)
    for (const list of [members.slice(0, 3), members.slice(1)]) {
      const summary: ExecutionSummary = { termResult: entriesOf(list), evicted: [] }
      state = extend(state, makeHeader(state, cast, state.slot + 1n, summary), summary)
    }
    state = step(state, cast, endOfRound(state))
    expect(state.term.number).toBe(2)
    expect(state.term.producers).toEqual(entriesOf(members.slice(1)))
  })

  it('refuses lists that are empty, too long or repeat an address', () => {
    const { genesis, hash } = testGenesis(members)
    const first = genesis.producers[0]
    for (const producers of [[], first === undefined ? [] : [first, first]]) {
      expect(() => dpos.init({ ...genesis, producers }, hash)).toThrowError(
        expect.objectContaining({ code: 'dpos.invalidTermList' }),
      )
    }
  })
})

describe('eviction', () => {
  it('[DPOS-EVICT-1] takes the producer out of the rotation with the next round, for the rest of the term', () => {
    const { cast, state: before } = running()
    const evicted = [members[1]?.address as Address]
    const summary: ExecutionSummary = { evicted: [...evicted, createMember('no producer', 1).address] }
    const header = makeHeader(before, cast, before.slot + 1n, summary)
    expect(decodeHeaderData(header.consensus).evicted).toEqual(evicted)
    expect(checkExecution(before, header, summary)).toBeUndefined()
    expect(checkExecution(before, header, { evicted: [] })?.code).toBe('dpos.evictionMismatch')
    let state = extend(before, header)
    expect(state.evicted).toEqual(evicted)
    state = runToRound(state, cast, state.round.number + 4n)
    expect(state.round.order).toHaveLength(4)
    expect(state.round.order).not.toContain(evicted[0])
    expect(state.round.extra).not.toBe(evicted[0])
    expect(state.votes.sets.at(-1)?.threshold).toBe(thresholdOf(5))
    expect(state.votes.finalized).toBeGreaterThan(before.height)
    expect(codeOf(state, altered(makeHeader(state, cast, state.slot + 1n), { evicted }))).toBe('dpos.invalidEviction')
  })

  it('[DPOS-EVICT-2] leaves somebody to produce when everybody is evicted', () => {
    const { cast, state: before } = running()
    const summary: ExecutionSummary = { evicted: members.map((member) => member.address) }
    let state = extend(before, makeHeader(before, cast, before.slot + 1n, summary))
    state = runToRound(state, cast, state.round.number + 3n)
    expect(state.round.order).toHaveLength(5)
  })
})

describe('eviction while others are excluded', () => {
  it('[DPOS-EVICT-2] lets the excluded back in when too few are left', () => {
    const cast = castOf(members)
    const absent = members[4]?.address as Address
    let state = runToRound(startState(members), cast, 4n, (address) => address === absent)
    expect(state.round.order).not.toContain(absent)
    const summary: ExecutionSummary = { evicted: [members[0]?.address as Address] }
    state = extend(state, makeHeader(state, cast, state.slot + 1n, summary))
    state = step(state, cast, endOfRound(state))
    expect(state.round.order).toHaveLength(4)
    expect(state.round.order).toContain(absent)
    expect(state.round.order).not.toContain(members[0]?.address)
  })
})

describe('views', () => {
  it('[DPOS-SLOT-1] show slot times from genesis on, and what every slot came to', () => {
    const { state } = running()
    const view = roundView(state)
    for (const slot of view.slots) expect(slot.timeMs).toBe(1_700_000_000_000n + slot.slot * 4000n)
    expect(startState(members).round.startSlot).toBe(1n)
    expect(view.slots).toHaveLength(6)
    expect(view.slots.at(-1)).toMatchObject({ isExtra: true, state: 'produced' })
  })

  it('tell produced, missed, current and upcoming apart', () => {
    const cast = castOf(members)
    const absent = startState(members).round.order[1] as Address
    let state = startState(members)
    for (let slot = 1n; slot <= 3n; slot++) state = step(state, cast, slot, (address) => address === absent)
    expect(roundView(state, 4n).slots.map((slot) => slot.state)).toEqual([
      'produced',
      'missed',
      'produced',
      'current',
      'upcoming',
      'upcoming',
    ])
  })
})

describe('choose', () => {
  it('[DPOS-CHOOSE-1] prefers prevotes, then length, then the earlier slot, then the lower hash', () => {
    const { cast, state } = running()
    const header = makeHeader(state, cast, state.slot + 1n)
    const head = (change: Partial<SignedHeader>, prevoted = 5n) => ({
      header: { ...header, height: 10n, slot: 20n, ...change },
      state: { ...state, votes: { ...state.votes, prevoted } },
    })
    const base = head({})
    expect(dpos.choose(head({ height: 9n }, 6n), base)).toBeLessThan(0)
    expect(dpos.choose(base, head({ height: 11n }))).toBeGreaterThan(0)
    expect(dpos.choose(base, head({ slot: 21n }))).toBeLessThan(0)
    expect(dpos.choose(base, head({ hash: asHash(`0x${'ff'.repeat(32)}`) }))).toBeLessThan(0)
    expect(dpos.choose(base, base)).toBe(0)
  })
})

describe('stored state', () => {
  it('refuses other bytes with a code', () => {
    const bytes = encodeState(running().state)
    expect(decodeState(bytes)).toEqual(decodeState(encodeState(decodeState(bytes))))
    for (const broken of [bytes.slice(1), bytes.slice(0, -1), Uint8Array.from([...bytes, 0]), new Uint8Array(0)]) {
      expect(() => decodeState(broken)).toThrowError(expect.objectContaining({ code: 'dpos.malformedState' }))
    }
  })
})
