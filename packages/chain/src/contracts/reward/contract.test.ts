import { describe, expect, test } from 'vitest'
import { createContext, createJournal, UNLIMITED } from '#contracts/runtime'
import { systemAddress, TREASURY_ADDRESS } from '#kernel'
import { type Address, ZERO_HASH } from '#primitives'
import { createSandbox, type Sandbox, sandboxAccount, sandboxCommitment } from '../../testing/sandbox/index.ts'
import { reward, rewardProvider } from './index.ts'

const ELF = 100_000_000n
const DAY = 86_400_000n
const DAY_SLOTS = DAY / 4_000n
const REWARDS = systemAddress(4)
const SCALE = 10n ** 18n

const [d0, d1, d2] = [sandboxAccount(0), sandboxAccount(1), sandboxAccount(2)]
const [alice, bob] = [sandboxAccount(100), sandboxAccount(101)]
const stranger = sandboxAccount(200)
const BPS: ReadonlyMap<Address, number> = new Map([
  [d0, 1_000],
  [d1, 0],
])

type Args = Record<string, string | number | bigint>

const entry = (address: Address, n: number) => ({ address, commitment: sandboxCommitment(n) })

/** d0 and d1 are candidates, all three are the first producers; one seat, so that d2 only fills up at the start. */
const start = (params: Record<string, bigint> = {}): Sandbox =>
  createSandbox({
    balances: [d0, d1, d2, alice, bob].map((account) => ({ account, amount: 500_000n * ELF })),
    producers: [entry(d0, 0), entry(d1, 1), entry(d2, 2)],
    candidates: [d0, d1].map((address, n) => ({
      ...entry(address, n),
      name: `Delegate ${n}`,
      url: '',
      commissionBps: BPS.get(address) ?? 0,
    })),
    params: { 'election.firstN': 1n, 'reward.blockReward': 5n * ELF, ...params },
  })

const call = (box: Sandbox, from: Address, name: string, args: Args = {}): string => {
  const [contract = '', method = ''] = name.split('.')
  const { error } = box.send({ from, contract, method, args })
  expect(box.violations()).toEqual([])
  if (error === undefined) return 'ok'
  return error.contract === 4
    ? (reward.errors.find(({ number }) => number === error.error)?.name ?? 'unknown')
    : `contract ${error.contract}: ${error.error}`
}

const vote = (box: Sandbox, from: Address, delegate: Address, { amount = 990n * ELF, lockDays = 90 } = {}): string =>
  box.send({ from, contract: 'election', method: 'vote', args: { delegate, amount, lockDays } }).transactionId

const elf = (box: Sandbox, account: Address): bigint =>
  box.view('token', 'balanceOf', { account, symbol: 'ELF' }) as bigint
const supply = (box: Sandbox): bigint =>
  (box.view('token', 'tokenInfo', { symbol: 'ELF' }) as unknown as { supply: bigint }).supply
const claimable = (box: Sandbox, lockId: string): bigint | undefined =>
  (box.view('reward', 'claimable', { lockId }) as unknown as { amount: bigint } | null)?.amount
const commission = (box: Sandbox, delegate: Address): bigint =>
  box.view('reward', 'claimableCommission', { delegate }) as bigint

interface TermIncome {
  term: number
  blocks: number
  fees: bigint
  minted: bigint
  income: bigint
  shared: bigint
}
const incomes = (box: Sandbox, before = 0, limit = 10): TermIncome[] =>
  box.view('reward', 'termIncomes', { before, limit }) as unknown as TermIncome[]
interface Point {
  number: number
  term: number
  blocks: number
  income: bigint
  commission: bigint
  weight: bigint
  perWeight: bigint
}
const points = (box: Sandbox, delegate: Address, before = 0, limit = 10): Point[] =>
  box.view('reward', 'delegateIncomes', { delegate, before, limit }) as unknown as Point[]
