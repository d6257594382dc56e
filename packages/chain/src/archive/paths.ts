import { ArchiveError } from './error.ts'
import { isInvisible } from './invisible.ts'
import type { ArchiveLimits } from './limits.ts'

const RESERVED = /^(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|$)/i
function wrongSegment(segment: string): string | undefined {
  if (segment === '') return 'an empty part'
  if (segment === '.' || segment === '..') return 'a part that leads elsewhere'
  if (/[. ]$/.test(segment)) return 'a part that ends with a dot or a space'
  if (RESERVED.test(segment)) return 'a name some systems keep for devices'
  return /[<>:"|?*]/.test(segment) ? 'a character some systems refuse' : undefined
}

/** A path as it may stand in an archive, without a leading `./`. Throws `archive.path`. */
export function checkPath(given: string, limits: ArchiveLimits): string {
  const refuse = (why: string): ArchiveError =>
    new ArchiveError('archive.path', `not allowed in a path: ${why}`, JSON.stringify(given.slice(0, 80)))
  const path = given.startsWith('./') ? given.slice(2) : given
  if (path === '') throw refuse('nothing')
  if (new TextEncoder().encode(path).length > limits.pathBytes) throw refuse(`more than ${limits.pathBytes} bytes`)
  if (path.startsWith('/')) throw refuse('a beginning at the root')
  if (path.includes('\\')) throw refuse('a backslash')
  if (/^[A-Za-z]:/.test(path)) throw refuse('a drive')
  if (hasInvisible(path)) throw refuse('a control or invisible character')
  if (path.includes('\ufffd') || !isWhole(path)) throw refuse('bytes that are no text')
  if (path.normalize('NFC') !== path) throw refuse('a form that is not NFC')
  const segments = path.split('/')
  if (segments.length > limits.depth) throw refuse(`more than ${limits.depth} parts`)
  for (const segment of segments) {
    const wrong = wrongSegment(segment)
    if (wrong !== undefined) throw refuse(wrong)
  }
  return path
}

function hasInvisible(text: string): boolean {
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0
    if (code === 0x09 || code === 0x0a || isInvisible(code)) return true
  }
  return false
}

/** No half of a surrogate pair stands alone. */
function isWhole(text: string): boolean {
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0
    if (code >= 0xd800 && code <= 0xdfff) return false
  }
  return true
}

/** Remembers paths and refuses what could be two files on some machine, or a file and a folder. */
export class PathBook {
  private readonly files = new Set<string>()
  private readonly folders = new Set<string>()

  addFile(path: string): void {
    const key = fold(path)
    if (this.files.has(key) || this.folders.has(key))
      throw new ArchiveError('archive.duplicate', 'occurs twice, or differs from another only by case', path)
    this.addParents(path, key)
    this.files.add(key)
  }

  addFolder(path: string): void {
    const key = fold(path)
    if (this.files.has(key)) throw new ArchiveError('archive.duplicate', 'is a file and a folder', path)
    this.addParents(path, key)
    this.folders.add(key)
  }

  private addParents(path: string, key: string): void {
    for (let at = key.indexOf('/'); at >= 0; at = key.indexOf('/', at + 1)) {
      const parent = key.slice(0, at)
      if (this.files.has(parent)) throw new ArchiveError('archive.duplicate', 'lies inside of a file', path)
      this.folders.add(parent)
    }
  }
}

const fold = (path: string): string => path.normalize('NFKC').toLowerCase().normalize('NFKC')
