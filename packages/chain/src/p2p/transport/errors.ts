import { AelfError, type AelfErrorOptions } from '#primitives'

export type TransportErrorCode =
  | 'transport.identity'
  | 'transport.address'
  | 'transport.listen'
  | 'transport.book'
  | 'transport.frameTooLarge'
  | 'transport.frameMalformed'
  | 'transport.handshake'
  | 'transport.foreignNetwork'
  | 'transport.version'
  | 'transport.refused'
  | 'transport.slow'

/** What goes wrong between two nodes before a message is understood, and settings the transport cannot start with. */
export class TransportError extends AelfError {
  override readonly name: string = 'TransportError'
  constructor(code: TransportErrorCode, message: string, options: AelfErrorOptions = {}) {
    super(code, message, options)
  }
}
