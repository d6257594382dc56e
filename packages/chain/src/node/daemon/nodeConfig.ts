import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { parse } from 'yaml'
import type { MainChainOptions } from '#chains'
import { type Address, asAddress, asHash, type Hash } from '#primitives'
import { NodeError } from '../errors.ts'
import { defaultLanes, MAX_LANES } from '../executing.ts'
import type { LogFormat, LogLevel } from '../logger.ts'
import { ConfigReader } from './configReader.ts'

/** A configuration file is small; anything longer is none. */
const MAX_CONFIG_CHARS = 64 * 1024
const LEVELS: readonly LogLevel[] = ['debug', 'info', 'warn', 'error', 'silent']
const FORMATS: readonly LogFormat[] = ['json', 'pretty']
export const DEFAULT_P2P_PORT = 6880
export const DEFAULT_RPC_PORT = 8545
export const DEFAULT_METRICS_PORT = 9464

export interface ProducerConfig {
  /** File of the delegate's secrets. */
  readonly keystore: string
  /** File with the keystore's password; left out: whoever starts the node gives it. */
  readonly passwordFile: string | undefined
  /** `unix:/path`, `http://host:port` or `https://host:port` of a signer that holds the key; left out: the keystore does. */
  readonly remoteSigner: string | undefined
  /** File with the secret that a signer asks for. */
  readonly signerTokenFile: string | undefined
  /** Slots a starting node watches for another one with its key before it signs; 0: two rounds. */
  readonly watchSlots: number
}

/** Everything `startNode` needs to know. Paths are absolute. */
export interface NodeConfig {
  readonly dataDir: string
  /** A genesis file, or what would be in it. */
  readonly genesis: string | MainChainOptions
  readonly genesisHash: Hash | undefined
  readonly p2p: {
    readonly listen: readonly string[]
    readonly announce: readonly string[]
    readonly peers: readonly string[]
    readonly maxPeers: number
  }
  readonly rpc: {
    readonly host: string
    readonly port: number
    /** Origins of web pages on other machines that may call; `*` for any. */
    readonly origins: readonly string[] | '*'
    /** Host names the node answers under besides addresses and localhost. */
    readonly hosts: readonly string[]
    /** Who may pair with the node's console, besides its delegate. */
    readonly operators: readonly Address[]
  }
  readonly metrics: { readonly host: string; readonly port: number; readonly enabled: boolean }
  /** Absent: an observer. */
  readonly producer: ProducerConfig | undefined
  readonly collection: {
    /**
     * Whether bundles that the chain needs come from peers by themselves. Undefined: for an observer always, for a producer only those of
     * blocks that are irreversible elsewhere.
     */
    readonly autoInstall: boolean | undefined
  }
  /** Threads that execute parts of blocks beside the main one. */
  readonly execution: { readonly workers: number }
  readonly log: { readonly level: LogLevel; readonly format: LogFormat }
  /** Heights whose state can be proven. */
  readonly keepStates: number
}

/** What a command line may set instead of the file. */
export interface NodeFlags {
  readonly data?: string | undefined
  readonly p2pListen?: readonly string[] | undefined
  /** In addition to the file's. */
  readonly peers?: readonly string[] | undefined
  readonly rpcHost?: string | undefined
  readonly rpcPort?: number | undefined
  readonly metricsPort?: number | undefined
  readonly executionWorkers?: number | undefined
  readonly logLevel?: string | undefined
  readonly logFormat?: string | undefined
  readonly passwordFile?: string | undefined
  /** Run without producing, whatever the file says. */
  readonly observer?: boolean | undefined
  readonly autoInstall?: boolean | undefined
}

const isMultiaddr = (text: string): string | undefined =>
  /^\/(?:ip4|ip6|dns|dns4|dns6)\/[^/\s]+\/tcp\/[0-9]{1,5}(?:\/p2p\/[A-Za-z0-9]+)?$/.test(text)
    ? undefined
    : 'an address such as /ip4/192.0.2.1/tcp/6880'
