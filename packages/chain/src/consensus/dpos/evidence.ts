import { type SignedHeader, verifyHeaderSignature } from '#kernel'
import type { Address } from '#primitives'
import { decodeHeaderData } from './codec.ts'
import { votesContradict } from './finality.ts'

/** What a pair of headers proves about one producer. */
export interface Evidence {
  readonly producer: Address
  /** `doubleMining`: two blocks for one slot. `contradiction`: no honest order of making the two exists. */
  readonly kind: 'doubleMining' | 'contradiction'
}

function different(a: SignedHeader, b: SignedHeader): boolean {
  return a.chainId === b.chainId && a.producer === b.producer && a.hash !== b.hash
}

/** True when the headers are two blocks of one producer for one slot. Signatures are not looked at. */
export function isDoubleMining(a: SignedHeader, b: SignedHeader): boolean {
  return different(a, b) && a.slot === b.slot
}

/** True when no producer that keeps the rules makes both. Signatures are not looked at. Throws `dpos.malformed`. */
export function headersContradict(a: SignedHeader, b: SignedHeader): boolean {
  if (!different(a, b)) return false
  if (a.slot === b.slot) return true
  const first = decodeHeaderData(a.consensus)
  const second = decodeHeaderData(b.consensus)
  return votesContradict(
    {
      producer: a.producer,
      height: a.height,
      prevotedHeight: first.prevotedHeight,
      generatedHeight: first.generatedHeight,
    },
    {
      producer: b.producer,
      height: b.height,
      prevotedHeight: second.prevotedHeight,
      generatedHeight: second.generatedHeight,
    },
  )
}

/** Checks both signatures and says what the pair proves, or undefined when it proves nothing. Throws `dpos.malformed`. */
export function checkEvidence(a: SignedHeader, b: SignedHeader): Evidence | undefined {
  if (!headersContradict(a, b) || !verifyHeaderSignature(a) || !verifyHeaderSignature(b)) return undefined
  return { producer: a.producer, kind: isDoubleMining(a, b) ? 'doubleMining' : 'contradiction' }
}
