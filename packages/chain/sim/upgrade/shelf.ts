import type { Era } from '#chains'
import type { Eras } from '#executor'
import type { Hash } from '#primitives'
import type { Successors } from './successors.ts'

/** The bundles in one machine's folder: they outlive its node. */
export class Shelf {
  private readonly successors: Successors
  private readonly first: Era
  private readonly installed = new Set<string>()

  constructor(successors: Successors, first: Era) {
    this.successors = successors
    this.first = first
    this.installed.add(first.hash)
  }

  has(hash: string): boolean {
    return this.installed.has(hash)
  }

  /** False where nobody has the code, or it is there already. */
  install(hash: Hash): boolean {
    if (this.has(hash) || this.successors.open(hash) === undefined) return false
    this.installed.add(hash)
    return true
  }

  /** Set up anew, from what everybody had at first. */
  clear(): void {
    this.installed.clear()
    this.installed.add(this.first.hash)
  }

  /**
   * What a node that starts now can run, as `Collections` of `#node`: all that is there, what it finds when it asks again, and what it
   * gets from peers.
   */
  open(fetch: (hash: Hash) => Promise<unknown>): Eras {
    const ready = new Map<string, Era | undefined>()
    const asked = new Map<Hash, Promise<Era | undefined>>()
    for (const hash of this.installed) ready.set(hash, this.successors.open(hash))
    const search = async (hash: Hash): Promise<Era | undefined> => {
      if (!this.has(hash) && (await fetch(hash)) !== undefined) this.install(hash)
      if (this.has(hash)) ready.set(hash, this.successors.open(hash))
      return ready.get(hash)
    }
    return {
      first: this.first,
      find: (hash) => ready.get(hash),
      obtain: (hash) => {
        const known = ready.get(hash)
        if (known !== undefined) return Promise.resolve(known)
        const found = asked.get(hash) ?? search(hash).finally(() => asked.delete(hash))
        asked.set(hash, found)
        return found
      },
    }
  }
}
