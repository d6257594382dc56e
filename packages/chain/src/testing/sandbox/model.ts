import { TREASURY_ADDRESS } from '#kernel'
import { RewardModel } from './rewardModel.ts'
import { type Args, type ModelFacts, TokenModel } from './tokenModel.ts'

export type { ModelFacts } from './tokenModel.ts'

const DAY = 86_400_000n
const YEAR = 365n * DAY
const REWARDS = `0xae1f${'0'.repeat(35)}4`

interface ModelPosition {
  owner: string
  delegate: string
  amount: bigint
  days: number
  endsAt: bigint
}
interface ModelCandidate {
  order: number
  quitTerm: number
  bps: number
}

export interface ModelRules {
  readonly deposit: bigint
  readonly firstN: bigint
  readonly genesisMs: bigint
  readonly initial: readonly string[]
  readonly blockReward: bigint
  readonly halvingMs: bigint
}

/**
 * The system contracts told a second time, over plain maps and from scratch: sums are recomputed at every question, nothing is
 * bucketed, indexed or encoded. Shares no code with the contracts; a difference between both is a bug in one of them.
 */
export class Model extends TokenModel {
  readonly positions: Map<string, ModelPosition> = new Map()
  readonly candidates: Map<string, ModelCandidate> = new Map()
  /** Who voted, also for votes that were withdrawn. */
  private readonly voters: Map<string, string> = new Map()
  term = 1
  termEndsAt: bigint
  producers: string[]
  readonly rewards: RewardModel
  private registrations = 0
  private readonly rules: ModelRules

  constructor(rules: ModelRules) {
    super()
    this.rules = rules
    this.rewards = new RewardModel(rules)
    this.producers = [...rules.initial]
    this.termEndsAt = rules.genesisMs + 7n * DAY
    this.beginTerm(rules.genesisMs, this.producers)
  }

  weight(delegate: string, nowMs: bigint): bigint {
    let sum = 0n
    for (const { delegate: chosen, amount, days, endsAt } of this.positions.values()) {
      if (chosen === delegate && endsAt / DAY > nowMs / DAY) sum += (amount * BigInt(990 + 3 * (days - 90))) / 990n
    }
    return sum
  }

  ranking(nowMs: bigint): { delegate: string; weight: bigint }[] {
    return [...this.candidates]
      .filter(([, { quitTerm }]) => quitTerm === 0)
      .map(([delegate, { order }]) => ({ delegate, order, weight: this.weight(delegate, nowMs) }))
      .sort((a, b) => (a.weight > b.weight ? -1 : a.weight < b.weight ? 1 : a.order - b.order))
      .map(({ delegate, weight }) => ({ delegate, weight }))
  }

  /** Counts the block, and ends the term when its time has come; the producers of the next one. */
  endBlock(nowMs: bigint, producer: string): string[] | undefined {
    this.rewards.count(producer)
    if (nowMs < this.termEndsAt) return undefined
    this.endTerm()
    const former = this.producers
    const n = this.rules.firstN + (nowMs - this.rules.genesisMs) / YEAR
    const fill = [...this.producers, ...this.rules.initial].filter(
      (address) => (this.candidates.get(address)?.quitTerm ?? 0) === 0,
    )
    const wanted = [...this.ranking(nowMs).map(({ delegate }) => delegate), ...fill]
    this.producers = [...new Set(wanted)].slice(0, Number(2n * n + 1n))
    this.term += 1
    while (this.termEndsAt <= nowMs) this.termEndsAt += 7n * DAY
    this.beginTerm(nowMs, [...this.producers, ...former])
    return this.producers
  }

  private endTerm(): void {
    const fees = this.balance(TREASURY_ADDRESS, 'ELF')
    this.give(TREASURY_ADDRESS, 'ELF', -fees)
    this.give(REWARDS, 'ELF', fees)
    const minted = this.rewards.minted()
    this.give(REWARDS, 'ELF', minted)
    const elf = this.tokens.get('ELF')
    if (elf !== undefined) elf.supply += minted
    this.rewards.end(this.balance(REWARDS, 'ELF'))
  }

  private beginTerm(nowMs: bigint, mayProduce: readonly string[]): void {
    const lastDay = this.termEndsAt / DAY
    this.rewards.begin(
      nowMs,
      mayProduce.map((delegate) => ({
        delegate,
        bps: this.candidates.get(delegate)?.bps ?? 10_000,
        votes: [...this.positions]
          .filter(([, position]) => position.delegate === delegate && position.endsAt / DAY > lastDay)
          .map(([id, { amount, days }]) => ({ id, weight: (amount * BigInt(990 + 3 * (days - 90))) / 990n })),
      })),
    )
  }

