import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { MethodCost } from '#executor'
import type { CollectionStatus, NodeApi } from './api.ts'

/** How a node's sync stands, in figures. */
export interface MeteredState {
  readonly slot: bigint
  readonly peers: number
  readonly targetHeight: bigint
  /** Null while no peer has told its time. */
  readonly clockOffsetMs: number | null
  readonly missed: bigint
  readonly excluded: boolean
  readonly suspended: boolean
  readonly bans: number
  readonly collection: CollectionStatus
}

export interface MeterOptions {
  /** Process figures of prom-client; two nodes of one process must not both have them. Default true. */
  readonly processFigures?: boolean
}

/** Counts what a node does, and shows it as Prometheus text. */
export interface Meter {
  imported(seconds: number): void
  committed(seconds: number): void
  produced(): void
  call(call: { readonly method: string; readonly outcome: string; readonly seconds: number }): void
  message(message: { readonly direction: 'in' | 'out'; readonly kind: string; readonly bytes: number }): void
  /** Connects the figures that are read only when somebody asks. */
  watch(api: Pick<NodeApi, 'status' | 'executionCosts'>, state: () => MeteredState): void
  text(): Promise<string>
  readonly contentType: string
}

const WORK_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5]

class PrometheusMeter implements Meter {
  private readonly registry = new Registry()
  private readonly registers = [this.registry]
  private readonly importSeconds = this.histogram(
    'aelf_block_import_seconds',
    'Checking, executing and storing a block.',
  )
  private readonly commitSeconds = this.histogram('aelf_block_commit_seconds', 'Synced writes to the disk.')
  private readonly producedBlocks = this.counter(
    'aelf_blocks_produced_total',
    'Blocks this node made since it started.',
  )
  private readonly calls = this.counter('aelf_rpc_calls_total', 'Calls by method and outcome.', ['method', 'outcome'])
  private readonly callSeconds = this.histogram('aelf_rpc_call_seconds', 'Time to answer a call.', ['method'])
  private readonly messages = this.counter('aelf_p2p_messages_total', 'Messages between nodes.', ['direction', 'kind'])
  private readonly bytes = this.counter('aelf_p2p_bytes_total', 'Bytes of messages between nodes.', ['direction'])

  constructor(options: MeterOptions) {
    if (options.processFigures !== false) collectDefaultMetrics({ register: this.registry })
  }

  get contentType(): string {
    return this.registry.contentType
  }

  imported(seconds: number): void {
    this.importSeconds.observe(seconds)
  }

  committed(seconds: number): void {
    this.commitSeconds.observe(seconds)
  }

  produced(): void {
    this.producedBlocks.inc()
  }

  call({ method, outcome, seconds }: Parameters<Meter['call']>[0]): void {
    this.calls.inc({ method, outcome })
    this.callSeconds.observe({ method }, seconds)
  }

  message({ direction, kind, bytes }: Parameters<Meter['message']>[0]): void {
    this.messages.inc({ direction, kind })
    this.bytes.inc({ direction }, bytes)
  }

  watch(api: Pick<NodeApi, 'status' | 'executionCosts'>, state: () => MeteredState): void {
    const { version, engines } = api.status()
    const info = this.gauge('aelf_build_info', 'Version and engines of this node.', ['version', 'signature', 'hash'])
    info.set({ version, signature: engines.signature, hash: engines.hash }, 1)
    const read = (name: string, help: string, figure: () => number | bigint): void => {
      new Gauge({
        name,
        help,
        registers: this.registers,
        collect() {
          this.set(Number(figure()))
        },
      })
    }
    this.watchCollection(() => state().collection)
    this.watchCosts(() => api.executionCosts())
    read('aelf_head_height', 'Height of the newest block.', () => api.status().height)
    read('aelf_finalized_height', 'Height of the newest irreversible block.', () => api.status().finalizedHeight)
    read('aelf_prevoted_height', 'Height of the newest prevoted block.', () => api.status().prevotedHeight)
    read('aelf_slot_current', 'Slot by the clock of this node.', () => state().slot)
    read('aelf_peers_connected', 'Connected peers.', () => state().peers)
    read('aelf_mempool_transactions', 'Waiting transactions.', () => api.status().mempool.transactions)
    read('aelf_mempool_bytes', 'Bytes of waiting transactions.', () => api.status().mempool.bytes)
    read('aelf_sync_target_height', 'Highest head a peer has told of.', () => state().targetHeight)
    read(
      'aelf_clock_offset_seconds',
      'How far the clock is ahead of the middle one of the peers; NaN without any.',
      () => {
        const { clockOffsetMs } = state()
        return clockOffsetMs === null ? Number.NaN : clockOffsetMs / 1000
      },
    )
    read('aelf_excluded', '1 while the delegate of this node is excluded.', () => (state().excluded ? 1 : 0))
    read('aelf_suspended', '1 while this node does not produce because it may be on a fork.', () =>
      state().suspended ? 1 : 0,
    )
    this.total('aelf_slots_missed_total', 'Slots the delegate missed, in finished rounds since genesis.', () =>
      Number(state().missed),
    )
    this.total('aelf_peer_bans_total', 'Peers that were sent away since this node started.', () => state().bans)
  }

