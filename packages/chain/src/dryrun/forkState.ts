import { type SignedHeader, type StateReader, verifySparseProof } from '#kernel'
import type { Hash } from '#primitives'
import { DryRunError } from './error.ts'
import { MAX_ENTRIES, MAX_ROUNDS, PATHS_PER_QUESTION } from './limits.ts'
import type { LiveChain, ProvenEntry } from './types.ts'

/**
 * The state after a block of a running chain, fetched entry by entry as code asks for it. Code reads at once and the network answers later, so
 * a step is tried, what it lacked is fetched, and it is tried again until it lacks nothing.
 */
export class ForkState implements StateReader {
  readonly header: SignedHeader
  private readonly live: LiveChain
  private readonly entries = new Map<Hash, ProvenEntry>()
  private readonly missing = new Set<Hash>()

  constructor(live: LiveChain, header: SignedHeader) {
    this.live = live
    this.header = header
  }

  get(path: Hash): ProvenEntry['value'] {
    const entry = this.entries.get(path)
    if (entry === undefined) this.missing.add(path)
    return entry?.value
  }

  /** All that is at hand. */
  proven(): readonly ProvenEntry[] {
    return [...this.entries.values()]
  }

  /** For who needs an entry's proof. */
  want(path: Hash): void {
    if (!this.entries.has(path)) this.missing.add(path)
  }

  /** What a step gives, or throws, with all of the state at hand that it asks for. */
  async settle<T>(step: () => T): Promise<T> {
    for (let round = 0; round < MAX_ROUNDS; round += 1) {
      this.missing.clear()
      let result: T | undefined
      let thrown: { readonly error: unknown } | undefined
      try {
        result = step()
      } catch (error) {
        thrown = { error }
      }
      if (this.missing.size > 0) await this.fetch([...this.missing])
      else if (thrown !== undefined) throw thrown.error
      else return result as T
    }
    throw new DryRunError('dryrun.endless', 'The code asks for more and more of the state')
  }

  private async fetch(paths: readonly Hash[]): Promise<void> {
    if (this.entries.size + paths.length > MAX_ENTRIES) {
      throw new DryRunError('dryrun.endless', `The code reads more than ${MAX_ENTRIES} entries`)
    }
    const { height, stateRoot } = this.header
    for (let at = 0; at < paths.length; at += PATHS_PER_QUESTION) {
      const asked = paths.slice(at, at + PATHS_PER_QUESTION)
      const found = await this.live.entries(asked, height)
      for (const [index, path] of asked.entries()) {
        const entry = found[index]
        if (entry?.path !== path || !verifySparseProof(stateRoot, path, entry.value, entry.proof)) {
          throw new DryRunError('dryrun.proof', `The node does not prove its state at height ${height}`)
        }
        this.entries.set(path, entry)
      }
    }
  }
}
