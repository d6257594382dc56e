export type EgressCode =
  | 'egress.url'
  | 'egress.address'
  | 'egress.redirect'
  | 'egress.status'
  | 'egress.timeout'
  | 'egress.unreachable'
  | 'egress.mail'

/** Why something was not sent: a stable code, words for the person it was meant for, and whether trying again may help. */
export class EgressError extends Error {
  override readonly name: string = 'EgressError'
  readonly code: EgressCode
  readonly retryable: boolean

  constructor(code: EgressCode, message: string, options: { retryable?: boolean; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.retryable = options.retryable ?? false
  }
}
