import { encodeField, encodeFields, type FieldSpec, type FieldValues, statePath, systemAddress } from '#kernel'
import type { Address, Bytes, Hash } from '#primitives'
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

const LENGTH_PREFIX = 4

/** The first key component inside an encoded key: the unit of conflict. */
export function partitionOfKey(item: Item, key: Bytes): Bytes {
  const first = item.key[0]
  if (first === undefined) return key
  switch (first.type) {
    case 'address':
      return key.subarray(0, 20)
    case 'bytes32':
    case 'uint256':
      return key.subarray(0, 32)
    case 'string':
    case 'bytes':
      return key.subarray(0, LENGTH_PREFIX + lengthAt(key))
    case 'uint8':
    case 'bool':
      return key.subarray(0, 1)
    case 'uint32':
      return key.subarray(0, 4)
    case 'uint64':
    case 'bytes8':
      return key.subarray(0, 8)
    case 'uint128':
      return key.subarray(0, 16)
  }
}

const lengthAt = (key: Bytes): number =>
  (key[0] ?? 0) * 0x1000000 + (key[1] ?? 0) * 0x10000 + (key[2] ?? 0) * 0x100 + (key[3] ?? 0)

/** Encoded first key component from its value. */
export function partitionOf(item: Item, first: FieldValues[string] | undefined): Bytes {
  const spec = item.key[0]
  if (spec === undefined) return new Uint8Array(0)
  if (first === undefined) throw new RuntimeError('runtime.definition', `${item.name} is partitioned by ${spec.name}`)
  return encodeField(spec.type, first)
}
