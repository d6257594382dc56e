import type { NodeConfig } from '#node'
import { type ConfigOptions, loadConfig } from '../configFile.ts'
import { CliError } from '../exit.ts'
import { printJson, printPairs, type Terminal } from '../output.ts'
import { exists } from '../privateFile.ts'

/** `aelf config check` */
export async function configCheck(
  terminal: Terminal,
  options: ConfigOptions & { readonly json?: boolean },
): Promise<void> {
  const config = await loadConfig(options)
  const { producer } = config
  for (const [setting, path] of [
    ['genesis', config.genesis],
    ['producer.keystore', producer?.keystore],
    ['producer.passwordFile', producer?.passwordFile],
    ['producer.signerTokenFile', producer?.signerTokenFile],
  ] as const) {
    if (typeof path !== 'string' || (await exists(path))) continue
    throw new CliError('cli.usage', `${setting}: there is no file ${path}`, 'Correct the path, or make the file.')
  }
  const role = config.producer === undefined ? 'observer' : 'producer'
  if (options.json === true) printJson(terminal, { ok: true, role })
  else terminal.out(`The configuration is valid: ${role}, data in ${config.dataDir}.`)
}

/** `aelf config show`: what is in force, defaults and flags included. */
export async function configShow(
  terminal: Terminal,
  options: ConfigOptions & { readonly json?: boolean },
): Promise<void> {
  const config = await loadConfig(options)
  if (options.json === true) printJson(terminal, config)
  else printPairs(terminal, flat(config))
}

function flat(config: NodeConfig): [string, string][] {
  return Object.entries(config).flatMap(([name, value]): [string, string][] => {
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return Object.entries(value).map(([inner, one]) => [`${name}.${inner}`, shown(one)])
    }
    return [[name, shown(value)]]
  })
}

const shown = (value: unknown): string =>
  value === undefined ? 'not set' : typeof value === 'string' ? value : JSON.stringify(value)
