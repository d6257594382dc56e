import type { DposState } from '#consensus/dpos'
import type { RegisteredMethod } from '#contracts/runtime'
import type { Era } from '#executor'
import {
  encodeArgs,
  encodeTransaction,
  markOf,
  type NetworkIdentity,
  signTransaction,
  type UnsignedTransaction,
} from '#kernel'
import { AelfError, assert, type Bytes, bytesToHex, concatBytes, type Hash, hexToBytes, sha256 } from '#primitives'
import type { NodeWarning } from './api.ts'
import type { NodeParts } from './compose.ts'
import type { Reveals } from './reveals.ts'

/** A delegate looks after its chain once in this many blocks; delegates at different ones, because a new chain costs time. */
const PERIOD = 16n
const MS = 1000
const NONCE_BYTES = 8
const NO_SIGNATURE = bytesToHex(new Uint8Array(65))
/** A chain with a tenth left that will not last for the term is worth a warning. */
const LOW_PART = 10

interface Candidate {
  readonly commitment: Hash
  readonly registered: boolean
}

/** Signs a renewal in the delegate's name; the result is an encoded transaction. */
export type SignRenewal = (
  transaction: UnsignedTransaction,
  context: { readonly method: RegisteredMethod['descriptor']; readonly network: NetworkIdentity },
) => Promise<Bytes>

/** Renewals signed with a key in memory. */
export function localRenewals(privateKey: Bytes): SignRenewal {
  return async (transaction, { method, network }) =>
    encodeTransaction(signTransaction(transaction, { method, network, privateKey }))
}

export interface RenewalDeps {
  readonly parts: NodeParts
  readonly reveals: Reveals
  /** Left out: nobody can sign for the account here. */
  readonly sign: SignRenewal | undefined
  submit(envelope: Bytes): Promise<Hash>
}

/**
 * Renews a delegate's commitment before its chain of in-values ends. The new chain serves from the next term on, so what is left of
 * the old one must always cover a whole further term: the clock may jump to the end of this one at any time. A chain's number is
 * that of the term in which it was announced, which makes one renewal a term, also across restarts.
 */
export class Renewal {
  private readonly deps: RenewalDeps
  private readonly phase: bigint
  private busy = false
  private current: NodeWarning | undefined
  private logged = ''

  constructor(deps: RenewalDeps) {
    this.deps = deps
    this.phase = BigInt(deps.reveals.address) % PERIOD
  }

  /** What an operator should know now. */
  warning(): NodeWarning | undefined {
    return this.current
  }

  /** Follows the head; resolves when there is nothing left to do at it. Never rejects. */
  async followHead(height: bigint): Promise<void> {
    if (this.busy || height % PERIOD !== this.phase) return
    this.busy = true
    const state = this.deps.parts.ledger.headState()
    try {
      this.current = (await this.renew(state)) ?? this.shortage(state)
    } catch (error) {
      const reason = error instanceof AelfError ? `${error.code}: ${error.message}` : String(error)
      this.current = this.warn('reveals.renewal', `The commitment could not be renewed: ${reason}`)
    } finally {
      this.busy = false
    }
    this.report(state)
  }

  /** Announces a new chain when the announced one does not suffice any more. Says why it cannot. */
  private async renew(state: DposState): Promise<NodeWarning | undefined> {
    const { reveals, parts } = this.deps
    const candidate = this.candidate()
    const serving = state.records.get(reveals.address)?.commitment
    const announced = candidate?.commitment ?? serving
    if (announced === undefined) return undefined
    const left = reveals.remaining(state, announced) ?? 0
    if (left >= this.margin(state)) return undefined
    const { sign } = this.deps
    if (candidate?.registered !== true || !reveals.renewable || sign === undefined) {
      return left * LOW_PART > reveals.length ? undefined : this.warn('reveals.low', `${left} in-values are left`)
    }
    const commitment = await reveals.promise(state.term.number)
    if (commitment === announced || this.isWaiting()) return undefined
    const transaction = await this.deps.submit(await this.transaction(commitment, sign))
    parts.ports.logger.info('The commitment is renewed', { left, term: state.term.number, transaction })
    return undefined
  }

