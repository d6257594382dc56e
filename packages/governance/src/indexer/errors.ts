type IndexerErrorCode =
  /** The node's answers of one step do not belong to one chain; the next step reads again. */
  | 'index.sourceMoved'
  /** A receipt holds an event whose fields are not those of the metadata. */
  | 'index.badEvent'
  | 'index.badAnswer'
  /** A handler broke the rules of the workspace: a bug of this package. */
  | 'index.misuse'

/** Why a step of the indexer did not finish. */
export class IndexerError extends Error {
  override readonly name: string = 'IndexerError'
  readonly code: IndexerErrorCode
  readonly retryable: boolean
  readonly details: Readonly<Record<string, unknown>>

  constructor(code: IndexerErrorCode, message: string, details: Readonly<Record<string, unknown>> = {}) {
    super(message)
    this.code = code
    this.retryable = code === 'index.sourceMoved'
    this.details = details
  }
}
