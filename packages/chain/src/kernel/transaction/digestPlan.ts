import { AelfError, type Bytes, hexToBytes, keccak256, utf8ToBytes } from '#primitives'
import type { MethodDescriptor } from '../abi/descriptor.ts'
import type { FieldType } from '../abi/types.ts'
import { type ArgPlaces, type EncodedArgs, placeArgs } from './argPlaces.ts'
import { ARGS_AT, ARGS_LENGTH_AT, FEE_LIMIT_AFTER, FROM_AT, NONCE_AFTER, REF_HASH_AFTER, uint32At } from './layout.ts'
import { type SentenceTemplate, sentenceTemplate, writeSentence } from './sentence.ts'
import { ENVELOPE_FIELDS, primaryTypeOf, type TypedDataField } from './typedData.ts'
import type { NetworkIdentity } from './types.ts'

const WORD = 32

/** Words that follow those of the arguments, counted from there. */
const [FROM, CONTRACT, NETWORK, REF_HEIGHT, REF_HASH, FEE_LIMIT, NONCE] = ENVELOPE_FIELDS.map(
  (_, index) => index * WORD,
) as [number, number, number, number, number, number, number]

/** Longest value that is compared with the one before. */
const HELD_MAX = 32

/** The value whose hash a word holds: in most transactions of a method it is the same symbol. */
interface HeldValue {
  readonly word: Bytes
  readonly bytes: Bytes
  /** -1 for a long one, and before the first. */
  length: number
}

interface Span {
  readonly bytes: Bytes
  readonly start: number
  readonly length: number
}

/** An encoding that begins with the unsigned part of a transaction of this method. */
interface EncodedCall {
  readonly method: MethodDescriptor
  readonly network: NetworkIdentity
  readonly encoding: Bytes
}

/**
 * All that is known about a method's struct before a transaction comes. The words are filled again for each: those that never
 * change, and the zeros around short values, stay.
 */
interface DigestPlan {
  readonly types: readonly FieldType[]
  readonly sentence: SentenceTemplate
  readonly words: Bytes
  readonly places: ArgPlaces
  /** For each argument; used by those that are hashed. */
  readonly held: readonly HeldValue[]
  readonly intentWord: Bytes
  /** Whose name the words hold. */
  network: NetworkIdentity | undefined
}

/** Bytes whose hash is the type hash of a struct. */
export function encodeType(name: string, fields: readonly TypedDataField[]): Bytes {
  return utf8ToBytes(`${name}(${fields.map((field) => `${field.type} ${field.name}`).join(',')})`)
}

function compile(method: MethodDescriptor): DigestPlan {
  const { args } = method.abi
  const words = new Uint8Array(WORD * (1 + args.length + ENVELOPE_FIELDS.length))
  words.set(keccak256(encodeType(primaryTypeOf(method), [...args, ...ENVELOPE_FIELDS])), 0)
  words.set(hexToBytes(method.contractAddress), WORD * (1 + args.length) + CONTRACT + 12)
  const wordAt = (index: number): Bytes => words.subarray(WORD * index, WORD * (index + 1))
  return {
    types: args.map(({ type }) => type),
    held: args.map((_, index) => ({ word: wordAt(1 + index), bytes: new Uint8Array(HELD_MAX), length: -1 })),
    intentWord: wordAt(args.length + ENVELOPE_FIELDS.length),
    sentence: sentenceTemplate(method),
    words,
    places: new Int32Array(2 * args.length),
    network: undefined,
  }
}

const plans = new WeakMap<MethodDescriptor, DigestPlan>()

/** Compiled once for each descriptor. Undefined when its template is none. */
function planOf(method: MethodDescriptor): DigestPlan | undefined {
  const known = plans.get(method)
  if (known !== undefined) return known
  try {
    const plan = compile(method)
    plans.set(method, plan)
    return plan
  } catch (error) {
    if (error instanceof AelfError) return undefined
    throw error
  }
}

function copyInto(words: Bytes, to: number, { bytes, start, length }: Span): void {
  for (let index = 0; index < length; index++) words[to + index] = bytes[start + index] as number
}

/** Whether a value has the hash that its word holds from the transaction before; if not, it will have. */
function isHeld(held: HeldValue, { bytes, start, length }: Span): boolean {
  let isSame = held.length === length
  for (let index = 0; isSame && index < length; index++) isSame = held.bytes[index] === bytes[start + index]
  if (isSame) return true
  held.length = length <= HELD_MAX ? length : -1
  for (let index = 0; index < held.length; index++) held.bytes[index] = bytes[start + index] as number
  return false
}

function putArg(plan: DigestPlan, index: number, value: Span): void {
  const type = plan.types[index]
  const to = WORD * (1 + index)
  const { bytes, start, length } = value
  if (type === 'string' || type === 'bytes') {
    const held = plan.held[index] as HeldValue
    if (!isHeld(held, value)) keccak256(bytes.subarray(start, start + length), held.word)
    return
  }
  // Bytes stand at the beginning of their word, numbers and addresses at its end.
  copyInto(plan.words, type === 'bytes8' || type === 'bytes32' ? to : to + WORD - length, value)
}

function putEnvelope(words: Bytes, base: number, { bytes, end }: EncodedArgs): void {
  copyInto(words, base + FROM + 12, { bytes, start: FROM_AT, length: 20 })
  copyInto(words, base + REF_HEIGHT + 24, { bytes, start: end, length: 8 })
  copyInto(words, base + REF_HASH, { bytes, start: end + REF_HASH_AFTER, length: 8 })
  copyInto(words, base + FEE_LIMIT + 16, { bytes, start: end + FEE_LIMIT_AFTER, length: 16 })
  copyInto(words, base + NONCE, { bytes, start: end + NONCE_AFTER, length: 8 })
}

function setNetwork(plan: DigestPlan, base: number, network: NetworkIdentity): void {
  plan.words.set(keccak256(utf8ToBytes(network.name)), base + NETWORK)
  plan.network = network
}

/**
 * Writes the EIP-712 hash of the struct of a transaction of this method, from its encoding and without making values of it. False
 * when `structValues` throws.
 */
export function putStructHash(out: Bytes, { method, network, encoding: bytes }: EncodedCall): boolean {
  const plan = planOf(method)
  if (plan === undefined) return false
  const { words, types, places } = plan
  const args: EncodedArgs = { bytes, start: ARGS_AT, end: ARGS_AT + uint32At(bytes, ARGS_LENGTH_AT) }
  if (!placeArgs(types, args, places)) return false
  const sentence = writeSentence(plan.sentence, bytes, places)
  if (sentence === undefined) return false
  const base = WORD * (1 + types.length)
  if (plan.network !== network) setNetwork(plan, base, network)
  for (let index = 0; index < types.length; index++)
    putArg(plan, index, { bytes, start: places[2 * index] as number, length: places[2 * index + 1] as number })
  putEnvelope(words, base, args)
  keccak256(sentence, plan.intentWord)
  keccak256(words, out)
  return true
}