  /** In-values for one whole term and a tenth more; half a chain when it is too short for that. */
  private margin(state: DposState): number {
    const { termSeconds, genesis } = this.deps.parts.ports.chain
    const slots = (termSeconds * MS) / Number(genesis.slotMs)
    const term = Math.ceil((slots * 1.1) / (state.term.producers.length + 1))
    const { length } = this.deps.reveals
    return length > term ? term : Math.ceil(length / 2)
  }

  /** Whether the serving chain ends before its term does. Nothing helps then; the extra slots carry the network. */
  private shortage(state: DposState): NodeWarning | undefined {
    const { reveals, parts } = this.deps
    const serving = state.records.get(reveals.address)?.commitment
    const left = serving === undefined ? undefined : (reveals.remaining(state, serving) ?? 0)
    if (left === undefined || left * LOW_PART > reveals.length) return undefined
    const { termSeconds, genesis } = parts.ports.chain
    const length = BigInt(termSeconds * MS) / genesis.slotMs
    const rounds = (length - (state.slot % length)) / BigInt(state.round.order.length + 1)
    return rounds <= left ? undefined : this.warn('reveals.low', `${left} in-values are left for ${rounds} rounds`)
  }

  private candidate(): Candidate | undefined {
    const { ledger, executor } = this.deps.parts
    const head = ledger.head()
    const env = ledger.environment(head, head.header.slot + 1n)
    const call = { contract: 'election', view: 'candidate', args: { delegate: this.deps.reveals.address } }
    return (executor.view(call, { state: ledger.headTree(), env }) ?? undefined) as Candidate | undefined
  }

  private nextEra(): Era {
    const { ledger, executor } = this.deps.parts
    return executor.eraAt(ledger.headTree(), ledger.head().header.height + 1n)
  }

  private method(): RegisteredMethod {
    const found = this.nextEra().registry.methodByName('election', 'renewCommitment')
    assert(found !== undefined, 'the election has renewCommitment')
    return found
  }

  /** A renewal that is on its way, perhaps from before a restart. */
  private isWaiting(): boolean {
    const { mempool } = this.deps.parts
    const { contractAddress, number } = this.method().descriptor
    return mempool.list(mempool.size().transactions).some(({ transaction: { from, contract, method } }) => {
      return from === this.deps.reveals.address && contract === contractAddress && method === number
    })
  }

  private async transaction(commitment: Hash, sign: SignRenewal): Promise<Bytes> {
    const { parts, reveals } = this.deps
    const { chain } = parts.ports
    const { descriptor: method } = this.method()
    const { height, hash } = parts.ledger.head().header
    // The nonce need not be secret: one renewal on one head is one transaction.
    const nonce = sha256(concatBytes(hexToBytes(commitment), hexToBytes(hash))).slice(0, NONCE_BYTES)
    const unsigned = (feeLimit: bigint): UnsignedTransaction => ({
      version: 1,
      walletChainId: BigInt(chain.genesis.chainId),
      from: reveals.address,
      contract: method.contractAddress,
      method: method.number,
      args: encodeArgs(method.abi, { commitment }),
      ...markOf(height, hash),
      feeLimit,
      nonce: bytesToHex(nonce),
    })
    const context = { method, network: chain.network }
    // The fee follows from the length, which no signature changes.
    const { length } = encodeTransaction({ ...unsigned(0n), authorization: { kind: 0, signature: NO_SIGNATURE } })
    return sign(
      unsigned(
        this.nextEra()
          .feePolicyAt(height + 1n)
          .feeOf(length, method),
      ),
      context,
    )
  }

  private warn(code: NodeWarning['code'], message: string): NodeWarning {
    return { code, message, delegate: this.deps.reveals.address }
  }

  /** Once a term for each kind. */
  private report(state: DposState): void {
    const { current } = this
    if (current === undefined) return
    const key = `${state.term.number} ${current.code}`
    if (key === this.logged) return
    this.logged = key
    const { code, message, delegate } = current
    this.deps.parts.ports.logger.warn('A delegate runs out of in-values', { code, reason: message, delegate })
  }
}
