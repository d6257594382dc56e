import { type ArchiveFile, createCollector } from './entries.ts'
import { ArchiveError } from './error.ts'
import { crc32, inflate } from './inflate.ts'
import { ARCHIVE_LIMITS, type ArchiveLimits, RATIO_FREE_BYTES } from './limits.ts'
import { readTar } from './tar.ts'
import { readZip } from './zip.ts'

export interface Archive {
  readonly format: 'tar.gz' | 'zip'
  readonly packedBytes: number
  readonly unpackedBytes: number
  /** By path. */
  readonly files: readonly ArchiveFile[]
}

/**
 * Reads a source archive wholly in memory: nothing is ever written, so nothing can be written to a wrong place. Refuses the whole
 * archive at the first thing that is not allowed; throws `ArchiveError`.
 */
export function readArchive(bytes: Uint8Array, limits: ArchiveLimits = ARCHIVE_LIMITS): Archive {
  if (bytes.length > limits.packedBytes)
    throw new ArchiveError('archive.packedSize', `larger than ${limits.packedBytes} bytes`)
  const { sink, files } = createCollector(limits)
  const format = formatOf(bytes)
  if (format === 'zip') readZip(bytes, limits, sink)
  else readTar(gunzip(bytes, limits), sink)
  if (files.length === 0) throw new ArchiveError('archive.empty', 'no file is in the archive')
  const unpackedBytes = files.reduce((sum, { data }) => sum + data.length, 0)
  if (unpackedBytes > RATIO_FREE_BYTES && unpackedBytes > bytes.length * limits.ratio)
    throw new ArchiveError('archive.ratio', 'unpacks to too many times its size')
  const ordered = [...files].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0))
  return { format, packedBytes: bytes.length, unpackedBytes, files: ordered }
}

function formatOf(bytes: Uint8Array): 'tar.gz' | 'zip' {
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) return 'tar.gz'
  if (bytes[0] === 0x50 && bytes[1] === 0x4b) return 'zip'
  throw new ArchiveError('archive.format', 'neither a .tar.gz nor a .zip')
}

const damaged = (why: string): ArchiveError => new ArchiveError('archive.damaged', `the archive is damaged: ${why}`)
const [TEXT, HEADER_CRC, EXTRA, NAME, COMMENT] = [1, 2, 4, 8, 16]
const TRAILER = 8
/** Headers and filling of a tar, at most two blocks for each entry. */
const TAR_OVERHEAD = 1536

/** One gzip member that ends where the file ends. */
function gunzip(bytes: Uint8Array, limits: ArchiveLimits): Uint8Array {
  const flags = bytes[3] ?? 0
  if (bytes[2] !== 8 || (flags & ~(TEXT | HEADER_CRC | EXTRA | NAME | COMMENT)) !== 0) throw damaged('its header')
  let start = 10
  if ((flags & EXTRA) !== 0) start += 2 + (bytes[start] ?? 0) + 256 * (bytes[start + 1] ?? 0)
  for (const flag of [NAME, COMMENT]) {
    if ((flags & flag) === 0) continue
    const end = bytes.indexOf(0, start)
    if (end < 0) throw damaged('its header')
    start = end + 1
  }
  if ((flags & HEADER_CRC) !== 0) start += 2
  const overhead = limits.entries * TAR_OVERHEAD
  const most = Math.min(
    limits.unpackedBytes + overhead,
    Math.max(bytes.length * limits.ratio, RATIO_FREE_BYTES) + overhead,
  )
  const { output, end } = inflate(bytes, { start, most })
  if (end + TRAILER !== bytes.length) throw new ArchiveError('archive.trailing', 'something stands after the end')
  const view = new DataView(bytes.buffer, bytes.byteOffset + end, TRAILER)
  if (view.getUint32(0, true) !== crc32(output) || view.getUint32(4, true) !== output.length >>> 0)
    throw damaged('its checksum')
  return output
}
