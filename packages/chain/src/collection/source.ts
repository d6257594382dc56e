import { type Bytes, type Hash, sha256, taggedHash, writer } from '#primitives'
import { checkManifest } from './bundle.ts'
import { CollectionError } from './error.ts'
import { MAX_PATH_CHARS, MAX_SOURCE_FILE_BYTES, MAX_SOURCE_FILES } from './limits.ts'

/** Files of a collection by their path, with `/` between folders. */
export type Source = ReadonlyMap<string, Bytes>

/** What `collection.json` in a source says. */
export interface SourceManifest {
  readonly name: string
  readonly version: string
  /** File that exports `mainCollection`. */
  readonly entry: string
  readonly params: Readonly<Record<string, bigint>>
}

export const MANIFEST_FILE = 'collection.json'
const PATH = /^[A-Za-z0-9_][A-Za-z0-9_.-]*(?:\/[A-Za-z0-9_][A-Za-z0-9_.-]*)*$/
const KINDS = /\.(?:ts|md|json)$/

const wrong = (message: string): CollectionError => new CollectionError('collection.source', message)

/** Whether a file belongs to a source: code, its documents, the manifest; no tests. */
export const isSourceFile = (path: string): boolean => KINDS.test(path) && !/\.(?:test|bench)\.ts$/.test(path)

/** The files of a folder or an archive that belong to a source: nothing hidden and nothing installed. */
export const belongsToSource = (path: string): boolean =>
  isSourceFile(path) && !path.split('/').some((part) => part.startsWith('.') || part === 'node_modules')

/**
 * The source among the files of an archive, as it would be read from the folder it unpacks to; a folder around everything is
 * passed over. Undefined when there is no `collection.json`. Throws `collection.source`.
 */
export function sourceAmong(files: Iterable<readonly [path: string, bytes: Bytes]>): Source | undefined {
  const all = new Map(files)
  const [first = ''] = all.keys()
  const around = first.slice(0, first.indexOf('/') + 1)
  const isWrapped = !all.has(MANIFEST_FILE) && around !== '' && [...all.keys()].every((path) => path.startsWith(around))
  const root = isWrapped ? around : ''
  if (!all.has(`${root}${MANIFEST_FILE}`)) return undefined
  const inside = [...all].map(([path, bytes]) => [path.slice(root.length), bytes] as const)
  const source = new Map(inside.filter(([path]) => belongsToSource(path)))
  checkSource(source)
  return source
}

/** Throws `collection.source` for what no source may be. */
export function checkSource(source: Source): void {
  if (source.size > MAX_SOURCE_FILES) throw wrong(`a source has at most ${MAX_SOURCE_FILES} files`)
  for (const [path, bytes] of source) {
    if (!PATH.test(path) || path.length > MAX_PATH_CHARS || path.includes('..'))
      throw wrong(`${path} is no path of a source`)
    if (!isSourceFile(path)) throw wrong(`${path} is neither .ts nor .md nor .json, or it is a test`)
    if (bytes.length > MAX_SOURCE_FILE_BYTES) throw wrong(`${path} has more than ${MAX_SOURCE_FILE_BYTES} bytes`)
  }
}

/** Paths in the order of their characters. */
export const sortedPaths = (source: Source): string[] => [...source.keys()].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))

/** One hash over all files and their paths, whatever they were packed in. */
export function sourceHash(source: Source): Hash {
  const out = writer()
  for (const path of sortedPaths(source)) out.string(path).fixed(sha256(source.get(path) ?? new Uint8Array(0)))
  return taggedHash('aelf/collection-source/1', out.finish())
}

/** Reads `collection.json`. Throws `collection.source`, `collection.format`. */
export function readManifest(source: Source): SourceManifest {
  const bytes = source.get(MANIFEST_FILE)
  if (bytes === undefined) throw wrong(`there is no ${MANIFEST_FILE}`)
  let parsed: unknown
  try {
    parsed = JSON.parse(new TextDecoder().decode(bytes))
  } catch (cause) {
    throw new CollectionError('collection.source', `${MANIFEST_FILE} is not JSON`, { cause })
  }
  if (typeof parsed !== 'object' || parsed === null) throw wrong(`${MANIFEST_FILE} is not an object`)
  const fields = parsed as Readonly<Record<string, unknown>>
  const stranger = Object.keys(fields).find((field) => !['name', 'version', 'entry', 'params'].includes(field))
  if (stranger !== undefined) throw wrong(`${MANIFEST_FILE} has no field ${stranger}`)
  const text = (field: string): string => {
    const value = fields[field]
    if (typeof value !== 'string') throw wrong(`${field} of ${MANIFEST_FILE} is a text`)
    return value
  }
  const params = Object.entries((fields['params'] ?? {}) as Record<string, unknown>).map(([name, value]) => {
    if (typeof value !== 'string' || !/^[0-9]{1,78}$/.test(value)) throw wrong(`${name} is a whole number as a text`)
    return [name, BigInt(value)] as const
  })
  const manifest = {
    name: text('name'),
    version: text('version'),
    entry: text('entry'),
    params: Object.fromEntries(params),
  }
  checkManifest(manifest)
  if (!source.has(manifest.entry)) throw wrong(`the entry ${manifest.entry} is not among the files`)
  return manifest
}
