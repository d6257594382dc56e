import { type BlockEnvironment, createJournal, type Registry, type WrittenPart } from '#contracts/runtime'
import type { Receipt, ReceiptError, ReceiptEvent, StateReader } from '#kernel'
import {
  type Address,
  type Amount,
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
import { type IncludedStep, type Step, step } from './block.ts'
import type { ExecutionInput } from './executor.ts'
import { CallReader } from './laneCalls.ts'
import { encodeEntries, type LaneEntries, readEntries } from './laneEntries.ts'
import { type LaneNumbers, laneNumbers, numberOf } from './laneNumbers.ts'
import { costOf, type Machine } from './transaction.ts'

/** A block of which another thread executes a part. */
export interface LaneOrder {
  readonly env: BlockEnvironment
  readonly parentState: StateReader
  readonly mode: ExecutionInput['mode']
}

/** What a lane came to, for `LaneReader`: its steps in order, and the entries it wrote. */
export interface LaneAnswer extends LaneEntries {
  readonly steps: Bytes
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

function readEvents(input: Reader, { addresses }: LaneNumbers): ReceiptEvent[] {
  const events: ReceiptEvent[] = []
  for (let left = input.u16(); left > 0; left--) {
    const contract = addresses[input.u16()] as Address
    events.push({ contract, number: input.u16(), data: input.bytes() })
  }
  return events
}

function readSignals(input: Reader): IncludedStep['signals'] {
  const count = input.u16()
  if (count === 0) return NO_SIGNALS
  return Array.from({ length: count }, () => ({ kind: 'evict', address: bytesToAddress(input.fixed(20)) }))
}

const NO_SIGNALS: IncludedStep['signals'] = []

function readStep(input: Reader, { id, fee }: SentCall, known: LaneNumbers): Step {
  const kind = input.u8()
  if (kind === DROPPED) return { kind: 'dropped', reason: 'unpayable' }
  const error = kind === 0 ? undefined : { contract: input.u16(), error: input.u16() }
  if (kind === REFUSED && error !== undefined) {
    const found = known.errors.get(`${error.contract}/${error.error}`)
    assert(found !== undefined, 'a refusal is one of the errors of the collection')
    return { kind: 'dropped', reason: 'refused', error: found }
  }
  const cost = costOf(input.u32(), input.u32())
  const events = readEvents(input, known)
  const receipt: Receipt =
    error === undefined
      ? { transactionId: id, status: 'success', fee, events }
      : { transactionId: id, status: 'failed', error, fee, events }
  return { kind: 'included', receipt, cost, signals: readSignals(input) }
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
    const entries = encodeEntries(this.machine.journal.partial(), this.numbers.itemOf)
    return { steps: this.steps.finish(), ...entries }
  }
}

/** What is to be known of a call to read what it came to. */
export interface SentCall {
  readonly id: Hash
  readonly fee: Amount
}

/**
 * Reads what `LaneWork` answers for the calls it was given, step by step: of a whole block's, little has to be kept that is not part of
 * the result. Throws on anything else.
 */
export class LaneReader {
  private readonly steps: Reader
  private readonly entries: WrittenPart
  private readonly numbers: LaneNumbers

  constructor(registry: Registry, answer: LaneAnswer) {
    this.steps = reader(answer.steps)
    this.numbers = laneNumbers(registry)
    this.entries = readEntries(answer, this.numbers.items)
  }

  step(call: SentCall): Step {
    return readStep(this.steps, call, this.numbers)
  }

  /** Microseconds that the step took which was read last; zero where that was not measured. */
  us(): number {
    return this.steps.u32() / 10
  }

  written(): WrittenPart {
    return this.entries
  }

  /** Throws where steps are left. */
  end(): void {
    this.steps.end()
  }
}
