import {
  encodeField,
  encodeFields,
  type FieldSpec,
  type FieldValue,
  type FieldValues,
  statePath,
  systemAddress,
} from '#kernel'
import { type Address, asAddress, type Bytes, type Hash } from '#primitives'
import { type ContractIdentity, RuntimeError } from './error.ts'
import { type FieldsOf, parseFields } from './fields.ts'

/** A kind of stored value of one contract. The type parameters are its key and value field lists. */
export interface Item<K extends string = string, V extends string = string> {
  readonly contract: ContractIdentity
  readonly address: Address
  readonly number: number
  readonly name: string
  /** What keeps the number of entries, or their size, finite. */
  readonly bound: string
  readonly key: readonly FieldSpec[]
  readonly value: readonly FieldSpec[]
  /** A counter holds one unsigned integer, is absent at zero and can be added to without being read. */
  readonly counter: boolean
  /** Type carrier only. */
  readonly types?: { readonly key: K; readonly value: V }
}

/** An item with one integer that starts at zero; see `Item.counter`. */
export interface Counter<K extends string = string> extends Item<K, 'uint256 amount'> {
  readonly counter: true
}

export interface ItemDefinition<K extends string, V extends string> {
  readonly number: number
  readonly name: string
  readonly key: K
  readonly value: V
  readonly bound: string
}

const plain = (list: string): readonly FieldSpec[] => parseFields(list).map(({ name, type }) => ({ name, type }))

/** Declares an item; `key` and `value` are lists such as `'address account, string symbol'`. Numbers are never reused. */
export function defineItem<const K extends string, const V extends string>(
  contract: ContractIdentity,
  definition: ItemDefinition<K, V>,
): Item<K, V> {
  const { number, name, bound } = definition
  if (definition.value === '') throw new RuntimeError('runtime.definition', `${name} stores nothing`)
  return {
    contract,
    address: systemAddress(contract.number),
    number,
    name,
    bound,
    key: plain(definition.key),
    value: plain(definition.value),
    counter: false,
  }
}

/** Declares a counter: one `uint256 amount`, absent while zero, with commutative additions. */
export function defineCounter<const K extends string>(
  contract: ContractIdentity,
  definition: Omit<ItemDefinition<K, string>, 'value'>,
): Counter<K> {
  return { ...defineItem(contract, { ...definition, value: 'uint256 amount' }), counter: true }
}

/** Encoded key bytes of an entry. */
export function encodeKey<K extends string>(item: Item<K>, key: FieldsOf<K>): Bytes {
  return encodeFields(item.key, key as FieldValues)
}

/** Path in the state tree of an entry. */
export function pathOf<K extends string>(item: Item<K>, key: FieldsOf<K>): Hash {
  return statePath(item.address, item.number, encodeKey(item, key))
}

/**
 * The first key component names the unit of conflict. Values that are encoded alike come out alike. Throws as the encoding when the
 * value does not fit the item.
 */
export function canonicalFirst(item: Item, first: FieldValue | undefined): FieldValue | undefined {
  const spec = item.key[0]
  if (spec === undefined) return undefined
  if (first === undefined) throw new RuntimeError('runtime.definition', `${item.name} is partitioned by ${spec.name}`)
  if (spec.type === 'address' && typeof first === 'string') return asAddress(first)
  encodeField(spec.type, first)
  // Only hex may be written in two ways.
  return spec.type !== 'string' && typeof first === 'string' ? first.toLowerCase() : first
}
