import {
  decodeReceipt,
  type ExecutionSummary,
  type ProducerEntry,
  type Receipt,
  type StateDiff,
  type StateReader,
  sharedReceiptsEncoding,
} from '#kernel'
import {
  type Address,
  asHash,
  type Bytes,
  bytesToAddress,
  bytesToHash,
  CodecError,
  type Hash,
  hexToBytes,
  type Reader,
  reader,
  type Writer,
  writer,
} from '#primitives'

/** What is stored of a block's execution, enough to redo and undo it without executing. */
export interface ExecutionRecord {
  readonly receipts: readonly Receipt[]
  readonly diff: StateDiff
  /** Values before the block. */
  readonly undo: StateDiff
  readonly summary: ExecutionSummary
}

/** What stands before a value. Amounts are most of a record, and most of an amount is zeros in front: those are only counted. */
const VALUE = { none: 0, whole: 1, short: 2 } as const
const SHORT_BYTES = 255

function zerosBefore(value: Bytes): number {
  let zeros = 0
  while (zeros < value.length && value[zeros] === 0) zeros++
  return zeros
}

function writeValue(out: Writer, value: Bytes | null): void {
  if (value === null) out.u8(VALUE.none)
  else if (value.length > SHORT_BYTES) out.u8(VALUE.whole).bytes(value)
  else {
    const zeros = zerosBefore(value)
    out.u8(VALUE.short).u8(value.length).u8(zeros).fixed(value, zeros)
  }
}

/** Older records have all values whole, which `take` reads. */
function readValue(input: Reader, take: (input: Reader) => Bytes = (whole) => whole.bytes()): Bytes | null {
  const kind = input.u8()
  if (kind === VALUE.none) return null
  if (kind === VALUE.whole) return take(input)
  const value = new Uint8Array(input.u8())
  const zeros = input.u8()
  if (kind !== VALUE.short || zeros > value.length) throw new CodecError('codec.range', 'a value of an unknown form')
  value.set(input.fixed(value.length - zeros), zeros)
  return value
}

function writeProducers(out: Writer, producers: readonly ProducerEntry[]): void {
  out.u16(producers.length)
  for (const { address, commitment } of producers) out.fixed(hexToBytes(address)).fixed(hexToBytes(commitment))
}

function readProducers(input: Reader): ProducerEntry[] {
  const count = input.u16()
  const producers: ProducerEntry[] = []
  for (let index = 0; index < count; index += 1) {
    producers.push({ address: bytesToAddress(input.fixed(20)), commitment: bytesToHash(input.fixed(32)) })
  }
  return producers
}

export function encodeRecord(
  execution: { readonly receipts: readonly Receipt[]; readonly diff: StateDiff; readonly summary: ExecutionSummary },
  before: StateReader,
): Bytes {
  const out = writer()
  out.u32(execution.receipts.length)
  out.fixed(sharedReceiptsEncoding(execution.receipts))
  out.u32(execution.diff.size)
  for (const [path, value] of execution.diff) {
    // Says what is wrong with it.
    if (!out.hex(path, 32)) asHash(path)
    writeValue(out, value)
    writeValue(out, before.get(path) ?? null)
  }
  const { termResult, evicted } = execution.summary
  out.u8(termResult === undefined ? 0 : 1)
  if (termResult !== undefined) writeProducers(out, termResult)
  out.u16(evicted.length)
  for (const address of evicted) out.fixed(hexToBytes(address))
  return out.finish()
}

const viewed = (input: Reader): Bytes => input.view()

/** The changes one by one, without decoding what stands around them: a block may have changed very many. */
export function eachChange(bytes: Bytes, use: (path: Bytes, value: Bytes | null) => void): void {
  const input = reader(bytes)
  for (let count = input.u32(); count > 0; count -= 1) input.view()
  for (let count = input.u32(); count > 0; count -= 1) {
    const path = input.fixed(32)
    use(path, readValue(input, viewed))
    // What it was before.
    readValue(input, viewed)
  }
}

function readReceipts(input: Reader): Receipt[] {
  const receipts: Receipt[] = []
  for (let count = input.u32(); count > 0; count -= 1) receipts.push(decodeReceipt(input.view()))
  return receipts
}

/** The receipts alone, which are what most readers want. */
export const decodeReceipts = (bytes: Bytes): readonly Receipt[] => readReceipts(reader(bytes))

export function decodeRecord(bytes: Bytes): ExecutionRecord {
  const input = reader(bytes)
  const receipts = readReceipts(input)
  const diff = new Map<Hash, Bytes | null>()
  const undo = new Map<Hash, Bytes | null>()
  for (let count = input.u32(); count > 0; count -= 1) {
    const path = input.hex(32) as Hash
    diff.set(path, readValue(input))
    undo.set(path, readValue(input))
  }
  const termResult = input.u8() === 0 ? undefined : readProducers(input)
  const evicted: Address[] = []
  for (let count = input.u16(); count > 0; count -= 1) evicted.push(bytesToAddress(input.fixed(20)))
  input.end()
  return { receipts, diff, undo, summary: termResult === undefined ? { evicted } : { termResult, evicted } }
}
