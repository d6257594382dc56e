import type { ArchiveAnswer, ArchiveReply, ArchiveTask, FileAnswer } from './archiveProtocol.ts'

/** Longest wait for a worker; reading the largest archive takes a few seconds on a phone. */
const ANSWER_MS = 60_000

/** An archive in a worker of its own: it is read, compared and shown there, and ends with it. */
export interface ArchiveReader {
  /** `base` is what its files are compared with. */
  open(archive: Blob, base?: Blob): Promise<ArchiveAnswer>
  file(path: string): Promise<FileAnswer>
  close(): void
}

/** A task without its number. */
type Question = ArchiveTask extends infer T ? (T extends ArchiveTask ? Omit<T, 'id'> : never) : never

export function createArchiveReader(): ArchiveReader {
  const worker = new Worker(new URL('./archiveWorker.ts', import.meta.url), { type: 'module' })
  const waiting = new Map<number, (reply: ArchiveReply | undefined) => void>()
  let last = 0
  const fail = (): void => {
    for (const settle of waiting.values()) settle(undefined)
    waiting.clear()
  }
  worker.onmessage = ({ data }: MessageEvent<ArchiveReply>) => {
    waiting.get(data.id)?.(data)
    waiting.delete(data.id)
  }
  worker.onerror = fail
  const ask = (task: Question): Promise<ArchiveReply | undefined> => {
    const id = ++last
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        // Whatever keeps it busy is not worth waiting for.
        worker.terminate()
        fail()
      }, ANSWER_MS)
      waiting.set(id, (reply) => {
        clearTimeout(timer)
        resolve(reply)
      })
      worker.postMessage({ ...task, id })
    })
  }
  return {
    open: async (archive, base) => {
      const reply = await ask({ kind: 'open', archive, ...(base === undefined ? {} : { base }) })
      if (reply?.kind === 'archive') return reply.answer
      return { ok: false, code: 'archive.unread', message: 'This browser could not read it in time.' }
    },
    file: async (path) => {
      const reply = await ask({ kind: 'file', path })
      return reply?.kind === 'file' ? reply.answer : { kind: 'missing' }
    },
    close: () => {
      worker.terminate()
      fail()
    },
  }
}
