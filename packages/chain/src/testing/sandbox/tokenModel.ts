import { TREASURY_ADDRESS } from '#kernel'
import type { SandboxCall } from './sandbox.ts'

const DAY = 86_400_000n

export interface ModelLock {
  owner: string
  symbol: string
  amount: bigint
  endsAt: bigint
  byElection: boolean
}

/** What the model cannot know: the block's time, the transaction's id and its fee. */
export interface ModelFacts {
  readonly nowMs: bigint
  readonly id: string
  readonly fee: bigint
}

/** Every argument a modelled method may have; each method reads its own. */
export interface Args {
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

/** Tokens, and how a call of any modelled contract is made. */
export class TokenModel {
  readonly balances: Map<string, bigint> = new Map()
  readonly allowances: Map<string, bigint> = new Map()
  readonly tokens: Map<string, { supply: bigint; burnable: boolean }> = new Map()
  readonly burned: Map<string, bigint> = new Map()
  readonly locks: Map<string, ModelLock> = new Map()

  balance(account: string, symbol: string): bigint {
    return this.balances.get(`${account} ${symbol}`) ?? 0n
  }

  protected give(account: string, symbol: string, amount: bigint): void {
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

  /** Pays the fee, then does what the call says; false when the call must fail. */
  apply({ from, contract, method, args }: SandboxCall, facts: ModelFacts): boolean {
    this.give(from, 'ELF', -facts.fee)
    this.give(TREASURY_ADDRESS, 'ELF', facts.fee)
    const a = args as unknown as Args
    const act = this as unknown as Record<string, (from: string, args: Args, facts: ModelFacts) => boolean>
    // Two contracts have a method `withdraw`.
    const name = contract === 'proposal' || contract === 'foundation' ? `${contract}_${method}` : method
    return act[`do_${name}`]!.call(this, from, a, facts)
  }

  protected take(account: string, symbol: string, amount: bigint): boolean {
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
}
