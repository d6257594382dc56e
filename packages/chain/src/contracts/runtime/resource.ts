import type { FieldValues } from '#kernel'
import { type Address, type Bytes, bytesToHex } from '#primitives'
import { type Item, partitionOf } from './item.ts'

export type Access = 'read' | 'write' | 'add'

/**
 * A declaration of what a call touches. `partition` is the encoded first key component of the item, empty for an item
 * without key; `'all'` stands for every partition of the item.
 */
export interface Resource {
  readonly access: Access
  readonly contract: Address
  readonly item: number
  readonly partition: Bytes | 'all'
}

type First = FieldValues[string]

const resource = (access: Access, item: Item, first?: First): Resource => ({
  access,
  contract: item.address,
  item: item.number,
  partition: partitionOf(item, first),
})

/** Declares reads of one partition, named by the value of the first key field. */
export const reading = (item: Item, first?: First): Resource => resource('read', item, first)
/** Declares reads, writes and additions. */
export const writing = (item: Item, first?: First): Resource => resource('write', item, first)
/** Declares additions only: two calls that add do not conflict. */
export const adding = (item: Item, first?: First): Resource => resource('add', item, first)
/** Declares one kind of access to every partition, for entries that are known only from state. */
export const everywhere = (access: Access, item: Item): Resource => ({
  access,
  contract: item.address,
  item: item.number,
  partition: 'all',
})

/** What a transaction may touch, as a set that answers quickly. */
export interface AccessSet {
  /** `partition` as made by `partitionKey`. */
  allows(access: Access, partition: string): boolean
}

/** The set for hooks, views and non-parallel methods. */
export const UNLIMITED: AccessSet = { allows: () => true }

const covers = (declared: Access | undefined, wanted: Access): boolean => declared === 'write' || declared === wanted

/** One text per partition; equal texts are equal partitions. `*` in the last place stands for the whole item. */
export const partitionKey = (
  item: { readonly address: Address; readonly number: number },
  partition: Bytes | 'all',
): string => `${item.address}/${item.number}/${partition === 'all' ? '*' : bytesToHex(partition)}`

export const resourceKey = ({ contract, item, partition }: Resource): string =>
  partitionKey({ address: contract, number: item }, partition)

/** Key of the whole item a partition belongs to. */
export const wholeItemKey = (partition: string): string => `${partition.slice(0, partition.lastIndexOf('/'))}/*`

/** Strongest access per partition: reading and adding the same partition amounts to writing it. */
export function mergeResources(resources: readonly Resource[]): ReadonlyMap<string, Access> {
  const merged = new Map<string, Access>()
  for (const entry of resources) {
    const key = resourceKey(entry)
    const known = merged.get(key)
    merged.set(key, known === undefined || known === entry.access ? entry.access : 'write')
  }
  return merged
}

export function createAccessSet(resources: readonly Resource[]): AccessSet {
  const merged = mergeResources(resources)
  return {
    allows: (access, partition) =>
      covers(merged.get(partition), access) || covers(merged.get(wholeItemKey(partition)), access),
  }
}
