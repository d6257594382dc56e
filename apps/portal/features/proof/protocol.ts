import type { ProofBundle, ProofReport } from '@aelf/governance/actions'
import type { ProofRequest } from './request.ts'

/** What a page asks of the worker. */
export type WorkerTask =
  | { readonly kind: 'prove'; readonly url: string; readonly request: ProofRequest; readonly pins: unknown }
  | { readonly kind: 'check'; readonly bundle: unknown; readonly pins: unknown }

/** What was found. `moved` is true when the proven block is not the one the figure was read at, so a difference is no lie. */
export interface ProofOutcome {
  readonly report: ProofReport
  readonly bundle?: ProofBundle
  readonly moved: boolean
  readonly milliseconds: number
}

export interface ProofFailure {
  readonly title: string
  readonly help: string
  readonly code: string
}

/** Reports come until one is settled; a failure ends the work. */
export type WorkerAnswer =
  | { readonly kind: 'outcome'; readonly outcome: ProofOutcome; readonly settled: boolean }
  | { readonly kind: 'failure'; readonly failure: ProofFailure }
