import {
  decodeFields,
  decodeListProof,
  decodeReceipt,
  decodeSparseProof,
  decodeTransaction,
  type FieldType,
  type FieldValue,
  type SignedHeader,
  transactionId,
} from '@aelf/chain/kernel'
import {
  LightClientError,
  verifyReceiptInclusion,
  verifyStateValue,
  verifyTransactionInclusion,
} from '@aelf/chain/lightclient'
import { decodeCall, decodeError, encodeItemKey, findItem } from '@aelf/chain/metadata'
import { asHash, hexToBytes } from '@aelf/chain/primitives'
import type { ProofBundle, ProofSubject } from './getProofBundle.ts'

/** One value that follows from a proof, as text: integers in decimal, bytes in hex. */
export interface ProvenFact {
  readonly name: string
  readonly value: string
}

export interface SubjectReport {
  readonly facts: readonly ProvenFact[]
  /** Hashes between the value and the header. */
  readonly hashes: number
  readonly failure?: LightClientError
}

const refuse = (code: string, message: string): SubjectReport => ({
  facts: [],
  hashes: 0,
  failure: new LightClientError(code, message),
})
const textOf = (value: FieldValue): string => String(value)
const factsOf = (record: Readonly<Record<string, FieldValue>>): ProvenFact[] =>
  Object.entries(record).map(([name, value]) => ({ name, value: textOf(value) }))

/** What the bundle shows about its subject under the roots of `header`, whose own truth is not looked at. May throw `AelfError`. */
export function verifySubject(bundle: ProofBundle, header: SignedHeader): SubjectReport {
  const { subject, state, transaction } = bundle
  if (subject.kind === 'header') return verifyHeaderSubject(subject, header)
  if (subject.kind === 'state') {
    return state === undefined
      ? refuse('light.proof', 'the proof carries no value')
      : verifyStateSubject(subject, state, header)
  }
  return transaction === undefined
    ? refuse('light.proof', 'the proof carries no transaction')
    : verifyTransactionSubject(subject.id, transaction, header)
}

type StateSubject = Extract<ProofSubject, { kind: 'state' }>
type HeaderSubject = Extract<ProofSubject, { kind: 'header' }>

function verifyStateSubject(
  subject: StateSubject,
  state: NonNullable<ProofBundle['state']>,
  header: SignedHeader,
): SubjectReport {
  const { contract, item, key, height } = subject
  const declared = findItem(contract, item)
  if (declared === undefined) return refuse('light.path', 'this software does not know the entry')
  if (height !== undefined && header.height !== BigInt(height)) {
    return refuse('light.height', 'the value is proven for another block than asked')
  }
  const values = key.map((text, index) => fromText(declared.key[index], text))
  const location = encodeItemKey(contract, item, values)
  const value = state.value === null ? undefined : hexToBytes(state.value)
  const { contractAddress, number } = declared
  const proof = decodeSparseProof(hexToBytes(state.proof))
  const trust = { header, trustedHash: header.hash }
  const failure = verifyStateValue({
    ...trust,
    contract: contractAddress,
    item: number,
    key: location.key,
    proof,
    value,
  })
  const hashes = proof.siblings.length
  if (failure) return { facts: [], hashes, failure }
  if (value !== undefined) return { facts: factsOf(decodeFields(declared.value, value)), hashes }
  // A counter that was never touched, or went back to nothing, has no entry: that is what zero looks like.
  const [only] = declared.value
  const absent =
    declared.counter && only !== undefined ? { name: only.name, value: '0' } : { name: 'exists', value: 'no' }
  return { facts: [absent], hashes }
}

function fromText(type: FieldType | undefined, text: string): FieldValue {
  if (type === 'bool') return text === 'true'
  if (type === 'uint8' || type === 'uint32') return Number(text)
  if (type?.startsWith('uint')) return BigInt(text)
  return text
}

function verifyTransactionSubject(
  id: string,
  parts: NonNullable<ProofBundle['transaction']>,
  header: SignedHeader,
): SubjectReport {
  const transaction = decodeTransaction(hexToBytes(parts.envelope))
  const receipt = decodeReceipt(hexToBytes(parts.receipt))
  const proof = decodeListProof(hexToBytes(parts.proof))
  const receiptProof = decodeListProof(hexToBytes(parts.receiptProof))
  const trust = { header, trustedHash: header.hash, id: asHash(id) }
  const hashes = proof.siblings.length
  const failure =
    verifyTransactionInclusion({ ...trust, transaction, proof }) ??
    verifyReceiptInclusion({ ...trust, receipt, proof: receiptProof })
  if (failure) return { facts: [], hashes, failure }
  if (proof.index !== receiptProof.index) return refuse('light.receipt', 'the receipt stands at another place')
  const call = decodeCall(transaction)
  const error = receipt.error === undefined ? undefined : decodeError(receipt.error)
  const facts = {
    id: transactionId(transaction),
    status: receipt.status,
    fee: receipt.fee,
    height: header.height,
    block: header.hash,
    index: proof.index,
    from: transaction.from,
    ...(call === undefined ? {} : { call: `${call.contract}.${call.method}`, intent: call.intent }),
    events: receipt.events.length,
    ...(error === undefined ? {} : { error: error.code }),
  }
  return { facts: factsOf(facts), hashes }
}

function verifyHeaderSubject(subject: HeaderSubject, header: SignedHeader): SubjectReport {
  if (header.height !== BigInt(subject.height)) return refuse('light.height', 'this is the header of another block')
  const { hash, height, parentHash, slot, producer, stateRoot, transactionRoot, receiptRoot } = header
  return {
    facts: factsOf({ hash, height, parentHash, slot, producer, stateRoot, transactionRoot, receiptRoot }),
    hashes: 0,
  }
}
