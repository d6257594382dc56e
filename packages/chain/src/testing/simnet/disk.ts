import type { Bytes, Clock, KeyValue, KvOp } from '#primitives'

type Entry = readonly [Bytes, Bytes]

/** What one batch replaced, so that it can be lost again. */
type Undo = readonly (readonly [string, Entry | undefined])[]

interface Waiting {
  readonly ops: readonly KvOp[]
  readonly sync: boolean
  readonly done: () => void
  readonly failed: (error: Error) => void
}

export interface DiskOptions {
  readonly clock: Clock
  /** How long the next write takes, in milliseconds. */
  latency(sync: boolean): number
  /** The error a read ends with; asked once for each. */
  readFault?(): string | undefined
  /** The error a batch ends with instead of reaching the platter; asked once for each. */
  fault?(sync: boolean): string | undefined
  /** Told of every batch that sets out for the platter, and how long it will take. */
  begun?(ms: number): void
  /** Told of every write asked for after one has failed, until power was lost. */
  ignored?(): void
  /** May change what a write asks for; a way to plant faults. */
  readonly rewrite?: (ops: readonly KvOp[], sync: boolean) => { readonly ops: readonly KvOp[]; readonly sync: boolean }
}

/** What survives when power is lost. */
export interface Survivors {
  /** Of the batches under way. */
  arrived(waiting: number): number
  /** Of the batches never synced. */
  kept(unsynced: number): number
  /** Operations of the batch that was being written when power went that reached the platter, the last one in part. */
  torn?(operations: number): number | undefined
}

/** Everything a disk held at one moment. */
export type DiskImage = ReadonlyMap<string, Entry>

/** Newest batches that can be taken back although they were synced. */
const MAX_HISTORY = 16

/** Characters of a key that name its drawer. */
const DRAWER = 2

const textOf = (key: Bytes): string => Buffer.from(key.buffer, key.byteOffset, key.length).toString('latin1')
const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/**
 * A disk that takes time and loses power. Batches are atomic and reach the platter in the order they were asked for; what was not
 * synced may be lost from any batch on, and a batch that was being written may or may not have arrived.
 */
export class SimDisk {
  private readonly options: DiskOptions
  private readonly entries = new Map<string, Entry>()
  /** Keys in order, by their first two bytes: who reads a range reads within one of them mostly. */
  private readonly drawers = new Map<string, { readonly keys: Set<string>; sorted: string[] | undefined }>()
  private unsynced: Undo[] = []
  private history: Undo[] = []
  private queue: Waiting[] = []
  private life = 0
  private broken = false

  constructor(options: DiskOptions) {
    this.options = options
  }

  /** The store as one run of a node sees it; useless after a crash. */
  open(): KeyValue {
    const life = this.life
    const alive = (): boolean => life === this.life
    const never = new Promise<never>(() => undefined)
    return {
      get: (key) => (alive() ? this.read(() => this.entries.get(textOf(key))?.[1]) : never),
      getMany: (keys) =>
        alive() ? Promise.all(keys.map((key) => this.read(() => this.entries.get(textOf(key))?.[1]))) : never,
      write: (ops, { sync }) => (alive() ? this.write(ops, sync) : never),
      range: (range) => (alive() ? this.read(() => this.range(range)) : never),
      close: async () => undefined,
    }
  }

  /** True while a batch is on its way to the platter. */
  busy(): boolean {
    return this.queue.length > 0
  }

  /** Loses power. */
  crash(survivors: Survivors): void {
    this.life += 1
    this.broken = false
    const waiting = this.queue
    this.queue = []
    const arrived = survivors.arrived(waiting.length)
    for (const { ops, sync } of waiting.slice(0, arrived)) this.apply(ops, sync)
    const underWay = waiting[arrived]
    const torn = underWay === undefined ? undefined : survivors.torn?.(underWay.ops.length)
    if (underWay !== undefined && torn !== undefined) this.tear(underWay.ops, torn)
    const kept = survivors.kept(this.unsynced.length)
    const lost = this.unsynced.splice(kept)
    this.history.splice(Math.max(this.history.length - lost.length, 0))
    for (const undo of lost.reverse()) this.takeBack(undo)
    this.unsynced = []
  }

  /** Removes every entry whose key begins with a byte; a way to plant faults. */
  wipe(firstByte: number): void {
    for (const [text, [key]] of [...this.entries]) if (key[0] === firstByte) this.remove(text)
  }

  /** Other bytes in one value of those that begin with a byte. Answers whether there was one. */
  flip(firstByte: number, pick: (n: number) => number): boolean {
    const held = [...this.entries].filter(([, [key, value]]) => key[0] === firstByte && value.length > 0)
    const found = held[pick(Math.max(held.length, 1))]
    if (found === undefined) return false
    const [text, [key, value]] = found
    const other = value.slice()
    for (let left = 1 + pick(8); left > 0; left--) {
      const at = pick(other.length)
      other[at] = (other[at] ?? 0) ^ (1 << pick(8))
    }
    this.put(text, [key, other])
    return true
  }

