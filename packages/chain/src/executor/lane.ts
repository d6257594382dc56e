import {
  type BlockEnvironment,
  createJournal,
  type Item,
  type PartialEntry,
  type Place,
  type Registry,
} from '#contracts/runtime'
import type { Receipt, ReceiptError, ReceiptEvent, StateReader } from '#kernel'
import {
  type Address,
  assert,
  type Bytes,
  bytesToAddress,
  type Hash,
  hexToBytes,
  type Reader,
  reader,
  type Writer,
  writer,
} from '#primitives'
import { type Step, step } from './block.ts'
import type { ExecutionInput } from './executor.ts'
import { CallReader } from './laneCalls.ts'
import { type LaneNumbers, laneNumbers, numberOf } from './laneNumbers.ts'
import { type Call, costOf, type Machine } from './transaction.ts'

/** A block of which another thread executes a part. */
export interface LaneOrder {
  readonly env: BlockEnvironment
  readonly parentState: StateReader
  readonly mode: ExecutionInput['mode']
}

/** What a lane came to, for `decodeLane`: its steps in order, and the entries it wrote. */
export interface LaneAnswer {
  readonly steps: Bytes
  readonly entries: Bytes
  /** Keys of the entries, one after the other. */
  readonly keys: Bytes
  /** Paths of the entries, one after the other: as one text they cross, and are taken apart, in no time. */
  readonly paths: string
}

const DROPPED = 2
const REFUSED = 3

function writeError(out: Writer, { contract, error }: ReceiptError): void {
  out.u16(contract).u16(error)
}

function writeStep(out: Writer, result: Step, { contractOf }: LaneNumbers): void {
  if (result.kind === 'dropped') {
    const { error } = result
    out.u8(error === undefined ? DROPPED : REFUSED)
    if (error !== undefined) writeError(out, { contract: error.contract, error: error.number })
    return
  }
  const { receipt, cost, signals } = result
  out.u8(receipt.error === undefined ? 0 : 1)
  if (receipt.error !== undefined) writeError(out, receipt.error)
  out.u32(cost.reads).u32(cost.writes).u16(receipt.events.length)
  for (const { contract, number, data } of receipt.events)
    out.u16(numberOf(contractOf, contract)).u16(number).bytes(data)
  out.u16(signals.length)
  for (const signal of signals) {
    // The result of an election comes from the end of a block, never from a transaction.
    assert(signal.kind === 'evict', 'a transaction signals evictions only')
    out.fixed(hexToBytes(signal.address))
  }
}

function readReceipt(
  input: Reader,
  call: Call,
  kind: number,
  { addresses }: LaneNumbers,
): Omit<Step & { kind: 'included' }, 'kind'> {
  const error = kind === 1 ? { contract: input.u16(), error: input.u16() } : undefined
  const reads = input.u32()
  const writes = input.u32()
  const events: ReceiptEvent[] = []
  for (let left = input.u16(); left > 0; left--) {
    const contract = addresses[input.u16()] as Address
    events.push({ contract, number: input.u16(), data: input.bytes() })
  }
  const signals: { kind: 'evict'; address: Address }[] = []
  for (let left = input.u16(); left > 0; left--)
    signals.push({ kind: 'evict', address: bytesToAddress(input.fixed(20)) })
  const receipt: Receipt =
    error === undefined
      ? { transactionId: call.id, status: 'success', fee: call.fee, events }
      : { transactionId: call.id, status: 'failed', error, fee: call.fee, events }
  return { receipt, cost: costOf(reads, writes), signals }
}

function readStep(input: Reader, call: Call, known: LaneNumbers): Step {
  const kind = input.u8()
  if (kind === DROPPED) return { kind: 'dropped', reason: 'unpayable' }
  if (kind !== REFUSED) {
    const { receipt, cost, signals } = readReceipt(input, call, kind, known)
    return { kind: 'included', receipt, cost, signals }
  }
  const [contract, number] = [input.u16(), input.u16()]
  const error = known.errors.get(`${contract}/${number}`)
  assert(error !== undefined, 'a refusal is one of the errors of the collection')
  return { kind: 'dropped', reason: 'refused', error }
}

/** Kinds of entries: a value or its absence, additions that stayed, other sums, sums that were undone. */
const [ABSENT, VALUE, ADDED, SUM, UNDONE] = [0, 1, 2, 3, 4] as const
const WORD_END = 1n << 64n

/** Nearly all amounts are short. */
function writeAmount(out: Writer, amount: bigint): void {
  if (amount < WORD_END) out.u8(1).u64(amount)
  else out.u8(4).u256(amount)
}

const readAmount = (input: Reader): bigint => (input.u8() === 1 ? input.u64() : input.u256())

function writeSigned(out: Writer, value: bigint): void {
  writeAmount(out.u8(value < 0n ? 1 : 0), value < 0n ? -value : value)
}

function readSigned(input: Reader): bigint {
  const isNegative = input.u8() === 1
  const amount = readAmount(input)
  return isNegative ? -amount : amount
}

