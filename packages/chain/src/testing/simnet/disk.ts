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
  /** May change what a write asks for; a way to plant faults. */
  /** The error a batch ends with instead of reaching the platter; asked once for each. */
  fault?(sync: boolean): string | undefined
  /** Told of every write asked for after one has failed, until power was lost. */
  ignored?(): void
  readonly rewrite?: (ops: readonly KvOp[], sync: boolean) => { readonly ops: readonly KvOp[]; readonly sync: boolean }
}

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
      get: (key) => (alive() ? Promise.resolve(this.entries.get(textOf(key))?.[1]) : never),
      write: (ops, { sync }) => (alive() ? this.write(ops, sync) : never),
      range: (range) => (alive() ? Promise.resolve(this.range(range)) : never),
      close: async () => undefined,
    }
  }

  /** True while a batch is on its way to the platter. */
  busy(): boolean {
    return this.queue.length > 0
  }

  /** Loses power. `arrived` of the batches under way and `kept` of the batches never synced survive. */
  crash(survivors: { arrived(waiting: number): number; kept(unsynced: number): number }): void {
    this.life += 1
    this.broken = false
    const waiting = this.queue
    this.queue = []
    for (const { ops, sync } of waiting.slice(0, survivors.arrived(waiting.length))) this.apply(ops, sync)
    const kept = survivors.kept(this.unsynced.length)
    for (const undo of this.unsynced.splice(kept).reverse()) this.takeBack(undo)
    this.unsynced = []
  }

  /** Removes every entry whose key begins with a byte; a way to plant faults. */
  wipe(firstByte: number): void {
    for (const [text, [key]] of [...this.entries]) if (key[0] === firstByte) this.remove(text)
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
    this.options.clock.after(this.options.latency(first.sync), () => {
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
      if (!sync) undo.push([key, before])
      if ('put' in op) this.put(key, op.put)
      else this.remove(key)
    }
    if (sync) this.unsynced = []
    else this.unsynced.push(undo)
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
