import type { Hash } from './values.ts'

/** What the server made of an archive. Stored as JSON. */
export type ArchiveOutcome =
  /** Nobody should unpack it. */
  | { readonly kind: 'refused'; readonly code: string; readonly message: string }
  /** Source of something else than the collection. */
  | { readonly kind: 'plain' }
  /** A collection that cannot be built; the place is in the source where it is known. */
  | {
      readonly kind: 'failed'
      readonly code: string
      readonly message: string
      readonly file?: string
      /** Beginning at 1. */
      readonly line?: number
      /** The line as it is written. */
      readonly text?: string
    }
  | {
      readonly kind: 'built'
      readonly bundleHash: Hash
      readonly bundleBytes: number
      readonly name: string
      readonly version: string
      /** Values it sets, by `contract.param`. */
      readonly params: Readonly<Record<string, string>>
    }

export interface ArchiveReport {
  readonly files: number
  readonly unpackedBytes: number
  /** Files to look at, the first of them; `warned` counts all. */
  readonly warnings: readonly { readonly path: string; readonly warnings: readonly string[] }[]
  readonly warned: number
  readonly outcome: ArchiveOutcome
}

/** What is known of an archive somebody handed in. */
export interface ArchiveCheckView {
  readonly archiveHash: Hash
  readonly state: 'waiting' | 'done'
  readonly askedAtMs: number
  readonly finishedAtMs?: number
  readonly report?: ArchiveReport
}

/** What is kept of what a proposal names. */
export interface ProposalContentView {
  /** Of the hashes of text, archive, bundle and reviews, those whose content is here. */
  readonly kept: readonly Hash[]
  readonly check?: ArchiveCheckView
}

/** The collection in force, and where its source is, for comparing. */
export type BaseView =
  | { readonly collection: Hash; readonly source: 'release' | 'unknown' }
  /** It came by a proposal whose archive is kept. */
  | { readonly collection: Hash; readonly source: 'archive'; readonly archiveHash: Hash }