function writeEntry(out: Writer, entry: PartialEntry): void {
  if (entry.kind === 'value') {
    const { value, changed } = entry
    out.u8(value === null ? ABSENT : VALUE).u8(changed ? 1 : 0)
    if (typeof value === 'bigint') out.u32(32).u256(value)
    else if (value !== null) out.bytes(value)
    return
  }
  const { base, delta, up, down } = entry
  // Nearly all sums are of additions that stayed.
  const isPlain = delta === up && down === 0n
  out.u8(isPlain ? ADDED : delta === undefined ? UNDONE : SUM)
  writeAmount(out, base)
  writeAmount(out, up)
  if (isPlain) return
  writeAmount(out, down)
  if (delta !== undefined) writeSigned(out, delta)
}

function readEntry(input: Reader, place: Place): PartialEntry {
  const kind = input.u8()
  if (kind === ABSENT || kind === VALUE) {
    const changed = input.u8() === 1
    return { place, kind: 'value', value: kind === ABSENT ? null : input.bytes(), changed }
  }
  const base = readAmount(input)
  const up = readAmount(input)
  if (kind === ADDED) return { place, kind: 'sum', base, delta: up, up, down: 0n }
  const down = readAmount(input)
  return { place, kind: 'sum', base, delta: kind === UNDONE ? undefined : readSigned(input), up, down }
}

/** A place that a lane wrote to. Hardly anybody asks for its key. */
class WrittenPlace implements Place {
  readonly item: Item
  readonly path: Hash
  readonly first = undefined
  private readonly keys: Bytes
  private readonly from: number
  private readonly to: number

  constructor(item: Item, path: Hash, keys: { readonly of: Bytes; readonly from: number; readonly to: number }) {
    this.item = item
    this.path = path
    this.keys = keys.of
    this.from = keys.from
    this.to = keys.to
  }

  get key(): Bytes {
    return this.keys.slice(this.from, this.to)
  }
}

/** The work of a lane in another thread: calls are read from memory one by one, what came of them is bytes. */
export class LaneWork {
  private readonly machine: Machine
  private readonly mode: LaneOrder['mode']
  private readonly calls: CallReader
  private readonly numbers: LaneNumbers
  private readonly nowUs: () => number
  private readonly steps = writer()
  private measured: number

  constructor(registry: Registry, order: LaneOrder, from: { readonly memory: Bytes; readonly nowUs: () => number }) {
    this.machine = { registry, env: order.env, journal: createJournal(order.parentState) }
    this.mode = order.mode
    this.calls = new CallReader(registry, from.memory)
    this.numbers = laneNumbers(registry)
    this.nowUs = from.nowUs
    this.measured = from.nowUs()
  }

  /** Where the next call begins. */
  get at(): number {
    return this.calls.at
  }

  /** After a time without work. */
  resume(): void {
    this.measured = this.nowUs()
  }

  /** Executes the next call. */
  next(): void {
    const result = step(this.machine, this.calls.next(), this.mode, Number.POSITIVE_INFINITY)
    writeStep(this.steps, result, this.numbers)
    const now = this.nowUs()
    // In tenths of microseconds.
    this.steps.u32(now > this.measured ? (10 * (now - this.measured)) >>> 0 : 0)
    this.measured = now
  }

  finish(): LaneAnswer {
    const [out, keys] = [writer(), writer()]
    let paths = ''
    for (const entry of this.machine.journal.partial()) {
      const { item, key, path } = entry.place
      out.u16(numberOf(this.numbers.itemOf, item)).u32(key.length)
      writeEntry(out, entry)
      keys.fixed(key)
      paths += path
    }
    return { steps: this.steps.finish(), entries: out.finish(), keys: keys.finish(), paths }
  }
}

/** What a lane came to. */
export interface LaneResult {
  readonly steps: readonly Step[]
  readonly entries: readonly PartialEntry[]
  /** Microseconds of each step that was measured; zero otherwise. */
  readonly us: readonly number[]
}

const PATH_CHARACTERS = 66

function readEntries({ entries, keys, paths }: LaneAnswer, { items }: LaneNumbers): PartialEntry[] {
  const input = reader(entries)
  const read: PartialEntry[] = []
  let from = 0
  for (let at = 0; at < paths.length; at += PATH_CHARACTERS) {
    const item = items[input.u16()] as Item
    const to = from + input.u32()
    const place = new WrittenPlace(item, paths.slice(at, at + PATH_CHARACTERS) as Hash, { of: keys, from, to })
    read.push(readEntry(input, place))
    from = to
  }
  input.end()
  return read
}

/** Inverse of what `LaneWork` answers, for the calls it was given. Throws on anything else. */
export function decodeLane(registry: Registry, calls: readonly Call[], answer: LaneAnswer): LaneResult {
  const known = laneNumbers(registry)
  const input = reader(answer.steps)
  const steps: Step[] = []
  const us: number[] = []
  for (const call of calls) {
    steps.push(readStep(input, call, known))
    us.push(input.u32() / 10)
  }
  input.end()
  return { steps, entries: readEntries(answer, known), us }
}
