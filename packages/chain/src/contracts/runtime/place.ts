import { encodeFields, type FieldValue, type FieldValues, statePathIn, statePathPrefix } from '#kernel'
import type { Bytes, Hash } from '#primitives'
import { canonicalFirst, type Item } from './item.ts'

/** Where an entry lives. Finding it takes an encoding and a hash, so places that were found are kept for later calls and blocks. */
export interface Place {
  readonly item: Item
  readonly key: Bytes
  readonly path: Hash
  /** Value of the first key field as it was encoded, see `canonicalFirst`; the partition the entry belongs to. */
  readonly first: FieldValue | undefined
}

/** The places of one partition that were asked for lately: nearly always one. */
interface Shelf {
  /** Second key field, or a text of all after the first. */
  readonly rest: FieldValue | undefined
  readonly place: Place
  others: Map<FieldValue | undefined, Place> | undefined
}

/** Most places of one item that are remembered: twice as many, the half that was not asked for lately is forgotten at once. */
const PLACES_PER_ITEM = 8192

class ItemPlaces {
  readonly prefix: Bytes
  private young = new Map<FieldValue | undefined, Shelf>()
  private old = new Map<FieldValue | undefined, Shelf>()
  private count = 0

  constructor({ address, number }: Item) {
    this.prefix = statePathPrefix(address, number)
  }

  find(first: FieldValue | undefined, rest: FieldValue | undefined): Place | undefined {
    const shelf = this.young.get(first) ?? this.renewed(first)
    if (shelf === undefined) return undefined
    return shelf.rest === rest ? shelf.place : shelf.others?.get(rest)
  }

  keep(first: FieldValue | undefined, rest: FieldValue | undefined, place: Place): void {
    this.count += 1
    const shelf = this.young.get(first)
    if (shelf === undefined) this.young.set(first, { rest, place, others: undefined })
    else {
      shelf.others ??= new Map()
      shelf.others.set(rest, place)
    }
    if (this.count < PLACES_PER_ITEM) return
    this.old = this.young
    this.young = new Map()
    this.count = 0
  }

  private renewed(first: FieldValue | undefined): Shelf | undefined {
    const shelf = this.old.get(first)
    if (shelf === undefined) return undefined
    this.old.delete(first)
    this.young.set(first, shelf)
    this.count += 1 + (shelf.others?.size ?? 0)
    return shelf
  }
}

const remembered = new WeakMap<Item, ItemPlaces>()

function placesOf(item: Item): ItemPlaces {
  const known = remembered.get(item)
  if (known !== undefined) return known
  const made = new ItemPlaces(item)
  remembered.set(item, made)
  return made
}

/** Tells values apart that are encoded in one field, whatever their type: what does not belong there must not be found. */
function restText({ key: fields }: Item, key: FieldValues): string {
  let text = ''
  for (let index = 1; index < fields.length; index++) {
    const value = key[(fields[index] as { name: string }).name]
    text += typeof value === 'string' ? `/${value.length}:${value}` : `/${typeof value}${value}`
  }
  return text
}

function restOf(item: Item, key: FieldValues): FieldValue | undefined {
  const { length } = item.key
  if (length < 2) return undefined
  return length === 2 ? key[(item.key[1] as { name: string }).name] : restText(item, key)
}

/**
 * Where an entry lives. Throws as `encodeKey` when the key does not fit the item. Equal keys are equal places, but not always the
 * same object.
 */
export function findPlace(item: Item, key: FieldValues): Place {
  const spec = item.key[0]
  const first = spec === undefined ? undefined : key[spec.name]
  const rest = restOf(item, key)
  const places = placesOf(item)
  const known = places.find(first, rest)
  if (known !== undefined) return known
  const bytes = encodeFields(item.key, key)
  const place = {
    item,
    key: bytes,
    path: statePathIn(places.prefix, bytes),
    first: first === undefined ? undefined : canonicalFirst(item, first),
  }
  places.keep(first, rest, place)
  return place
}
