import { loadNodeConfig, MAX_LANES, type NodeConfig, type NodeFlags } from '#node'
import { CliError } from './exit.ts'
import { exists } from './privateFile.ts'
import { DEFAULT_CONFIG, readWhole } from './session.ts'

/** Options that name a configuration and take the place of settings in it, as they were typed. */
export interface ConfigOptions {
  readonly config?: string
  readonly data?: string
  readonly p2pListen?: readonly string[]
  readonly peer?: readonly string[]
  readonly rpcHost?: string
  readonly rpcPort?: string
  readonly metricsPort?: string
  readonly executionWorkers?: string
  readonly log?: string
  readonly logFormat?: string
  readonly passwordFile?: string
  readonly observer?: boolean
  readonly autoInstall?: string
}

const PORTS = { from: 0, to: 65_535 }

/** The configuration of a command. Throws `cli.usage` when there is no file, `node.config` naming what is wrong in it. */
export async function loadConfig(options: ConfigOptions): Promise<NodeConfig> {
  const file = options.config ?? DEFAULT_CONFIG
  if (!(await exists(file))) {
    throw new CliError('cli.usage', `there is no ${file}`, 'Make one with `aelf init`, or give --config <file>.')
  }
  return loadNodeConfig(file, flagsOf(options))
}

function flagsOf(options: ConfigOptions): NodeFlags {
  const port = (flag: string, text: string | undefined): number | undefined =>
    text === undefined ? undefined : readWhole(flag, text, PORTS)
  return {
    data: options.data,
    p2pListen: options.p2pListen,
    peers: options.peer,
    rpcHost: options.rpcHost,
    rpcPort: port('--rpc-port', options.rpcPort),
    metricsPort: port('--metrics-port', options.metricsPort),
    executionWorkers:
      options.executionWorkers === undefined
        ? undefined
        : readWhole('--execution-workers', options.executionWorkers, { from: 0, to: MAX_LANES }),
    logLevel: options.log,
    logFormat: options.logFormat,
    passwordFile: options.passwordFile,
    observer: options.observer,
    autoInstall: options.autoInstall === undefined ? undefined : readYes('--auto-install', options.autoInstall),
  }
}

function readYes(flag: string, text: string): boolean {
  if (text === 'yes' || text === 'no') return text === 'yes'
  throw new CliError('cli.usage', `${flag} is yes or no, not "${text.slice(0, 60)}"`)
}

/** Where a node with this configuration answers on its own machine. */
export function rpcUrlOf({ rpc: { host, port } }: NodeConfig): string {
  const local = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host
  return `http://${local.includes(':') ? `[${local}]` : local}:${port}`
}
