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
  /** The one before with the same id and another signature. */
  beside: Attempt | undefined
}

const signatureOf = ({ transaction }: Candidate): string => transaction.authorization.signature

/** By id and signature: one id may come with a forged signature too, which must not speak for the good one. */
export class Attempts {
  /** The newest of each id; the others stand behind it. */
  private readonly newest = new Map<Hash, Attempt>()

  find(candidate: Candidate): Attempt | undefined {
    let found = this.newest.get(candidate.id)
    while (found !== undefined && signatureOf(found.candidate) !== signatureOf(candidate)) found = found.beside
    return found
  }

  begin(candidate: Candidate): Attempt {
    const { id } = candidate
    const attempt = { candidate, group: undefined, outcome: undefined, beside: this.newest.get(id) }
    this.newest.set(id, attempt)
    return attempt
  }

  end(attempt: Attempt): void {
    const { id } = attempt.candidate
    let after = this.newest.get(id)
    if (after === attempt) {
      if (attempt.beside === undefined) this.newest.delete(id)
      else this.newest.set(id, attempt.beside)
      return
    }
    while (after !== undefined && after.beside !== attempt) after = after.beside
    if (after !== undefined) after.beside = attempt.beside
  }
}
