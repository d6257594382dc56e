import { decodeTransaction, type SignedTransaction, transactionId } from '#kernel'
import type { Address, Amount, Bytes, Hash } from '#primitives'
import { type Candidate, checkMark, screen } from './admission.ts'
import { TxError } from './errors.ts'
import { Journal } from './journal.ts'
import {
  MARK_WINDOW,
  MAX_POOL_BYTES,
  MAX_POOL_PER_ACCOUNT,
  MAX_POOL_TRANSACTIONS,
  MAX_REMEMBERED_EXPIRED,
} from './limits.ts'
import { compareEntries, positionOf } from './ordering.ts'
import type { MempoolDeps, MempoolOptions, PoolEntry } from './types.ts'

export interface SelectLimits {
  readonly maxTransactions: number
  readonly maxBytes: number
}

/** How the head moved: what left the chain, what entered it, and what can no longer leave. */
export interface ChainMove {
  /** Encoded transactions of abandoned blocks. */
  readonly removed: readonly Bytes[]
  readonly included: readonly Hash[]
  readonly finalizedHeight: bigint
}

/** A journal entry that can only be looked at. */
function entryOf(envelope: Bytes): PoolEntry {
  const transaction = decodeTransaction(envelope)
  return { id: transactionId(transaction), transaction, envelope, fee: 0n, arrival: 0n }
}

/** The waiting room: admits, orders, evicts, and keeps acknowledged transactions across crashes. */
export class Mempool {
  private readonly deps: MempoolDeps
  private readonly journal: Journal
  private readonly limits: Required<MempoolOptions>
  private readonly entries = new Map<Hash, PoolEntry>()
  private readonly expired = new Map<Hash, PoolEntry>()
  private readonly pending = new Map<Address, { count: number; fees: Amount }>()
  /** By id and signature: one id may come with a forged signature too, which must not speak for the good one. */
  private readonly admitting = new Map<string, Promise<PoolEntry>>()
  private sorted: PoolEntry[] = []
  private bytes = 0
  private arrivals = 0n

  constructor(options: MempoolOptions, deps: MempoolDeps) {
    this.deps = deps
    this.journal = new Journal(deps.journal)
    this.limits = {
      maxTransactions: options.maxTransactions ?? MAX_POOL_TRANSACTIONS,
      maxBytes: options.maxBytes ?? MAX_POOL_BYTES,
      maxPerAccount: options.maxPerAccount ?? MAX_POOL_PER_ACCOUNT,
    }
  }

  size(): { transactions: number; bytes: number } {
    return { transactions: this.entries.size, bytes: this.bytes }
  }

  get(id: Hash): PoolEntry | undefined {
    return this.entries.get(id)
  }

  /** A transaction that waited here until its mark expired. */
  getExpired(id: Hash): PoolEntry | undefined {
    return this.expired.get(id)
  }

  /** The best waiting transactions, best first. */
  list(limit: number): readonly PoolEntry[] {
    return this.sorted.slice(0, limit)
  }

  /**
   * Admits an encoded transaction. With `durable` it resolves only when the transaction is on disk. Sending the same
   * transaction again is not an error. Rejects with a TxError.
   */
  async add(envelope: Bytes, options: { readonly durable: boolean }): Promise<PoolEntry> {
    const candidate = screen(envelope, this.deps)
    const known = this.entries.get(candidate.id)
    const entry = known ?? (await this.admit(candidate))
    if (options.durable) await this.persist(entry)
    return entry
  }

  /** What goes into the next block, best first, within the limits; marks are checked again. */
  select(limits: SelectLimits): SignedTransaction[] {
    const chosen: SignedTransaction[] = []
    let bytes = 0
    for (const entry of this.sorted) {
      if (chosen.length >= limits.maxTransactions) break
      if (bytes + entry.envelope.length > limits.maxBytes) continue
      if (!this.hasGoodMark(entry)) continue
      bytes += entry.envelope.length
      chosen.push(entry.transaction)
    }
    return chosen
  }

  /** Takes out what turned out to be impossible to include. */
  drop(ids: readonly Hash[]): void {
    for (const id of ids) this.remove(id)
  }

  /** Follows the head: included transactions leave, those of abandoned blocks come back, expired ones are set aside. */
  async follow(move: ChainMove): Promise<void> {
    for (const id of move.included) this.remove(id)
    const oldest = this.deps.chain.height() + 1n - MARK_WINDOW
    for (const entry of [...this.entries.values()]) {
      // A mark of another branch is kept until it expires: the branch may win after all.
      if (entry.transaction.refHeight >= oldest) continue
      this.remove(entry.id)
      this.rememberExpired(entry)
    }
    for (const envelope of move.removed) await this.readmit(envelope)
    await this.journal.clean(move.finalizedHeight)
  }

  /** After a restart: takes back every acknowledged transaction that can still be included. Returns how many. */
  async restore(): Promise<number> {
    const envelopes = await this.journal.load()
    let restored = 0
    for (const envelope of envelopes) if (await this.readmit(envelope)) restored += 1
    return restored
  }

  /**
   * Takes back what was admitted before, as if it had stayed: its mark may be of a branch that wins again, and the contract is asked
   * by who builds a block.
   */
  private async readmit(envelope: Bytes): Promise<boolean> {
    try {
      const candidate = screen(envelope, this.deps, { anyBranch: true })
      await this.checkSigner(candidate)
      if (!this.entries.has(candidate.id)) this.insert(candidate)
      return true
    } catch (error) {
      if (!(error instanceof TxError)) throw error
      if (error.code === 'tx.markExpired') this.rememberExpired(entryOf(envelope))
      if (error.code !== 'tx.replay' && error.code !== 'tx.markExpired') {
        this.deps.logger.warn('A transaction could not come back to the pool', {
          code: error.code,
          reason: error.message,
        })
      }
      return false
    }
  }

