import type { Registry } from '#contracts/runtime'
import type { Receipt, ReceiptError, ReceiptEvent } from '#kernel'
import { type Address, type Amount, assert, type Bytes, bytesToAddress, type Hash, hexToBytes } from '#primitives'
import type { IncludedStep, Step } from './block.ts'
import { type LaneNumbers, laneNumbers, numberOf } from './laneNumbers.ts'
import { costOf } from './transaction.ts'

/** Kinds of steps: a receipt without and with an error; dropped because the sender cannot pay, or refused with an error. */
const [SUCCESS, FAILED, DROPPED, REFUSED] = [0, 1, 2, 3] as const
/** Kind, error, reads, writes, number of events and of signals, microseconds. */
const HEAD_BYTES = 1 + 4 + 4 + 4 + 2 + 2 + 4
const [ERROR_AT, READS_AT, WRITES_AT, EVENTS_AT, SIGNALS_AT, US_AT] = [1, 5, 9, 13, 15, 17] as const
/** Contract, number, length of the data. */
const EVENT_BYTES = 2 + 2 + 4
const ADDRESS_BYTES = 20
/** Times are written in tenths. */
const PER_US = 10
const MOST = 0xffff_ffff

/** Writes what calls came to, one after the other, into memory that another thread reads. */
export class StepWriter {
  private at = 0
  private readonly memory: Bytes
  private readonly view: DataView
  private readonly numbers: LaneNumbers

  constructor(registry: Registry, memory: Bytes) {
    this.memory = memory
    this.view = new DataView(memory.buffer, memory.byteOffset, memory.byteLength)
    this.numbers = laneNumbers(registry)
  }

  /** Throws where there is no room for it. `us` is how many microseconds it took. */
  write(step: Step, us: number): void {
    const { view, at } = this
    this.room(HEAD_BYTES)
    const tenths = PER_US * us
    view.setUint32(at + US_AT, tenths < MOST ? tenths : MOST)
    if (step.kind === 'dropped') {
      const { error } = step
      view.setUint8(at, error === undefined ? DROPPED : REFUSED)
      if (error !== undefined) this.error(at, { contract: error.contract, error: error.number })
      return
    }
    const { receipt, cost, signals } = step
    view.setUint8(at, receipt.error === undefined ? SUCCESS : FAILED)
    if (receipt.error !== undefined) this.error(at, receipt.error)
    view.setUint32(at + READS_AT, cost.reads)
    view.setUint32(at + WRITES_AT, cost.writes)
    view.setUint16(at + EVENTS_AT, receipt.events.length)
    view.setUint16(at + SIGNALS_AT, signals.length)
    for (const event of receipt.events) this.event(event)
    for (const signal of signals) {
      // The result of an election comes from the end of a block, never from a transaction.
      assert(signal.kind === 'evict', 'a transaction signals evictions only')
      this.memory.set(hexToBytes(signal.address), this.room(ADDRESS_BYTES))
    }
  }

  private error(at: number, { contract, error }: ReceiptError): void {
    this.view.setUint16(at + ERROR_AT, contract)
    this.view.setUint16(at + ERROR_AT + 2, error)
  }

  private event({ contract, number, data }: ReceiptEvent): void {
    const at = this.room(EVENT_BYTES + data.length)
    this.view.setUint16(at, numberOf(this.numbers.contractOf, contract))
    this.view.setUint16(at + 2, number)
    this.view.setUint32(at + 4, data.length)
    this.memory.set(data, at + EVENT_BYTES)
  }

  private room(length: number): number {
    const { at } = this
    assert(at + length <= this.memory.length, 'there is room for what calls come to')
    this.at = at + length
    return at
  }
}

/** What is to be known of a call to read what it came to. */
export interface SentCall {
  readonly id: Hash
  readonly fee: Amount
}

const NO_EVENTS: readonly ReceiptEvent[] = []
const NO_SIGNALS: IncludedStep['signals'] = []

/** Reads what a `StepWriter` wrote. Nothing that it answers is a view of the memory. */
export class StepReader {
  /** Microseconds that the step took which was read last; zero where that was not measured. */
  us = 0
  private at = 0
  private readonly memory: Bytes
  private readonly view: DataView
  private readonly numbers: LaneNumbers

  constructor(registry: Registry, memory: Bytes) {
    this.memory = memory
    this.view = new DataView(memory.buffer, memory.byteOffset, memory.byteLength)
    this.numbers = laneNumbers(registry)
  }

  next({ id, fee }: SentCall): Step {
    const { view, at } = this
    this.at += HEAD_BYTES
    this.us = view.getUint32(at + US_AT) / PER_US
    const kind = view.getUint8(at)
    if (kind === DROPPED) return { kind: 'dropped', reason: 'unpayable' }
    const error =
      kind === SUCCESS
        ? undefined
        : { contract: view.getUint16(at + ERROR_AT), error: view.getUint16(at + ERROR_AT + 2) }
    if (kind === REFUSED && error !== undefined) {
      const found = this.numbers.errors.get(`${error.contract}/${error.error}`)
      assert(found !== undefined, 'a refusal is one of the errors of the collection')
      return { kind: 'dropped', reason: 'refused', error: found }
    }
    const cost = costOf(view.getUint32(at + READS_AT), view.getUint32(at + WRITES_AT))
    const events = this.events(view.getUint16(at + EVENTS_AT))
    const receipt: Receipt =
      error === undefined
        ? { transactionId: id, status: 'success', fee, events }
        : { transactionId: id, status: 'failed', error, fee, events }
    return { kind: 'included', receipt, cost, signals: this.signals(view.getUint16(at + SIGNALS_AT)) }
  }

  private events(count: number): readonly ReceiptEvent[] {
    if (count === 0) return NO_EVENTS
    const { view, memory, numbers } = this
    const events: ReceiptEvent[] = []
    for (let left = count; left > 0; left--) {
      const from = this.at + EVENT_BYTES
      const contract = numbers.addresses[view.getUint16(this.at)] as Address
      const number = view.getUint16(this.at + 2)
      this.at = from + view.getUint32(this.at + 4)
      events.push({ contract, number, data: memory.slice(from, this.at) })
    }
    return events
  }

  private signals(count: number): IncludedStep['signals'] {
    if (count === 0) return NO_SIGNALS
    return Array.from({ length: count }, () => {
      this.at += ADDRESS_BYTES
      return { kind: 'evict', address: bytesToAddress(this.memory.subarray(this.at - ADDRESS_BYTES, this.at)) }
    })
  }
}
