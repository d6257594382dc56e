import { describe, expect, it } from 'vitest'
import { type Address, type Bytes, createPrng, type Hash } from '#primitives'
import { dpos } from './engine.ts'
import { arrange, outValueOf, residueOf, signatureOf, sumOf } from './order.ts'
import { scheduleAt } from './schedule.ts'
import type { DposState } from './state.ts'
import { castOf, createMembers, extend, makeHeader, runToRound, startState, step } from './testing/chain.ts'

/** Sum of (observed − expected)² ÷ expected over equally likely classes. */
function chiSquare(counts: readonly number[]): number {
  const expected = counts.reduce((sum, count) => sum + count, 0) / counts.length
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)
}

describe('fairness over 20,000 rounds of five producers', () => {
  it('first place, every place, extra slot and its relation to the first are uniform', () => {
    const members = createMembers(5, 20_200, 'fair')
    const cast = castOf(members)
    const indexOf = new Map<Address, number>(members.map((member, index) => [member.address, index]))
    const first = [0, 0, 0, 0, 0]
    const extra = [0, 0, 0, 0, 0]
    const middle = [0, 0, 0, 0, 0]
    let state = startState(members, 'fair')
    for (let slot = 1n; slot <= 120_000n; slot++) {
      state = step(state, cast, slot)
      if (slot !== state.round.startSlot) continue
      const bump = (counts: number[], address: Address | undefined): void => {
        const index = indexOf.get(address as Address) as number
        counts[index] = (counts[index] ?? 0) + 1
      }
      bump(first, state.round.order[0])
      bump(middle, state.round.order[2])
      bump(extra, state.round.extra)
    }
    expect(first.reduce((sum, count) => sum + count, 0)).toBe(20_000)
    // 4 degrees of freedom: 23.5 is passed by chance once in ten thousand runs, and the seed is fixed.
    expect(chiSquare(first)).toBeLessThan(23.5)
    expect(chiSquare(middle)).toBeLessThan(23.5)
    expect(chiSquare(extra)).toBeLessThan(23.5)
  }, 60_000)
})

const N = 17

interface Play {
  readonly first: number
  readonly rounds: number
  readonly withheld: number
}

/** The lottery without headers: producer 0 decides, when it knows every other signature, whether to stay silent. */
function playWithholding(rounds: number, greedy: boolean): Play {
  const random = createPrng('withholding')
  const fresh = (): Hash =>
    `0x${[...(random.bytes(32) as Bytes)].map((byte) => byte.toString(16).padStart(2, '0')).join('')}` as Hash
  let order = Array.from({ length: N }, (_, index) => index)
  const values = order.map(() => fresh())
  let sum = 1n
  let first = 0
  let withheld = 0
  let before = false
  for (let round = 0; round < rounds; round++) {
    const shown = values.map(() => fresh())
    const signaturesWith = (mine: Hash) => order.map((who) => signatureOf(who === 0 ? mine : (shown[who] as Hash), sum))
    const orderWith = (mine: Hash) =>
      arrange(
        order,
        signaturesWith(mine).map((signature) => residueOf(signature, N)),
      )
    const last = order[N - 1] === 0
    const mine = shown[0] as Hash
    const old = values[0] as Hash
    const silent: boolean = greedy && last && !before && orderWith(mine)[0] !== 0 && orderWith(old)[0] === 0
    before = silent
    if (silent) withheld++
    const used = silent ? old : mine
    const signatures = signaturesWith(used)
    const extra = order[residueOf(signatures[0] as bigint, N)] as number
    sum = sumOf([...signatures, signatures[extra] as bigint])
    order = [...orderWith(used)]
    for (let who = 0; who < N; who++) values[who] = who === 0 && silent ? old : (shown[who] as Hash)
    if (order[0] === 0) first++
  }
  return { first, rounds, withheld }
}

describe('a producer that wants first places', () => {
  it('gains at most 2 % of them by withholding its reveal', () => {
    const honest = playWithholding(6000, false)
    const greedy = playWithholding(6000, true)
    expect(honest.first / honest.rounds).toBeGreaterThan(0.04)
    expect(honest.first / honest.rounds).toBeLessThan(0.08)
    expect(greedy.first / greedy.rounds - honest.first / honest.rounds).toBeLessThan(0.02)
  }, 30_000)

  it('cannot grind: of 300 in-values it may try, one is accepted, and it is known before the round', () => {
    const members = createMembers(5)
    const cast = castOf(members)
    let state: DposState = runToRound(startState(members), cast, 4n)
    const slot = state.slot + 1n
    const owner = scheduleAt(state, slot)?.producer as Address
    const member = cast.members.get(owner)
    const anchor = state.records.get(owner)?.anchor as Hash
    const only = member?.chain.preimageOf(anchor) as Hash
    expect(outValueOf(only)).toBe(anchor)
    const random = createPrng('grind')
    let accepted = 0
    for (let attempt = 0; attempt < 300; attempt++) {
      const guess = attempt === 0 ? only : (`0x${random.u64().toString(16).padStart(64, '0')}` as Hash)
      const proposed = dpos.propose(state, {
        slot,
        producer: owner,
        preimageOf: () => guess,
        generatedHeight: cast.generated.get(owner) ?? 0n,
      })
      const header = { ...makeHeader(state, castOf(members), slot), consensus: proposed?.consensus ?? new Uint8Array() }
      const refusal = dpos.validate(state, header, { trustSignature: true })
      if (refusal === undefined) accepted++
      else expect(refusal.code).toBe('dpos.wrongReveal')
    }
    expect(accepted).toBe(1)
    state = extend(state, makeHeader(state, cast, slot))
    expect(state.records.get(owner)?.anchor).toBe(only)
  })
})
