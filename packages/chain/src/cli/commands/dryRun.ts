import { MAX_BUNDLE_BYTES } from '#collection'
import { type DryRunReport, dryRun, openRpcChain } from '#dryrun'
import { readBundle } from '#node'
import { asHash, type Bytes, type Hash } from '#primitives'
import { type ConfigOptions, loadConfig } from '../configFile.ts'
import { CliError } from '../exit.ts'
import { printJson, printPairs, printTable, type Terminal } from '../output.ts'
import { readSmallBytes } from '../privateFile.ts'
import { readWhole, type Session } from '../session.ts'

export interface DryRunCommandOptions extends ConfigOptions {
  readonly blocks: string
  readonly running?: string
}

/** `aelf collection dry-run`: what a successor would do to the chain behind a node. */
export async function collectionDryRun(session: Session, wanted: string, options: DryRunCommandOptions): Promise<void> {
  const { client, terminal, json } = session
  const blocks = readWhole('--blocks', options.blocks, { from: 1, to: 1000 })
  const given = options.running === undefined ? undefined : await readRunning(options.running)
  const bundle = await readWanted(wanted, options)
  const live = await openRpcChain(client)
  const run = (running: Bytes | undefined): Promise<DryRunReport> =>
    dryRun(live, bundle, { blocks, ...(running === undefined ? {} : { running }) })
  const report = await run(given).catch(async (error: unknown) => {
    // The collection in force is built in, or given, or among the installed ones of the node.
    const hash = neededBy(error)
    if (hash === undefined || (options.data === undefined && options.config === undefined)) throw error
    return run(await readInstalled(hash, options))
  })
  if (json) printJson(terminal, report)
  else print(terminal, report)
  if (report.verdict === 'runs') return
  const what = report.verdict === 'calledOff' ? 'the chain would call this upgrade off' : 'a block of it fails'
  throw new CliError(
    'cli.failure',
    `${what}: ${report.reasons[0] ?? ''}`,
    'Correct its source, build it again, and try again.',
  )
}

const isHash = (text: string): boolean => /^0x[0-9a-fA-F]{64}$/.test(text)

const folderOf = async (options: ConfigOptions): Promise<string> => options.data ?? (await loadConfig(options)).dataDir

async function readInstalled(hash: Hash, options: ConfigOptions): Promise<Bytes> {
  const folder = await folderOf(options)
  const bytes = await readBundle(folder, hash)
  if (bytes !== undefined) return bytes
  throw new CliError('cli.usage', `${hash} is not installed in ${folder}`, 'Give the file of the bundle.')
}

const readWanted = (wanted: string, options: ConfigOptions): Promise<Bytes> =>
  isHash(wanted)
    ? readInstalled(asHash(wanted.toLowerCase()), options)
    : readSmallBytes(wanted, MAX_BUNDLE_BYTES, 'the bundle')

const readRunning = (file: string): Promise<Bytes> =>
  readSmallBytes(file, MAX_BUNDLE_BYTES, 'the bundle of the collection in force')

function neededBy(error: unknown): Hash | undefined {
  if (!(error instanceof Error) || !('code' in error) || error.code !== 'dryrun.running') return undefined
  const { collection } = 'details' in error ? (error.details as { readonly collection?: unknown }) : {}
  return typeof collection === 'string' && isHash(collection) ? asHash(collection) : undefined
}

function print(terminal: Terminal, report: DryRunReport): void {
  const { migration, replay, next, running, fork } = report
  const written = Object.entries(migration?.written ?? {}).map(([item, count]) => `${item} ${count}`)
  printPairs(terminal, [
    ['network', report.network],
    ['in force', running.hash],
    ['successor', `${next.hash} (${next.name} ${next.version}, ${next.bytes} bytes)`],
    ['taken over at', `height ${fork.height}`],
    ['verdict', report.verdict],
    ...report.reasons.map((reason): [string, string] => ['because', reason]),
    ...(migration === null
      ? []
      : [
          [
            'migration',
            migration.ok ? `${migration.units} units; ${written.join(', ') || 'nothing written'}` : 'fails',
          ] as [string, string],
        ]),
    ...(replay === null ? [] : replayPairs(replay)),
  ])
  const none = 'none'
  if (report.parameters.length > 0) {
    printTable(
      terminal,
      ['parameter', 'now', 'then'],
      report.parameters.map(({ name, from, to }) => [name, from ?? none, to ?? none]),
    )
  }
  if (report.descriptors.length > 0) {
    printTable(
      terminal,
      ['contract', 'what', 'name', 'change'],
      report.descriptors.map(({ contract, kind, name, change }) => [contract, kind, name, change]),
    )
  }
  if (report.fees.length > 0) {
    printTable(
      terminal,
      ['fee of', 'bytes', 'now', 'then'],
      report.fees.map(({ method, bytes, from, to }) => [method, String(bytes), from, to]),
    )
  }
  if (replay !== null && replay.differences.length > 0) {
    printTable(
      terminal,
      ['height', 'transaction', 'was', 'becomes'],
      replay.differences.map(({ height, id, was, becomes }) => [height, id, was, becomes]),
    )
  }
}

const replayPairs = (replay: NonNullable<DryRunReport['replay']>): [string, string][] => [
  [
    'run again',
    `${replay.blocks} blocks with ${replay.transactions} transactions, ${replay.differing} of which end otherwise`,
  ],
  ['units', `${replay.units.from} now, ${replay.units.to} then`],
  ['fees', `${replay.fees.from} now, ${replay.fees.to} then`],
  ['state root then', replay.stateRoot],
]