interface RunningTerm {
  term: number
  endsAt: bigint
  blockReward: bigint
  made: { producer: Address; blocks: bigint }[]
  fees: bigint
}
const running = (box: Sandbox): RunningTerm => box.view('reward', 'runningTerm') as unknown as RunningTerm

/** Blocks by each, then the last block of the term by the last one. */
function finishTerm(box: Sandbox, by: readonly Address[] = [d0]): void {
  for (const producer of by.slice(0, -1)) {
    box.produce(producer)
    box.block([])
  }
  box.produce(by[by.length - 1] ?? d0)
  const left = running(box).endsAt - box.timeMs() - 4_000n
  box.advance(left > 0n ? left : 0n)
  box.block([])
  expect(box.violations()).toEqual([])
}

describe('income', () => {
  test('is fees, new ELF for each block, and what nobody is owed [REWARD-INCOME-1] [REWARD-BLOCK-1]', () => {
    const box = start()
    const before = supply(box)
    call(box, alice, 'token.transfer', { to: REWARDS, symbol: 'ELF', amount: 7n })
    box.produce(d1)
    box.block([])
    const fees = elf(box, TREASURY_ADDRESS)
    expect(running(box)).toMatchObject({
      term: 1,
      fees,
      made: [
        { producer: d0, blocks: 1n },
        { producer: d1, blocks: 1n },
      ],
    })
    finishTerm(box, [d1])
    expect(elf(box, TREASURY_ADDRESS)).toBe(0n)
    expect(supply(box) - before).toBe(15n * ELF)
    expect(incomes(box)).toMatchObject([{ term: 1, blocks: 3, fees, minted: 15n * ELF, income: fees + 15n * ELF + 7n }])
    expect(running(box)).toMatchObject({ term: 2, made: [] })
    // Without a vote only d0's commission was given away; all the rest is there again.
    const [{ income, shared } = { income: 0n, shared: 0n }] = incomes(box)
    finishTerm(box, [d0])
    expect(incomes(box)[0]).toMatchObject({ term: 2, blocks: 1, fees: 0n, income: income - shared + 5n * ELF })
  })

  test('a block’s reward is halved again and again, for whole terms [REWARD-HALVING-1]', () => {
    const box = start({ 'reward.blockReward': 7n, 'reward.halvingSeconds': 10n * 86_400n })
    const rewards: bigint[] = []
    for (let term = 0; term < 6; term++) {
      rewards.push(running(box).blockReward)
      finishTerm(box)
    }
    expect(rewards).toEqual([7n, 7n, 3n, 1n, 1n, 0n])
    const never = start({ 'reward.halvingSeconds': 0n })
    finishTerm(never)
    expect(running(never).blockReward).toBe(5n * ELF)
  })
})

