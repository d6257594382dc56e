import { AelfError } from '#primitives'

/** What `aelf node` says when it ends; scripts and supervisors may rely on these numbers. */
export const nodeExitCodes: {
  readonly stopped: 0
  readonly failed: 1
  readonly usage: 2
  readonly storage: 5
  readonly locked: 6
  readonly keyInUse: 7
  readonly collection: 8
} = { stopped: 0, failed: 1, usage: 2, storage: 5, locked: 6, keyInUse: 7, collection: 8 }

const CODES: Readonly<Record<string, number>> = {
  'node.config': nodeExitCodes.usage,
  'node.genesis': nodeExitCodes.usage,
  'node.locked': nodeExitCodes.locked,
  'node.storage': nodeExitCodes.storage,
  'ledger.corrupt': nodeExitCodes.storage,
  'ledger.otherChain': nodeExitCodes.usage,
  'key.inUse': nodeExitCodes.keyInUse,
  'node.collection': nodeExitCodes.collection,
}

/** Exit code that belongs to an error of a node. */
export function nodeExitCode(error: unknown): number {
  if (!(error instanceof AelfError)) return nodeExitCodes.failed
  const isUsage = error.code.startsWith('genesis.') || error.code.startsWith('keystore.')
  const isStorage = error.code.startsWith('store.')
  return CODES[error.code] ?? (isUsage ? nodeExitCodes.usage : isStorage ? nodeExitCodes.storage : nodeExitCodes.failed)
}
