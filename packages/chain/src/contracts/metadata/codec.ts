import {
  decodeArgs,
  decodeFields,
  encodeArgs,
  encodeFields,
  type FieldValue,
  type FieldValues,
  type MethodDescriptor,
  renderIntent,
  statePath,
} from '#kernel'
import { type Address, AelfError, type Bytes, type Hash } from '#primitives'
import { findEvent, findMethod, getItem, getMethod } from './find.ts'
import { descriptors } from './generated/descriptors.ts'

/** What a transaction carries of a call. */
export interface EncodedCall {
  readonly contract: Address
  readonly method: number
  readonly args: Bytes
}

/** A call with its names back. */
export interface DecodedCall {
  readonly contract: string
  readonly method: string
  readonly args: Readonly<Record<string, FieldValue>>
  /** The sentence the signer read. */
  readonly intent: string
  readonly descriptor: MethodDescriptor
}

/** Encodes a call by names. Throws `metadata.unknownMethod`, `abi.field`. */
export function encodeCall(contract: string, method: string, args: FieldValues): EncodedCall {
  const { contractAddress, number, abi } = getMethod(contract, method)
  return { contract: contractAddress, method: number, args: encodeArgs(abi, args) }
}

const orUndefined = <T>(decode: () => T): T | undefined => {
  try {
    return decode()
  } catch (error) {
    if (error instanceof AelfError) return undefined
    throw error
  }
}

/** Names and values of a call; undefined when the method is unknown or the bytes are not its arguments. */
export function decodeCall(call: EncodedCall): DecodedCall | undefined {
  const descriptor = findMethod(call.contract, call.method)
  if (descriptor === undefined) return undefined
  return orUndefined(() => {
    const args = decodeArgs(descriptor.abi, call.args)
    return {
      contract: descriptor.contract,
      method: descriptor.name,
      args,
      intent: renderIntent(descriptor, args),
      descriptor,
    }
  })
}

export interface DecodedEvent {
  readonly contract: string
  readonly name: string
  readonly args: Readonly<Record<string, FieldValue>>
}

/** Names and values of an event of a receipt; undefined when it is unknown. */
export function decodeEvent(event: {
  readonly contract: Address
  readonly number: number
  readonly data: Bytes
}): DecodedEvent | undefined {
  const descriptor = findEvent(event.contract, event.number)
  if (descriptor === undefined) return undefined
  const { contract, name, fields } = descriptor
  return orUndefined(() => ({ contract, name, args: decodeFields(fields, event.data) }))
}

export interface DecodedError {
  /** `contract.name` */
  readonly code: string
  readonly contract: string
  readonly name: string
  /** What to do about it. */
  readonly help: string
}

/** Meaning of the error numbers of a receipt; unknown numbers get a code made of them. */
export function decodeError({ contract, error }: { readonly contract: number; readonly error: number }): DecodedError {
  const owner = descriptors.find(({ number }) => number === contract)
  const found = owner?.errors.find(({ number }) => number === error)
  const names = { contract: owner?.name ?? `contract${contract}`, name: found?.name ?? `error${error}` }
  return {
    ...names,
    code: `${names.contract}.${names.name}`,
    help: found?.help ?? 'Update this software: it does not know the error.',
  }
}

export interface ItemLocation {
  readonly path: Hash
  readonly key: Bytes
}

/** Where an entry of state lives. Key values by name, or in order. Throws `metadata.unknownItem`, `abi.field`. */
export function encodeItemKey(
  contract: string,
  item: string | number,
  key: FieldValues | readonly FieldValue[],
): ItemLocation {
  const { contractAddress, number, key: types, keyNames } = getItem(contract, item)
  const fields = types.map((type, index) => ({ type, name: keyNames[index] ?? '' }))
  const listed = Array.isArray(key)
    ? Object.fromEntries(keyNames.map((name, index) => [name, key[index] as FieldValue]))
    : (key as FieldValues)
  const bytes = encodeFields(fields, listed)
  return { key: bytes, path: statePath(contractAddress, number, bytes) }
}

/** Values of a stored entry by name. Absent is null, except for counters, where it is zero. Throws `metadata.unknownItem`, `abi.field`. */
export function decodeItemValue(
  contract: string,
  item: string | number,
  value: Bytes | undefined,
): Readonly<Record<string, FieldValue>> | null {
  const { value: fields, counter } = getItem(contract, item)
  if (value === undefined) return counter ? { amount: 0n } : null
  return decodeFields(fields, value)
}
