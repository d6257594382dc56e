import { AelfError, type AelfErrorOptions } from '#primitives'

/** Every reason to refuse a transaction, with what its sender can do about it. Codes never change. */
export const TX_HELP = {
  'tx.tooLarge': 'A transaction has at most 131,072 bytes; send less data.',
  'tx.malformed': 'The bytes are not one canonical encoded transaction.',
  'tx.unknownMethod': 'No contract at this address has a method of this number.',
  'tx.malformedArguments': 'The arguments are not the canonical encoding for this method.',
  'tx.markExpired':
    'The block this transaction refers to is more than 64 blocks old; sign it again with a recent block.',
  'tx.markUnknown':
    'The block this transaction refers to is not on this chain. It was made for another network, another branch, or a block this node has not seen yet.',
  'tx.replay': 'This transaction is already in a block.',
  'tx.signatureMalformed':
    'The signature is not a canonical secp256k1 signature (65 bytes, v 27 or 28, s in the lower half of the order).',
  'tx.signatureMismatch':
    'The signature belongs to another account, or to another text. The node renders the sentence, the network name and the arguments again: if the wallet showed anything else, or signed for another network or chain id, it signed a different transaction.',
  'tx.feeLimitTooLow': 'The fee is above the fee limit of the transaction; raise the limit and sign again.',
  'tx.balanceTooLow': 'The account cannot pay the fees of this and its other waiting transactions.',
  'tx.refused': 'The contract would refuse this call in the present state.',
  'tx.accountLimit': 'This account has too many waiting transactions; wait until some are in a block.',
  'tx.poolFull': 'The node holds as many transactions as it may, and this one pays less than all of them; try later.',
  'tx.notDurable': 'The node could not write the transaction to its disk; it was not accepted.',
} as const

export type TxErrorCode = keyof typeof TX_HELP

/** A transaction was refused. `details.help` says what to do; `retryable` whether the same bytes may pass later. */
export class TxError extends AelfError {
  override readonly name: string = 'TxError'
  constructor(code: TxErrorCode, message: string, options: AelfErrorOptions = {}) {
    super(code, message, {
      retryable:
        code === 'tx.poolFull' || code === 'tx.accountLimit' || code === 'tx.notDurable' || code === 'tx.markUnknown',
      ...options,
      details: { help: TX_HELP[code], ...options.details },
    })
  }
}
