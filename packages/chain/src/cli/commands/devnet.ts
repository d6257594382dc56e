import { GENESIS_LIMITS } from '#chains'
import { createLogger, createLogRing, type Devnet, type LogLevel, startDevnet } from '#node'
import { createRpcServer, DEFAULT_WALLET_CHAIN_ID, type Listening, RpcListenError, type RpcServer } from '#rpc/server'
import { placeOf } from '../doctor/network.ts'
import { formatDuration, parseDuration } from '../duration.ts'
import { CliError } from '../exit.ts'
import { readParam } from '../genesisPlan.ts'
import { printJson, printPairs, type Terminal } from '../output.ts'
import { exists, PUBLIC, readSmallFile, writeNewFile } from '../privateFile.ts'
import { readWhole } from '../session.ts'

/** Options as they were typed. */
export interface DevnetCommandOptions {
  readonly slot: string
  readonly data?: string
  readonly host: string
  readonly port: string
  readonly delegates: string
  readonly backups: string
  readonly fastForward?: string
  readonly age?: string
  readonly param?: readonly string[]
  readonly p2pListen?: readonly string[]
  readonly genesisOut?: string
  readonly log: string
  readonly json?: boolean
}

interface Plan {
  readonly slotMs: number
  readonly delegates: number
  readonly backups: number
  readonly port: number
  readonly forwardMs: number
  readonly ageMs: number
  readonly p2pListen: readonly string[]
  readonly params: Readonly<Record<string, bigint>>
  readonly level: LogLevel
}

const LEVELS: readonly LogLevel[] = ['debug', 'info', 'warn', 'error', 'silent']
const SLOT_MS = { min: 100, max: 60_000 }

/** `aelf devnet`: runs until interrupted. */
export async function devnet(terminal: Terminal, options: DevnetCommandOptions): Promise<void> {
  const plan = readPlan(options)
  const ring = createLogRing()
  const logger = createLogger(plan.level, { ring })
  const network = await startDevnet({
    slotMs: plan.slotMs,
    delegates: plan.delegates,
    backups: plan.backups,
    ageMs: plan.ageMs,
    params: Object.fromEntries(Object.entries(plan.params).map(([name, value]) => [name, value.toString()])),
    dataDir: options.data,
    p2pListen: plan.p2pListen,
    logger,
    ring,
  })
  try {
    if (options.genesisOut !== undefined) await writeGenesis(options.genesisOut, network.genesisFile())
    const server = createRpcServer({
      node: network.rpcNode.api,
      operator: network.operator,
      contracts: network.rpcNode.contracts,
      logger,
      host: options.host,
      port: plan.port,
    })
    await serve(terminal, { server, network, plan, json: options.json === true })
  } finally {
    await network.stop()
  }
}

/** The file of an earlier start is left as it is. */
async function writeGenesis(file: string, text: string): Promise<void> {
  const before = (await exists(file)) ? await readSmallFile(file, GENESIS_LIMITS.bytes, 'the genesis file') : undefined
  if (before !== text) await writeNewFile(file, text, PUBLIC)
}

interface Running {
  readonly server: RpcServer
  readonly network: Devnet
  readonly plan: Plan
  readonly json: boolean
}

async function serve(terminal: Terminal, { server, network, plan, json }: Running): Promise<void> {
  const listening = await listen(server)
  try {
    announce(terminal, network, listening, json)
    if (plan.forwardMs > 0) await network.fastForward(plan.forwardMs)
    if (!terminal.interrupted.aborted) {
      await new Promise<void>((resolve) => {
        terminal.interrupted.addEventListener('abort', () => resolve(), { once: true })
      })
    }
  } finally {
    await server.close()
  }
}

async function listen(server: RpcServer): Promise<Listening> {
  try {
    return await server.listen()
  } catch (error) {
    if (!(error instanceof RpcListenError)) throw error
    throw new CliError('cli.failure', error.message, 'Stop what uses the port, or give another with --port.')
  }
}

function announce(terminal: Terminal, network: Devnet, { url }: Listening, json: boolean): void {
  const status = network.rpcNode.api.status()
  const facts = {
    rpc: url,
    websocket: url.replace('http', 'ws'),
    network: status.network,
    genesis: status.genesisHash,
    walletChainId: DEFAULT_WALLET_CHAIN_ID,
    nodes: network.nodes.length,
    height: status.height.toString(),
    slotMs: status.slotMs,
    demoAccounts: network.accounts().length,
    listen: network.listenAddresses,
    engines: status.engines,
  }
  if (json) {
    printJson(terminal, facts)
    return
  }
  const { slotMs, engines, listen: addresses, ...plain } = facts
  printPairs(terminal, [
    ...Object.entries(plain),
    ...addresses.map((address): [string, string] => ['peer address', address]),
    ['slot', formatDuration(slotMs)],
    ['engines', `signatures ${engines.signature}, hashes ${engines.hash}`],
  ])
  terminal.out('Running. Stop with Ctrl-C.')
}

function readListen(text: string): string {
  if (placeOf(text) !== undefined && !text.includes('/p2p/')) return text
  const help = 'Write it as /ip4/127.0.0.1/tcp/6880; port 0 takes any free one.'
  throw new CliError('cli.usage', `--p2p-listen: "${text.slice(0, 100)}" is no address to listen on`, help)
}

function readPlan(options: DevnetCommandOptions): Plan {
  const slotMs = parseDuration(options.slot, 'ms')
  if (slotMs < SLOT_MS.min || slotMs > SLOT_MS.max) throw new CliError('cli.usage', 'a slot lasts 100ms to 60s')
  const level = LEVELS.find((candidate) => candidate === options.log)
  if (level === undefined) throw new CliError('cli.usage', `--log is one of ${LEVELS.join(', ')}`)
  return {
    slotMs,
    level,
    delegates: readWhole('--delegates', options.delegates, { from: 1, to: 64 }),
    backups: readWhole('--backups', options.backups, { from: 0, to: 64 }),
    port: readWhole('--port', options.port, { from: 0, to: 65_535 }),
    ageMs: options.age === undefined ? 0 : parseDuration(options.age),
    params: Object.fromEntries((options.param ?? []).map(readParam)),
    p2pListen: (options.p2pListen ?? []).map(readListen),
    forwardMs: options.fastForward === undefined ? 0 : parseDuration(options.fastForward),
  }
}
