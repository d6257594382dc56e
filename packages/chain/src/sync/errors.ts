import { AelfError, type AelfErrorOptions } from '#primitives'

export type SyncErrorCode = 'sync.header' | 'sync.badBlock' | 'sync.body'

/** What a peer answered is not what it was asked for. */
export class SyncError extends AelfError {
  override readonly name: string = 'SyncError'
  constructor(code: SyncErrorCode, message: string, options: AelfErrorOptions = {}) {
    super(code, message, options)
  }
}
