import { AelfError, type AelfErrorOptions } from '#primitives'

export type P2pErrorCode = 'p2p.tooLarge' | 'p2p.unknownKind' | 'p2p.malformed' | 'p2p.name' | 'p2p.full'

/** A message that does not follow the protocol, or a network that cannot take another peer. */
export class P2pError extends AelfError {
  override readonly name: string = 'P2pError'
  constructor(code: P2pErrorCode, message: string, options: AelfErrorOptions = {}) {
    super(code, message, options)
  }
}
