import type { MethodDescriptor } from '#kernel'
import { type NetworkIdentity, type SignedTransaction, signingDigest, transactionId } from '#kernel'
import { type Address, AelfError, type Exec, type Hash, hexToBytes, type RecoverJob, recoverAddress } from '#primitives'

/** Recovered signers that are remembered, so that a transaction seen in the pool costs nothing again in its block. */
const MAX_REMEMBERED = 65_536

export interface AuthenticatorPorts {
  readonly exec: Exec
  readonly network: NetworkIdentity
  method(transaction: SignedTransaction): MethodDescriptor | undefined
}

/** Finds out who signed. Several nodes of one network in one process may share one. */
export interface Authenticator {
  /** In order; ids spare hashing where the caller has them. Undefined for an unknown method, malformed arguments or a malformed signature. */
  authenticate(
    transactions: readonly SignedTransaction[],
    ids?: readonly Hash[],
  ): Promise<readonly (Address | undefined)[]>
}

/** Recovers keys on the calling thread. */
export const inlineExec: Exec = {
  recoverBatch: async (jobs) => jobs.map(({ digest, signature }) => recoverAddress(digest, signature)),
}

class CachingAuthenticator implements Authenticator {
  private readonly ports: AuthenticatorPorts
  private readonly known = new Map<string, Address | undefined>()

  constructor(ports: AuthenticatorPorts) {
    this.ports = ports
  }

  async authenticate(
    transactions: readonly SignedTransaction[],
    ids: readonly Hash[] = transactions.map(transactionId),
  ): Promise<readonly (Address | undefined)[]> {
    const keys = transactions.map(({ authorization }, index) => (ids[index] ?? '') + authorization.signature)
    const jobs: RecoverJob[] = []
    const waiting: string[] = []
    // Read now: what is remembered may be forgotten for newer signers before this call ends.
    const answered = new Map<string, Address | undefined>()
    transactions.forEach((transaction, index) => {
      const key = keys[index] ?? ''
      if (answered.has(key)) return
      if (this.known.has(key)) {
        answered.set(key, this.known.get(key))
        return
      }
      const method = this.ports.method(transaction)
      const digest = method === undefined ? undefined : this.digestOf(transaction, method)
      if (digest === undefined) {
        answered.set(key, undefined)
        // The next collection may have the method that none has now.
        if (method !== undefined) this.remember(key, undefined)
      } else {
        jobs.push({ digest, signature: hexToBytes(transaction.authorization.signature) })
        waiting.push(key)
      }
    })
    const answers = jobs.length === 0 ? [] : await this.ports.exec.recoverBatch(jobs)
    waiting.forEach((key, index) => {
      answered.set(key, answers[index])
      this.remember(key, answers[index])
    })
    return keys.map((key) => answered.get(key))
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

  private remember(key: string, signer: Address | undefined): void {
    this.known.set(key, signer)
    if (this.known.size <= MAX_REMEMBERED) return
    const oldest = this.known.keys().next()
    if (oldest.done !== true) this.known.delete(oldest.value)
  }
}

export function createAuthenticator(ports: AuthenticatorPorts): Authenticator {
  return new CachingAuthenticator(ports)
}
