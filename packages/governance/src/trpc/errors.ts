/** What went wrong, as clients see it; `init.ts` turns it into a transport status. */
export type ApiReason =
  | 'input.invalid'
  | 'cursor.invalid'
  | 'block.notFound'
  | 'transaction.notFound'
  | 'delegate.notFound'
  | 'round.notFound'
  | 'term.notFound'
  | 'position.notFound'
  | 'contract.notFound'
  | 'proposal.notFound'
  | 'content.notFound'
  | 'upgrade.notFound'
  | 'node.unreachable'
  | 'index.empty'
  | 'database.unreachable'
  | 'session.required'
  | 'session.refused'
  | 'session.noSite'
  | 'request.foreign'
  | 'rate.limited'
  | 'comment.notFound'
  | 'comment.full'
  | 'comment.noHolder'
  | 'alert.notFound'
  | 'alert.full'
  | 'alert.badTarget'
  | 'alert.noEmail'
  | 'alert.notSigned'
  | 'api.notConfigured'
  | 'api.failed'

/** A refusal with a stable reason and, where there is one, what to do next. */
export class ApiError extends Error {
  override readonly name: string = 'ApiError'
  readonly reason: ApiReason
  readonly help: string | undefined

  constructor(reason: ApiReason, message: string, help?: string) {
    super(message)
    this.reason = reason
    this.help = help
  }
}
