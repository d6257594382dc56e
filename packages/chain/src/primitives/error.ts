export interface AelfErrorOptions {
  readonly details?: Readonly<Record<string, unknown>>
  readonly retryable?: boolean
  readonly cause?: unknown
}

/** Base of every operational error: a stable `code`, typed `details`, and whether trying again may help. */
export class AelfError extends Error {
  override readonly name: string = 'AelfError'
  readonly code: string
  readonly details: Readonly<Record<string, unknown>>
  readonly retryable: boolean
  override readonly cause: unknown

  constructor(code: string, message: string, options: AelfErrorOptions = {}) {
    super(message)
    this.code = code
    this.details = options.details ?? {}
    this.retryable = options.retryable ?? false
    this.cause = options.cause
  }

  /** Follows `cause` from this error down and returns the first one that matches, or the last one when no test is given. */
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

/** A bad value handed to a primitive: `primitive.hash`, `primitive.address`, `primitive.hex`, `primitive.key`, `primitive.range`, … */
export class PrimitiveError extends AelfError {
  override readonly name: string = 'PrimitiveError'
}

/** Bytes that do not decode, or a value that does not encode: `codec.short`, `codec.trailing`, `codec.limit`, `codec.range`, `codec.utf8`, … */
export class CodecError extends AelfError {
  override readonly name: string = 'CodecError'
}

/** A broken invariant of the program itself. Nothing catches it to go on. */
export class AssertionFailure extends AelfError {
  override readonly name: string = 'AssertionFailure'

  constructor(message: string) {
    super('assertion.failed', message)
  }
}

/** Stops the program's current step when `condition` is false. */
export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new AssertionFailure(message)
}
