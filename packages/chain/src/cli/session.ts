import type { Command } from 'commander'
import { createRpcClient, type RpcClient } from '#rpc/client'
import { CliError } from './exit.ts'
import type { Terminal } from './output.ts'
import { exists } from './privateFile.ts'

/** What every command gets. */
export interface Session {
  readonly terminal: Terminal
  readonly client: RpcClient
  readonly json: boolean
}

interface SharedOptions {
  readonly rpc?: string
  readonly json?: boolean
}

const DEFAULT_RPC = 'http://127.0.0.1:8545'
/** Where a node's configuration is looked for. */
export const DEFAULT_CONFIG = 'aelf.yaml'

/** Adds the options of a command that asks a node. */
export function shared(command: Command): Command {
  return printsJson(command.option('--rpc <url>', `address of the node (AELF_RPC_URL, else ${DEFAULT_RPC})`))
}

/** Adds the option that every command has. */
export function printsJson(command: Command): Command {
  return command.option('--json', 'print one JSON document')
}

/** Session of a command from its options. Throws `cli.usage` for an address that is none. */
export function sessionOf(command: Command, terminal: Terminal, fallback: string = DEFAULT_RPC): Session {
  const options = command.opts<SharedOptions>()
  const url = options.rpc ?? terminal.env['AELF_RPC_URL'] ?? fallback
  if (!/^https?:\/\//.test(url) || !URL.canParse(url)) {
    throw new CliError(
      'cli.usage',
      `"${url.slice(0, 100)}" is not the address of a node`,
      `Write it like ${DEFAULT_RPC}.`,
    )
  }
  return { terminal, client: createRpcClient({ url, retries: 1 }), json: options.json === true }
}

/** Session of a command that asks its own node: that of `--config`, or of the configuration that is here. */
export async function ownSession(command: Command, terminal: Terminal): Promise<Session> {
  const { rpc, config } = command.opts<SharedOptions & { readonly config?: string }>()
  if (rpc !== undefined || (config === undefined && !(await exists(DEFAULT_CONFIG))))
    return sessionOf(command, terminal)
  // Loaded on demand: the configuration belongs to the node, which most commands do not need.
  const { loadConfig, rpcUrlOf } = await import('./configFile.ts')
  return sessionOf(command, terminal, rpcUrlOf(await loadConfig({ config: config ?? DEFAULT_CONFIG })))
}

/** A block, transaction or account given by hex digits. Throws `cli.usage`. */
export function readHex(text: string, bytes: 20 | 32, what: string): `0x${string}` {
  if (!new RegExp(`^0x[0-9a-fA-F]{${2 * bytes}}$`).test(text)) {
    throw new CliError('cli.usage', `"${text.slice(0, 80)}" is not ${what}`, `Write 0x and ${2 * bytes} hex digits.`)
  }
  return text.toLowerCase() as `0x${string}`
}

/** A whole number of an option. Throws `cli.usage`. */
export function readWhole(flag: string, text: string, range: { readonly from: number; readonly to: number }): number {
  const value = /^[0-9]{1,10}$/.test(text) ? Number(text) : Number.NaN
  if (value >= range.from && value <= range.to) return value
  throw new CliError(
    'cli.usage',
    `${flag}: "${text.slice(0, 40)}" is out of range`,
    `Write a whole number from ${range.from} to ${range.to}.`,
  )
}
