import type { Hash, Hex } from '#domain'
import { BaseError } from './errors.ts'

/** What is proven. Numbers are decimal text, so that a bundle is plain JSON. */
export type ProofSubject =
  | {
      readonly kind: 'state'
      readonly contract: string
      readonly item: string
      /** Key fields in order, as text. */
      readonly key: readonly string[]
      /** When given, the value must be the one after this block. */
      readonly height?: string
    }
  | { readonly kind: 'transaction'; readonly id: Hash }
  | { readonly kind: 'header'; readonly height: string }

/** A producer list as encoded by the chain: addresses and commitments. */
export interface TermList {
  readonly term: number
  readonly producers: Hex
}

/** The header that closes a term with its commitment to the next list, and the headers after it. */
export interface TermChange {
  /** The term that ends. */
  readonly term: number
  readonly closing: Hex
  readonly descendants: readonly Hex[]
}

/** Everything needed to check one fact without asking anybody again. Headers are encoded and signed. */
export interface ProofBundle {
  readonly format: typeof PROOF_FORMAT
  readonly network: string
  readonly genesisHash: Hash
  readonly chainId: number
  readonly subject: ProofSubject
  readonly header: Hex
  /** Headers after it, without gaps. */
  readonly descendants: readonly Hex[]
  readonly state?: { readonly value: Hex | null; readonly proof: Hex }
  readonly transaction?: {
    readonly envelope: Hex
    readonly proof: Hex
    readonly receipt: Hex
    readonly receiptProof: Hex
  }
  readonly lists: readonly TermList[]
  readonly changes: readonly TermChange[]
}

/** What a reader decided to believe about a network, and since when. */
export interface ProofPins {
  readonly network: string
  readonly genesisHash: Hash
  readonly chainId: number
  readonly sinceMs: number
  readonly lists: readonly TermList[]
}

export const PROOF_FORMAT = 'aelf/proof/1'
/** No honest bundle is longer: five rounds of 128 producers. */
const MAX_HEADERS = 700
const MAX_TERMS = 600
const MAX_HEX = 600_000
const MAX_TEXT = 4096

type Row = Readonly<Record<string, unknown>>

const isHex = (value: unknown): value is Hex =>
  typeof value === 'string' && value.length <= MAX_HEX && /^0x(?:[0-9a-f]{2})*$/.test(value)
const isHash = (value: unknown): value is Hash => isHex(value) && value.length === 66
const isText = (value: unknown): value is string => typeof value === 'string' && value.length <= MAX_TEXT
const isDecimal = (value: unknown): value is string => isText(value) && /^(?:0|[1-9]\d{0,77})$/.test(value)
const isUint32 = (value: unknown): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 0xffff_ffff
const isRow = (value: unknown): value is Row => typeof value === 'object' && value !== null && !Array.isArray(value)
const isList = <T>(value: unknown, max: number, test: (item: unknown) => item is T): value is T[] =>
  Array.isArray(value) && value.length <= max && value.every(test)

const isTermList = (value: unknown): value is TermList =>
  isRow(value) && isUint32(value['term']) && isHex(value['producers'])
const isTermChange = (value: unknown): value is TermChange =>
  isRow(value) && isUint32(value['term']) && isHex(value['closing']) && isList(value['descendants'], MAX_HEADERS, isHex)

function isSubject(value: unknown): value is ProofSubject {
  if (!isRow(value)) return false
  if (value['kind'] === 'header') return isDecimal(value['height'])
  if (value['kind'] === 'transaction') return isHash(value['id'])
  return (
    value['kind'] === 'state' &&
    isText(value['contract']) &&
    isText(value['item']) &&
    isList(value['key'], 8, isText) &&
    (value['height'] === undefined || isDecimal(value['height']))
  )
}

const isState = (value: unknown): boolean =>
  isRow(value) && (value['value'] === null || isHex(value['value'])) && isHex(value['proof'])
const isTransaction = (value: unknown): boolean =>
  isRow(value) && ['envelope', 'proof', 'receipt', 'receiptProof'].every((field) => isHex(value[field]))

/** The value as a bundle when it has the form of one; nothing is believed yet. Throws `proof.malformed`. */
export function readProofBundle(value: unknown): ProofBundle {
  const fits =
    isRow(value) &&
    value['format'] === PROOF_FORMAT &&
    isText(value['network']) &&
    isHash(value['genesisHash']) &&
    isUint32(value['chainId']) &&
    isSubject(value['subject']) &&
    isHex(value['header']) &&
    isList(value['descendants'], MAX_HEADERS, isHex) &&
    (value['state'] === undefined || isState(value['state'])) &&
    (value['transaction'] === undefined || isTransaction(value['transaction'])) &&
    isList(value['lists'], MAX_TERMS, isTermList) &&
    isList(value['changes'], MAX_TERMS, isTermChange)
  if (fits) return value as unknown as ProofBundle
  throw new BaseError('This is not a proof.', {
    code: 'proof.malformed',
    help: 'Use the file as it was downloaded, or ask the node again.',
  })
}

/** The value as pins when it has the form of them, such as after storage; undefined otherwise. */
export function readProofPins(value: unknown): ProofPins | undefined {
  const fits =
    isRow(value) &&
    isText(value['network']) &&
    isHash(value['genesisHash']) &&
    isUint32(value['chainId']) &&
    typeof value['sinceMs'] === 'number' &&
    isList(value['lists'], MAX_TERMS, isTermList)
  return fits ? (value as unknown as ProofPins) : undefined
}
