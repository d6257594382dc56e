import type { EntrySink } from './entries.ts'
import { ArchiveError } from './error.ts'
import { crc32, inflate } from './inflate.ts'
import { type ArchiveLimits, RATIO_FREE_BYTES } from './limits.ts'

const END_SIZE = 22
const CENTRAL_SIZE = 46
const LOCAL_SIZE = 30
const [ENCRYPTED, DESCRIPTOR, STRONG, UTF8] = [1, 8, 64, 2048]
const ALLOWED_FLAGS = DESCRIPTOR | UTF8 | 6
/** Extra fields that replace a name, a size or the content: zip64, encryption, Unicode path and comment. */
const REFUSED_EXTRAS: readonly number[] = [0x0001, 0x0017, 0x7075, 0x6375, 0x9901]
const UNIX = 3
const [TYPE_MASK, REGULAR, FOLDER, LINK] = [0xf000, 0x8000, 0x4000, 0xa000]

const damaged = (why: string): ArchiveError => new ArchiveError('archive.damaged', `the archive is damaged: ${why}`)

interface Entry {
  readonly name: string
  readonly rawName: Uint8Array
  readonly flags: number
  readonly method: number
  readonly crc: number
  readonly packed: number
  readonly size: number
  readonly offset: number
}

class Reader {
  private readonly view: DataView
  readonly bytes: Uint8Array
  constructor(bytes: Uint8Array) {
    this.bytes = bytes
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  }
  u16(at: number): number {
    if (at < 0 || at + 2 > this.bytes.length) throw damaged('it ends too early')
    return this.view.getUint16(at, true)
  }
  u32(at: number): number {
    if (at < 0 || at + 4 > this.bytes.length) throw damaged('it ends too early')
    return this.view.getUint32(at, true)
  }
  part(at: number, length: number): Uint8Array {
    if (at < 0 || at + length > this.bytes.length) throw damaged('it ends too early')
    return this.bytes.subarray(at, at + length)
  }
}

function nameOf(raw: Uint8Array, flags: number): string {
  if ((flags & UTF8) === 0 && raw.some((byte) => byte > 0x7e))
    throw new ArchiveError('archive.path', 'a name is neither ASCII nor marked as UTF-8')
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(raw)
  } catch {
    throw new ArchiveError('archive.path', 'a name is no UTF-8')
  }
}

function checkExtras(reader: Reader, from: number, length: number): void {
  for (let at = from; at < from + length; ) {
    if (at + 4 > from + length) throw damaged('an extra field')
    const [id, size] = [reader.u16(at), reader.u16(at + 2)]
    if (REFUSED_EXTRAS.includes(id)) throw new ArchiveError('archive.extra', 'an entry is overridden by an extra field')
    at += 4 + size
    if (at > from + length) throw damaged('an extra field')
  }
}

function checkFlags(flags: number, method: number, name: string): void {
  if ((flags & (ENCRYPTED | STRONG)) !== 0) throw new ArchiveError('archive.encrypted', 'is encrypted', name)
  if ((flags & ~ALLOWED_FLAGS) !== 0) throw new ArchiveError('archive.kind', 'has unknown flags', name)
  if (method !== 0 && method !== 8) throw new ArchiveError('archive.kind', 'is packed in an unknown way', name)
}

/** The type of a file stands in the upper half of the attributes when the archive was made under Unix. */
function checkKind(reader: Reader, at: number, name: string): void {
  const mode = reader.u32(at + 38) >>> 16
  if (reader.u16(at + 4) >>> 8 !== UNIX && mode === 0) return
  const type = mode & TYPE_MASK
  if (type === LINK) throw new ArchiveError('archive.link', 'a link is not allowed', JSON.stringify(name))
  const expected = name.endsWith('/') ? FOLDER : REGULAR
  if (type !== 0 && type !== expected)
    throw new ArchiveError('archive.device', 'is no plain file', JSON.stringify(name))
}

