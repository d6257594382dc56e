import type { MethodDescriptor, SignedHeader } from '#kernel'
import { type NetworkIdentity, type SignedTransaction, signatureBytes, signingDigest, transactionId } from '#kernel'
import {
  type Address,
  AelfError,
  type Exec,
  type Hash,
  type Hex,
  hexToBytes,
  IdFilter,
  type RecoverJob,
  type RecoverOptions,
  recoverAddress,
} from '#primitives'

/**
 * Recovered signers that are remembered, so that a transaction seen in the pool costs nothing again in its block: at least so many of
 * the newest, and at most twice as many. They are forgotten in halves: looking for the oldest of a large map costs microseconds.
 */
const REMEMBERED = 32_768
/** Signatures that are passed on while the digests of the next are made. */
const PIECE = 256
/** So many are waited for with the calling thread's help. */
const MANY = 64

export interface AuthenticatorPorts {
  readonly exec: Exec
  readonly network: NetworkIdentity
  method(transaction: SignedTransaction): MethodDescriptor | undefined
}

/** Finds out who signed. Several nodes of one network in one process may share one. */
export interface Authenticator {
  /**
   * In order; ids spare hashing where the caller has them. Undefined for an unknown method, malformed arguments or a malformed signature.
   * A patient caller leaves the work to other threads, since this one has other things to do.
   */
  authenticate(
    transactions: readonly SignedTransaction[],
    ids?: readonly Hash[],
    options?: { readonly patient?: boolean },
  ): Promise<readonly (Address | undefined)[]>
  /** Begins with transactions that will be asked for soon. Resolves when nothing is left to find, whatever became of it. */
  ahead(transactions: readonly SignedTransaction[]): Promise<void>
  /**
   * Who signed headers with these hashes, in order. Other threads do it; the calling one helps between two turns of its event loop, unless
   * it is ahead of what it waits for.
   */
  signersOf(
    headers: readonly Pick<SignedHeader, 'hash' | 'signature'>[],
    options: { readonly ahead: boolean },
  ): Promise<readonly (Address | undefined)[]>
}

/** Recovers keys on the calling thread. */
export const inlineExec: Exec = {
  recoverBatch: async (jobs) => jobs.map(({ digest, signature }) => recoverAddress(digest, signature)),
}

/** Who signed a transaction with one signature. */
interface Answer {
  readonly signature: Hex
  /** False where nothing could be looked for. */
  readonly hasMethod: boolean
  signer: Address | undefined
  /** Under way. Rejects when the signer could not be looked for. */
  work: Work | undefined
}

interface Work {
  readonly end: Promise<void>
  readonly asked: ReturnType<Exec['recoverBatch']>
}

/** Answers to find in one go, each with its job. */
interface Search {
  readonly answers: Answer[]
  readonly ids: Hash[]
  readonly jobs: RecoverJob[]
}

/** Answers by transaction id. */
class Answers {
  private readonly byId = new Map<Hash, Answer>()
  /** Most who ask have a new transaction. */
  private filter: IdFilter | undefined

  get size(): number {
    return this.byId.size
  }

  get(id: Hash): Answer | undefined {
    return this.filter?.mayHave(id) === true ? this.byId.get(id) : undefined
  }

  set(id: Hash, answer: Answer): void {
    this.filter ??= new IdFilter(REMEMBERED)
    this.filter.add(id)
    this.byId.set(id, answer)
  }

  delete(id: Hash): void {
    this.byId.delete(id)
  }
}

class CachingAuthenticator implements Authenticator {
  private readonly ports: AuthenticatorPorts
  /** The newer half and the older one. */
  private known = new Answers()
  private older = new Answers()
  /** By list, which is never changed: a block's transactions are asked for when they come in and again where they are imported. */
  private lists = new WeakMap<readonly SignedTransaction[], Answer[]>()

  constructor(ports: AuthenticatorPorts) {
    this.ports = ports
  }

  async authenticate(
    transactions: readonly SignedTransaction[],
    ids: readonly Hash[] = transactions.map(transactionId),
    { patient = false }: { readonly patient?: boolean } = {},
  ): Promise<readonly (Address | undefined)[]> {
    // Held from now on: what is remembered may be forgotten for newer signers before this call ends.
    const answers = this.begin(transactions, ids, {})
    const works = new Set<Work>()
    let waiting = 0
    for (const { work } of answers) {
      if (work === undefined) continue
      works.add(work)
      waiting += 1
    }
    if (waiting >= MANY && !patient) for (const { asked } of works) this.ports.exec.hurry?.(asked)
    for (const { end } of works) await end
    return answers.map(({ signer }) => signer)
  }

