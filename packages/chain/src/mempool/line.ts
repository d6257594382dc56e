import type { Address, Amount, Hash } from '#primitives'
import type { Candidate } from './admission.ts'
import { TxError } from './errors.ts'
import { compareEntries, positionOf } from './ordering.ts'
import type { PoolEntry } from './types.ts'

export interface LineLimits {
  readonly maxTransactions: number
  readonly maxBytes: number
}

/** An entry, and its way to the disk. */
export interface WaitingEntry extends PoolEntry {
  /** Under way, or there. */
  written: Promise<void> | undefined
}

const NOTHING = { count: 0, fees: 0n } as const

/** Those who wait, best first, within the bounds of a pool. */
export class Line {
  private readonly limits: LineLimits
  private readonly entries = new Map<Hash, WaitingEntry>()
  private readonly accounts = new Map<Address, { count: number; fees: Amount }>()
  private sorted: PoolEntry[] = []
  private bytes = 0
  private arrivals = 0n

  constructor(limits: LineLimits) {
    this.limits = limits
  }

  size(): { readonly transactions: number; readonly bytes: number } {
    return { transactions: this.entries.size, bytes: this.bytes }
  }

  get(id: Hash): WaitingEntry | undefined {
    return this.entries.get(id)
  }

  /** Best first. */
  inOrder(): readonly PoolEntry[] {
    return this.sorted
  }

  /** Those the node stands for, as they came. */
  own(): PoolEntry[] {
    return this.sorted.filter(({ isOwn }) => isOwn).sort((a, b) => (a.arrival < b.arrival ? -1 : 1))
  }

  /** What waits of an account, and the fees it has promised. */
  of(account: Address): { readonly count: number; readonly fees: Amount } {
    return this.accounts.get(account) ?? NOTHING
  }

  /** Throws `tx.poolFull` unless a transaction would find room. Makes none. */
  checkRoom(candidate: Candidate): void {
    if (!this.isFullFor(candidate)) return
    const last = this.sorted.at(-1)
    const entry: PoolEntry = { ...candidate, arrival: this.arrivals, isOwn: false }
    if (last === undefined || compareEntries(entry, last) >= 0) {
      throw new TxError('tx.poolFull', `The pool holds ${this.entries.size} transactions, ${this.bytes} bytes`)
    }
  }

  /** Takes a transaction in; the worst ones make room for a better one. Throws `tx.poolFull`. */
  insert(candidate: Candidate): WaitingEntry {
    this.checkRoom(candidate)
    while (this.isFullFor(candidate)) {
      const last = this.sorted.at(-1)
      if (last === undefined) break
      this.remove(last.id)
    }
    const { id, transaction, envelope, fee } = candidate
    const entry: WaitingEntry = {
      id,
      transaction,
      envelope,
      fee,
      arrival: this.arrivals,
      isOwn: false,
      written: undefined,
    }
    this.arrivals += 1n
    this.entries.set(id, entry)
    this.sorted.splice(positionOf(this.sorted, entry), 0, entry)
    this.bytes += envelope.length
    const account = this.accounts.get(transaction.from)
    if (account === undefined) this.accounts.set(transaction.from, { count: 1, fees: fee })
    else {
      account.count += 1
      account.fees += fee
    }
    return entry
  }

  remove(id: Hash): void {
    const entry = this.entries.get(id)
    if (entry === undefined) return
    this.release(entry)
    const position = positionOf(this.sorted, entry)
    if (this.sorted[position] === entry) this.sorted.splice(position, 1)
  }

  /** As `remove`, in one pass over the order: a block takes thousands at once. */
  removeAll(ids: readonly Hash[]): void {
    for (const id of ids) {
      const entry = this.entries.get(id)
      if (entry !== undefined) this.release(entry)
    }
    if (this.sorted.length !== this.entries.size) this.sorted = this.sorted.filter(({ id }) => this.entries.has(id))
  }

  private isFullFor({ envelope }: Candidate): boolean {
    return this.entries.size >= this.limits.maxTransactions || this.bytes + envelope.length > this.limits.maxBytes
  }

  private release(entry: PoolEntry): void {
    this.entries.delete(entry.id)
    this.bytes -= entry.envelope.length
    const account = this.accounts.get(entry.transaction.from)
    if (account === undefined) return
    account.count -= 1
    account.fees -= entry.fee
    if (account.count === 0) this.accounts.delete(entry.transaction.from)
  }
}
