import type { EntrySink } from './entries.ts'
import { ArchiveError } from './error.ts'

const BLOCK = 512
const LONG_NAME_MAX = 4096
const PAX_MAX = 16 * 1024

const damaged = (why: string): ArchiveError => new ArchiveError('archive.damaged', `the archive is damaged: ${why}`)

/** A number of a header: octal digits, then blanks. The binary form is for sizes nothing here may have. */
function octal(block: Uint8Array, from: number, size: number): number {
  let value = 0
  let at = from
  while (at < from + size && block[at] === 0x20) at++
  for (; at < from + size; at++) {
    const byte = block[at] ?? 0
    if (byte === 0 || byte === 0x20) break
    if (byte < 0x30 || byte > 0x37) throw damaged('a number is not octal')
    value = value * 8 + byte - 0x30
  }
  for (; at < from + size; at++) if (block[at] !== 0 && block[at] !== 0x20) throw damaged('a number has two ends')
  if (!Number.isSafeInteger(value)) throw damaged('a number is too large')
  return value
}

function text(bytes: Uint8Array, where: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw new ArchiveError('archive.path', `${where} is no UTF-8`)
  }
}

/** A field up to its first zero; what follows must be zero. */
function field(block: Uint8Array, from: number, size: number): string {
  const bytes = block.subarray(from, from + size)
  const end = bytes.indexOf(0)
  if (end < 0) return text(bytes, 'a name')
  if (bytes.subarray(end).some((byte) => byte !== 0)) throw damaged('a name goes on after its end')
  return text(bytes.subarray(0, end), 'a name')
}

function checkSum(block: Uint8Array): void {
  let sum = 0
  for (const [at, byte] of block.entries()) sum += at >= 148 && at < 156 ? 0x20 : byte
  if (octal(block, 148, 8) !== sum) throw damaged('a header has the wrong checksum')
}

interface Pax {
  readonly path?: string
  readonly size?: number
}

/** Only path and size may be overridden; times and comments are passed over. Everything else could change what an entry is. */
function readPax(bytes: Uint8Array, isGlobal: boolean): Pax {
  const pax: { path?: string; size?: number } = {}
  for (let at = 0; at < bytes.length; ) {
    const space = bytes.indexOf(0x20, at)
    const length = space < 0 || space - at > 6 ? Number.NaN : Number(text(bytes.subarray(at, space), 'a pax record'))
    if (!Number.isInteger(length) || length < 5 || at + length > bytes.length) throw damaged('a pax record')
    const record = text(bytes.subarray(space + 1, at + length), 'a pax record')
    const equals = record.indexOf('=')
    if (!record.endsWith('\n') || equals < 1) throw damaged('a pax record')
    const [key, value] = [record.slice(0, equals), record.slice(equals + 1, -1)]
    if (key === 'path' && !isGlobal && pax.path === undefined) pax.path = value
    else if (key === 'size' && !isGlobal && pax.size === undefined && /^\d{1,10}$/.test(value)) pax.size = Number(value)
    else if (!['mtime', 'atime', 'ctime', 'comment'].includes(key))
      throw new ArchiveError('archive.pax', `an entry is overridden by "${key.slice(0, 40)}"`)
    at += length
  }
  return pax
}

const KINDS: Readonly<Record<string, readonly [code: string, what: string]>> = {
  '1': ['archive.link', 'a hard link'],
  '2': ['archive.link', 'a symbolic link'],
  '3': ['archive.device', 'a device'],
  '4': ['archive.device', 'a device'],
  '6': ['archive.device', 'a pipe'],
  '7': ['archive.sparse', 'a contiguous file'],
  S: ['archive.sparse', 'a sparse file'],
  K: ['archive.link', 'a long link'],
}

/** Hands each entry of an unpacked tar to the sink, in order. Throws `archive.*`. */
export function readTar(tar: Uint8Array, sink: EntrySink): void {
  let longName: string | undefined
  let pax: Pax | undefined
  let at = 0
  for (;;) {
    const block = tar.subarray(at, at + BLOCK)
    if (block.length < BLOCK) throw damaged('its end is missing')
    if (block.every((byte) => byte === 0)) break
    checkSum(block)
    const kind = String.fromCharCode(block[156] ?? 0)
    const size = pax?.size ?? octal(block, 124, 12)
    const from = at + BLOCK
    const data = tar.subarray(from, from + size)
    if (data.length < size) throw damaged('an entry ends too early')
    at = from + Math.ceil(size / BLOCK) * BLOCK
    if (kind === 'L') {
      if (size > LONG_NAME_MAX || longName !== undefined) throw damaged('a long name')
      longName = text(data.subarray(0, data.at(-1) === 0 ? -1 : undefined), 'a long name')
    } else if (kind === 'x' || kind === 'g') {
      if (size > PAX_MAX || (kind === 'x' && pax !== undefined)) throw damaged('a pax header')
      const found = readPax(data, kind === 'g')
      if (kind === 'x') pax = found
    } else {
      const prefix = field(block, 257, 6) === 'ustar' ? field(block, 345, 155) : ''
      const short = field(block, 0, 100)
      const name = pax?.path ?? longName ?? (prefix === '' ? short : `${prefix}/${short}`)
      putEntry(sink, { kind, name, data, block })
      longName = undefined
      pax = undefined
    }
  }
  if (longName !== undefined || pax !== undefined) throw damaged('a header without its entry')
  checkEnd(tar, at)
}

function putEntry(
  sink: EntrySink,
  { kind, name, data, block }: { kind: string; name: string; data: Uint8Array; block: Uint8Array },
): void {
  const refused = KINDS[kind]
  if (refused !== undefined) throw new ArchiveError(refused[0], `${refused[1]} is not allowed`, JSON.stringify(name))
  if (block.subarray(157, 257).some((byte) => byte !== 0))
    throw new ArchiveError('archive.link', 'a link is not allowed', JSON.stringify(name))
  if (kind === '5') {
    if (data.length > 0) throw damaged('a folder with content')
    sink.folder(name)
  } else if (kind === '0' || kind === '\0') {
    if (name.endsWith('/'))
      throw new ArchiveError('archive.path', 'a file with the name of a folder', JSON.stringify(name))
    sink.file(name, data)
  } else throw new ArchiveError('archive.kind', 'an entry of an unknown kind', JSON.stringify(name))
}

/** After the end only zeros may stand: anything else is hidden from who looks at the entries. */
function checkEnd(tar: Uint8Array, at: number): void {
  if (tar.length - at < 2 * BLOCK) throw damaged('its end is missing')
  if (tar.subarray(at).some((byte) => byte !== 0))
    throw new ArchiveError('archive.trailing', 'something stands after the end')
}
