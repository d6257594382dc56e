import { COLLECTION_CONTRACT, CURRENT_COLLECTION_ITEM } from '#kernel'
import type { ContractDescriptor } from './descriptor.ts'

/** A number of a contract with everything that may never change under it. */
export interface NumberedMeaning {
  readonly kind: 'method' | 'item' | 'event' | 'error'
  readonly number: number
  readonly meaning: string
}

const fieldList = (fields: readonly { name: string; type: string }[]): string =>
  fields.map(({ name, type }) => `${type} ${name}`).join(', ')

/** What a contract's numbers mean. */
export function meaningsOf({ methods, items, events, errors }: ContractDescriptor): NumberedMeaning[] {
  return [
    ...methods.map(({ number, signature, intent, nonParallel }) => ({
      kind: 'method' as const,
      number,
      meaning: `${signature} ${intent} ${nonParallel}`,
    })),
    ...items.map(({ number, name, key, value, counter }) => ({
      kind: 'item' as const,
      number,
      meaning: `${name}(${key.join()}) ${fieldList(value)} ${counter}`,
    })),
    ...events.map(({ number, name, fields }) => ({
      kind: 'event' as const,
      number,
      meaning: `${name}(${fieldList(fields)})`,
    })),
    ...errors.map(({ number, name }) => ({ kind: 'error' as const, number, meaning: name })),
  ]
}

/**
 * What forbids `next` to follow `former`: a number that means something else now, or no place for the entry that names the collection.
 * Numbers may be dropped and added. So signatures, wallets and indexers read every block of a chain with one set of descriptors.
 */
export function successionFaults(
  former: readonly ContractDescriptor[],
  next: readonly ContractDescriptor[],
): readonly string[] {
  const faults = former.flatMap((before) => {
    const after = next.find(({ number }) => number === before.number)
    if (after === undefined) return []
    if (after.name !== before.name) return [`contract ${before.number} was ${before.name}`]
    const now = new Map(meaningsOf(after).map(({ kind, number, meaning }) => [`${kind} ${number}`, meaning]))
    return meaningsOf(before)
      .filter(({ kind, number, meaning }) => (now.get(`${kind} ${number}`) ?? meaning) !== meaning)
      .map(({ kind, number, meaning }) => `${before.name} ${kind} ${number} was: ${meaning}`)
  })
  const keeps = next
    .find(({ number }) => number === COLLECTION_CONTRACT)
    ?.items.some(({ number }) => number === CURRENT_COLLECTION_ITEM)
  return keeps === true ? faults : [...faults, 'the entry that names the collection has no place']
}