function readCentral(reader: Reader, limits: ArchiveLimits): { entries: Entry[]; start: number } {
  const end = reader.bytes.length - END_SIZE
  if (end < 0 || reader.u32(end) !== 0x06054b50)
    throw new ArchiveError('archive.trailing', 'the end of the archive is not at its end')
  const [count, size, start] = [reader.u16(end + 10), reader.u32(end + 12), reader.u32(end + 16)]
  if (reader.u16(end + 4) !== 0 || reader.u16(end + 6) !== 0 || reader.u16(end + 8) !== count)
    throw new ArchiveError('archive.kind', 'the archive has several parts')
  if (reader.u16(end + 20) !== 0) throw new ArchiveError('archive.trailing', 'a comment stands after the end')
  if (start + size !== end) throw damaged('the directory is not where it should be')
  if (count > limits.entries) throw new ArchiveError('archive.entries', `more than ${limits.entries} entries`)
  const entries: Entry[] = []
  let at = start
  for (let index = 0; index < count; index++) {
    if (reader.u32(at) !== 0x02014b50) throw damaged('an entry of the directory')
    const [nameLength, extraLength, commentLength] = [reader.u16(at + 28), reader.u16(at + 30), reader.u16(at + 32)]
    const [flags, method] = [reader.u16(at + 8), reader.u16(at + 10)]
    const rawName = reader.part(at + CENTRAL_SIZE, nameLength)
    const name = nameOf(rawName, flags)
    checkFlags(flags, method, name)
    checkKind(reader, at, name)
    checkExtras(reader, at + CENTRAL_SIZE + nameLength, extraLength)
    if (reader.u16(at + 34) !== 0) throw new ArchiveError('archive.kind', 'the archive has several parts')
    const sizes = { crc: reader.u32(at + 16), packed: reader.u32(at + 20), size: reader.u32(at + 24) }
    entries.push({ name, rawName, flags, method, ...sizes, offset: reader.u32(at + 42) })
    at += CENTRAL_SIZE + nameLength + extraLength + commentLength
  }
  if (at !== end) throw damaged('the directory is longer than its entries')
  return { entries, start }
}

const same = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && a.every((byte, at) => byte === b[at])

/** Where an entry's data lies; the header before it must say what the directory says. */
function locate(reader: Reader, entry: Entry): { data: number; end: number } {
  const { offset: at, flags, method, crc, packed, size, name } = entry
  if (reader.u32(at) !== 0x04034b50) throw damaged('the header of an entry')
  const mismatch = (): ArchiveError =>
    new ArchiveError('archive.mismatch', 'its header and the directory differ', JSON.stringify(name))
  const [nameLength, extraLength] = [reader.u16(at + 26), reader.u16(at + 28)]
  if (!same(reader.part(at + LOCAL_SIZE, nameLength), entry.rawName)) throw mismatch()
  if (reader.u16(at + 6) !== flags || reader.u16(at + 8) !== method) throw mismatch()
  checkExtras(reader, at + LOCAL_SIZE + nameLength, extraLength)
  const local = [reader.u32(at + 14), reader.u32(at + 18), reader.u32(at + 22)]
  const later = (flags & DESCRIPTOR) !== 0 && local.every((value) => value === 0)
  if (!later && !(local[0] === crc && local[1] === packed && local[2] === size)) throw mismatch()
  const data = at + LOCAL_SIZE + nameLength + extraLength
  if ((flags & DESCRIPTOR) === 0) return { data, end: data + packed }
  const from = data + packed
  const signed = reader.u32(from) === 0x08074b50 ? 4 : 0
  const said = [reader.u32(from + signed), reader.u32(from + signed + 4), reader.u32(from + signed + 8)]
  if (said[0] !== crc || said[1] !== packed || said[2] !== size) throw mismatch()
  return { data, end: from + signed + 12 }
}

function unpack(reader: Reader, entry: Entry, data: number, limits: ArchiveLimits): Uint8Array {
  const { method, packed, size, crc, name } = entry
  const input = reader.part(data, packed)
  if (size > limits.fileBytes) throw new ArchiveError('archive.fileSize', 'is too large', JSON.stringify(name))
  if (size > RATIO_FREE_BYTES && size > packed * limits.ratio)
    throw new ArchiveError('archive.ratio', 'unpacks to too many times its size', JSON.stringify(name))
  let output = input
  if (method === 8) {
    const found = inflate(input, { start: 0, most: size })
    if (found.end !== packed) throw new ArchiveError('archive.trailing', 'something stands after its end', name)
    output = found.output
  }
  if (output.length !== size || crc32(output) !== crc) throw damaged(`${JSON.stringify(name)} is not what it should be`)
  return output
}

/** Hands each entry of a zip to the sink, in the order of their places; they must fill the archive without gap or overlap. */
export function readZip(bytes: Uint8Array, limits: ArchiveLimits, sink: EntrySink): void {
  const reader = new Reader(bytes)
  const { entries, start } = readCentral(reader, limits)
  let at = 0
  for (const entry of [...entries].sort((a, b) => a.offset - b.offset)) {
    if (entry.offset !== at)
      throw new ArchiveError(
        'archive.overlap',
        'entries overlap, or something lies between them',
        JSON.stringify(entry.name),
      )
    const { data, end } = locate(reader, entry)
    const content = unpack(reader, entry, data, limits)
    if (!entry.name.endsWith('/')) sink.file(entry.name, content)
    else if (content.length > 0) throw damaged('a folder with content')
    else sink.folder(entry.name)
    at = end
  }
  if (at !== start) throw new ArchiveError('archive.overlap', 'something lies between the entries and the directory')
}
