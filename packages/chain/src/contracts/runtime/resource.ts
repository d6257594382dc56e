import type { FieldValue } from '#kernel'
import { canonicalFirst, type Item } from './item.ts'
import type { Place } from './place.ts'

export type Access = 'read' | 'write' | 'add'

/**
 * A declaration of what a call touches. A partition is all entries of an item with one value of the first key field; it is the only
 * one of an item without key.
 */
export interface Resource {
  readonly access: Access
  readonly item: Item
  /** Every partition of the item. */
  readonly whole: boolean
  /** Value of the first key field, see `canonicalFirst`; of no meaning for the whole item. */
  readonly first: FieldValue | undefined
}

const resource = (access: Access, item: Item, first: FieldValue | undefined): Resource => ({
  access,
  item,
  whole: false,
  first: canonicalFirst(item, first),
})

/** Declares reads of one partition, named by the value of the first key field. */
export const reading = (item: Item, first?: FieldValue): Resource => resource('read', item, first)
/** Declares reads, writes and additions. */
export const writing = (item: Item, first?: FieldValue): Resource => resource('write', item, first)
/** Declares additions only: two calls that add do not conflict. */
export const adding = (item: Item, first?: FieldValue): Resource => resource('add', item, first)
/** Declares one kind of access to every partition, for entries that are known only from state. */
export const everywhere = (access: Access, item: Item): Resource => ({ access, item, whole: true, first: undefined })

/** Accesses as bits. Reading and adding the same partition amounts to writing it, and writing covers both. */
export const ACCESS_BITS: Readonly<Record<Access, number>> = { read: 1, add: 2, write: 3 }

/** What a transaction may touch, as a set that answers quickly. */
export interface AccessSet {
  allows(access: Access, place: Place): boolean
}

/** The set for hooks, views and non-parallel methods. */
export const UNLIMITED: AccessSet = { allows: () => true }

export const sameItem = (a: Item, b: Item): boolean => a === b || (a.number === b.number && a.address === b.address)

class DeclaredAccess implements AccessSet {
  private readonly resources: readonly Resource[]

  constructor(resources: readonly Resource[]) {
    this.resources = resources
  }

  /** Declarations are few: looking through them is faster than making a table. */
  allows(access: Access, { item, first }: Place): boolean {
    const wanted = ACCESS_BITS[access]
    let partition = 0
    let whole = 0
    for (const declared of this.resources) {
      if (!sameItem(declared.item, item)) continue
      if (declared.whole) whole |= ACCESS_BITS[declared.access]
      else if (declared.first === first) partition |= ACCESS_BITS[declared.access]
    }
    return (partition & wanted) === wanted || (whole & wanted) === wanted
  }
}

export function createAccessSet(resources: readonly Resource[]): AccessSet {
  return new DeclaredAccess(resources)
}
