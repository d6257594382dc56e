import { AelfError } from '#primitives'

/** What the process says when it ends; scripts may rely on these numbers. */
export const exitCodes: {
  readonly ok: 0
  readonly failure: 1
  readonly usage: 2
  readonly unreachable: 3
  readonly refused: 4
  readonly storage: 5
  readonly dataInUse: 6
  readonly keyInUse: 7
  readonly collection: 8
} = { ok: 0, failure: 1, usage: 2, unreachable: 3, refused: 4, storage: 5, dataInUse: 6, keyInUse: 7, collection: 8 }

/** A command that cannot go on: `cli.usage`, `cli.refused`, `cli.failure`, with a sentence that says what to do. */
export class CliError extends AelfError {
  override readonly name: string = 'CliError'
  readonly help: string

  constructor(code: 'cli.usage' | 'cli.refused' | 'cli.failure', message: string, help: string = '') {
    super(code, message)
    this.help = help
  }
}

const UNREACHABLE: readonly string[] = ['client.unreachable', 'client.timeout', 'client.badAnswer', 'client.closed']
const USAGE: readonly string[] = [
  'cli.usage',
  'rpc.invalidParams',
  'rpc.notDevnet',
  'contract.unknown',
  'contract.unknownMethod',
  'contract.invalidArguments',
  'node.config',
  'node.genesis',
  'ledger.otherChain',
]
const OTHERS: Readonly<Record<string, number>> = {
  'cli.refused': exitCodes.refused,
  'node.storage': exitCodes.storage,
  'ledger.corrupt': exitCodes.storage,
  'node.locked': exitCodes.dataInUse,
  'key.inUse': exitCodes.keyInUse,
  'node.collection': exitCodes.collection,
}
const FAMILIES: readonly (readonly [prefix: string, code: number])[] = [
  ['tx.', exitCodes.refused],
  ['genesis.', exitCodes.usage],
  ['keystore.', exitCodes.usage],
  ['collection.', exitCodes.usage],
  ['store.', exitCodes.storage],
]

/** Exit code that belongs to an error. For errors of a node it is what the node itself says. */
export function exitCodeOf(error: unknown): number {
  if (!(error instanceof AelfError)) return exitCodes.failure
  const { code } = error
  if (UNREACHABLE.includes(code)) return exitCodes.unreachable
  if (USAGE.includes(code)) return exitCodes.usage
  const family = FAMILIES.find(([prefix]) => code.startsWith(prefix))
  return OTHERS[code] ?? family?.[1] ?? exitCodes.failure
}