  ahead(transactions: readonly SignedTransaction[]): Promise<void> {
    const answers = this.begin(transactions, undefined, { ahead: true })
    return Promise.allSettled(new Set(answers.map(({ work }) => work?.end))).then(() => undefined)
  }

  async signersOf(
    headers: readonly Pick<SignedHeader, 'hash' | 'signature'>[],
    { ahead }: { readonly ahead: boolean },
  ): Promise<readonly (Address | undefined)[]> {
    const jobs = headers.map(({ hash, signature }) => ({ digest: hexToBytes(hash), signature: hexToBytes(signature) }))
    return this.ports.exec.recoverBatch(jobs, ahead ? { ahead } : { more: true })
  }

  private begin(
    transactions: readonly SignedTransaction[],
    ids: readonly Hash[] | undefined,
    options: { readonly ahead?: boolean },
  ): Answer[] {
    const begun = this.lists.get(transactions)
    if (begun !== undefined) return begun
    const found: Answer[] = []
    let areKnown = true
    let search: Search = { answers: [], ids: [], jobs: [] }
    for (const [index, transaction] of transactions.entries()) {
      const answer = this.answerTo(transaction, ids?.[index] ?? transactionId(transaction), search)
      if (!answer.hasMethod) areKnown = false
      found.push(answer)
      if (search.jobs.length < PIECE) continue
      // Other threads begin while this one makes the next digests.
      this.find(search, { ...options, more: true })
      search = { answers: [], ids: [], jobs: [] }
    }
    if (search.jobs.length > 0) this.find(search, search.jobs.length < MANY ? options : { ...options, more: true })
    // The next collection may have a method that is not known now.
    if (areKnown && found.length >= MANY) this.lists.set(transactions, found)
    return found
  }

  private answerTo(transaction: SignedTransaction, id: Hash, search: Search): Answer {
    const { signature } = transaction.authorization
    const known = this.known.get(id) ?? this.older.get(id)
    if (known?.signature === signature) return known
    const method = this.ports.method(transaction)
    const answer: Answer = { signature, hasMethod: method !== undefined, signer: undefined, work: undefined }
    const digest = method === undefined ? undefined : this.digestOf(transaction, method)
    if (digest !== undefined) {
      search.jobs.push({ digest, signature: signatureBytes(transaction) })
      search.answers.push(answer)
      search.ids.push(id)
    }
    // A forged signature must not put out the good one of the same transaction.
    const good = known !== undefined && (known.work !== undefined || known.signer === transaction.from)
    // Nor is an unknown method remembered: the next collection may have it.
    if (method !== undefined && !good) this.remember(id, answer)
    return answer
  }

  private find(search: Search, options: RecoverOptions): void {
    const asked = this.ports.exec.recoverBatch(search.jobs, options)
    const work: Work = { asked, end: this.settle(search, asked) }
    for (const answer of search.answers) answer.work = work
    // Who waits for an answer hears of a failure; nobody may.
    work.end.catch(() => undefined)
  }

  private async settle({ answers, ids }: Search, asked: Work['asked']): Promise<void> {
    try {
      const signers = await asked
      for (const [index, answer] of answers.entries()) answer.signer = signers[index]
    } catch (error) {
      for (const [index, id] of ids.entries()) this.forget(id, answers[index])
      this.lists = new WeakMap()
      throw error
    } finally {
      for (const answer of answers) answer.work = undefined
    }
  }

  private digestOf(transaction: SignedTransaction, method: MethodDescriptor): RecoverJob['digest'] | undefined {
    try {
      return signingDigest(transaction, method, this.ports.network)
    } catch (error) {
      // Arguments that do not decode have no digest, so nobody signed them.
      if (error instanceof AelfError) return undefined
      throw error
    }
  }

  private remember(id: Hash, answer: Answer): void {
    this.known.set(id, answer)
    if (this.known.size < REMEMBERED) return
    this.older = this.known
    this.known = new Answers()
  }

  private forget(id: Hash, answer: Answer | undefined): void {
    for (const map of [this.known, this.older]) if (map.get(id) === answer) map.delete(id)
  }
}

export function createAuthenticator(ports: AuthenticatorPorts): Authenticator {
  return new CachingAuthenticator(ports)
}
