import { decodeTransaction, type SignedTransaction, transactionId } from '#kernel'
import type { Bytes, Hash } from '#primitives'
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
import { Line } from './line.ts'
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
  private readonly maxPerAccount: number
  private readonly line: Line
  private readonly expired = new Map<Hash, PoolEntry>()
  /** By id and signature: one id may come with a forged signature too, which must not speak for the good one. */
  private readonly admitting = new Map<string, Promise<PoolEntry>>()
  /** Entries on their way to the disk, or there. */
  private readonly durable = new WeakMap<PoolEntry, Promise<void>>()

  constructor(options: MempoolOptions, deps: MempoolDeps) {
    this.deps = deps
    this.journal = new Journal(deps.journal)
    this.maxPerAccount = options.maxPerAccount ?? MAX_POOL_PER_ACCOUNT
    this.line = new Line({
      maxTransactions: options.maxTransactions ?? MAX_POOL_TRANSACTIONS,
      maxBytes: options.maxBytes ?? MAX_POOL_BYTES,
    })
  }

  size(): { transactions: number; bytes: number } {
    return this.line.size()
  }

  get(id: Hash): PoolEntry | undefined {
    return this.line.get(id)
  }

  /** A transaction that waited here until its mark expired. */
  getExpired(id: Hash): PoolEntry | undefined {
    return this.expired.get(id)
  }

  /** The best waiting transactions, best first. */
  list(limit: number): readonly PoolEntry[] {
    return this.line.inOrder().slice(0, limit)
  }

  /**
   * Admits an encoded transaction. With `durable` it resolves only when the transaction is on disk. Sending the same
   * transaction again is not an error. Rejects with a TxError.
   */
  async add(envelope: Bytes, options: { readonly durable: boolean }): Promise<PoolEntry> {
    const candidate = screen(envelope, this.deps)
    const known = this.line.get(candidate.id)
    const entry = known ?? (await this.admit(candidate))
    if (options.durable) await this.persist(entry)
    return entry
  }

  /** What goes into the next block, best first, within the limits; marks are checked again. */
  select(limits: SelectLimits): SignedTransaction[] {
    const chosen: SignedTransaction[] = []
    let bytes = 0
    for (const entry of this.line.inOrder()) {
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
    for (const id of ids) this.line.remove(id)
  }

  /** Follows the head: included transactions leave, those of abandoned blocks come back, expired ones are set aside. */
  async follow(move: ChainMove): Promise<void> {
    this.line.removeAll(move.included)
    const oldest = this.deps.chain.height() + 1n - MARK_WINDOW
    // A mark of another branch is kept until it expires: the branch may win after all.
    const old = this.line.inOrder().filter(({ transaction }) => transaction.refHeight < oldest)
    this.line.removeAll(old.map(({ id }) => id))
    for (const entry of old) this.rememberExpired(entry)
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
      if (this.line.get(candidate.id) === undefined) this.insert(candidate)
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
    this.line.checkRoom(candidate)
    await this.checkSigner(candidate)
    checkMark(transaction, this.deps.chain)
    // So may the pool: another good signature of the same transaction.
    const known = this.line.get(id)
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
    if (this.deps.chain.includes(id, transaction.refHeight))
      throw new TxError('tx.replay', 'The transaction is already in a block')
  }

  private checkAccount(candidate: Candidate): void {
    const { from } = candidate.transaction
    const waiting = this.line.of(from)
    const needed = candidate.fee + waiting.fees
    const balance = this.deps.chain.balance(from)
    if (balance < needed) {
      throw new TxError('tx.balanceTooLow', `The account has ${balance}, the fees need ${needed}`, {
        details: { balance: balance.toString(), needed: needed.toString() },
      })
    }
    if (waiting.count >= this.maxPerAccount) {
      throw new TxError('tx.accountLimit', `${from} has ${this.maxPerAccount} waiting transactions`)
    }
  }

  private insert(candidate: Candidate): PoolEntry {
    const entry = this.line.insert(candidate)
    this.expired.delete(entry.id)
    return entry
  }

  /** Once for each entry: who sends the same again and again must not fill the disk. */
  private persist(entry: PoolEntry): Promise<void> {
    const known = this.durable.get(entry)
    if (known !== undefined) return known
    const written = this.journal.add(entry.transaction.refHeight, entry.envelope).catch((cause: unknown) => {
      this.line.remove(entry.id)
      throw new TxError('tx.notDurable', 'The transaction was not written to disk', { cause })
    })
    this.durable.set(entry, written)
    return written
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
