import { AelfError, type Bytes, bytesToUtf8 } from '#primitives'
import { MAX_FIELD_BYTES, MAX_STRING_BYTES } from '../abi/fields.ts'
import type { FieldType, MethodAbi } from '../abi/types.ts'
import { uint32At } from './layout.ts'

/** Bytes of a value; a dynamic one has its length in front. */
const WIDTHS: Readonly<Record<Exclude<FieldType, 'string' | 'bytes'>, number>> = {
  address: 20,
  uint8: 1,
  uint32: 4,
  uint64: 8,
  uint128: 16,
  uint256: 32,
  bool: 1,
  bytes8: 8,
  bytes32: 32,
}

/** Where arguments lie within an encoding: start and length of each, without the length in front of a dynamic one. */
export type ArgPlaces = Int32Array

function isUtf8(bytes: Bytes, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if ((bytes[at] as number) >= 0x80) return isWideUtf8(bytes.subarray(at, end))
  return true
}

function isWideUtf8(bytes: Bytes): boolean {
  try {
    bytesToUtf8(bytes)
    return true
  } catch (error) {
    if (error instanceof AelfError) return false
    throw error
  }
}

/** Arguments within the encoding of a transaction. */
export interface EncodedArgs {
  readonly bytes: Bytes
  readonly start: number
  readonly end: number
}

/** End of a dynamic value whose length stands at `at`; -1 when it is none. */
function endOfDynamic({ bytes, end: limit }: EncodedArgs, at: number, isText: boolean): number {
  if (limit - at < 4) return -1
  const length = uint32At(bytes, at)
  const end = at + 4 + length
  if (length > (isText ? MAX_STRING_BYTES : MAX_FIELD_BYTES) || end > limit) return -1
  return !isText || isUtf8(bytes, at + 4, end) ? end : -1
}

/**
 * Finds the arguments without making values of them. False exactly when `decodeArgs` throws; what is found then means nothing.
 * `places` has two numbers for each argument.
 */
export function placeArgs(types: readonly FieldType[], args: EncodedArgs, places: ArgPlaces): boolean {
  let at = args.start
  for (let index = 0; index < types.length; index++) {
    const type = types[index] as FieldType
    const isDynamic = type === 'string' || type === 'bytes'
    const end = isDynamic ? endOfDynamic(args, at, type === 'string') : at + WIDTHS[type]
    if (end < 0 || end > args.end || (type === 'bool' && (args.bytes[at] as number) > 1)) return false
    const start = isDynamic ? at + 4 : at
    places[2 * index] = start
    places[2 * index + 1] = end - start
    at = end
  }
  return at === args.end
}

const shapes = new WeakMap<MethodAbi, { readonly types: readonly FieldType[]; readonly places: ArgPlaces }>()

/** Whether `decodeArgs` would not throw, found out without making values. */
export function areArgs(abi: MethodAbi, bytes: Bytes): boolean {
  let shape = shapes.get(abi)
  if (shape === undefined) {
    shape = { types: abi.args.map(({ type }) => type), places: new Int32Array(2 * abi.args.length) }
    shapes.set(abi, shape)
  }
  return placeArgs(shape.types, { bytes, start: 0, end: bytes.length }, shape.places)
}
