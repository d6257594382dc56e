import { AelfError, type AelfErrorOptions } from '#primitives'

export type StoreErrorCode = 'store.closed' | 'store.open' | 'store.write' | 'store.range' | 'store.corrupt'

/** A failure of the disk or of the store on it. */
export class StoreError extends AelfError {
  override readonly name: string = 'StoreError'
  constructor(code: StoreErrorCode, message: string, options: AelfErrorOptions = {}) {
    super(code, message, options)
  }
}
