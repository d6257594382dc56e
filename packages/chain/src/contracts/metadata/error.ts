import { AelfError } from '#primitives'

/** A name the descriptors do not know: `metadata.unknownContract`, `metadata.unknownMethod`, `metadata.unknownItem`. */
export class MetadataError extends AelfError {
  override readonly name: string = 'MetadataError'
}
