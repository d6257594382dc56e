import {
  type BlockEnvironment,
  type ContractError,
  createJournal,
  type Item,
  type PartialEntry,
  type RegisteredMethod,
  type Registry,
  runtimeErrors,
} from '#contracts/runtime'
import { decodeArgs, type Receipt, type ReceiptError, type ReceiptEvent, type StateReader } from '#kernel'
import {
  type Address,
  assert,
  type Bytes,
  bytesToAddress,
  bytesToHash,
  hexToBytes,
  type Reader,
  reader,
  type Writer,
  writer,
} from '#primitives'
import { type Step, step } from './block.ts'
import type { ExecutionInput } from './executor.ts'
import { type Call, costOf, type Machine } from './transaction.ts'

/** A part of a block's transactions, in block order, for who executes it beside the rest. */
export interface LaneWork {
  readonly env: BlockEnvironment
  readonly parentState: StateReader
  readonly mode: ExecutionInput['mode']
  readonly calls: Bytes
}

/** What lanes know of a collection by number, so that numbers cross between threads. */
interface Numbers {
  readonly addresses: readonly Address[]
  readonly contractOf: ReadonlyMap<Address, number>
  readonly items: readonly Item[]
  readonly itemOf: ReadonlyMap<Item, number>
  readonly errors: ReadonlyMap<string, ContractError>
}

const numbers = new WeakMap<Registry, Numbers>()

function numbersOf(registry: Registry): Numbers {
  const known = numbers.get(registry)
  if (known !== undefined) return known
  const addresses = registry.contracts.map(({ address }) => address)
  const items = registry.contracts.flatMap(({ state }) => state)
  const errors = [...runtimeErrors, ...registry.contracts.flatMap(({ errors: own }) => own)]
  const made = {
    addresses,
    contractOf: new Map(addresses.map((address, index) => [address, index])),
    items,
    itemOf: new Map(items.map((item, index) => [item, index])),
    errors: new Map(errors.map((error) => [`${error.contract}/${error.number}`, error])),
  }
  numbers.set(registry, made)
  return made
}

function numberOf<T>(table: ReadonlyMap<T, number>, of: T): number {
  const found = table.get(of)
  assert(found !== undefined, 'what is executed belongs to the collection')
  return found
}

/** Calls with their encoded arguments, for `decodeCalls` in another thread. */
export function encodeCalls(
  registry: Registry,
  calls: readonly { readonly call: Call; readonly args: Bytes }[],
): Bytes {
  const { contractOf } = numbersOf(registry)
  const out = writer().u32(calls.length)
  for (const { call, args } of calls) {
    out.u16(numberOf(contractOf, call.registered.contract.address)).u16(call.registered.method.number)
    out.fixed(hexToBytes(call.from)).fixed(hexToBytes(call.id)).u128(call.fee).bytes(args)
  }
  return out.finish()
}

function decodeCalls(registry: Registry, bytes: Bytes): Call[] {
  const { addresses } = numbersOf(registry)
  const input = reader(bytes)
  const calls = Array.from({ length: input.u32() }, (): Call => {
    const contract = addresses[input.u16()] as Address
    const registered = registry.method(contract, input.u16()) as RegisteredMethod
    const from = bytesToAddress(input.fixed(20))
    const id = bytesToHash(input.fixed(32))
    const fee = input.u128()
    return { registered, from, id, fee, args: decodeArgs(registered.method.abi, input.bytes()), declared: undefined }
  })
  input.end()
  return calls
}

const DROPPED = 2
const REFUSED = 3

function writeError(out: Writer, { contract, error }: ReceiptError): void {
  out.u16(contract).u16(error)
}

function writeStep(out: Writer, result: Step, { contractOf }: Numbers): void {
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
  { addresses }: Numbers,
): Omit<Step & { kind: 'included' }, 'kind'> {
  const error = kind === 1 ? { contract: input.u16(), error: input.u16() } : undefined
  const reads = input.u32()
  const writes = input.u32()
  const events = Array.from({ length: input.u16() }, (): ReceiptEvent => {
    const contract = addresses[input.u16()] as Address
    return { contract, number: input.u16(), data: input.bytes() }
  })
  const signals = Array.from({ length: input.u16() }, () => ({
    kind: 'evict' as const,
    address: bytesToAddress(input.fixed(20)),
  }))
  const common = { transactionId: call.id, fee: call.fee, events }
  const receipt: Receipt =
    error === undefined ? { ...common, status: 'success' } : { ...common, status: 'failed', error }
  return { receipt, cost: costOf(reads, writes), signals }
}

