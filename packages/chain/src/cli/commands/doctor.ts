import type { NodeConfig } from '#node'
import { createRpcClient, type NodeInfoView, type RpcClient } from '#rpc/client'
import { type ConfigOptions, loadConfig, rpcUrlOf } from '../configFile.ts'
import { checkClock } from '../doctor/clock.ts'
import { checkDisk } from '../doctor/disk.ts'
import { checkDataFolder, checkGenesis, checkKeystore, checkPermissions } from '../doctor/files.ts'
import { type Finding, fail, ok, warn } from '../doctor/finding.ts'
import { checkPeers, checkPorts } from '../doctor/network.ts'
import { checkSoftware } from '../doctor/software.ts'
import { CliError } from '../exit.ts'
import { clean, printJson, type Terminal } from '../output.ts'

const SIGNS: Readonly<Record<Finding['state'], string>> = { ok: 'ok  ', warn: 'WARN', fail: 'FAIL' }
const ASK_MS = 3_000

/** Options of `aelf doctor` as they were typed. */
export interface DoctorOptions extends ConfigOptions {
  readonly timeUrl?: string
  readonly json?: boolean
}

/** `aelf doctor`: whether this machine can run its node, and what to do where it cannot. */
export async function doctor(terminal: Terminal, options: DoctorOptions): Promise<void> {
  if (options.timeUrl !== undefined && !/^https?:\/\/[^/]/.test(options.timeUrl)) {
    throw new CliError('cli.usage', '--time-url is not a web address', 'Write it like https://example.org.')
  }
  const findings: Finding[] = []
  const tell = (found: readonly Finding[]): void => {
    findings.push(...found)
    if (options.json !== true) for (const one of found) print(terminal, one)
  }
  tell(checkSoftware())
  const config = await loadConfig(options)
  tell([ok('configuration', options.config ?? 'aelf.yaml')])
  await examine(config, { timeUrl: options.timeUrl, tell })
  const failed = findings.filter(({ state }) => state === 'fail').length
  if (options.json === true) printJson(terminal, { ok: failed === 0, findings })
  if (failed > 0) {
    throw new CliError(
      'cli.failure',
      `${failed} of ${findings.length} checks failed`,
      'Do what is written behind each, then run it again.',
    )
  }
}

interface Examination {
  readonly timeUrl: string | undefined
  tell(findings: readonly Finding[]): void
}

async function examine(config: NodeConfig, { timeUrl, tell }: Examination): Promise<void> {
  tell([await checkGenesis(config), await checkKeystore(config), await checkPermissions(config)])
  tell([await checkDataFolder(config), ...(await checkDisk(config))])
  const client = createRpcClient({ url: rpcUrlOf(config), retries: 0 })
  const running = await askNode(client)
  const isOwn = running !== undefined && (config.genesisHash ?? running.genesisHash) === running.genesisHash
  tell(isOwn ? [describe(running), ...(await nodeWarnings(client))] : [ok('node', 'not running')])
  tell(await checkPorts(config, isOwn))
  const offsetMs = isOwn ? (running.clockOffsetMs ?? undefined) : undefined
  const slotMs = isOwn ? await slotOf(client) : 0
  const peers = offsetMs === undefined ? undefined : { offsetMs, slotMs }
  tell([...(await checkPeers(config, isOwn)), await checkClock(timeUrl, peers)])
}

async function askNode(client: RpcClient): Promise<NodeInfoView | undefined> {
  try {
    return await client.request('aelf_nodeInfo', [], { timeoutMs: ASK_MS })
  } catch {
    // Nobody there, or something that is no node: the port check says which.
    return undefined
  }
}

function describe({ sync, version }: NodeInfoView): Finding {
  const why = sync.reason === undefined ? '' : `: ${sync.reason}`
  const message = `running ${version}, ${sync.state} at height ${sync.height}${why}`
  if (sync.state === 'synced') return ok('node', message)
  return sync.state === 'suspended'
    ? fail('node', message, 'It may be on another branch than the others: look into its log, and update it.')
    : warn('node', message, 'Wait until it has caught up; `aelf status` shows how far it is.')
}

async function slotOf(client: RpcClient): Promise<number> {
  return (await client.request('aelf_chainInfo', [], { timeoutMs: ASK_MS })).slotMs
}

/** What the node itself warns of. */
async function nodeWarnings(client: RpcClient): Promise<readonly Finding[]> {
  const { warnings = [] } = await client.request('aelf_chainInfo', [], { timeoutMs: ASK_MS })
  // The clock and the disk are looked at by checks of their own.
  const others = warnings.filter(({ code }) => code !== 'clock.offset' && code !== 'disk.low')
  return others.map(({ code, message }) =>
    warn(code, message, 'The node says so; `aelf status` shows whether it goes on.'),
  )
}

function print(terminal: Terminal, { check, state, message, help }: Finding): void {
  terminal.out(`${SIGNS[state]}  ${check.padEnd(WIDTH)}  ${clean(message)}`)
  if (help !== '') terminal.out(`      ${' '.repeat(WIDTH)}  ${clean(help)}`)
}

const WIDTH = 17
