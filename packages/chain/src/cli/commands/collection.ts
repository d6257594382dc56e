import { stat } from 'node:fs/promises'
import { ArchiveError, readArchive } from '#archive'
import {
  type Bundle,
  buildBundle,
  bundleHash,
  decodeBundle,
  loadBundle,
  MAX_ARCHIVE_BYTES,
  MAX_BUNDLE_BYTES,
  readMainSource,
  readSourceFolder,
  readArchive as readTar,
  type Source,
  sourceAmong,
  sourceHash,
  writeArchive,
} from '#collection'
import { installBundle, listBundles, readSignal, writeSignal } from '#node'
import { asHash, type Bytes, equalBytes, type Hash } from '#primitives'
import { type ConfigOptions, loadConfig } from '../configFile.ts'
import { CliError } from '../exit.ts'
import { printJson, printPairs, type Terminal } from '../output.ts'
import { PUBLIC, readSmallBytes, writeNewFile } from '../privateFile.ts'
import type { Session } from '../session.ts'

interface Json {
  readonly json?: boolean
}

function tell(terminal: Terminal, facts: Record<string, unknown>, { json }: Json): void {
  if (json === true) printJson(terminal, facts)
  else
    printPairs(
      terminal,
      Object.entries(facts).map(([name, value]) => [name, String(value ?? 'none')]),
    )
}

const PACKED: readonly (readonly number[])[] = [
  [0x1f, 0x8b],
  [0x50, 0x4b],
]

/** What a proposal's archive holds, a `.tar.gz` or a `.zip`, as it would be read from the folder it unpacks to. */
function readPacked(path: string, bytes: Bytes): Source {
  try {
    const source = sourceAmong(readArchive(bytes).files.map(({ path: file, data }) => [file, data]))
    if (source !== undefined) return source
  } catch (cause) {
    if (!(cause instanceof ArchiveError)) throw cause
    const help = 'Pack the folder anew with `tar -czf` or zip, with nothing but the source in it.'
    throw new CliError('cli.failure', `${path} is refused: ${cause.message} (${cause.code})`, help)
  }
  throw new CliError('cli.failure', `there is no collection.json in ${path}`, 'Pack the folder that has one.')
}

/** From a folder, or an archive of one: a tar as `aelf collection source` writes it, packed or not, or a zip. */
async function readSource(path: string): Promise<Source> {
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  )
  if (isFolder) return readSourceFolder(path)
  const bytes = await readSmallBytes(path, MAX_ARCHIVE_BYTES, 'the archive')
  const isPacked = PACKED.some((magic) => magic.every((byte, index) => bytes[index] === byte))
  return isPacked ? readPacked(path, bytes) : readTar(bytes)
}

const factsOf = (bundle: Bundle, bytes: Bytes): Record<string, unknown> => ({
  collection: bundleHash(bytes),
  name: bundle.name,
  version: bundle.version,
  bytes: bytes.length,
  values: Object.keys(bundle.params).length,
})

/** `aelf collection source`: the source of this program's own collection, to begin a successor with. */
export async function collectionSource(terminal: Terminal, options: Json & { readonly out: string }): Promise<void> {
  const source = await readMainSource()
  const archive = writeArchive(source)
  await writeNewFile(options.out, archive, PUBLIC)
  tell(
    terminal,
    { archive: options.out, files: source.size, bytes: archive.length, source: sourceHash(source) },
    options,
  )
}

/** `aelf collection build` */
export async function collectionBuild(
  terminal: Terminal,
  path: string,
  options: Json & { readonly out: string },
): Promise<void> {
  const source = await readSource(path)
  const { bundle, bytes } = await buildBundle(source)
  loadBundle(bytes)
  await writeNewFile(options.out, bytes, PUBLIC)
  tell(terminal, { ...factsOf(bundle, bytes), source: sourceHash(source), file: options.out }, options)
}

/** `aelf collection verify`: checks a bundle as a node does, and that it was built from a source. */
export async function collectionVerify(
  terminal: Terminal,
  file: string,
  options: Json & { readonly source?: string },
): Promise<void> {
  const source = options.source === undefined ? undefined : await readSource(options.source)
  const bytes = await readSmallBytes(file, MAX_BUNDLE_BYTES, 'the bundle')
  const { collection } = loadBundle(bytes)
  const contracts = collection.contracts.map(({ identity }) => identity.name)
  const rebuilt = source === undefined ? bytes : (await buildBundle(source)).bytes
  if (!equalBytes(rebuilt, bytes)) {
    throw new CliError(
      'cli.failure',
      `the bundle was not built from ${options.source}: that gives ${bundleHash(rebuilt)}`,
      'Do not install it before you know why.',
    )
  }
  const built = options.source === undefined ? 'not compared with a source' : 'built from this source'
  tell(terminal, { ...factsOf(decodeBundle(bytes), bytes), contracts: contracts.join(' '), built }, options)
}

/** `aelf collection install` */
export async function collectionInstall(
  terminal: Terminal,
  file: string,
  options: Json & ConfigOptions,
): Promise<void> {
  const dataDir = options.data ?? (await loadConfig(options)).dataDir
  const bytes = await readSmallBytes(file, MAX_BUNDLE_BYTES, 'the bundle')
  await installBundle(dataDir, bytes)
  tell(terminal, { ...factsOf(decodeBundle(bytes), bytes), installed: true }, options)
}

/** `aelf collection signal`: what the blocks of this node ask for. */
export async function collectionSignal(
  terminal: Terminal,
  wanted: string,
  options: Json & ConfigOptions,
): Promise<void> {
  const { dataDir } = await loadConfig(options)
  const hash = hashOf(wanted)
  if (hash !== undefined && !(await listBundles(dataDir)).includes(hash)) {
    throw new CliError(
      'cli.usage',
      `${hash} is not installed here`,
      'Who signals a collection must be able to run it: `aelf collection install <file>` first.',
    )
  }
  await writeSignal(dataDir, hash)
  tell(terminal, { signal: hash ?? null, from: 'the next block' }, options)
}

function hashOf(text: string): Hash | undefined {
  if (text === 'none') return undefined
  if (/^0x[0-9a-fA-F]{64}$/.test(text)) return asHash(text.toLowerCase())
  throw new CliError('cli.usage', `${text} is no hash`, 'Give 0x and 64 hex digits, or none.')
}

/** `aelf collection status`: what is in force and locked in, and what this node has. */
export async function collectionStatus(session: Session, options: ConfigOptions): Promise<void> {
  const { terminal, client, json } = session
  const status = await client.request('aelf_call', ['collection', 'status', {}])
  const config = options.config === undefined ? undefined : await loadConfig(options)
  const here =
    config === undefined
      ? {}
      : { installed: await listBundles(config.dataDir), signal: (await readSignal(config.dataDir)) ?? null }
  if (json) return printJson(terminal, { status, ...here })
  if (typeof status !== 'object' || status === null) {
    throw new CliError(
      'cli.failure',
      'the node answered something else than a collection',
      'Is it of the same version?',
    )
  }
  const lines = Object.entries({ ...status, ...here }).map(([name, value]): [string, string] => [name, shown(value)])
  printPairs(terminal, lines)
}

const shown = (value: unknown): string => {
  if (value === null) return 'none'
  if (Array.isArray(value)) return value.map(shown).join(', ') || 'none'
  if (typeof value !== 'object') return String(value)
  return Object.entries(value)
    .map(([name, part]) => `${name} ${shown(part)}`)
    .join(' ')
}