  text(): Promise<string> {
    return this.registry.metrics()
  }

  /** Hashes as labels: only what is in force now has a line of its own. */
  private watchCollection(collection: () => CollectionStatus): void {
    new Gauge({
      name: 'aelf_collection_info',
      help: 'The collection of the block after the head, and the one this node signals.',
      labelNames: ['running', 'signal'],
      registers: this.registers,
      collect() {
        const { running, signal } = collection()
        this.reset()
        this.set({ running, signal: signal ?? 'none' }, 1)
      },
    })
    new Gauge({
      name: 'aelf_collection_installed',
      help: 'Collections that this node can run.',
      labelNames: ['collection'],
      registers: this.registers,
      collect() {
        this.reset()
        for (const hash of collection().installed) this.set({ collection: hash }, 1)
      },
    })
  }

  /** Work of contract methods: as expected just before each block, and as measured. */
  private watchCosts(costs: () => readonly MethodCost[]): void {
    const read = (
      kind: typeof Counter | typeof Gauge,
      name: string,
      help: string,
      of: (cost: MethodCost) => number,
    ) => {
      const labelNames = ['contract', 'method']
      const collect = (figure: { reset(): void; inc(labels: Record<string, string>, value: number): void }): void => {
        figure.reset()
        for (const cost of costs()) figure.inc({ contract: cost.contract, method: cost.method }, of(cost))
      }
      new kind({
        name,
        help,
        labelNames,
        registers: this.registers,
        collect() {
          collect(this)
        },
      })
    }
    const seconds = (us: number): number => us / 1e6
    read(Counter, 'aelf_execution_calls_total', 'Executed calls.', ({ calls }) => calls)
    read(Counter, 'aelf_execution_measured_seconds_total', 'Time calls took.', (cost) => seconds(cost.totalMeasuredUs))
    read(Counter, 'aelf_execution_expected_seconds_total', 'Time calls were expected to take.', (cost) =>
      seconds(cost.totalExpectedUs),
    )
    read(Gauge, 'aelf_execution_call_expected_seconds', 'Time the next call is expected to take.', (cost) =>
      seconds(cost.expectedUs),
    )
  }

  /** A counter whose value is counted elsewhere. */
  private total(name: string, help: string, figure: () => number): void {
    new Counter({
      name,
      help,
      registers: this.registers,
      collect() {
        this.reset()
        this.inc(figure())
      },
    })
  }

  private gauge<T extends string>(name: string, help: string, labelNames: readonly T[] = []): Gauge<T> {
    return new Gauge({ name, help, labelNames: [...labelNames], registers: this.registers })
  }

  private counter<T extends string>(name: string, help: string, labelNames: readonly T[] = []): Counter<T> {
    return new Counter({ name, help, labelNames: [...labelNames], registers: this.registers })
  }

  private histogram<T extends string>(name: string, help: string, labelNames: readonly T[] = []): Histogram<T> {
    return new Histogram({ name, help, labelNames: [...labelNames], buckets: WORK_SECONDS, registers: this.registers })
  }
}

export function createMeter(options: MeterOptions = {}): Meter {
  return new PrometheusMeter(options)
}
