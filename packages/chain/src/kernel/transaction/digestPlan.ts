import { AelfError, type Bytes, hexToBytes, keccak256, utf8ToBytes } from '#primitives'
import type { MethodDescriptor } from '../abi/descriptor.ts'
import type { FieldType } from '../abi/types.ts'
import { type ArgPlaces, placeArgs } from './argPlaces.ts'
import { type SentenceTemplate, sentenceTemplate, writeSentence } from './sentence.ts'
import { ENVELOPE_FIELDS, primaryTypeOf, type TypedDataField } from './typedData.ts'
import type { NetworkIdentity } from './types.ts'

const WORD = 32

/** Where the fields of an encoded transaction stand. */
const FROM_AT = 9
const ARGS_LENGTH_AT = 51
const ARGS_AT = 55
/** Behind the arguments come the height of the mark and these, counted from there. */
const REF_HASH_AFTER = 8
const FEE_LIMIT_AFTER = 16
const NONCE_AFTER = 32

/** Words that follow those of the arguments, counted from there. */
const [FROM, CONTRACT, NETWORK, REF_HEIGHT, REF_HASH, FEE_LIMIT, NONCE, INTENT] = ENVELOPE_FIELDS.map(
  (_, index) => index * WORD,
) as [number, number, number, number, number, number, number, number]

/**
 * All that is known about a method's struct before a transaction comes. The words are filled again for each: those that never
 * change, and the zeros around short values, stay.
 */
interface DigestPlan {
  readonly types: readonly FieldType[]
  readonly sentence: SentenceTemplate
  readonly words: Bytes
  readonly places: ArgPlaces
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
  return {
    types: args.map(({ type }) => type),
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

interface Span {
  readonly bytes: Bytes
  readonly start: number
  readonly length: number
}

function copyInto(words: Bytes, to: number, { bytes, start, length }: Span): void {
  for (let index = 0; index < length; index++) words[to + index] = bytes[start + index] as number
}

function putHash(words: Bytes, to: number, preimage: Bytes): void {
  copyInto(words, to, { bytes: keccak256(preimage), start: 0, length: WORD })
}

function putArgs({ types, words, places }: DigestPlan, args: Bytes): void {
  for (let index = 0; index < types.length; index++) {
    const type = types[index]
    const to = WORD * (1 + index)
    const start = places[2 * index] as number
    const length = places[2 * index + 1] as number
    if (type === 'string' || type === 'bytes') putHash(words, to, args.subarray(start, start + length))
    else {
      // Bytes stand at the beginning of their word, numbers and addresses at its end.
      const before = type === 'bytes8' || type === 'bytes32' ? 0 : WORD - length
      copyInto(words, to + before, { bytes: args, start, length })
    }
  }
}

function putEnvelope(
  words: Bytes,
  base: number,
  { unsigned: bytes, argsEnd: end }: { readonly unsigned: Bytes; readonly argsEnd: number },
): void {
  copyInto(words, base + FROM + 12, { bytes, start: FROM_AT, length: 20 })
  copyInto(words, base + REF_HEIGHT + 24, { bytes, start: end, length: 8 })
  copyInto(words, base + REF_HASH, { bytes, start: end + REF_HASH_AFTER, length: 8 })
  copyInto(words, base + FEE_LIMIT + 16, { bytes, start: end + FEE_LIMIT_AFTER, length: 16 })
  copyInto(words, base + NONCE, { bytes, start: end + NONCE_AFTER, length: 8 })
}

/** Length of the arguments within an encoded transaction. */
function argsLength(unsigned: Bytes): number {
  const high = ((unsigned[ARGS_LENGTH_AT] as number) << 8) | (unsigned[ARGS_LENGTH_AT + 1] as number)
  const low = ((unsigned[ARGS_LENGTH_AT + 2] as number) << 8) | (unsigned[ARGS_LENGTH_AT + 3] as number)
  return high * 65_536 + low
}

/**
 * EIP-712 hash of the struct of a transaction of this method, from its encoding and without making values of it. Undefined when
 * `structValues` throws.
 */
export function structHash(method: MethodDescriptor, unsigned: Bytes, network: NetworkIdentity): Bytes | undefined {
  const plan = planOf(method)
  if (plan === undefined) return undefined
  const { words, types, places } = plan
  const argsEnd = ARGS_AT + argsLength(unsigned)
  const args = unsigned.subarray(ARGS_AT, argsEnd)
  if (!placeArgs(types, args, places)) return undefined
  const sentence = writeSentence(plan.sentence, args, places)
  if (sentence === undefined) return undefined
  const base = WORD * (1 + types.length)
  if (plan.network !== network) {
    putHash(words, base + NETWORK, utf8ToBytes(network.name))
    plan.network = network
  }
  putArgs(plan, args)
  putEnvelope(words, base, { unsigned, argsEnd })
  putHash(words, base + INTENT, sentence)
  return keccak256(words)
}