  private admit(candidate: Candidate): Promise<PoolEntry> {
    const key = candidate.id + candidate.transaction.authorization.signature
    const running = this.admitting.get(key)
    if (running !== undefined) return running
    const work = this.authenticateAndInsert(candidate).finally(() => this.admitting.delete(key))
    this.admitting.set(key, work)
    return work
  }

  private async authenticateAndInsert(candidate: Candidate): Promise<PoolEntry> {
    const { transaction, id } = candidate
    this.checkAccount(candidate)
    this.checkRoom(candidate)
    await this.checkSigner(candidate)
    checkMark(transaction, this.deps.chain)
    // So may the pool: another good signature of the same transaction.
    const known = this.entries.get(id)
    if (known !== undefined) return known
    const refusal = this.deps.chain.verify(transaction, id)
    if (refusal !== undefined) {
      throw new TxError('tx.refused', `The contract refuses the call (${refusal.contract}/${refusal.error})`, {
        details: { contract: refusal.contract, error: refusal.error },
      })
    }
    this.checkAccount(candidate)
    return this.insert(candidate)
  }

  private async checkSigner({ transaction, id }: Candidate): Promise<void> {
    const signer = await this.deps.authenticate(transaction, id)
    if (signer === undefined) {
      throw new TxError('tx.signatureMalformed', 'No key belongs to the signature', { details: { field: 'signature' } })
    }
    if (signer !== transaction.from) {
      throw new TxError('tx.signatureMismatch', `The signature does not belong to ${transaction.from}`, {
        details: { field: 'signature', from: transaction.from, signer },
      })
    }
    // The chain may have moved while the signature was checked.
    if (this.deps.chain.includes(id)) throw new TxError('tx.replay', 'The transaction is already in a block')
  }

  private checkAccount(candidate: Candidate): void {
    const { from } = candidate.transaction
    const waiting = this.pending.get(from)
    const needed = candidate.fee + (waiting?.fees ?? 0n)
    const balance = this.deps.chain.balance(from)
    if (balance < needed) {
      throw new TxError('tx.balanceTooLow', `The account has ${balance}, the fees need ${needed}`, {
        details: { balance: balance.toString(), needed: needed.toString() },
      })
    }
    if ((waiting?.count ?? 0) >= this.limits.maxPerAccount) {
      throw new TxError('tx.accountLimit', `${from} has ${this.limits.maxPerAccount} waiting transactions`)
    }
  }

  /** Whether a transaction would find room, without making any. */
  private checkRoom(candidate: Candidate): void {
    const full = this.entries.size >= this.limits.maxTransactions
    const heavy = this.bytes + candidate.envelope.length > this.limits.maxBytes
    if (!full && !heavy) return
    const last = this.sorted.at(-1)
    const entry: PoolEntry = { ...candidate, arrival: this.arrivals }
    if (last === undefined || compareEntries(entry, last) >= 0) {
      throw new TxError('tx.poolFull', `The pool holds ${this.entries.size} transactions, ${this.bytes} bytes`)
    }
  }

  private insert(candidate: Candidate): PoolEntry {
    this.checkRoom(candidate)
    while (
      this.entries.size >= this.limits.maxTransactions ||
      this.bytes + candidate.envelope.length > this.limits.maxBytes
    ) {
      const last = this.sorted.at(-1)
      if (last === undefined) break
      this.remove(last.id)
    }
    const { id, transaction, envelope, fee } = candidate
    const entry: PoolEntry = { id, transaction, envelope, fee, arrival: this.arrivals }
    this.arrivals += 1n
    this.entries.set(id, entry)
    this.expired.delete(id)
    this.sorted.splice(positionOf(this.sorted, entry), 0, entry)
    this.bytes += envelope.length
    const waiting = this.pending.get(transaction.from)
    if (waiting === undefined) this.pending.set(transaction.from, { count: 1, fees: fee })
    else {
      waiting.count += 1
      waiting.fees += fee
    }
    return entry
  }

  private remove(id: Hash): void {
    const entry = this.entries.get(id)
    if (entry === undefined) return
    this.entries.delete(id)
    const position = positionOf(this.sorted, entry)
    if (this.sorted[position] === entry) this.sorted.splice(position, 1)
    this.bytes -= entry.envelope.length
    const waiting = this.pending.get(entry.transaction.from)
    if (waiting === undefined) return
    waiting.count -= 1
    waiting.fees -= entry.fee
    if (waiting.count === 0) this.pending.delete(entry.transaction.from)
  }

  private async persist(entry: PoolEntry): Promise<void> {
    try {
      await this.journal.add(entry.transaction.refHeight, entry.id, entry.envelope)
    } catch (cause) {
      this.remove(entry.id)
      throw new TxError('tx.notDurable', 'The transaction was not written to disk', { cause })
    }
  }

  private hasGoodMark(entry: PoolEntry): boolean {
    const { refHeight, refHash } = entry.transaction
    const next = this.deps.chain.height() + 1n
    return refHeight < next && next - refHeight <= MARK_WINDOW && this.deps.chain.markAt(refHeight) === refHash
  }

  private rememberExpired(entry: PoolEntry): void {
    this.expired.set(entry.id, entry)
    if (this.expired.size <= MAX_REMEMBERED_EXPIRED) return
    const oldest = this.expired.keys().next()
    if (oldest.done !== true) this.expired.delete(oldest.value)
  }
}

/** An empty waiting room. Call `restore` before the first `add` after a start. */
export function createMempool(options: MempoolOptions, deps: MempoolDeps): Mempool {
  return new Mempool(options, deps)
}
