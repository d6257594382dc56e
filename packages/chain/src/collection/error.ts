import { AelfError, type AelfErrorOptions } from '#primitives'

/**
 * What is wrong with a collection: `collection.source`, `collection.build`, `collection.audit` (with `details.line` and `column`, of the source where there is one: then `file` and `text` are there, too),
 * `collection.format`, `collection.tooLarge`, `collection.hash`, `collection.load`.
 */
export class CollectionError extends AelfError {
  override readonly name: string = 'CollectionError'
  constructor(
    code: `collection.${'source' | 'build' | 'audit' | 'format' | 'tooLarge' | 'hash' | 'load'}`,
    message: string,
    options: AelfErrorOptions = {},
  ) {
    super(code, message, options)
  }
}
