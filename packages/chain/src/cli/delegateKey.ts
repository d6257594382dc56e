import type { DelegateSecrets } from '#node'
import { type ConfigOptions, loadConfig } from './configFile.ts'
import { CliError } from './exit.ts'
import type { Terminal } from './output.ts'
import { openSecrets } from './secrets.ts'

/** Where a delegate's secrets are, as it was typed: a keystore, else the one in the node's configuration. */
export interface DelegateSource extends ConfigOptions {
  readonly keystore?: string
}

/** Opens the delegate's keystore. Throws `cli.usage`, `node.config`, `keystore.*`. */
export async function openDelegate(terminal: Terminal, source: DelegateSource): Promise<DelegateSecrets> {
  if (source.keystore !== undefined) return openSecrets(terminal, source.keystore, source)
  const { producer } = await loadConfig(source)
  if (producer !== undefined) return openSecrets(terminal, producer.keystore, producer)
  throw new CliError('cli.usage', 'this node is an observer and has no keystore', 'Give --keystore <file>.')
}
