import { AelfError, type KeyValue } from '#primitives'
import { NodeError } from '../errors.ts'
import type { CommitCount } from './commitCount.ts'

export interface StoreGuard {
  readonly store: KeyValue
  /** Resolves at the first write that failed; never rejects. */
  readonly failed: Promise<NodeError>
  /** Seconds each synced write took, for whoever counts. */
  onCommit(listener: (seconds: number) => void): void
}

/**
 * A store that believes a disk only once. After a write or a flush has failed nobody knows what is on the disk, and asking again
 * may answer "done" without it being so: every later write is refused, so that nothing is signed any more, and the node ends.
 */
export function guardStore(inner: KeyValue, counter?: Pick<CommitCount, 'next' | 'done'>): StoreGuard {
  let dead: NodeError | undefined
  let report: (error: NodeError) => void = () => undefined
  let commit: ((seconds: number) => void) | undefined
  const failed = new Promise<NodeError>((resolve) => {
    report = resolve
  })
  const store: KeyValue = {
    get: (key) => inner.get(key),
    range: (options) => inner.range(options),
    async write(ops, options) {
      if (dead !== undefined) throw dead
      const began = performance.now()
      const count = options.sync ? counter?.next() : undefined
      try {
        await inner.write(count === undefined ? ops : [...ops, count.op], options)
      } catch (cause) {
        const reason = cause instanceof AelfError ? String(cause.walk() ?? cause.message) : String(cause)
        dead ??= new NodeError('node.storage', `The disk did not take a write: ${reason.slice(0, 300)}`, { cause })
        report(dead)
        throw dead
      }
      if (count !== undefined) counter?.done(count.number)
      if (options.sync) commit?.((performance.now() - began) / 1000)
    },
    close: () => inner.close(),
  }
  return {
    store,
    failed,
    onCommit(listener) {
      commit = listener
    },
  }
}
