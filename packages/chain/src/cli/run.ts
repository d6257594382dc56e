import { CommanderError } from 'commander'
import { AelfError } from '#primitives'
import { RpcRequestError } from '#rpc/client'
import { CliError, exitCodeOf, exitCodes } from './exit.ts'
import { clean, printJson, type Terminal } from './output.ts'
import { createProgram } from './program.ts'

const VERSION_WORDS: ReadonlySet<string> = new Set(['--version', '-V'])

/** Runs one command; `words` are the arguments after the program's name. Never rejects: the answer is the exit code. */
export async function runCli(words: readonly string[], terminal: Terminal): Promise<number> {
  try {
    if (words.length === 1 && VERSION_WORDS.has(words[0] ?? '')) {
      const { VERSION } = await import('#node')
      terminal.out(VERSION)
      return exitCodes.ok
    }
    await createProgram(terminal).parseAsync([...words], { from: 'user' })
    return exitCodes.ok
  } catch (error) {
    // Commander has already explained itself, and asking for help is no error.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage
    report(error, words.includes('--json'), terminal)
    return exitCodeOf(error)
  }
}

function report(error: unknown, json: boolean, terminal: Terminal): void {
  const code = error instanceof AelfError ? error.code : 'cli.failure'
  const message = error instanceof Error ? error.message : 'unknown failure'
  const help = error instanceof CliError || error instanceof RpcRequestError ? error.help : ''
  const details = error instanceof RpcRequestError ? error.details : {}
  if (json) {
    printJson({ ...terminal, out: terminal.err }, { error: { code, message, help, details } })
    return
  }
  const refusal = refusalOf(details)
  terminal.err(`aelf: ${clean(message)}${refusal}`)
  if (help !== '') terminal.err(`      ${clean(help)}`)
  const url = details['url']
  if (typeof url === 'string') terminal.err(`      Asked ${clean(url)}.`)
}

function refusalOf(details: Readonly<Record<string, unknown>>): string {
  const inner = details['error']
  if (typeof inner === 'object' && inner !== null && 'code' in inner) return ` (${clean(String(inner.code))})`
  return ''
}