describe('sharing', () => {
  test('goes by blocks, then commission, then weight, always rounded down [REWARD-SPLIT-1]', () => {
    const box = start()
    const a = vote(box, alice, d0, { amount: 990n * ELF })
    const b = vote(box, bob, d0, { amount: 990n * ELF, lockDays: 1080 })
    finishTerm(box)
    expect(points(box, d0)[0]).toMatchObject({ term: 1, weight: 0n, commission: incomes(box)[0]!.income / 10n })
    const first = commission(box, d0)
    finishTerm(box, [d0, d1, d0])
    const [{ income, shared } = { income: 0n, shared: 0n }] = incomes(box)
    const part = (income * 2n) / 3n
    const [point] = points(box, d0)
    expect(point).toMatchObject({ number: 2, term: 2, blocks: 2, income: part, commission: part / 10n })
    expect(point?.weight).toBe(5n * 990n * ELF)
    expect(commission(box, d0) - first).toBe(part / 10n)
    const rest = part - part / 10n
    expect(point?.perWeight).toBe((rest * SCALE) / (5n * 990n * ELF))
    expect(claimable(box, a)).toBe((990n * ELF * (point?.perWeight ?? 0n)) / SCALE)
    expect(claimable(box, b)).toBe((4n * 990n * ELF * (point?.perWeight ?? 0n)) / SCALE)
    expect(rest - (claimable(box, a) ?? 0n) - (claimable(box, b) ?? 0n)).toBeLessThan(3n)
    // d1 has no votes and no commission: its third stays.
    expect(shared).toBe(part)
    expect(commission(box, d1)).toBe(0n)
  })

  test('a commission raised within a term is for the next one [REWARD-POLICY-1] [ELECTION-TERM-3]', () => {
    const box = start()
    vote(box, alice, d0)
    finishTerm(box)
    expect(call(box, d0, 'election.updateProfile', { name: 'Greedy', url: '', commissionBps: 10_000 })).toBe('ok')
    expect(box.view('reward', 'policy', { delegate: d0 })).toMatchObject({ term: 2, commissionBps: 1_000 })
    finishTerm(box)
    expect(points(box, d0)[0]?.commission).toBe((points(box, d0)[0]?.income ?? 0n) / 10n)
    finishTerm(box)
    expect(points(box, d0)[0]?.commission).toBe(points(box, d0)[0]?.income)
  })

  test('who never registered keeps its part, who may not produce brings nobody anything [REWARD-POLICY-1]', () => {
    const box = start()
    finishTerm(box, [d2, stranger])
    expect(commission(box, d2)).toBe(points(box, d2)[0]?.income)
    expect(commission(box, d2)).toBeGreaterThan(0n)
    expect(points(box, stranger)).toEqual([])
    expect(box.view('reward', 'policy', { delegate: stranger })).toBeNull()
  })

  test('takes whoever voted before the term began, and nobody who came later [REWARD-SHARE-1]', () => {
    const box = start()
    const early = vote(box, alice, d0)
    finishTerm(box)
    expect(claimable(box, early)).toBe(0n)
    const late = vote(box, bob, d0, { amount: 400_000n * ELF, lockDays: 1080 })
    finishTerm(box)
    expect(claimable(box, late)).toBe(0n)
    expect(claimable(box, early)).toBeGreaterThan(8n * ELF)
    finishTerm(box)
    expect(claimable(box, late)).toBeGreaterThan(0n)
  })

  test('a lock earns nothing for the term it ends in, nor later [REWARD-SHARE-1]', () => {
    const box = start()
    const ending = vote(box, alice, d0)
    const staying = vote(box, bob, d0, { lockDays: 1080 })
    // 90 days hold twelve whole weeks; the thirteenth has the end in it.
    for (let term = 0; term < 12; term++) finishTerm(box)
    const earned = claimable(box, ending)
    expect(earned).toBeGreaterThan(0n)
    expect(box.view('reward', 'policy', { delegate: d0 })).toMatchObject({ weight: 4n * 990n * ELF })
    const other = claimable(box, staying) ?? 0n
    for (let term = 0; term < 3; term++) finishTerm(box)
    expect(claimable(box, ending)).toBe(earned)
    expect(claimable(box, staying)).toBeGreaterThan(other)
    const before = elf(box, alice)
    expect(call(box, alice, 'election.withdraw', { lockId: ending })).toBe('ok')
    const fee = elf(box, TREASURY_ADDRESS)
    expect(elf(box, alice)).toBe(before - fee + 990n * ELF + (earned ?? 0n))
    expect(claimable(box, ending)).toBeUndefined()
  })
})

