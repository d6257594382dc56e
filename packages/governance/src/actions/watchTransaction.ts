import type { TransactionView } from '@aelf/chain/rpc'
import type { Hash } from '#domain'
import type { AelfClient } from './client.ts'
import { type BaseError, toBaseError } from './errors.ts'

export interface WatchTransactionParameters {
  readonly id: Hash
  readonly onChange: (view: TransactionView) => void
  readonly onError?: (error: BaseError) => void
  readonly pollingIntervalMs?: number
}

/** Reports each change of a transaction's status, depth or finality until it is irreversible or expired. Returns the stop function. */
export function watchTransaction(client: AelfClient, parameters: WatchTransactionParameters): () => void {
  const { id, onChange, onError, pollingIntervalMs = 1_000 } = parameters
  let stopped = false
  let last = ''
  const step = async (): Promise<void> => {
    if (stopped) return
    let done = false
    try {
      const view = await client.request('aelf_getTransaction', [id])
      const key = `${view.status}/${view.confirmations}/${view.finalized}`
      if (key !== last && !stopped) onChange(view)
      last = key
      done = view.status === 'expired' || view.finalized
    } catch (error) {
      if (!stopped) onError?.(toBaseError(error))
    }
    if (!stopped && !done) setTimeout(step, pollingIntervalMs)
  }
  void step()
  return () => {
    stopped = true
  }
}
