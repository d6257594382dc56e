import { AelfError, type AelfErrorOptions } from '#primitives'

export type LedgerErrorCode =
  | 'block.orphan'
  | 'block.belowFinalized'
  | 'block.wrongChain'
  | 'block.wrongHeight'
  | 'block.hash'
  | 'block.extension'
  | 'block.indexRoot'
  | 'block.consensus'
  | 'block.tooLarge'
  | 'block.transactionRoot'
  | 'block.duplicateTransaction'
  | 'block.replay'
  | 'block.mark'
  | 'block.signature'
  | 'block.execution'
  | 'block.receiptRoot'
  | 'block.stateRoot'
  | 'block.notScheduled'
  | 'ledger.corrupt'
  | 'ledger.otherChain'
  | 'state.notKept'

/** Why a block was refused (`block.*`), the stored chain cannot be used (`ledger.*`), or a state is gone (`state.*`). */
export class LedgerError extends AelfError {
  override readonly name: string = 'LedgerError'
  constructor(code: LedgerErrorCode, message: string, options: AelfErrorOptions = {}) {
    super(code, message, { retryable: code === 'block.orphan', ...options })
  }
}
