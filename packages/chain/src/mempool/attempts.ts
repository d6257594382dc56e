import type { Hash } from '#primitives'
import type { Candidate } from './admission.ts'
import type { WaitingEntry } from './line.ts'

export type Outcome = { readonly entry: WaitingEntry } | { readonly error: unknown }

/** One transaction on its way into the pool, for everybody who sends it meanwhile. */
export interface Attempt {
  readonly candidate: Candidate
  /** What becomes of the group it came with. Never rejects. */
  group: Promise<void> | undefined
  outcome: Outcome | undefined
}

const isSame = (a: Candidate, b: Candidate): boolean =>
  a.transaction.authorization.signature === b.transaction.authorization.signature
const keyOf = ({ id, transaction }: Candidate): string => id + transaction.authorization.signature

/**
 * By id and signature: one id may come with a forged signature too, which must not speak for the good one. Nearly all ids come with one
 * signature, and joining both costs as much as all else here.
 */
export class Attempts {
  private readonly byId = new Map<Hash, Attempt>()
  /** Those of an id that somebody else has taken. */
  private readonly others = new Map<string, Attempt>()

  find(candidate: Candidate): Attempt | undefined {
    const first = this.byId.get(candidate.id)
    if (first !== undefined && isSame(first.candidate, candidate)) return first
    return this.others.size === 0 ? undefined : this.others.get(keyOf(candidate))
  }

  begin(candidate: Candidate): Attempt {
    const attempt: Attempt = { candidate, group: undefined, outcome: undefined }
    if (this.byId.has(candidate.id)) this.others.set(keyOf(candidate), attempt)
    else this.byId.set(candidate.id, attempt)
    return attempt
  }

  end(attempt: Attempt): void {
    const { candidate } = attempt
    if (this.byId.get(candidate.id) === attempt) this.byId.delete(candidate.id)
    else this.others.delete(keyOf(candidate))
  }
}