  /** Pays what a vote has earned. */
  private reward(id: string, owner: string): bigint {
    const amount = this.rewards.take(id)
    this.give(REWARDS, 'ELF', -amount)
    this.give(owner, 'ELF', amount)
    return amount
  }

  protected do_register(from: string, { commissionBps }: Args): boolean {
    if (commissionBps > 10_000 || this.candidates.has(from) || !this.take(from, 'ELF', this.rules.deposit)) return false
    this.locks.set(`deposit ${from}`, {
      owner: from,
      symbol: 'ELF',
      amount: this.rules.deposit,
      endsAt: 0n,
      byElection: true,
    })
    this.candidates.set(from, { order: this.registrations++, quitTerm: 0, bps: commissionBps })
    return true
  }

  private isRegistered(delegate: string): boolean {
    return this.candidates.get(delegate)?.quitTerm === 0
  }

  protected do_updateProfile(from: string, { commissionBps }: Args): boolean {
    const candidate = this.candidates.get(from)
    if (commissionBps > 10_000 || candidate === undefined || candidate.quitTerm !== 0) return false
    candidate.bps = commissionBps
    return true
  }

  protected do_renewCommitment(from: string): boolean {
    return this.isRegistered(from)
  }

  protected do_quit(from: string): boolean {
    const candidate = this.candidates.get(from)
    if (candidate === undefined || candidate.quitTerm !== 0 || this.producers.includes(from)) return false
    candidate.quitTerm = this.term
    return true
  }

  protected do_reclaimDeposit(from: string): boolean {
    const candidate = this.candidates.get(from)
    if (candidate === undefined || candidate.quitTerm === 0 || candidate.quitTerm >= this.term) return false
    this.candidates.delete(from)
    this.locks.delete(`deposit ${from}`)
    this.give(from, 'ELF', this.rules.deposit)
    return true
  }

  protected do_vote(from: string, { delegate, amount, lockDays }: Args, { nowMs, id }: ModelFacts): boolean {
    if (amount < 100_000_000n || lockDays < 90 || lockDays > 1080 || !this.isRegistered(delegate)) return false
    if (!this.take(from, 'ELF', amount)) return false
    const endsAt = nowMs + BigInt(lockDays) * DAY
    this.locks.set(id, { owner: from, symbol: 'ELF', amount, endsAt, byElection: true })
    this.positions.set(id, { owner: from, delegate, amount, days: lockDays, endsAt })
    this.voters.set(id, from)
    return true
  }

  protected do_changeVote(from: string, { lockId, delegate }: Args, { nowMs }: ModelFacts): boolean {
    const position = this.positions.get(lockId)
    if (position === undefined || position.owner !== from || position.delegate === delegate) return false
    if (position.endsAt / DAY <= nowMs / DAY || !this.isRegistered(delegate)) return false
    this.reward(lockId, from)
    position.delegate = delegate
    return true
  }

  protected do_extend(from: string, { lockId, lockDays }: Args, { nowMs }: ModelFacts): boolean {
    const position = this.positions.get(lockId)
    const lock = this.locks.get(lockId)
    if (position === undefined || lock === undefined || position.owner !== from || lockDays < 90 || lockDays > 1080)
      return false
    const endsAt = nowMs + BigInt(lockDays) * DAY
    const worth = (days: number): bigint => (position.amount * BigInt(990 + 3 * (days - 90))) / 990n
    if (endsAt <= position.endsAt || worth(lockDays) < worth(position.days) || !this.isRegistered(position.delegate))
      return false
    this.reward(lockId, from)
    position.days = lockDays
    position.endsAt = endsAt
    lock.endsAt = endsAt
    return true
  }

  protected do_withdraw(from: string, { lockId }: Args, { nowMs }: ModelFacts): boolean {
    const position = this.positions.get(lockId)
    if (position === undefined || position.owner !== from || position.endsAt > nowMs) return false
    this.reward(lockId, from)
    this.positions.delete(lockId)
    this.locks.delete(lockId)
    this.give(from, 'ELF', position.amount)
    return true
  }

  protected do_claim(from: string, { lockId }: Args): boolean {
    return this.voters.get(lockId) === from && this.reward(lockId, from) > 0n
  }

  protected do_claimCommission(from: string): boolean {
    const amount = this.rewards.takeCommission(from)
    this.give(REWARDS, 'ELF', -amount)
    this.give(from, 'ELF', amount)
    return amount > 0n
  }
}
