import { buildBundle, bundleHash, CollectionError, sourceAmong } from '@aelf/chain/collection'
import { type Archive, ArchiveError, readArchive } from '#content'
import type { ArchiveOutcome, ArchiveReport, Hash } from '#domain'

/** Files with warnings that a report lists; it counts all. */
const WARNINGS_MAX = 200
/** Letters of a message that are kept: it may quote the archive. */
const MESSAGE_MAX = 500

export interface CheckedArchive {
  readonly report: ArchiveReport
  readonly bundle?: { readonly hash: Hash; readonly bytes: Uint8Array }
}

const short = (text: string): string => (text.length > MESSAGE_MAX ? `${text.slice(0, MESSAGE_MAX)}…` : text)

/** Reads an archive as a stranger's and builds it when it holds a collection. What is wrong with it is the answer, never thrown. */
export async function checkArchive(bytes: Uint8Array): Promise<CheckedArchive> {
  let archive: Archive
  try {
    archive = readArchive(bytes)
  } catch (error) {
    if (!(error instanceof ArchiveError)) throw error
    const outcome = { kind: 'refused', code: error.code, message: short(error.message) } as const
    return { report: { files: 0, unpackedBytes: 0, warnings: [], warned: 0, outcome } }
  }
  const { files, unpackedBytes } = archive
  const warned = files.filter(({ warnings }) => warnings.length > 0)
  const seen = {
    files: files.length,
    unpackedBytes,
    warnings: warned.slice(0, WARNINGS_MAX).map(({ path, warnings }) => ({ path, warnings })),
    warned: warned.length,
  }
  const { outcome, bundle } = await build(archive)
  return { report: { ...seen, outcome }, ...(bundle === undefined ? {} : { bundle }) }
}

async function build({ files }: Archive): Promise<{ outcome: ArchiveOutcome; bundle?: CheckedArchive['bundle'] }> {
  try {
    const source = sourceAmong(files.map(({ path, data }) => [path, data]))
    if (source === undefined) return { outcome: { kind: 'plain' } }
    const { bundle, bytes } = await buildBundle(source)
    const hash = bundleHash(bytes)
    const { name, version } = bundle
    const params = Object.fromEntries(Object.entries(bundle.params).map(([param, value]) => [param, value.toString()]))
    return {
      outcome: { kind: 'built', bundleHash: hash, bundleBytes: bytes.length, name, version, params },
      bundle: { hash, bytes },
    }
  } catch (error) {
    if (!(error instanceof CollectionError)) throw error
    return { outcome: refusal(error) }
  }
}

function refusal({ code, message, details }: CollectionError): ArchiveOutcome {
  const { file, line, text } = details ?? {}
  return {
    kind: 'failed',
    code,
    message: short(message),
    ...(typeof file === 'string' ? { file: short(file) } : {}),
    ...(typeof file === 'string' && typeof line === 'number' ? { line } : {}),
    ...(typeof text === 'string' ? { text: short(text) } : {}),
  }
}
