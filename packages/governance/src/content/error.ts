/** Why a text or archive is refused: `archive.*`, `text.*`. The message is for people; `path` names the entry. */
export class ContentError extends Error {
  override readonly name: string = 'ContentError'
  readonly code: string
  readonly path: string | undefined

  constructor(code: string, message: string, path?: string) {
    super(path === undefined ? message : `${path}: ${message}`)
    this.code = code
    this.path = path
  }
}
