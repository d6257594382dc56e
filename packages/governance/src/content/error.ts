/** Why a text is refused: `text.*`. The message is for people. */
export class ContentError extends Error {
  override readonly name: string = 'ContentError'
  readonly code: string

  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}
