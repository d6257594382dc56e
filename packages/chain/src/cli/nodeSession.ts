import type { Command } from 'commander'
import { type ConfigOptions, DEFAULT_CONFIG, loadConfig, rpcUrlOf } from './configFile.ts'
import type { Terminal } from './output.ts'
import { exists } from './privateFile.ts'
import { type Session, sessionOf } from './session.ts'

/** Session of a command that knows its node's configuration: asks that node unless told another. Throws `cli.usage`, `node.config`. */
export async function nodeSession(command: Command, terminal: Terminal): Promise<Session> {
  const { config } = command.opts<ConfigOptions>()
  const isThere = config !== undefined || (await exists(DEFAULT_CONFIG))
  const own = isThere ? rpcUrlOf(await loadConfig({ ...(config === undefined ? {} : { config }) })) : undefined
  return sessionOf(command, terminal, own)
}
