import type { RegisteredMethod, Registry } from '#contracts/runtime'
import { decodeArgs } from '#kernel'
import { type Address, assert, type Bytes, type Hash, putHex, type Reader, reader } from '#primitives'
import { type LaneNumbers, laneNumbers, numberOf } from './laneNumbers.ts'
import type { Call } from './transaction.ts'

/** Contract, method, sender, id, fee, and the length of the arguments. */
const HEAD_BYTES = 2 + 2 + 20 + 32 + 16 + 4
const [FROM_AT, ID_AT, FEE_AT, LENGTH_AT] = [4, 24, 56, 72]

/** Writes calls one after the other into memory that another thread reads. */
export class CallWriter {
  /** Where the next call begins. */
  at = 0
  private readonly memory: Bytes
  private readonly view: DataView
  private readonly numbers: LaneNumbers

  constructor(registry: Registry, memory: Bytes) {
    this.memory = memory
    this.view = new DataView(memory.buffer, memory.byteOffset, memory.byteLength)
    this.numbers = laneNumbers(registry)
  }

  /** Answers false where there is no room for it. */
  write({ registered, from, id, fee }: Call, args: Bytes): boolean {
    const { memory, view, at } = this
    const end = at + HEAD_BYTES + args.length
    if (end > memory.length) return false
    view.setUint16(at, numberOf(this.numbers.contractOf, registered.contract.address))
    view.setUint16(at + 2, registered.method.number)
    const isHex =
      putHex(from, { bytes: memory, at: at + FROM_AT }, 20) && putHex(id, { bytes: memory, at: at + ID_AT }, 32)
    assert(isHex, 'a call has a sender and an id')
    view.setBigUint64(at + FEE_AT, fee >> 64n)
    view.setBigUint64(at + FEE_AT + 8, BigInt.asUintN(64, fee))
    view.setUint32(at + LENGTH_AT, args.length)
    memory.set(args, at + HEAD_BYTES)
    this.at = end
    return true
  }
}

/** Reads what a `CallWriter` wrote. */
export class CallReader {
  private readonly registry: Registry
  private readonly input: Reader
  private readonly numbers: LaneNumbers
  private readonly length: number

  constructor(registry: Registry, memory: Bytes) {
    this.registry = registry
    this.input = reader(memory)
    this.length = memory.length
    this.numbers = laneNumbers(registry)
  }

  /** Where the next call begins. */
  get at(): number {
    return this.length - this.input.remaining()
  }

  next(): Call {
    const { input, registry } = this
    const contract = this.numbers.addresses[input.u16()] as Address
    const registered = registry.method(contract, input.u16()) as RegisteredMethod
    const from = input.address()
    const id = input.hex(32) as Hash
    const fee = input.u128()
    return { registered, from, id, fee, args: decodeArgs(registered.method.abi, input.view()), declared: undefined }
  }
}
