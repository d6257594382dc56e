import { AelfError } from '#primitives'

/** What the process says when it ends; scripts may rely on these numbers. */
export const exitCodes: {
  readonly ok: 0
  readonly failure: 1
  readonly usage: 2
  readonly unreachable: 3
  readonly refused: 4
} = { ok: 0, failure: 1, usage: 2, unreachable: 3, refused: 4 }

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
]

/** Exit code that belongs to an error. */
export function exitCodeOf(error: unknown): number {
  if (!(error instanceof AelfError)) return exitCodes.failure
  if (UNREACHABLE.includes(error.code)) return exitCodes.unreachable
  if (USAGE.includes(error.code)) return exitCodes.usage
  return error.code.startsWith('tx.') || error.code === 'cli.refused' ? exitCodes.refused : exitCodes.failure
}
