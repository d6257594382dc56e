export {
  ARCHIVE_LIMITS,
  type Archive,
  ArchiveError,
  type ArchiveFile,
  type ArchiveLimits,
  type FileWarning,
  readArchive,
  showInvisible,
} from '@aelf/chain/archive'
export { type DiffHunk, type DiffLine, diffLines } from './diff.ts'
export { ContentError } from './error.ts'
export { MARKDOWN_MAX_BYTES, parseMarkdown } from './markdown.ts'
export type { MarkdownBlock, MarkdownInline, MarkdownListItem } from './markdownTree.ts'