describe('claims', () => {
  test('pay the voter once, to the last unit [REWARD-CLAIM-1]', () => {
    const box = start()
    const lockId = vote(box, alice, d0)
    finishTerm(box)
    expect(call(box, alice, 'reward.claim', { lockId })).toBe('nothingToClaim')
    finishTerm(box)
    const amount = claimable(box, lockId) ?? 0n
    expect(amount).toBeGreaterThan(0n)
    expect(call(box, bob, 'reward.claim', { lockId })).toBe('notOwner')
    expect(call(box, alice, 'reward.claim', { lockId: `0x${'12'.repeat(32)}` })).toBe('unknownShare')
    const [before, waiting] = [elf(box, alice), elf(box, TREASURY_ADDRESS)]
    expect(call(box, alice, 'reward.claim', { lockId })).toBe('ok')
    expect(elf(box, alice)).toBe(before + amount - (elf(box, TREASURY_ADDRESS) - waiting))
    expect(claimable(box, lockId)).toBe(0n)
    expect(call(box, alice, 'reward.claim', { lockId })).toBe('nothingToClaim')
  })

  test('a vote of any age is found in its delegate’s long list [REWARD-CLAIM-1] [CON-REWARD-1]', () => {
    const box = start()
    const ids: string[] = []
    for (let term = 0; term < 40; term++) {
      ids.push(vote(box, alice, d0, { lockDays: 90 + ((term * 7) % 90) }))
      finishTerm(box)
    }
    // The invariant recomputes each of them term by term; here every one is paid and nothing but rounding is left.
    for (const lockId of ids) expect(['ok', 'nothingToClaim']).toContain(call(box, alice, 'reward.claim', { lockId }))
    const { owed } = box.view('reward', 'runningTerm') as unknown as { owed: bigint }
    expect(owed - commission(box, d0)).toBeLessThan(200n)
    expect(box.view('reward', 'claimables', { lockIds: `0x${ids.map((id) => id.slice(2)).join('')}` })).toHaveLength(40)
  })

  test('a delegate takes its commission, also after it quit [REWARD-CLAIM-2]', () => {
    const box = start({ 'election.firstN': 0n })
    vote(box, alice, d0)
    finishTerm(box)
    expect(call(box, d1, 'reward.claimCommission')).toBe('nothingToClaim')
    vote(box, bob, d1, { lockDays: 1080 })
    finishTerm(box)
    expect(call(box, d0, 'election.quit')).toBe('ok')
    const amount = commission(box, d0)
    const [before, waiting] = [elf(box, d0), elf(box, TREASURY_ADDRESS)]
    expect(call(box, d0, 'reward.claimCommission')).toBe('ok')
    expect(elf(box, d0)).toBe(before + amount - (elf(box, TREASURY_ADDRESS) - waiting))
    expect(commission(box, d0)).toBe(0n)
  })
})

