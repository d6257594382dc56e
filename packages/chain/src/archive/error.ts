/**
 * Why an archive is refused: `archive.*`. The message is for people; `path` names the entry. No error of `primitives`: this room
 * imports nothing, so that a page which reads an archive loads nothing else.
 */
export class ArchiveError extends Error {
  override readonly name: string = 'ArchiveError'
  readonly code: string
  readonly path: string | undefined

  constructor(code: string, message: string, path?: string) {
    super(path === undefined ? message : `${path}: ${message}`)
    this.code = code
    this.path = path
  }
}
