import type { KeyValue, KvOp } from '#primitives'

interface Waiting {
  readonly ops: readonly KvOp[]
  readonly done: () => void
  readonly failed: (cause: unknown) => void
}

/** A batch of so many operations does not wait for others to share a flush with: its writer may be about to keep the thread busy. */
const LARGE = 256

/**
 * Joins the writes that arrive while one is being synced into one batch, so that many writers pay one flush. Each
 * writer's promise still resolves only when its own operations are on disk, and the order of writes is kept.
 */
export function createGroupCommit(store: KeyValue): KeyValue {
  let queue: Waiting[] = []
  let needsSync = false
  let draining: Promise<void> | undefined

  const drain = async (): Promise<void> => {
    // One turn of the event loop lets writers that were woken by the same message share the batch.
    if ((queue[0]?.ops.length ?? 0) < LARGE) await new Promise((resolve) => setImmediate(resolve))
    while (queue.length > 0) {
      const batch = queue
      const sync = needsSync
      queue = []
      needsSync = false
      try {
        await store.write(
          batch.flatMap((entry) => entry.ops),
          { sync },
        )
        for (const entry of batch) entry.done()
      } catch (cause) {
        for (const entry of batch) entry.failed(cause)
      }
    }
    draining = undefined
  }

  return {
    get: (key) => store.get(key),
    getMany: (keys) => store.getMany(keys),
    range: (options) => store.range(options),
    write(ops, options) {
      return new Promise((done, failed) => {
        queue.push({ ops, done, failed })
        needsSync ||= options.sync
        draining ??= drain()
      })
    },
    async close() {
      await draining
      await store.close()
    },
  }
}
