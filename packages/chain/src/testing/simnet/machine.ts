import { createNode, guardStore, type NodeOptions, type NodePorts, type RunningNode } from '#node'
import type { Bytes, Cancel, Clock, KeyValue, Logger, Net } from '#primitives'
import { type Checks, createCheckedStore } from '#store'
import type { SimDisk, Survivors } from './disk.ts'
import type { Timeline } from './timeline.ts'

export interface MachineOptions {
  readonly name: string
  /** What the node is, at each start. */
  node(record: KeyValue | undefined): Promise<NodeOptions>
  readonly timeline: Timeline
  readonly disk: SimDisk
  /** Where the key's record is kept apart from the chain. */
  readonly recordDisk?: SimDisk
  /** Values on the disk carry these checks; left out: none. */
  readonly checks?: Checks
  /** Joins the network under the machine's name. */
  connect(): Net
  disconnect(): void
  /** Everything else a node needs; the clock is that of this start. */
  ports(clock: Clock): Omit<NodePorts, 'clock' | 'net' | 'store' | 'logger'>
  readonly logger: Logger
  /** Looks at the node before it runs. */
  opened?(node: RunningNode): Promise<void>
  /** The disk has failed a write: a process that keeps the rules writes and signs nothing more, and ends. */
  storageFailed?(error: Error): void
  /** May spoil what arrives; undefined: the machine does not hear it. */
  receives?(peer: string, message: Bytes): Bytes | undefined
  /** Looks at, replaces or swallows what the machine sends. `to` is left out for a broadcast. */
  sends?(
    message: Bytes,
    to: string | undefined,
  ): readonly { readonly to: string | undefined; readonly message: Bytes }[]
}

/**
 * A computer that runs one real node: it can crash, start again from its disk, freeze, and have a wrong clock. A run of the
 * node that crashed never moves again: its timers, messages and writes are gone.
 */
export class Machine {
  readonly name: string
  node: RunningNode | undefined
  /** Starts so far. */
  starts = 0
  private readonly options: MachineOptions
  private life = 0
  private offsetMs = 0
  private frozen = false
  private diskFailed = false
  private backlog: (() => void)[] = []
  private net: Net | undefined

  constructor(options: MachineOptions) {
    this.options = options
    this.name = options.name
  }

  get up(): boolean {
    return this.node !== undefined
  }

  /** True from a failed write until the next start. */
  isBroken(): boolean {
    return this.diskFailed
  }

  isFrozen(): boolean {
    return this.frozen
  }

  /** Distance of this machine's clock from the world's, in milliseconds. */
  setClock(offsetMs: number): void {
    this.offsetMs = offsetMs
  }

  clockOffset(): number {
    return this.offsetMs
  }

  /** Starts the node from what the disk holds. Resolves when it runs; rejects with what its start threw. */
  async start(): Promise<RunningNode> {
    const { options } = this
    this.life += 1
    const life = this.life
    this.starts += 1
    this.frozen = false
    this.diskFailed = false
    this.backlog = []
    this.net = options.connect()
    const net = this.netOf(life, this.net)
    const { disk, recordDisk } = options
    const clock = this.clockOf(life)
    const ports = {
      ...options.ports(clock),
      clock,
      net,
      store: this.storeOf(life, disk, options.checks),
      logger: options.logger,
    }
    const record = recordDisk === undefined ? undefined : this.storeOf(life, recordDisk, undefined)
    const node = await createNode(await options.node(record), ports)
    if (life === this.life) await options.opened?.(node)
    if (life !== this.life) return node
    node.start()
    this.node = node
    return node
  }

  /** Power off. What the disk had not synced may be lost. */
  crash(survivors: Survivors): void {
    this.life += 1
    this.node = undefined
    this.backlog = []
    this.frozen = false
    this.options.disconnect()
    this.options.disk.crash(survivors)
    const { arrived, kept } = survivors
    this.options.recordDisk?.crash({ arrived, kept })
  }

  /** Says something to one peer after a while, whatever its node does meanwhile. */
  sendLater(ms: number, message: Bytes, to: string): void {
    const { net } = this
    this.options.timeline.after(ms, () => {
      if (net !== undefined && net === this.net) net.send(to, message)
    })
  }

  freeze(): void {
    this.frozen = true
  }

  thaw(): void {
    if (!this.frozen) return
    this.frozen = false
    const waiting = this.backlog
    this.backlog = []
    // As a stopped process wakes: everything that came meanwhile, in order, one task each.
    for (const run of waiting) this.options.timeline.after(0, run)
  }

  private guarded(life: number, run: () => void): () => void {
    const guard = (): void => {
      if (life !== this.life) return
      if (this.frozen) this.backlog.push(guard)
      else run()
    }
    return guard
  }

  private clockOf(life: number): Clock {
    const { timeline } = this.options
    return {
      now: () => timeline.now() + this.offsetMs,
      after: (ms, run): Cancel => {
        let cancelled = false
        const task = (): void => {
          if (!cancelled) run()
        }
        const cancel = timeline.after(ms, this.guarded(life, task))
        return () => {
          cancelled = true
          cancel()
        }
      },
    }
  }

  private netOf(life: number, net: Net): Net {
    const emit = (message: Bytes, to: string | undefined): void => {
      if (life !== this.life) return
      const all = this.options.sends?.(message, to) ?? [{ to, message }]
      for (const one of all) {
        if (one.to === undefined) net.broadcast(one.message)
        else net.send(one.to, one.message)
      }
    }
    return {
      broadcast: (message) => emit(message, undefined),
      send: (to, message) => emit(message, to),
      onMessage: (handler) =>
        net.onMessage((peer, message) => {
          const { receives } = this.options
          const arrived = receives === undefined ? message : receives(peer, message)
          if (arrived === undefined) return undefined
          return this.guarded(life, () => void handler(peer, arrived))() as undefined
        }),
      onPeer: (handler) => net.onPeer((peer, here) => this.guarded(life, () => handler(peer, here))()),
      judge: (peer, conduct) => net.judge(peer, conduct),
      peers: () => net.peers(),
    }
  }

  private storeOf(life: number, disk: SimDisk, checks: Checks | undefined): KeyValue {
    const inner = disk.open()
    const { store, failed } = guardStore(checks === undefined ? inner : createCheckedStore(inner, checks))
    void failed.then((error) => {
      if (life !== this.life) return
      this.diskFailed = true
      this.options.storageFailed?.(error)
    })
    return {
      ...store,
      // The answer of the disk waits, too, while the process is stopped.
      write: (ops, options) =>
        new Promise((resolve, reject) => {
          store.write(ops, options).then(
            () => this.guarded(life, resolve)(),
            (error: unknown) => this.guarded(life, () => reject(error))(),
          )
        }),
    }
  }
}
