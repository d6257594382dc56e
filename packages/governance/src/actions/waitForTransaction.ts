import type { ReceiptView, TransactionView } from '@aelf/chain/rpc'
import type { Hash } from '#domain'
import type { AelfClient } from './client.ts'
import { BaseError, TransactionExpiredError, toBaseError, WaitTimeoutError } from './errors.ts'

/** How settled a transaction must be: in a block, that many blocks deep, or irreversible. */
export type SettledUntil = 'included' | number | 'irreversible'

export interface WaitForTransactionParameters {
  readonly id: Hash
  /** Default `included`. */
  readonly until?: SettledUntil
  readonly timeoutMs?: number
  readonly pollingIntervalMs?: number
  readonly signal?: AbortSignal
}

/** An included transaction whose receipt says success. */
export interface SettledTransaction {
  readonly id: Hash
  readonly height: bigint
  readonly blockHash: Hash
  readonly receipt: ReceiptView
  readonly confirmations: number
  readonly irreversible: boolean
}

/** Follows a transaction until it settled. Throws the receipt's refusal, `tx.markExpired`, or `wait.timeout`. */
export async function waitForTransaction(
  client: AelfClient,
  parameters: WaitForTransactionParameters,
): Promise<SettledTransaction> {
  const { id, until = 'included', timeoutMs = 300_000, pollingIntervalMs = 500, signal } = parameters
  const attempts = timeoutMs / pollingIntervalMs
  for (let attempt = 0; attempt <= attempts; attempt++) {
    signal?.throwIfAborted()
    const view = await client.request('aelf_getTransaction', [id]).catch((error: unknown) => {
      throw toBaseError(error)
    })
    if (view.status === 'expired') throw new TransactionExpiredError(id)
    const settled = settledFrom(view)
    if (settled && isSettled(settled, until)) return settled
    await new Promise((resolve) => setTimeout(resolve, pollingIntervalMs))
  }
  throw new WaitTimeoutError(id, timeoutMs)
}

function settledFrom(view: TransactionView): SettledTransaction | undefined {
  const { block, receipt } = view
  if (view.status !== 'included' || !block || !receipt) return undefined
  if (receipt.status === 'failed') {
    throw new BaseError('The chain refused the transaction; only the fee was charged.', {
      code: receipt.error?.code ?? 'tx.failed',
      help: receipt.error?.help ?? 'See the transaction page.',
      details: { id: view.id },
    })
  }
  return {
    id: view.id,
    height: BigInt(block.height),
    blockHash: block.hash,
    receipt,
    confirmations: view.confirmations,
    irreversible: view.finalized,
  }
}

function isSettled(settled: SettledTransaction, until: SettledUntil): boolean {
  if (until === 'included') return true
  return until === 'irreversible' ? settled.irreversible : settled.irreversible || settled.confirmations >= until
}