function readStep(input: Reader, call: Call, known: Numbers): Step {
  const kind = input.u8()
  if (kind === DROPPED) return { kind: 'dropped', reason: 'unpayable' }
  if (kind !== REFUSED) return { kind: 'included', ...readReceipt(input, call, kind, known) }
  const [contract, number] = [input.u16(), input.u16()]
  const error = known.errors.get(`${contract}/${number}`)
  assert(error !== undefined, 'a refusal is one of the errors of the collection')
  return { kind: 'dropped', reason: 'refused', error }
}

/** Kinds of entries: a value or its absence, additions that stayed, other sums, sums that were undone. */
const [ABSENT, VALUE, ADDED, SUM, UNDONE] = [0, 1, 2, 3, 4] as const

function writeSigned(out: Writer, value: bigint): void {
  out.u8(value < 0n ? 1 : 0).u256(value < 0n ? -value : value)
}

const readSigned = (input: Reader): bigint => (input.u8() === 1 ? -input.u256() : input.u256())

function writeEntry(out: Writer, entry: PartialEntry, { itemOf }: Numbers): void {
  out.u16(numberOf(itemOf, entry.item)).bytes(entry.key).fixed(hexToBytes(entry.path))
  if (entry.kind === 'value') {
    out.u8(entry.value === null ? ABSENT : VALUE).u8(entry.changed ? 1 : 0)
    if (entry.value !== null) out.bytes(entry.value)
    return
  }
  const { base, delta, up, down } = entry
  // Nearly all sums are of additions that stayed.
  const isPlain = delta === up && down === 0n
  out
    .u8(isPlain ? ADDED : delta === undefined ? UNDONE : SUM)
    .u256(base)
    .u256(up)
  if (isPlain) return
  out.u256(down)
  if (delta !== undefined) writeSigned(out, delta)
}

function readEntry(input: Reader, { items }: Numbers): PartialEntry {
  const item = items[input.u16()] as Item
  const key = input.bytes()
  const path = bytesToHash(input.fixed(32))
  const kind = input.u8()
  if (kind === ABSENT || kind === VALUE) {
    const changed = input.u8() === 1
    return { item, key, path, kind: 'value', value: kind === ABSENT ? null : input.bytes(), changed }
  }
  const base = input.u256()
  const up = input.u256()
  if (kind === ADDED) return { item, key, path, kind: 'sum', base, delta: up, up, down: 0n }
  const down = input.u256()
  return { item, key, path, kind: 'sum', base, delta: kind === UNDONE ? undefined : readSigned(input), up, down }
}

/** What a lane came to: its steps in order, and the entries it wrote. */
export interface LaneResult {
  readonly steps: readonly Step[]
  readonly entries: readonly PartialEntry[]
  /** Microseconds of each step that was measured; zero otherwise. */
  readonly us: readonly number[]
}

/** The whole work of a lane in another thread: bytes in, bytes out. */
export function serveLane(registry: Registry, work: LaneWork, nowUs: () => number): Bytes {
  const known = numbersOf(registry)
  const machine: Machine = { registry, env: work.env, journal: createJournal(work.parentState) }
  const out = writer()
  const calls = decodeCalls(registry, work.calls)
  out.u32(calls.length)
  let at = nowUs()
  for (const call of calls) {
    writeStep(out, step(machine, call, work.mode, Number.POSITIVE_INFINITY), known)
    const now = nowUs()
    // In tenths of microseconds.
    out.u32(now > at ? (10 * (now - at)) >>> 0 : 0)
    at = now
  }
  const entries = machine.journal.partial()
  out.u32(entries.length)
  for (const entry of entries) writeEntry(out, entry, known)
  return out.finish()
}

/** Inverse of what `serveLane` writes, for the calls it was given. Throws on anything else. */
export function decodeLane(registry: Registry, calls: readonly Call[], bytes: Bytes): LaneResult {
  const known = numbersOf(registry)
  const input = reader(bytes)
  assert(input.u32() === calls.length, 'a lane answers every call')
  const steps: Step[] = []
  const us: number[] = []
  for (const call of calls) {
    steps.push(readStep(input, call, known))
    us.push(input.u32() / 10)
  }
  const entries = Array.from({ length: input.u32() }, () => readEntry(input, known))
  input.end()
  return { steps, entries, us }
}
