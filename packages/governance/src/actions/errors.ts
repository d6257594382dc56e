/** Options of every error of this room. */
export interface BaseErrorOptions {
  readonly code: string
  /** One sentence with the next step. */
  readonly help: string
  readonly details?: unknown
  readonly retryable?: boolean
  readonly cause?: unknown
}

/** What every action throws: `shortMessage` says what happened, `help` what to do next, `code` is stable. */
export class BaseError extends Error {
  override readonly name: string = 'AelfActionError'
  readonly shortMessage: string
  readonly code: string
  readonly help: string
  readonly details: unknown
  readonly retryable: boolean

  constructor(shortMessage: string, options: BaseErrorOptions) {
    super(`${shortMessage} ${options.help}`, { cause: options.cause })
    this.shortMessage = shortMessage
    this.code = options.code
    this.help = options.help
    this.details = options.details
    this.retryable = options.retryable ?? false
  }

  /** Follows `cause` and returns the first error that matches, or the last one when no test is given. */
  walk(test?: (error: unknown) => boolean): unknown {
    let current: unknown = this
    for (let depth = 0; depth < 32; depth++) {
      if (test?.(current)) return current
      const next: unknown = current instanceof Error ? current.cause : undefined
      if (next === undefined || next === null) return test ? undefined : current
      current = next
    }
    return undefined
  }
}

/** The node or the chain refused: the code is the node's own, such as `tx.markExpired` or `election.lockDaysOutOfRange`. */
export class RefusedError extends BaseError {
  override readonly name: string = 'RefusedError'
}

/** The person said no in the wallet. Nothing was sent. */
export class UserRejectedError extends BaseError {
  override readonly name: string = 'UserRejectedError'
  constructor(cause?: unknown) {
    super('You declined in the wallet.', {
      code: 'wallet.rejected',
      help: 'Nothing was sent. Start again whenever you like.',
      cause,
    })
  }
}

/** The wallet did not sign for another reason. */
export class WalletError extends BaseError {
  override readonly name: string = 'WalletError'
  constructor(details: string, cause?: unknown) {
    super('The wallet did not sign.', {
      code: 'wallet.failed',
      details,
      cause,
      retryable: true,
      help: 'Unlock the wallet, look for a waiting window of it, then try again.',
    })
  }
}

/** The mark ran out before the transaction reached a block. It can be rebuilt and signed again. */
export class TransactionExpiredError extends BaseError {
  override readonly name: string = 'TransactionExpiredError'
  constructor(id: string) {
    super('The transaction expired before it reached a block.', {
      code: 'tx.markExpired',
      details: { id },
      retryable: true,
      help: 'Nothing was changed. Rebuild it with a recent block and sign again.',
    })
  }
}

/** Waiting took longer than allowed; the transaction may still be included. */
export class WaitTimeoutError extends BaseError {
  override readonly name: string = 'WaitTimeoutError'
  constructor(id: string, timeoutMs: number) {
    super(`The transaction was not settled within ${timeoutMs / 1000} seconds.`, {
      code: 'wait.timeout',
      details: { id },
      retryable: true,
      help: 'It is not lost: follow it by its id.',
    })
  }
}

interface CodedCause {
  readonly message: string
  readonly code: string
  readonly help: string
  readonly retryable: boolean
  readonly details: unknown
}

/** Turns whatever a transport or the chain threw into an error of this room. */
export function toBaseError(error: unknown): BaseError {
  if (error instanceof BaseError) return error
  const coded = codedCause(error)
  if (coded) return new RefusedError(`${coded.message}.`, { ...coded, cause: error })
  return new BaseError('The node could not be reached.', {
    code: 'rpc.unreachable',
    help: 'Check the connection, then try again.',
    retryable: true,
    cause: error,
    details: error instanceof Error ? error.message : String(error),
  })
}

function codedCause(error: unknown): CodedCause | undefined {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return undefined
  const field = (key: string): unknown =>
    key in error ? (error as unknown as Record<string, unknown>)[key] : undefined
  const help = field('help')
  const refusal = refusalOf(field('details'))
  return {
    message: (refusal?.code ? `${error.message} (${refusal.code})` : error.message).replace(/\.$/, ''),
    code: refusal?.code ?? error.code,
    help: refusal?.help ?? (typeof help === 'string' ? help : 'Try again.'),
    retryable: field('retryable') === true,
    details: field('details'),
  }
}

/** A contract's refusal travels inside `details.error` as `{ code, help }`. */
function refusalOf(details: unknown): { readonly code: string; readonly help: string } | undefined {
  if (typeof details !== 'object' || details === null || !('error' in details)) return undefined
  const inner = details.error
  if (typeof inner !== 'object' || inner === null || !('code' in inner) || !('help' in inner)) return undefined
  return typeof inner.code === 'string' && typeof inner.help === 'string'
    ? { code: inner.code, help: inner.help }
    : undefined
}
