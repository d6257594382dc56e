import {
  ARCHIVE_LIMITS,
  ArchiveError,
  type ArchiveFile,
  type DiffHunk,
  diffLines,
  readArchive,
  showInvisible,
} from '@aelf/governance/content'
import type {
  ArchiveAnswer,
  ArchiveFileSummary,
  ArchiveReply,
  ArchiveTask,
  FileAnswer,
  FileChange,
} from './archiveProtocol.ts'
import { sha256 } from './sha256.ts'

// Runs in a Web Worker, which holds the unpacked files and is ended with them.

type Files = ReadonlyMap<string, ArchiveFile>

/** At the root of every collection. */
const MANIFEST = 'collection.json'

let files: Files = new Map()
let base: Files | undefined

const reply = (message: ArchiveReply): void => globalThis.postMessage(message)

globalThis.addEventListener('message', ({ data }: MessageEvent<ArchiveTask>) => {
  if (data.kind === 'file') reply({ id: data.id, kind: 'file', answer: show(data.path) })
  else void open(data).then((answer) => reply({ id: data.id, kind: 'archive', answer }))
})

async function open(task: ArchiveTask & { kind: 'open' }): Promise<ArchiveAnswer> {
  if (task.archive.size > ARCHIVE_LIMITS.packedBytes)
    return { ok: false, code: 'archive.packedSize', message: `It is larger than ${ARCHIVE_LIMITS.packedBytes} bytes.` }
  const bytes = new Uint8Array(await task.archive.arrayBuffer())
  const hash = await sha256(bytes)
  try {
    const { packedBytes, unpackedBytes, files: read } = readArchive(bytes)
    files = byPath(read)
    base =
      task.base === undefined ? undefined : byPath(readArchive(new Uint8Array(await task.base.arrayBuffer())).files)
    return { ok: true, archive: { hash, packedBytes, unpackedBytes, files: summaries() } }
  } catch (error) {
    if (error instanceof ArchiveError) return { ok: false, hash, code: error.code, message: error.message }
    return { ok: false, hash, code: 'archive.unread', message: 'This browser could not read it.' }
  }
}

/** By path; a folder around everything, as archives of repositories have it, is left out where files are compared. */
function byPath(read: readonly ArchiveFile[]): Files {
  const around = (read[0]?.path ?? '').split('/')[0] ?? ''
  const isWrapped = read.some(({ path }) => path === `${around}/${MANIFEST}`)
  const root = isWrapped && read.every(({ path }) => path.startsWith(`${around}/`)) ? around.length + 1 : 0
  return new Map(read.map((file) => [file.path.slice(root), file]))
}

const isSame = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, index) => byte === b[index])

function changeOf(path: string, file: ArchiveFile): { change?: FileChange } {
  if (base === undefined) return {}
  const before = base.get(path)
  if (before === undefined) return { change: 'added' }
  return { change: isSame(before.data, file.data) ? 'same' : 'changed' }
}

const CHANGED: readonly FileChange[] = ['changed', 'added', 'removed']

/** What changed first, then what stands out, then the rest. */
function summaries(): ArchiveFileSummary[] {
  const here = [...files].map(([path, file]): ArchiveFileSummary => {
    return { path, bytes: file.data.length, warnings: file.warnings, ...changeOf(path, file) }
  })
  const gone = [...(base ?? [])]
    .filter(([path]) => !files.has(path))
    .map(([path]): ArchiveFileSummary => ({ path, bytes: 0, warnings: [], change: 'removed' }))
  const all = [...here, ...gone]
  const rank = ({ change, warnings }: ArchiveFileSummary): number =>
    change !== undefined && CHANGED.includes(change) ? 0 : warnings.length > 0 ? 1 : 2
  return [0, 1, 2].flatMap((wanted) => all.filter((file) => rank(file) === wanted))
}

const textOf = (file: ArchiveFile | undefined): string =>
  file === undefined ? '' : new TextDecoder().decode(file.data)

function show(path: string): FileAnswer {
  const [file, before] = [files.get(path), base?.get(path)]
  if (file === undefined && before === undefined) return { kind: 'missing' }
  if ([file, before].some((one) => one?.warnings.includes('binary'))) return { kind: 'binary' }
  const lines = textOf(file).split('\n').map(showInvisible)
  if (base === undefined) return { kind: 'text', lines }
  return { kind: 'text', lines, diff: diffLines(textOf(before), textOf(file)).map(visible) }
}

const visible = (hunk: DiffHunk): DiffHunk => hunk.map((line) => ({ ...line, text: showInvisible(line.text) }))
