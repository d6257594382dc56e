import { AelfError, type KeyValue, type RecordLog } from '#primitives'
import { NodeError } from '../errors.ts'
import type { CommitCount } from './commitCount.ts'

export interface StoreGuard {
  readonly store: KeyValue
  /** The same for a log beside the store: they fail together. */
  log(inner: RecordLog): RecordLog
  /** Resolves at the first write or read that failed; never rejects. */
  readonly failed: Promise<NodeError>
  /** Seconds each synced write took, for whoever counts. */
  onCommit(listener: (seconds: number) => void): void
}

const reasonOf = (cause: unknown): string =>
  (cause instanceof AelfError ? String(cause.walk() ?? cause.message) : String(cause)).slice(0, 300)

/** A store that was closed under a late reader has not failed. */
const isClosed = (cause: unknown): boolean =>
  cause instanceof Error && 'code' in cause && ['LEVEL_DATABASE_NOT_OPEN', 'store.closed'].includes(String(cause.code))

/**
 * A store that believes a disk only once. After a write or a flush has failed nobody knows what is on the disk, and asking again
 * may answer "done" without it being so: every later write is refused, so that nothing is signed any more, and the node ends. So it does
 * after a read that failed or gave something else than was written: who cannot read its chain can neither follow nor answer.
 */
export function guardStore(inner: KeyValue, counter?: Pick<CommitCount, 'next' | 'done'>): StoreGuard {
  let dead: NodeError | undefined
  let report: (error: NodeError) => void = () => undefined
  let commit: ((seconds: number) => void) | undefined
  const failed = new Promise<NodeError>((resolve) => {
    report = resolve
  })
  let closed = false
  const unread = (cause: unknown): never => {
    const error = new NodeError('node.storage', `The disk did not answer a read: ${reasonOf(cause)}`, { cause })
    if (!closed && !isClosed(cause)) {
      dead ??= error
      report(dead)
    }
    throw error
  }
  const unwritten = (cause: unknown): never => {
    dead ??= new NodeError('node.storage', `The disk did not take a write: ${reasonOf(cause)}`, { cause })
    report(dead)
    throw dead
  }
  const checkAlive = (): void => {
    if (dead !== undefined) throw dead
  }
  const log = (inner: RecordLog): RecordLog => ({
    gather: async () => inner.gather?.(),
    read: () => inner.read().catch(unread),
    async append(records) {
      checkAlive()
      const began = performance.now()
      await inner.append(records).catch(unwritten)
      commit?.((performance.now() - began) / 1000)
    },
    forget: (height) => inner.forget(height).catch(unwritten),
    close: () => inner.close(),
  })
  const store: KeyValue = {
    get: (key) => inner.get(key).catch(unread),
    getMany: (keys) => inner.getMany(keys).catch(unread),
    range: (options) => inner.range(options).catch(unread),
    async write(ops, options) {
      checkAlive()
      const began = performance.now()
      const count = options.sync ? counter?.next() : undefined
      try {
        await inner.write(count === undefined ? ops : [...ops, count.op], options)
      } catch (cause) {
        unwritten(cause)
      }
      if (count !== undefined) counter?.done(count.number)
      if (options.sync) commit?.((performance.now() - began) / 1000)
    },
    close() {
      closed = true
      return inner.close()
    },
  }
  return {
    store,
    log,
    failed,
    onCommit(listener) {
      commit = listener
    },
  }
}
