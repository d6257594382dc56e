import { KernelError } from '../error.ts'
import type { FieldSpec, FieldType, MethodAbi } from './types.ts'

export const FIELD_TYPES: readonly FieldType[] = [
  'address',
  'uint8',
  'uint32',
  'uint64',
  'uint128',
  'uint256',
  'bool',
  'string',
  'bytes',
  'bytes8',
  'bytes32',
]

/** Names the typed-data struct adds after the arguments; an argument may not take one of them. */
export const RESERVED_NAMES: readonly string[] = [
  'from',
  'contract',
  'network',
  'refHeight',
  'refHash',
  'feeLimit',
  'nonce',
  'intent',
]

export const MAX_ARGUMENTS = 16

const SIGNATURE = /^function ([a-z][A-Za-z0-9]{0,63})\((.*)\)$/
const ARGUMENT = /^([a-z0-9]+) ([a-z][A-Za-z0-9]{0,63})$/

export function isFieldType(text: string): text is FieldType {
  return (FIELD_TYPES as readonly string[]).includes(text)
}

/** Parses `function name(type name, …)`. Throws `abi.signature`, `abi.type`, `abi.name`. */
export function parseSignature(signature: string): MethodAbi {
  const match = SIGNATURE.exec(signature)
  if (!match) throw new KernelError('abi.signature', 'expected function name(type name, …)', { details: { signature } })
  const [, name = '', list = ''] = match
  const args = list.trim() === '' ? [] : list.split(',').map((part) => parseArgument(part.trim(), signature))
  if (args.length > MAX_ARGUMENTS)
    throw new KernelError('abi.signature', `more than ${MAX_ARGUMENTS} arguments`, { details: { signature } })
  if (new Set(args.map((arg) => arg.name)).size !== args.length) {
    throw new KernelError('abi.name', 'two arguments share a name', { details: { signature } })
  }
  return { name, args }
}

function parseArgument(text: string, signature: string): FieldSpec {
  const match = ARGUMENT.exec(text)
  if (!match) throw new KernelError('abi.signature', 'expected a type and a name', { details: { signature, text } })
  const [, type = '', name = ''] = match
  if (!isFieldType(type))
    throw new KernelError('abi.type', `unknown argument type ${type}`, { details: { signature, type } })
  if (RESERVED_NAMES.includes(name))
    throw new KernelError('abi.name', `the argument name ${name} is reserved`, { details: { signature, name } })
  return { name, type }
}

/** The canonical text of a method: what `parseSignature` accepts, with single spaces. */
export function formatSignature(abi: MethodAbi): string {
  return `function ${abi.name}(${abi.args.map((arg) => `${arg.type} ${arg.name}`).join(', ')})`
}
