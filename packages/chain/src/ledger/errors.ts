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
  /** Not wrong: what runs the block is not installed here. */
  | 'block.collection'
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

/** What an executor says, as a reason why a block was refused. */
export async function coded<T>(work: () => Promise<T> | T): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    if (!(cause instanceof AelfError) || !cause.code.startsWith('execution.')) throw cause
    const { message, details } = cause
    if (cause.code === 'execution.collection') {
      throw new LedgerError('block.collection', `No collection to run it: ${message}`, {
        cause,
        details,
        retryable: true,
      })
    }
    throw new LedgerError('block.execution', `The block cannot be executed: ${message}`, { cause })
  }
}
