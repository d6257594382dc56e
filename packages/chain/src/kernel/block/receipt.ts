import { asAddress, asHash, type Bytes, CodecError, type Hash, reader, type Writer, writer } from '#primitives'
import { KernelError } from '../error.ts'
import { type ListProof, listRoot, proveListItem, verifyListProof } from '../merkle/binary.ts'
import type { Receipt, ReceiptEvent } from './types.ts'

export const MAX_RECEIPT_EVENTS = 1024
export const MAX_EVENT_BYTES = 65_536

function checkReceipt(receipt: Receipt): void {
  if ((receipt.status === 'failed') !== (receipt.error !== undefined)) {
    throw new KernelError('receipt.status', 'a failed receipt has an error and a successful one has none')
  }
  if (receipt.events.length > MAX_RECEIPT_EVENTS) throw new KernelError('receipt.tooMany', 'more than 1024 events')
}

/** By list, which is never changed, nor are its receipts: they are encoded for their root and for the disk. One buffer a block is quickly collected. */
const encodings = new WeakMap<readonly Receipt[], Bytes>()

/** All of them, each as `encodeReceipt` with a u32 length before it. The bytes are shared by all who ask: they must not be changed. */
export function sharedReceiptsEncoding(receipts: readonly Receipt[]): Bytes {
  const known = encodings.get(receipts)
  if (known !== undefined) return known
  const out = writer()
  for (const receipt of receipts) writeReceipt(out.u32(lengthOf(receipt)), receipt)
  const bytes = out.finish()
  encodings.set(receipts, bytes)
  return bytes
}

const lengthOf = ({ error, events }: Receipt): number =>
  events.reduce((sum, { data }) => sum + 26 + data.length, error === undefined ? 51 : 55)

/** id 32, u8 status (1 success, 0 failed), failed: u16 contract and u16 error, u128 fee, u16 events: address, u16 number, data with u32 length. */
export function encodeReceipt(receipt: Receipt): Bytes {
  const out = writer()
  writeReceipt(out, receipt)
  return out.finish()
}

function writeReceipt(out: Writer, receipt: Receipt): void {
  checkReceipt(receipt)
  // Says what is wrong with it.
  if (!out.hex(receipt.transactionId, 32)) asHash(receipt.transactionId)
  out.u8(receipt.status === 'success' ? 1 : 0)
  if (receipt.error) out.u16(receipt.error.contract).u16(receipt.error.error)
  out.u128(receipt.fee).u16(receipt.events.length)
  for (const event of receipt.events) {
    if (event.data.length > MAX_EVENT_BYTES) throw new KernelError('receipt.tooLarge', 'event data above 65536 bytes')
    if (!out.hex(event.contract, 20)) asAddress(event.contract)
    out.u16(event.number).bytes(event.data)
  }
}

/** Inverse of `encodeReceipt`. Throws `CodecError`. */
export function decodeReceipt(bytes: Bytes): Receipt {
  const input = reader(bytes, { limits: { bytes: MAX_EVENT_BYTES } })
  const transactionId = input.hex(32) as Hash
  const success = input.u8()
  if (success > 1) throw new CodecError('codec.bool', 'the status is 0 or 1', { details: { success } })
  const error = success === 1 ? undefined : { contract: input.u16(), error: input.u16() }
  const fee = input.u128()
  const count = input.u16()
  if (count > MAX_RECEIPT_EVENTS) throw new CodecError('codec.limit', 'more than 1024 events', { details: { count } })
  const events: ReceiptEvent[] = []
  for (let index = 0; index < count; index++) {
    events.push({ contract: input.address(), number: input.u16(), data: input.bytes() })
  }
  input.end()
  return error
    ? { transactionId, status: 'failed', error, fee, events }
    : { transactionId, status: 'success', fee, events }
}

export function receiptRootOf(receipts: readonly Receipt[]): Hash {
  const input = reader(sharedReceiptsEncoding(receipts))
  return listRoot(receipts.map(() => input.view()))
}

export function proveReceipt(receipts: readonly Receipt[], index: number): ListProof {
  return proveListItem(receipts.map(encodeReceipt), index)
}

export function verifyReceiptProof(root: Hash, receipt: Receipt, proof: ListProof): boolean {
  return verifyListProof(root, encodeReceipt(receipt), proof)
}
