import type { ProducerEntry } from '#kernel'
import type { Address, Hash } from '#primitives'
import { dposError } from './errors.ts'
import { MAX_PRODUCERS, MAX_RETIRED } from './params.ts'
import type { PendingTerm, ProducerRecord, RetiredProducer, Rotation, Term } from './state.ts'

/** Throws `dpos.invalidTermList` unless the list has 1 to 128 different addresses. */
export function assertProducerList(producers: readonly ProducerEntry[]): void {
  const different = new Set(producers.map((entry) => entry.address)).size
  if (producers.length === 0 || producers.length > MAX_PRODUCERS || different !== producers.length) {
    throw dposError('invalidTermList', { length: producers.length, different })
  }
}

/** First records of a term. Whoever keeps a commitment keeps the place in that hash chain: no value is revealed twice. */
export function openRecords(
  producers: readonly ProducerEntry[],
  known: ReadonlyMap<Address, { readonly commitment: Hash; readonly anchor: Hash }>,
): Map<Address, ProducerRecord> {
  const records = new Map<Address, ProducerRecord>()
  for (const { address, commitment } of producers) {
    const before = known.get(address)
    const anchor = before !== undefined && before.commitment === commitment ? before.anchor : commitment
    records.set(address, { commitment, anchor, streak: 0, failures: 0, excludedUntil: 0n })
  }
  return records
}

/** The parts of the state that a term change replaces. */
export function changeTerm(
  state: Pick<Rotation, 'term' | 'records' | 'retired'>,
  pending: PendingTerm,
  at: { readonly startSlot: bigint; readonly startHeight: bigint },
): Pick<Rotation, 'term' | 'records' | 'retired' | 'evicted' | 'pending'> {
  const known = new Map<Address, { commitment: Hash; anchor: Hash }>()
  for (const one of state.retired) known.set(one.address, one)
  for (const [address, record] of state.records) known.set(address, record)
  const records = openRecords(pending.producers, known)
  const leaving: RetiredProducer[] = []
  for (const [address, { commitment, anchor }] of known) {
    if (!records.has(address)) leaving.push({ address, commitment, anchor })
  }
  const term: Term = { number: state.term.number + 1, ...at, producers: pending.producers }
  const evicted = pending.evicted.filter((address) => records.has(address))
  return { term, records, retired: leaving.slice(-MAX_RETIRED), evicted, pending: undefined }
}