  /** Loses the newest batches although they were synced, as a log whose tail is gone. Answers how many. */
  cut(batches: number): number {
    const lost = this.history.splice(Math.max(this.history.length - batches, 0)).reverse()
    for (const undo of lost) this.takeBack(undo)
    this.unsynced = []
    return lost.length
  }

  image(): DiskImage {
    return new Map(this.entries)
  }

  /** Puts back what was there when an image was taken. Only while nobody writes. */
  restore(image: DiskImage): void {
    for (const key of [...this.entries.keys()]) if (!image.has(key)) this.remove(key)
    for (const [key, entry] of image) this.put(key, entry)
    this.unsynced = []
    this.history = []
  }

  private read<T>(answer: () => T): Promise<T> {
    const fault = this.options.readFault?.()
    return fault === undefined ? Promise.resolve(answer()) : Promise.reject(new Error(fault))
  }

  /** The first operations of a batch, and half of the value of the last of them. */
  private tear(ops: readonly KvOp[], count: number): void {
    const whole = ops.slice(0, count)
    const last = whole.at(-1)
    if (last !== undefined && 'put' in last)
      whole[whole.length - 1] = { put: [last.put[0], last.put[1].slice(0, last.put[1].length >> 1)] }
    this.apply(whole, true)
  }

  private write(ops: readonly KvOp[], sync: boolean): Promise<void> {
    const asked = this.options.rewrite?.(ops, sync) ?? { ops, sync }
    if (this.broken) this.options.ignored?.()
    return new Promise((done, failed) => {
      this.queue.push({ ...asked, done, failed })
      if (this.queue.length === 1) this.begin()
    })
  }

  private begin(): void {
    const first = this.queue[0]
    if (first === undefined) return
    const life = this.life
    const ms = this.options.latency(first.sync)
    this.options.begun?.(ms)
    this.options.clock.after(ms, () => {
      if (life !== this.life) return
      this.queue.shift()
      const fault = this.options.fault?.(first.sync)
      if (fault === undefined) this.apply(first.ops, first.sync)
      else this.broken = true
      this.begin()
      if (fault === undefined) first.done()
      else first.failed(new Error(fault))
    })
  }

  private apply(ops: readonly KvOp[], sync: boolean): void {
    const undo: [string, Entry | undefined][] = []
    for (const op of ops) {
      const key = textOf('put' in op ? op.put[0] : op.del)
      const before = this.entries.get(key)
      undo.push([key, before])
      if ('put' in op) this.put(key, op.put)
      else this.remove(key)
    }
    if (sync) this.unsynced = []
    else this.unsynced.push(undo)
    this.history.push(undo)
    if (this.history.length > MAX_HISTORY) this.history.shift()
  }

  private takeBack(undo: Undo): void {
    for (const [key, before] of [...undo].reverse()) {
      if (before === undefined) this.remove(key)
      else this.put(key, before)
    }
  }

  private drawer(key: string): { readonly keys: Set<string>; sorted: string[] | undefined } {
    const name = key.slice(0, DRAWER)
    let drawer = this.drawers.get(name)
    if (drawer === undefined) this.drawers.set(name, (drawer = { keys: new Set(), sorted: undefined }))
    return drawer
  }

  private put(key: string, entry: Entry): void {
    const isNew = !this.entries.has(key)
    this.entries.set(key, entry)
    if (!isNew) return
    const drawer = this.drawer(key)
    drawer.keys.add(key)
    drawer.sorted = undefined
  }

  private remove(key: string): void {
    if (!this.entries.delete(key)) return
    const drawer = this.drawer(key)
    drawer.keys.delete(key)
    drawer.sorted = undefined
  }

  /** Keys from `from` on and below `to`, in order. */
  private keysBetween(from: string, to: string): string[] {
    const names = [...this.drawers.keys()].filter(
      (name) => name >= from.slice(0, DRAWER) && name <= to.slice(0, DRAWER),
    )
    return names.sort(byText).flatMap((name) => {
      const drawer = this.drawer(name)
      drawer.sorted ??= [...drawer.keys].sort(byText)
      return drawer.sorted.filter((key) => key >= from && key < to)
    })
  }

  private range({ gte, lt, reverse, limit }: Parameters<KeyValue['range']>[0]): [Bytes, Bytes][] {
    const keys = this.keysBetween(textOf(gte), textOf(lt))
    if (reverse === true) keys.reverse()
    return keys.slice(0, limit ?? keys.length).flatMap((key) => {
      const entry = this.entries.get(key)
      return entry === undefined ? [] : [[entry[0], entry[1]] as [Bytes, Bytes]]
    })
  }
}
