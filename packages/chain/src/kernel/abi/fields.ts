import {
  AelfError,
  asAddress,
  type Bytes,
  bytesToHex,
  CodecError,
  hexToBytes,
  type Reader,
  reader,
  type Slabs,
  utf8ToBytes,
  type Writer,
  writer,
} from '#primitives'
import { KernelError } from '../error.ts'
import type { FieldSpec, FieldType, FieldValue, FieldValues, MethodAbi } from './types.ts'

export const MAX_STRING_BYTES = 4096
export const MAX_FIELD_BYTES = 65_536

const WIDTH_OF_FIXED: Readonly<Record<'bytes8' | 'bytes32', number>> = { bytes8: 8, bytes32: 32 }

function mismatch(type: FieldType, value: unknown): KernelError {
  return new KernelError('abi.value', `value does not fit ${type}`, { details: { type, given: typeof value } })
}

function numberOf(type: FieldType, value: FieldValue): number {
  if (typeof value !== 'number') throw mismatch(type, value)
  return value
}

function bigintOf(type: FieldType, value: FieldValue): bigint {
  if (typeof value !== 'bigint') throw mismatch(type, value)
  return value
}

function bytesOf(type: FieldType, value: FieldValue, length?: number): Bytes {
  if (typeof value !== 'string') throw mismatch(type, value)
  const bytes = hexToBytes(value)
  if (length !== undefined && bytes.length !== length) throw mismatch(type, value)
  return bytes
}

function writeText(out: Writer, value: FieldValue): void {
  if (typeof value !== 'string') throw mismatch('string', value)
  const bytes = utf8ToBytes(value)
  if (bytes.length > MAX_STRING_BYTES)
    throw new CodecError('codec.limit', 'string above 4096 bytes', { details: { length: bytes.length } })
  out.bytes(bytes)
}

function writeBlob(out: Writer, value: FieldValue): void {
  const bytes = bytesOf('bytes', value)
  if (bytes.length > MAX_FIELD_BYTES)
    throw new CodecError('codec.limit', 'bytes above 65536', { details: { length: bytes.length } })
  out.bytes(bytes)
}

function writeBool(out: Writer, value: FieldValue): void {
  if (typeof value !== 'boolean') throw mismatch('bool', value)
  out.u8(value ? 1 : 0)
}

function writeHex(out: Writer, type: 'bytes8' | 'bytes32', value: FieldValue): void {
  const length = WIDTH_OF_FIXED[type]
  if (typeof value === 'string' && out.hex(value, length)) return
  // Says what is wrong with it.
  bytesOf(type, value, length)
}

function writeAddress(out: Writer, value: FieldValue): void {
  const text = typeof value === 'string' ? value : ''
  if (!out.hex(text, 20)) asAddress(text)
}

const WRITE: Readonly<Record<FieldType, (out: Writer, value: FieldValue) => void>> = {
  address: writeAddress,
  uint8: (out, value) => void out.u8(numberOf('uint8', value)),
  uint32: (out, value) => void out.u32(numberOf('uint32', value)),
  uint64: (out, value) => void out.u64(bigintOf('uint64', value)),
  uint128: (out, value) => void out.u128(bigintOf('uint128', value)),
  uint256: (out, value) => void out.u256(bigintOf('uint256', value)),
  bool: writeBool,
  string: writeText,
  bytes: writeBlob,
  bytes8: (out, value) => writeHex(out, 'bytes8', value),
  bytes32: (out, value) => writeHex(out, 'bytes32', value),
}

function readBool(input: Reader): boolean {
  const value = input.u8()
  if (value > 1) throw new CodecError('codec.bool', 'a boolean is 0 or 1', { details: { value } })
  return value === 1
}

const READ: Readonly<Record<FieldType, (input: Reader) => FieldValue>> = {
  address: (input) => input.address(),
  uint8: (input) => input.u8(),
  uint32: (input) => input.u32(),
  uint64: (input) => input.u64(),
  uint128: (input) => input.u128(),
  uint256: (input) => input.u256(),
  bool: readBool,
  string: (input) => input.string(MAX_STRING_BYTES),
  bytes: (input) => bytesToHex(input.bytes(MAX_FIELD_BYTES)),
  bytes8: (input) => input.hex(WIDTH_OF_FIXED.bytes8),
  bytes32: (input) => input.hex(WIDTH_OF_FIXED.bytes32),
}

/** Appends one value in its canonical form. Throws `abi.value`, `codec.range`, `codec.limit`, `codec.utf8`, `primitive.*`. */
export function writeField(out: Writer, type: FieldType, value: FieldValue): void {
  WRITE[type](out, value)
}

/** Reads one value. Throws `CodecError`. */
export function readField(input: Reader, type: FieldType): FieldValue {
  return READ[type](input)
}

/** Canonical bytes of one value. */
export function encodeField(type: FieldType, value: FieldValue): Bytes {
  const out = writer()
  WRITE[type](out, value)
  return out.finish()
}

function wrongField(field: FieldSpec, cause: unknown): KernelError {
  const inner = cause instanceof AelfError ? cause : undefined
  return new KernelError('abi.field', `${field.name}: ${inner?.message ?? 'bad value'}`, {
    details: { field: field.name, type: field.type, reason: inner?.code },
    cause,
  })
}

/** Fixed widths big-endian; string and bytes with a u32 length. Values are read by field name. Throws `abi.field` naming the field. */
export function encodeFields(fields: readonly FieldSpec[], values: FieldValues, slabs?: Slabs): Bytes {
  const out = writer()
  for (const field of fields) {
    const value = values[field.name]
    if (value === undefined)
      throw new KernelError('abi.field', `${field.name}: missing`, { details: { field: field.name, type: field.type } })
    try {
      WRITE[field.type](out, value)
    } catch (cause) {
      throw wrongField(field, cause)
    }
  }
  return out.finish(slabs)
}

/** Inverse of `encodeFields`; all bytes must be used. Throws `abi.field`, `codec.trailing`. */
export function decodeFields(fields: readonly FieldSpec[], bytes: Bytes): Record<string, FieldValue> {
  const input = reader(bytes)
  const values: Record<string, FieldValue> = {}
  for (const field of fields) {
    try {
      values[field.name] = READ[field.type](input)
    } catch (cause) {
      throw wrongField(field, cause)
    }
  }
  input.end()
  return values
}

/** Canonical argument bytes of a call. */
export function encodeArgs(abi: MethodAbi, args: FieldValues): Bytes {
  return encodeFields(abi.args, args)
}

/** Arguments of a call by name. Throws when the bytes are not the one canonical encoding. */
export function decodeArgs(abi: MethodAbi, bytes: Bytes): Record<string, FieldValue> {
  return decodeFields(abi.args, bytes)
}
