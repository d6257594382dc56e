import type { DiffHunk, FileWarning } from '@aelf/governance/content'

/** How a file stands against the release: undefined where nothing is compared. */
export type FileChange = 'added' | 'changed' | 'removed' | 'same'

export interface ArchiveFileSummary {
  readonly path: string
  readonly bytes: number
  readonly warnings: readonly FileWarning[]
  readonly change?: FileChange
}

/** What a page learns of an archive; the bytes stay in the worker that read it. */
export interface ArchiveSummary {
  readonly hash: `0x${string}`
  readonly packedBytes: number
  readonly unpackedBytes: number
  readonly files: readonly ArchiveFileSummary[]
}

export type ArchiveAnswer =
  | { readonly ok: true; readonly archive: ArchiveSummary }
  /** The hash is known also of what was refused. */
  | { readonly ok: false; readonly hash?: `0x${string}`; readonly code: string; readonly message: string }

/** One file, safe to show: what is invisible or steers the order of reading is spelled out. */
export type FileAnswer =
  | { readonly kind: 'text'; readonly lines: readonly string[]; readonly diff?: readonly DiffHunk[] }
  | { readonly kind: 'binary' }
  | { readonly kind: 'missing' }

export type ArchiveTask =
  | { readonly id: number; readonly kind: 'open'; readonly archive: Blob; readonly base?: Blob }
  | { readonly id: number; readonly kind: 'file'; readonly path: string }

export type ArchiveReply =
  | { readonly id: number; readonly kind: 'archive'; readonly answer: ArchiveAnswer }
  | { readonly id: number; readonly kind: 'file'; readonly answer: FileAnswer }
