import { type Bytes, utf8ToBytes } from '#primitives'
import { CollectionError } from './error.ts'
import { MAX_ARCHIVE_BYTES, MAX_SOURCE_FILES } from './limits.ts'
import { checkSource, type Source, sortedPaths } from './source.ts'

const BLOCK = 512
const wrong = (message: string): CollectionError => new CollectionError('collection.source', message)

const octal = (value: number, digits: number): string => `${value.toString(8).padStart(digits, '0')}\0`

/** Header of one file as every tar reads it, with nothing that differs between machines: no owner, no time. */
function headerOf(path: string, size: number): Bytes {
  const header = new Uint8Array(BLOCK)
  const put = (text: string, at: number): void => header.set(utf8ToBytes(text), at)
  put(path, 0)
  put(octal(0o644, 7), 100)
  put(octal(0, 7), 108)
  put(octal(0, 7), 116)
  put(octal(size, 11), 124)
  put(octal(0, 11), 136)
  put('        ', 148)
  put('0', 156)
  put('ustar\x0000', 257)
  const sum = header.reduce((total, byte) => total + byte, 0)
  put(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  return header
}

const padded = (size: number): number => Math.ceil(size / BLOCK) * BLOCK

/** A source as one tar file, byte for byte the same everywhere. Throws `collection.source`. */
export function writeArchive(source: Source): Bytes {
  checkSource(source)
  const paths = sortedPaths(source)
  const sizeOf = (path: string): number => source.get(path)?.length ?? 0
  const total = paths.reduce((sum, path) => sum + BLOCK + padded(sizeOf(path)), 0) + 2 * BLOCK
  if (total > MAX_ARCHIVE_BYTES) throw wrong(`an archive has at most ${MAX_ARCHIVE_BYTES} bytes`)
  const out = new Uint8Array(total)
  let at = 0
  for (const path of paths) {
    out.set(headerOf(path, sizeOf(path)), at)
    out.set(source.get(path) ?? new Uint8Array(0), at + BLOCK)
    at += BLOCK + padded(sizeOf(path))
  }
  return out
}

const textAt = (bytes: Bytes, at: number, length: number): string => {
  const field = bytes.subarray(at, at + length)
  const end = field.indexOf(0)
  return new TextDecoder().decode(end < 0 ? field : field.subarray(0, end))
}

/** Reads a tar of plain files; folders are passed over, anything else is refused. Throws `collection.source`. */
export function readArchive(bytes: Bytes): Source {
  if (bytes.length > MAX_ARCHIVE_BYTES) throw wrong(`an archive has at most ${MAX_ARCHIVE_BYTES} bytes`)
  const source = new Map<string, Bytes>()
  for (let at = 0; at + BLOCK <= bytes.length && bytes[at] !== 0; ) {
    const size = Number.parseInt(textAt(bytes, at + 124, 12).trim() || '0', 8)
    if (!Number.isSafeInteger(size) || size < 0 || at + BLOCK + size > bytes.length)
      throw wrong('this is no tar archive')
    const kind = textAt(bytes, at + 156, 1)
    const path = textAt(bytes, at, 100).replace(/^\.\//, '')
    if (kind === '0' || kind === '') {
      if (source.has(path)) throw wrong(`${path} is there twice`)
      source.set(path, bytes.slice(at + BLOCK, at + BLOCK + size))
    } else if (kind !== '5') throw wrong(`${path} is neither a file nor a folder; use the ustar format`)
    if (source.size > MAX_SOURCE_FILES) throw wrong(`a source has at most ${MAX_SOURCE_FILES} files`)
    at += BLOCK + padded(size)
  }
  if (source.size === 0) throw wrong('this is no tar archive, or an empty one')
  checkSource(source)
  return source
}
