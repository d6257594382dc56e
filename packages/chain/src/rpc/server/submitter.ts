import type { Bytes, Hash } from '#primitives'
import type { NodePort } from './ports.ts'

/** Most transactions of single calls that go to the node at once: the first are not kept waiting for the signatures of all. */
const TOGETHER = 64

interface Waiting {
  readonly envelope: Bytes
  resolve(id: Hash): void
  reject(cause: unknown): void
}

/** Sends a transaction to the node. Rejects with what the node refuses it for. */
export type Submitter = (envelope: Bytes) => Promise<Hash>

/** Transactions of calls that come in one turn of the event loop go to the node together: they share all that is done once. */
export function createSubmitter(node: Pick<NodePort, 'submitAll'>): Submitter {
  let waiting: Waiting[] = []
  const flush = (): void => {
    const all = waiting
    waiting = []
    for (let from = 0; from < all.length; from += TOGETHER) void pass(node, all.slice(from, from + TOGETHER))
  }
  return (envelope) =>
    new Promise((resolve, reject) => {
      waiting.push({ envelope, resolve, reject })
      if (waiting.length === 1) setImmediate(flush)
    })
}

/** Never rejects. */
async function pass(node: Pick<NodePort, 'submitAll'>, waiting: readonly Waiting[]): Promise<void> {
  try {
    const found = await node.submitAll(waiting.map(({ envelope }) => envelope))
    for (const [index, { resolve, reject }] of waiting.entries()) {
      const one = found[index]
      if (one === undefined || 'error' in one) reject(one?.error)
      else resolve(one.id)
    }
  } catch (error) {
    for (const { reject } of waiting) reject(error)
  }
}