describe('changes of a vote [REWARD-CHANGE-1]', () => {
  test('pay first, and leave the running term as it was when it began', () => {
    const box = start()
    const lockId = vote(box, alice, d0)
    finishTerm(box)
    finishTerm(box)
    const earned = claimable(box, lockId) ?? 0n
    const [before, waiting] = [elf(box, alice), elf(box, TREASURY_ADDRESS)]
    expect(call(box, alice, 'election.changeVote', { lockId, delegate: d1 })).toBe('ok')
    expect(elf(box, alice)).toBe(before + earned - (elf(box, TREASURY_ADDRESS) - waiting))
    finishTerm(box, [d1, d0])
    // The term began with the vote at d0; d1 had none.
    const [point] = points(box, d0)
    expect(claimable(box, lockId)).toBe((990n * ELF * (point?.perWeight ?? 0n)) / SCALE)
    expect(points(box, d1)[0]?.weight).toBe(0n)
    finishTerm(box, [d1])
    expect(points(box, d1)[0]?.weight).toBe(990n * ELF)
    expect(claimable(box, lockId)).toBe(
      (990n * ELF * ((point?.perWeight ?? 0n) + (points(box, d1)[0]?.perWeight ?? 0n))) / SCALE,
    )
  })

  test('say so in the receipt, the payment first [CON-REWARD-2]', () => {
    const box = start()
    const lockId = vote(box, alice, d0)
    finishTerm(box)
    finishTerm(box)
    const { events } = box.send({
      from: alice,
      contract: 'election',
      method: 'changeVote',
      args: { lockId, delegate: d1 },
    })
    const [transfer, claimed, changed] = events.map(
      ({ contract, number }) => `${Number(`0x${contract.slice(-4)}`)}.${number}`,
    )
    expect([transfer, claimed, changed]).toEqual(['1.1', '4.3', '2.7'])
  })

  test('are told by the election alone', () => {
    const box = start()
    const scope = {
      registry: box.registry,
      journal: createJournal(box.state()),
      access: UNLIMITED,
      block: box.env(),
      from: alice,
      transactionId: ZERO_HASH,
    }
    expect(() => rewardProvider.calls(createContext(scope, reward.address, alice))).toThrow('only the election')
  })

  test('several in one term count for nothing but the last, from the next term on', () => {
    const box = start()
    const lockId = vote(box, alice, d0)
    finishTerm(box)
    for (const delegate of [d1, d0, d1])
      expect(call(box, alice, 'election.changeVote', { lockId, delegate })).toBe('ok')
    finishTerm(box, [d0])
    expect(claimable(box, lockId)).toBe((990n * ELF * (points(box, d0)[0]?.perWeight ?? 0n)) / SCALE)
    expect(call(box, alice, 'reward.claim', { lockId })).toBe('ok')
    finishTerm(box, [d0])
    expect(claimable(box, lockId)).toBe(0n)
  })

  test('an extension counts with its new weight from the next term on', () => {
    const box = start()
    const lockId = vote(box, alice, d0)
    finishTerm(box)
    expect(call(box, alice, 'election.extend', { lockId, lockDays: 1080 })).toBe('ok')
    finishTerm(box)
    expect(points(box, d0)[0]?.weight).toBe(990n * ELF)
    expect(claimable(box, lockId)).toBeGreaterThan(0n)
    finishTerm(box)
    expect(points(box, d0)[0]?.weight).toBe(4n * 990n * ELF)
  })

  test('a vote that is withdrawn in the block that ends a late term is still paid for it', () => {
    const box = start()
    const lockId = vote(box, alice, d0)
    for (let term = 0; term < 11; term++) finishTerm(box)
    // The twelfth term is to end before the lock does; nothing is made until the lock has ended as well.
    box.advance(14n * DAY_SLOTS * 4_000n)
    expect(call(box, alice, 'election.withdraw', { lockId })).toBe('ok')
    const amount = claimable(box, lockId) ?? 0n
    expect(amount).toBeGreaterThan(0n)
    expect(call(box, alice, 'reward.claim', { lockId })).toBe('ok')
    expect(claimable(box, lockId)).toBeUndefined()
  })
})

describe('sums', () => {
  test('what is owed is held, and covers every claim [REWARD-SUM-1] [REWARD-SUM-2]', () => {
    const box = start()
    vote(box, alice, d0)
    vote(box, bob, d1, { amount: 123_456_789_123n, lockDays: 333 })
    for (let term = 0; term < 5; term++) {
      finishTerm(box, [d0, d1, d1, d2, d0])
      const { owed } = box.view('reward', 'runningTerm') as unknown as { owed: bigint }
      expect(elf(box, REWARDS)).toBeGreaterThanOrEqual(owed)
    }
  })
})

describe('history', () => {
  test('is read from the newest down, in parts', () => {
    const box = start()
    for (let term = 0; term < 5; term++) finishTerm(box)
    expect(incomes(box, 0, 2).map(({ term }) => term)).toEqual([5, 4])
    expect(incomes(box, 4, 10).map(({ term }) => term)).toEqual([3, 2, 1])
    expect(incomes(box, 1, 10)).toEqual([])
    expect(incomes(box, 99, 1_000_000).map(({ term }) => term)).toEqual([5, 4, 3, 2, 1])
    expect(points(box, d0, 3, 1).map(({ number }) => number)).toEqual([2])
    expect(points(box, alice)).toEqual([])
  })
})
