/** Why the database cannot do what was asked: a stable code, what one can do, and whether trying again may help. */
export class DatabaseError extends Error {
  override readonly name: string = 'DatabaseError'
  readonly code: 'db.migrationChanged' | 'db.migrationMissing' | 'db.rowMalformed'
  readonly retryable: boolean

  constructor(code: DatabaseError['code'], message: string, options: { retryable?: boolean; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.retryable = options.retryable ?? false
  }
}
