import { TREASURY_ADDRESS } from '#kernel'
import type { SandboxCall } from './sandbox.ts'

const DAY = 86_400_000n
const YEAR = 365n * DAY

interface ModelLock {
  owner: string
  symbol: string
  amount: bigint
  endsAt: bigint
  byElection: boolean
}
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
}

/** What the model cannot know: the block's time, the transaction's id and its fee. */
export interface ModelFacts {
  readonly nowMs: bigint
  readonly id: string
  readonly fee: bigint
}

/** Every argument a modelled method may have; each method reads its own. */
interface Args {
  readonly to: string
  readonly owner: string
  readonly spender: string
  readonly symbol: string
  readonly amount: bigint
  readonly supply: bigint
  readonly burnable: boolean
  readonly lockDays: number
  readonly lockId: string
  readonly delegate: string
  readonly commissionBps: number
}

/**
 * The system contracts told a second time, over plain maps and from scratch: sums are recomputed at every question, nothing is
 * bucketed, indexed or encoded. Shares no code with the contracts; a difference between both is a bug in one of them.
 */
export class Model {
  readonly balances: Map<string, bigint> = new Map()
  readonly allowances: Map<string, bigint> = new Map()
  readonly tokens: Map<string, { supply: bigint; burnable: boolean }> = new Map()
  readonly burned: Map<string, bigint> = new Map()
  readonly locks: Map<string, ModelLock> = new Map()
  readonly positions: Map<string, ModelPosition> = new Map()
  readonly candidates: Map<string, ModelCandidate> = new Map()
  term = 1
  termEndsAt: bigint
  producers: string[]
  private registrations = 0
  private readonly rules: { deposit: bigint; firstN: bigint; genesisMs: bigint; initial: readonly string[] }

  constructor(rules: { deposit: bigint; firstN: bigint; genesisMs: bigint; initial: readonly string[] }) {
    this.rules = rules
    this.producers = [...rules.initial]
    this.termEndsAt = rules.genesisMs + 7n * DAY
  }

  balance(account: string, symbol: string): bigint {
    return this.balances.get(`${account} ${symbol}`) ?? 0n
  }

  private give(account: string, symbol: string, amount: bigint): void {
    this.balances.set(`${account} ${symbol}`, this.balance(account, symbol) + amount)
  }

  issue(symbol: string, shares: readonly (readonly [string, bigint])[]): void {
    this.tokens.set(symbol, { supply: shares.reduce((sum, [, amount]) => sum + amount, 0n), burnable: true })
    for (const [account, amount] of shares) this.give(account, symbol, amount)
  }

  lockedOf(account: string, symbol: string): bigint {
    let sum = 0n
    for (const lock of this.locks.values()) if (lock.owner === account && lock.symbol === symbol) sum += lock.amount
    return sum
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

  /** Ends the term when its time has come; the producers of the next one. */
  endBlock(nowMs: bigint): string[] | undefined {
    if (nowMs < this.termEndsAt) return undefined
    const n = this.rules.firstN + (nowMs - this.rules.genesisMs) / YEAR
    const fill = [...this.producers, ...this.rules.initial].filter(
      (address) => (this.candidates.get(address)?.quitTerm ?? 0) === 0,
    )
    const wanted = [...this.ranking(nowMs).map(({ delegate }) => delegate), ...fill]
    this.producers = [...new Set(wanted)].slice(0, Number(2n * n + 1n))
    this.term += 1
    while (this.termEndsAt <= nowMs) this.termEndsAt += 7n * DAY
    return this.producers
  }

  /** Pays the fee, then does what the call says; false when the call must fail. */
  apply({ from, method, args }: SandboxCall, facts: ModelFacts): boolean {
    this.give(from, 'ELF', -facts.fee)
    this.give(TREASURY_ADDRESS, 'ELF', facts.fee)
    const a = args as unknown as Args
    const act = this as unknown as Record<string, (from: string, args: Args, facts: ModelFacts) => boolean>
    return act[`do_${method}`]!.call(this, from, a, facts)
  }

  private take(account: string, symbol: string, amount: bigint): boolean {
    if (amount === 0n || this.balance(account, symbol) < amount) return false
    this.give(account, symbol, -amount)
    return true
  }

  protected do_transfer(from: string, { to, symbol, amount }: Args): boolean {
    if (!this.take(from, symbol, amount)) return false
    this.give(to, symbol, amount)
    return true
  }

  protected do_approve(from: string, { spender, symbol, amount }: Args): boolean {
    this.allowances.set(`${from} ${spender} ${symbol}`, amount)
    return true
  }

  protected do_transferFrom(from: string, { owner, to, symbol, amount }: Args): boolean {
    const key = `${owner} ${from} ${symbol}`
    const allowed = this.allowances.get(key) ?? 0n
    if (allowed < amount || !this.take(owner, symbol, amount)) return false
    this.allowances.set(key, allowed - amount)
    this.give(to, symbol, amount)
    return true
  }

  protected do_create(from: string, { symbol, supply, burnable }: Args): boolean {
    if (supply === 0n || this.tokens.has(symbol)) return false
    this.tokens.set(symbol, { supply, burnable })
    this.give(from, symbol, supply)
    return true
  }

  protected do_lock(from: string, { symbol, amount, lockDays }: Args, { nowMs, id }: ModelFacts): boolean {
    if (lockDays < 1 || !this.take(from, symbol, amount)) return false
    this.locks.set(id, { owner: from, symbol, amount, endsAt: nowMs + BigInt(lockDays) * DAY, byElection: false })
    return true
  }

  protected do_unlock(from: string, { lockId }: Args, { nowMs }: ModelFacts): boolean {
    const lock = this.locks.get(lockId)
    if (lock === undefined || lock.owner !== from || lock.byElection || lock.endsAt > nowMs) return false
    this.locks.delete(lockId)
    this.give(from, lock.symbol, lock.amount)
    return true
  }

  protected do_burn(from: string, { symbol, amount }: Args): boolean {
    if (this.tokens.get(symbol)?.burnable !== true || !this.take(from, symbol, amount)) return false
    this.burned.set(symbol, (this.burned.get(symbol) ?? 0n) + amount)
    return true
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
    this.candidates.set(from, { order: this.registrations++, quitTerm: 0 })
    return true
  }

  private isRegistered(delegate: string): boolean {
    return this.candidates.get(delegate)?.quitTerm === 0
  }

  protected do_updateProfile(from: string, { commissionBps }: Args): boolean {
    return commissionBps <= 10_000 && this.isRegistered(from)
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
    return true
  }

  protected do_changeVote(from: string, { lockId, delegate }: Args, { nowMs }: ModelFacts): boolean {
    const position = this.positions.get(lockId)
    if (position === undefined || position.owner !== from || position.delegate === delegate) return false
    if (position.endsAt / DAY <= nowMs / DAY || !this.isRegistered(delegate)) return false
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
    position.days = lockDays
    position.endsAt = endsAt
    lock.endsAt = endsAt
    return true
  }

  protected do_withdraw(from: string, { lockId }: Args, { nowMs }: ModelFacts): boolean {
    const position = this.positions.get(lockId)
    if (position === undefined || position.owner !== from || position.endsAt > nowMs) return false
    this.positions.delete(lockId)
    this.locks.delete(lockId)
    this.give(from, 'ELF', position.amount)
    return true
  }
}
