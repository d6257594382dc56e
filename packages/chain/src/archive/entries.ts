import { ArchiveError } from './error.ts'
import type { ArchiveLimits } from './limits.ts'
import { checkPath, PathBook } from './paths.ts'
import { type FileWarning, scanFile } from './scan.ts'

/** What readers of formats hand their entries to. Names are as they stand in the archive. */
export interface EntrySink {
  file(name: string, data: Uint8Array): void
  folder(name: string): void
}

export interface ArchiveFile {
  readonly path: string
  readonly data: Uint8Array
  readonly warnings: readonly FileWarning[]
}

const NESTED_NAME = /\.(?:zip|tar|gz|tgz|bz2|tbz2|xz|txz|7z|rar|zst|jar|war|whl|apk|iso|dmg|deb|rpm|cab)$/i
const MAGICS: readonly (readonly [at: number, bytes: readonly number[]])[] = [
  [0, [0x50, 0x4b, 3, 4]],
  [0, [0x50, 0x4b, 5, 6]],
  [0, [0x1f, 0x8b]],
  [0, [0x42, 0x5a, 0x68]],
  [0, [0xfd, 0x37, 0x7a, 0x58, 0x5a]],
  [0, [0x37, 0x7a, 0xbc, 0xaf]],
  [0, [0x52, 0x61, 0x72, 0x21]],
  [0, [0x28, 0xb5, 0x2f, 0xfd]],
  [257, [0x75, 0x73, 0x74, 0x61, 0x72]],
]

const isNested = (path: string, data: Uint8Array): boolean =>
  NESTED_NAME.test(path) || MAGICS.some(([from, bytes]) => bytes.every((byte, index) => data[from + index] === byte))

/** Gathers entries, and refuses the archive at the first that is not allowed. */
export function createCollector(limits: ArchiveLimits): { readonly sink: EntrySink; readonly files: ArchiveFile[] } {
  const book = new PathBook()
  const files: ArchiveFile[] = []
  let entries = 0
  let total = 0
  const count = (): void => {
    entries += 1
    if (entries > limits.entries) throw new ArchiveError('archive.entries', `more than ${limits.entries} entries`)
  }
  return {
    files,
    sink: {
      file: (name, data) => {
        count()
        const path = checkPath(name, limits)
        if (data.length > limits.fileBytes)
          throw new ArchiveError('archive.fileSize', `larger than ${limits.fileBytes} bytes`, path)
        total += data.length
        if (total > limits.unpackedBytes)
          throw new ArchiveError('archive.unpackedSize', `more than ${limits.unpackedBytes} bytes unpacked`)
        if (isNested(path, data)) throw new ArchiveError('archive.nested', 'an archive inside of an archive', path)
        book.addFile(path)
        files.push({ path, data, warnings: scanFile(path, data) })
      },
      folder: (name) => {
        count()
        const plain = name.replace(/\/$/, '')
        if (plain === '.' || plain === '') {
          if (name !== './' && name !== '.') throw new ArchiveError('archive.path', 'not allowed in a path: nothing')
          return
        }
        book.addFolder(checkPath(plain, limits))
      },
    },
  }
}
