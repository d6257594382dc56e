import type { SignedTransaction } from '#kernel'
import type { Trace, TraceStep } from '#ledger'
import type { Authenticator } from './authenticator.ts'

/** Newest steps that are kept. */
const MAX_SPANS = 8192
/** Who looks and never comes back is forgotten. */
const LOOK_MS = 600_000

/** A step of one block, in milliseconds since the look began. */
export interface TraceSpan {
  readonly step: TraceStep
  readonly height: bigint
  readonly startMs: number
  readonly endMs: number
}

/** The newest steps of a node's pipeline, while somebody looks; nothing is noted otherwise. */
export interface TraceRing {
  readonly step: Trace
  /** Looks from now on. What was seen before is forgotten. */
  start(): void
  /** Looks no longer. Answers what was seen, in order of the ends, and how much more there was than is kept. */
  stop(): { readonly spans: readonly TraceSpan[]; readonly dropped: number }
}

interface Look {
  readonly fromMs: number
  readonly spans: TraceSpan[]
  count: number
}

export function createTraceRing(now: () => number = () => performance.now()): TraceRing {
  let look: Look | undefined
  return {
    step(step, height) {
      const current = look
      if (current === undefined) return undefined
      const startMs = now() - current.fromMs
      if (startMs > LOOK_MS) {
        look = undefined
        return undefined
      }
      return () => {
        current.spans[current.count % MAX_SPANS] = { step, height, startMs, endMs: now() - current.fromMs }
        current.count += 1
      }
    },
    start() {
      look = { fromMs: now(), spans: [], count: 0 }
    },
    stop() {
      if (look === undefined) return { spans: [], dropped: 0 }
      const { spans, count } = look
      look = undefined
      const oldest = count > MAX_SPANS ? count % MAX_SPANS : 0
      return { spans: [...spans.slice(oldest), ...spans.slice(0, oldest)], dropped: Math.max(0, count - MAX_SPANS) }
    },
  }
}

/** Looking for signers ahead is verifying as well: what overlaps with the blocks before. */
export function tracedAhead(
  trace: TraceRing,
  authenticator: Pick<Authenticator, 'ahead'>,
): (transactions: readonly SignedTransaction[], height: bigint) => void {
  return (transactions, height) => {
    const verified = trace.step('verify', height)
    void authenticator.ahead(transactions).then(verified)
  }
}