const isPeer = (text: string): string | undefined =>
  isMultiaddr(text) === undefined && text.includes('/p2p/')
    ? undefined
    : 'an address with the name of its node, such as /ip4/192.0.2.1/tcp/6880/p2p/12D3KooW…'
const isHostName = (text: string): string | undefined =>
  /^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/.test(text) ? undefined : 'a host name in lower case'
const isOrigin = (text: string): string | undefined =>
  text === '*' || (URL.canParse(text) && new URL(text).origin === text && /^https?:/.test(text))
    ? undefined
    : 'an origin such as https://portal.example, without a path, or "*"'
const isAddress = (text: string): string | undefined =>
  /^0x[0-9a-fA-F]{40}$/.test(text) ? undefined : 'an address: 0x and 40 hex digits'

function parseYaml(text: string): unknown {
  if (text.length > MAX_CONFIG_CHARS) {
    throw new NodeError('node.config', `A configuration has at most ${MAX_CONFIG_CHARS} characters`)
  }
  try {
    // Aliases are of no use here, and many of them make a small file a large one.
    return parse(text, { maxAliasCount: 0, prettyErrors: true, schema: 'core' })
  } catch (cause) {
    const reason = cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : String(cause)
    throw new NodeError('node.config', `The configuration is not YAML: ${reason}`, { cause })
  }
}

function readP2p(section: ConfigReader, flags: NodeFlags): NodeConfig['p2p'] {
  const read = {
    listen: section.list('listen', [`/ip4/0.0.0.0/tcp/${DEFAULT_P2P_PORT}`], isMultiaddr),
    announce: section.list('announce', [], isMultiaddr),
    peers: section.list('peers', [], isPeer),
    maxPeers: section.whole('maxPeers', { from: 1, to: 1000, default: 50 }),
  }
  section.end()
  const given = new ConfigReader({ '--p2p-listen': flags.p2pListen, '--peer': flags.peers })
  const peers = [...new Set([...read.peers, ...given.list('--peer', [], isPeer)])]
  return { ...read, listen: given.list('--p2p-listen', read.listen, isMultiaddr), peers }
}

const portRange = (value: number): { from: number; to: number; default: number } => ({
  from: 0,
  to: 65_535,
  default: value,
})

function readRpc(section: ConfigReader, flags: NodeFlags): NodeConfig['rpc'] {
  const origins = section.list('origins', [], isOrigin)
  const operators = section.list('operators', [], isAddress)
  const read = {
    host: section.text('host', '127.0.0.1'),
    port: section.whole('port', portRange(DEFAULT_RPC_PORT)),
    hosts: section.list('hosts', [], isHostName),
  }
  section.end()
  const given = new ConfigReader({ '--rpc-host': flags.rpcHost, '--rpc-port': flags.rpcPort })
  return {
    ...read,
    host: given.text('--rpc-host', read.host),
    port: given.whole('--rpc-port', portRange(read.port)),
    origins: origins.includes('*') ? '*' : origins,
    operators: operators.map((text) => asAddress(text.toLowerCase())),
  }
}

function readMetrics(section: ConfigReader, flags: NodeFlags): NodeConfig['metrics'] {
  const host = section.text('host', '127.0.0.1')
  const port = section.whole('port', portRange(DEFAULT_METRICS_PORT))
  const enabled = section.flag('enabled', true)
  section.end()
  const given = new ConfigReader({ '--metrics-port': flags.metricsPort })
  return { host, enabled, port: given.whole('--metrics-port', portRange(port)) }
}

function readSigner(section: ConfigReader): string | undefined {
  const address = section.text('remoteSigner', '')
  if (address === '') return undefined
  const isSocket = /^unix:\/.+$/.test(address)
  const isUrl = URL.canParse(address) && /^https?:$/.test(new URL(address).protocol)
  if (!isSocket && !isUrl) section.refuse('remoteSigner', 'unix:/path/to/socket, http://host:port or https://host:port')
  return address
}

