import { decodeFields, type FieldSpec, type FieldType, type FieldValue } from '#kernel'
import { type Bytes, bytesToHex, isHexBytes, Slabs } from '#primitives'
import { type Json, MAX_DECIMAL_LENGTH } from '#rpc/routes'
import { RpcFailure } from './failure.ts'

const MAX_DEPTH = 16
// Text with half a character cannot be encoded in one way only.
const LONE_SURROGATE = /\p{Surrogate}/u
const MAX_UINT32 = 4_294_967_295

/** Plain JSON of any value a node answers: integers beyond 2^53 as decimal strings, bytes as hex, maps as lists of pairs. */
export function toJson(value: unknown, depth: number = 0): Json {
  if (depth > MAX_DEPTH || value === undefined || value === null) return null
  if (typeof value === 'bigint') return value.toString()
  if (typeof value === 'string' || typeof value === 'boolean') return value
  if (typeof value === 'number') return Number.isFinite(value) ? value : null
  if (value instanceof Uint8Array) return bytesToHex(value)
  if (value instanceof Map) return [...value].map((pair) => toJson(pair, depth + 1))
  if (Array.isArray(value)) return value.map((entry) => toJson(entry, depth + 1))
  if (typeof value !== 'object') return null
  const plain: Record<string, Json> = {}
  for (const [name, entry] of Object.entries(value)) {
    if (entry !== undefined) plain[name] = toJson(entry, depth + 1)
  }
  return plain
}

/** Fields of encoded bytes as JSON; null when the bytes do not fit, which only a foreign contract could cause. */
export function fieldsToJson(fields: readonly FieldSpec[], bytes: Bytes): { readonly [name: string]: Json } | null {
  try {
    return toJson(decodeFields(fields, bytes)) as { readonly [name: string]: Json }
  } catch {
    return null
  }
}

/** For transactions that come together. One that waits keeps all of its slab. */
const slabs = new Slabs(2048)

/** Undefined where a digit is none. */
function decodeHex(digits: string): Bytes | undefined {
  const bytes = slabs.take(digits.length / 2)
  // It stops before what is no digit.
  const written = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).write(digits, 'hex')
  return written === bytes.length ? bytes : undefined
}

/**
 * Bytes of a transaction from hex with its prefix, of either case. The platform decodes several times as fast as a loop, but takes the low
 * half of wide characters, so there must be none.
 */
export function readTransaction(
  text: string,
  { name, field }: { readonly name: string; readonly field: string },
): Bytes {
  if (text.length % 2 === 0 && text.startsWith('0x') && Buffer.byteLength(text) === text.length) {
    const bytes = decodeHex(text.slice(2))
    if (bytes !== undefined) return bytes
  }
  throw new RpcFailure('rpc.invalidParams', {
    field,
    message: `The parameter "${name}" is not valid`,
    help: `Expected parameters (${name}). Bytes are 0x and an even number of hex digits.`,
  })
}

/** Reads one argument of a declared type from JSON. `field` names it in the refusal. */
export function readValue(spec: FieldSpec, given: Json | undefined, field: string): FieldValue {
  const value = given === undefined ? undefined : readers[spec.type](given)
  if (value !== undefined) return value
  throw new RpcFailure('contract.invalidArguments', {
    field,
    message:
      given === undefined
        ? `The argument "${spec.name}" is missing`
        : `The argument "${spec.name}" is not a ${spec.type}`,
    help: `Expected ${expectations[spec.type]}.`,
  })
}

/** Reads arguments given by name; an argument nobody declared is refused. */
export function readNamed(
  specs: readonly FieldSpec[],
  given: Readonly<Record<string, Json>>,
  field: string,
): Record<string, FieldValue> {
  const stranger = Object.keys(given).find((name) => !specs.some((spec) => spec.name === name))
  if (stranger !== undefined) {
    throw new RpcFailure('contract.invalidArguments', {
      field: `${field}.${stranger}`,
      message: `There is no argument "${stranger}"`,
      help:
        specs.length === 0
          ? 'Leave the arguments out.'
          : `Arguments: ${specs.map(({ name, type }) => `${type} ${name}`).join(', ')}.`,
    })
  }
  const values: Record<string, FieldValue> = {}
  for (const spec of specs)
    values[spec.name] = readValue(
      spec,
      Object.hasOwn(given, spec.name) ? given[spec.name] : undefined,
      `${field}.${spec.name}`,
    )
  return values
}

function readSmall(max: number): (given: Json) => number | undefined {
  return (given) => {
    const value = typeof given === 'string' && /^[0-9]{1,10}$/.test(given) ? Number(given) : given
    return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= max ? value : undefined
  }
}

function readBig(bits: bigint): (given: Json) => bigint | undefined {
  return (given) => {
    // Numbers beyond 2^53 have already lost digits in the JSON parser, so only strings may carry them.
    const safe = typeof given === 'number' && Number.isSafeInteger(given) && given >= 0
    const digits = typeof given === 'string' && given.length <= MAX_DECIMAL_LENGTH && /^(?:0|[1-9][0-9]*)$/.test(given)
    if (!safe && !digits) return undefined
    const value = BigInt(given)
    return value >> bits === 0n ? value : undefined
  }
}

function readHex(bytes: number | undefined): (given: Json) => FieldValue | undefined {
  return (given) => {
    if (typeof given !== 'string' || !isHexBytes(given)) return undefined
    return bytes === undefined || given.length === 2 + 2 * bytes ? given.toLowerCase() : undefined
  }
}

const readers: Readonly<Record<FieldType, (given: Json) => FieldValue | undefined>> = {
  address: readHex(20),
  uint8: readSmall(255),
  uint32: readSmall(MAX_UINT32),
  uint64: readBig(64n),
  uint128: readBig(128n),
  uint256: readBig(256n),
  bool: (given) => (typeof given === 'boolean' ? given : undefined),
  string: (given) => (typeof given === 'string' && !LONE_SURROGATE.test(given) ? given : undefined),
  bytes: readHex(undefined),
  bytes8: readHex(8),
  bytes32: readHex(32),
}

const expectations: Readonly<Record<FieldType, string>> = {
  address: '0x and 40 hex digits',
  uint8: 'a whole number up to 255',
  uint32: 'a whole number up to 4294967295',
  uint64: 'a string of decimal digits below 2^64',
  uint128: 'a string of decimal digits below 2^128',
  uint256: 'a string of decimal digits below 2^256',
  bool: 'true or false',
  string: 'text',
  bytes: '0x and an even number of hex digits',
  bytes8: '0x and 16 hex digits',
  bytes32: '0x and 64 hex digits',
}
