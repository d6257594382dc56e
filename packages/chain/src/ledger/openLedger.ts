import type { ProposeInput } from '#consensus'
import { Ledger } from './ledger.ts'
import { openChain } from './loading.ts'
import type { LedgerOptions, LedgerPorts } from './types.ts'

/** Opens a ledger at the head its store has, or at genesis. Rejects with `ledger.otherChain` or `ledger.corrupt`. */
export async function openLedger<S, P extends ProposeInput>(
  options: LedgerOptions,
  ports: LedgerPorts<S, P>,
): Promise<Ledger<S, P>> {
  const { chain, pages } = await openChain(options, ports)
  return new Ledger(options, { ...ports, pages }, chain)
}