function readProducer(section: ConfigReader, flags: NodeFlags, path: (text: string) => string): NodeConfig['producer'] {
  const optional = (text: string): string | undefined => (text === '' ? undefined : path(text))
  const keystore = section.text('keystore', '')
  if (keystore === '') section.refuse('keystore', 'the file that holds the secrets of the delegate')
  const read = {
    keystore: path(keystore),
    passwordFile: optional(section.text('passwordFile', '')),
    remoteSigner: readSigner(section),
    signerTokenFile: optional(section.text('signerTokenFile', '')),
    watchSlots: section.whole('watchSlots', { from: 0, to: 100_000, default: 0 }),
  }
  section.end()
  return flags.passwordFile === undefined ? read : { ...read, passwordFile: resolve(flags.passwordFile) }
}

function readLog(section: ConfigReader, flags: NodeFlags): NodeConfig['log'] {
  const level = section.choice('level', LEVELS, 'info')
  const format = section.choice('format', FORMATS, 'json')
  section.end()
  const given = new ConfigReader({ '--log': flags.logLevel, '--log-format': flags.logFormat })
  return {
    level: given.choice('--log', LEVELS, level),
    format: given.choice('--log-format', FORMATS, format),
  }
}

function readCollection(section: ConfigReader, flags: NodeFlags): NodeConfig['collection'] {
  const autoInstall = section.flagOr('autoInstall', 'auto')
  section.end()
  return { autoInstall: flags.autoInstall ?? autoInstall }
}

function readExecution(section: ConfigReader, flags: NodeFlags): NodeConfig['execution'] {
  const workers = section.whole('workers', { from: 0, to: MAX_LANES, default: defaultLanes() })
  section.end()
  return { workers: flags.executionWorkers ?? workers }
}

function readGenesisHash(root: ConfigReader): Hash | undefined {
  const text = root.text('genesisHash', '')
  if (text === '') return undefined
  if (!/^0x[0-9a-fA-F]{64}$/.test(text)) root.refuse('genesisHash', 'a hash: 0x and 64 hex digits')
  return asHash(text.toLowerCase())
}

/** Reads a configuration. Its paths are relative to `folder`, those of flags to the working directory. Throws `node.config`. */
export function readNodeConfig(
  source: { readonly text: string; readonly folder: string },
  flags: NodeFlags = {},
): NodeConfig {
  const root = new ConfigReader(parseYaml(source.text))
  const path = (text: string): string => resolve(source.folder, text)
  const producer = root.has('producer') ? root.section('producer') : undefined
  const dataDir = path(root.text('dataDir', './data'))
  const config: NodeConfig = {
    dataDir: flags.data === undefined ? dataDir : resolve(flags.data),
    genesis: path(root.text('genesis', './genesis.json')),
    genesisHash: readGenesisHash(root),
    p2p: readP2p(root.section('p2p'), flags),
    rpc: readRpc(root.section('rpc'), flags),
    metrics: readMetrics(root.section('metrics'), flags),
    producer: producer === undefined || flags.observer === true ? undefined : readProducer(producer, flags, path),
    collection: readCollection(root.section('collection'), flags),
    execution: readExecution(root.section('execution'), flags),
    log: readLog(root.section('log'), flags),
    keepStates: root.whole('keepStates', { from: 64, to: 65_536, default: 1024 }),
  }
  root.end()
  return config
}

/** Reads the configuration in a file; without one everything has its default. Throws `node.config`. */
export async function loadNodeConfig(file: string | undefined, flags: NodeFlags = {}): Promise<NodeConfig> {
  if (file === undefined) return readNodeConfig({ text: '', folder: process.cwd() }, flags)
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (cause) {
    const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unreadable'
    throw new NodeError('node.config', `The configuration ${file} cannot be read (${reason})`, { cause })
  }
  return readNodeConfig({ text, folder: dirname(resolve(file)) }, flags)
}
