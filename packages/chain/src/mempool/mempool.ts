import type { SignedTransaction } from '#kernel'
import type { Address, Bytes, Hash } from '#primitives'
import { type Candidate, checkMark, hasGoodMark, screen } from './admission.ts'
import { type Attempt, Attempts, type Outcome } from './attempts.ts'
import { TxError } from './errors.ts'
import { Expired } from './expired.ts'
import { Journal } from './journal.ts'
import { MARK_WINDOW, MAX_POOL_BYTES, MAX_POOL_PER_ACCOUNT, MAX_POOL_TRANSACTIONS } from './limits.ts'
import { Line, type WaitingEntry } from './line.ts'
import type { Admitted, MempoolDeps, MempoolOptions, PoolEntry } from './types.ts'

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

/** The waiting room: admits, orders, evicts, and keeps acknowledged transactions across crashes. */
export class Mempool {
  private readonly deps: MempoolDeps
  private readonly journal: Journal
  private readonly maxPerAccount: number
  private readonly line: Line
  private readonly expired = new Expired()
  private readonly admitting = new Attempts()

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

  /** Those the node stands for, as they came. */
  own(): readonly PoolEntry[] {
    return this.line.own()
  }

  /** As `addAll` for one transaction. Rejects with a TxError. */
  async add(envelope: Bytes, options: { readonly durable: boolean }): Promise<PoolEntry> {
    const [outcome] = await this.addAll([envelope], options)
    if (outcome === undefined || 'error' in outcome) throw outcome?.error
    return outcome.entry
  }

  /**
   * Admits encoded transactions in their order: their signatures are looked at together, and they share one record on disk. With
   * `durable` it resolves only when what was admitted is on disk. Sending the same transaction again is not an error. One that is
   * refused has a TxError as its outcome.
   */
  async addAll(envelopes: readonly Bytes[], options: { readonly durable: boolean }): Promise<readonly Admitted[]> {
    const fresh: Attempt[] = []
    const begun = envelopes.map((envelope) => this.begin(envelope, fresh))
    if (fresh.length > 0) {
      const group = this.admitAll(fresh)
      for (const attempt of fresh) attempt.group = group
    }
    const outcomes: Outcome[] = []
    for (const one of begun) {
      if ('candidate' in one && one.outcome === undefined) await one.group
      outcomes.push('candidate' in one ? (one.outcome as Outcome) : one)
    }
    return options.durable ? this.persistAll(outcomes) : outcomes
  }

  /** What goes into the next block, best first, within the limits; marks are checked again. */
  select(limits: SelectLimits): SignedTransaction[] {
    const chosen: SignedTransaction[] = []
    let bytes = 0
    for (const entry of this.line.inOrder()) {
      if (chosen.length >= limits.maxTransactions) break
      if (bytes + entry.envelope.length > limits.maxBytes) continue
      if (!hasGoodMark(entry.transaction, this.deps.chain)) continue
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
    for (const entry of old) this.expired.remember(entry)
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
      const [signer] = await this.deps.authenticate([candidate.transaction], [candidate.id])
      this.checkSigner(candidate, signer)
      if (this.line.get(candidate.id) === undefined) this.insert(candidate)
      return true
    } catch (error) {
      if (!(error instanceof TxError)) throw error
      if (error.code === 'tx.markExpired') this.expired.rememberEnvelope(envelope)
      if (error.code !== 'tx.replay' && error.code !== 'tx.markExpired') {
        this.deps.logger.warn('A transaction could not come back to the pool', {
          code: error.code,
          reason: error.message,
        })
      }
      return false
    }
  }

  /** What can be said at once; otherwise the attempt that is under way, which is a fresh one unless somebody else has begun it. */
  private begin(envelope: Bytes, fresh: Attempt[]): Attempt | Outcome {
    try {
      const candidate = screen(envelope, this.deps)
      const known = this.line.get(candidate.id)
      if (known !== undefined) return { entry: known }
      const running = this.admitting.find(candidate)
      if (running !== undefined) return running
      this.checkAccount(candidate)
      this.line.checkRoom(candidate)
      const attempt = this.admitting.begin(candidate)
      fresh.push(attempt)
      return attempt
    } catch (error) {
      return { error }
    }
  }

  private async admitAll(attempts: readonly Attempt[]): Promise<void> {
    try {
      const signers = await this.deps.authenticate(
        attempts.map(({ candidate }) => candidate.transaction),
        attempts.map(({ candidate }) => candidate.id),
      )
      for (const [index, attempt] of attempts.entries()) attempt.outcome = this.conclude(attempt, signers[index])
    } catch (error) {
      for (const attempt of attempts) attempt.outcome ??= { error }
    } finally {
      for (const attempt of attempts) this.admitting.end(attempt)
    }
  }

  private conclude({ candidate }: Attempt, signer: Address | undefined): Outcome {
    try {
      return { entry: this.admit(candidate, signer) }
    } catch (error) {
      return { error }
    }
  }

  private admit(candidate: Candidate, signer: Address | undefined): WaitingEntry {
    const { transaction, id } = candidate
    this.checkSigner(candidate, signer)
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

  private checkSigner({ transaction, id }: Candidate, signer: Address | undefined): void {
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

  private insert(candidate: Candidate): WaitingEntry {
    const entry = this.line.insert(candidate)
    this.expired.forget(entry.id)
    return entry
  }

  /** Once for each entry: who sends the same again and again must not fill the disk. */
  private async persistAll(outcomes: readonly Outcome[]): Promise<readonly Admitted[]> {
    const unwritten: WaitingEntry[] = []
    const writes = new Set<Promise<void>>()
    for (const one of outcomes) {
      if ('error' in one) continue
      if (one.entry.written !== undefined) writes.add(one.entry.written)
      else if (!unwritten.includes(one.entry)) unwritten.push(one.entry)
    }
    if (unwritten.length > 0) {
      const written = this.write(unwritten)
      for (const entry of unwritten) entry.written = written
      writes.add(written)
    }
    const failures = new Map<Promise<void>, unknown>()
    for (const written of writes) await written.catch((error: unknown) => failures.set(written, error))
    const failed = (one: Outcome): unknown =>
      'entry' in one && one.entry.written ? failures.get(one.entry.written) : undefined
    return failures.size === 0
      ? outcomes
      : outcomes.map((one) => (failed(one) === undefined ? one : { error: failed(one) }))
  }

  private async write(entries: readonly PoolEntry[]): Promise<void> {
    try {
      await this.journal.add(
        entries.map(({ transaction, envelope }) => ({ refHeight: transaction.refHeight, envelope })),
      )
    } catch (cause) {
      for (const { id } of entries) this.line.remove(id)
      throw new TxError('tx.notDurable', 'The transaction was not written to disk', { cause })
    }
  }
}

/** An empty waiting room. Call `restore` before the first `add` after a start. */
export function createMempool(options: MempoolOptions, deps: MempoolDeps): Mempool {
  return new Mempool(options, deps)
}
