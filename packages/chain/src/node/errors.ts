import { AelfError, type AelfErrorOptions } from '#primitives'

export type NodeErrorCode =
  | 'node.config'
  | 'node.collection'
  | 'node.stopped'
  | 'call.unknownMethod'
  | 'call.arguments'
  | 'call.unknownView'
  | 'node.range'
  | 'node.busy'
  | 'node.genesis'
  | 'node.locked'
  | 'node.storage'
  | 'node.listen'
  | 'key.inUse'
  | 'keystore.malformed'
  | 'keystore.parameters'
  | 'keystore.password'
  | 'signer.corrupt'
  | 'signer.unreachable'
  | 'signer.refused'
  | 'node.suspended'

/** A request a node cannot serve, or a setting it cannot start with. */
export class NodeError extends AelfError {
  override readonly name: string = 'NodeError'
  constructor(code: NodeErrorCode, message: string, options: AelfErrorOptions = {}) {
    super(code, message, options)
  }
}
