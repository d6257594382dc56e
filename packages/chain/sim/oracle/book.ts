import { fromHex, type HexText, tagged, uint } from './bytes.ts'
import { StateTree } from './trees.ts'

export const TOKEN = contractAddress(1)
export const ELECTION = contractAddress(2)
export const REWARD = contractAddress(4)
export const COLLECTION = contractAddress(5)
export const FOUNDATION = contractAddress(6)
export const PROPOSAL = contractAddress(7)
export const TREASURY = contractAddress(16)
/** What some successors of the simulation add. */
export const GREETER = contractAddress(700)

/** SPEC ABI-ADDR-1. */
function contractAddress(number: number): HexText {
  return `ae1f${'00'.repeat(16)}${number.toString(16).padStart(4, '0')}`
}

/** All state as a flat map from contract, item and encoded key to encoded value, with a way back and the tree over it. */
export class Book {
  private readonly values = new Map<string, Buffer>()
  /** The same by item, because some are looked through after every block. */
  private readonly items = new Map<string, Map<string, Buffer>>()
  private readonly tree = new StateTree()
  private readonly dirty = new Set<string>()
  private undo: [string, Buffer | undefined][] = []

  get(contract: HexText, item: number, key: Buffer): Buffer | undefined {
    return this.values.get(`${contract}:${item}:${key.toString('hex')}`)
  }

  set(contract: HexText, item: number, key: Buffer, value: Buffer | undefined): void {
    const name = `${contract}:${item}:${key.toString('hex')}`
    const before = this.values.get(name)
    if (before === undefined ? value === undefined : value?.equals(before) === true) return
    this.undo.push([name, before])
    this.put(name, value)
  }

  count(contract: HexText, item: number, key: Buffer): bigint {
    const value = this.get(contract, item, key)
    return value === undefined ? 0n : BigInt(`0x${value.toString('hex')}`)
  }

  /** A counter is one u256, absent at zero; it never goes below. */
  add(contract: HexText, item: number, key: Buffer, delta: bigint): void {
    const next = this.count(contract, item, key) + delta
    if (next < 0n) throw new Error(`item ${item} of ${contract} would fall below zero`)
    this.set(contract, item, key, next === 0n ? undefined : uint(next, 32))
  }

  /** Keys and values of one item. */
  entries(contract: HexText, item: number): { key: Buffer; value: Buffer }[] {
    const prefix = `${contract}:${item}:`
    return [...(this.items.get(prefix) ?? [])].map(([name, value]) => ({
      key: Buffer.from(name.slice(prefix.length), 'hex'),
      value,
    }))
  }

  mark(): number {
    return this.undo.length
  }

  rollback(mark: number): void {
    for (const [name, before] of this.undo.splice(mark).reverse()) this.put(name, before)
  }

  /** SPEC STATE-ROOT after everything so far; forgets the way back. */
  settle(): HexText {
    this.undo = []
    for (const name of this.dirty) {
      const [contract = '', item = '', key = ''] = name.split(':')
      const path = tagged('aelf/path/1', fromHex(contract), uint(Number(item), 2), fromHex(key))
      this.tree.set(path, this.values.get(name))
    }
    this.dirty.clear()
    return this.tree.root()
  }

  private put(name: string, value: Buffer | undefined): void {
    const prefix = name.slice(0, name.lastIndexOf(':') + 1)
    let item = this.items.get(prefix)
    if (item === undefined) this.items.set(prefix, (item = new Map()))
    if (value === undefined) {
      this.values.delete(name)
      item.delete(name)
    } else {
      this.values.set(name, value)
      item.set(name, value)
    }
    this.dirty.add(name)
  }
}
