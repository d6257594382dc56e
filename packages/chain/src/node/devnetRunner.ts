import { type DevnetChain, type DevnetDelegate, writeGenesisFile } from '#chains'
import { lastRoundView, scheduleAt } from '#consensus/dpos'
import { createEraExecutor } from '#executor'
import { slotTimeMs } from '#kernel'
import type { OutcomeMemo } from '#ledger'
import type { MemoryNetwork } from '#p2p'
import type { Address, Hash, KeyValue, Logger } from '#primitives'
import type { OperatorPort } from '#rpc/server'
import type { DevAccount } from './api.ts'
import { createAuthenticator } from './authenticator.ts'
import { createBreather } from './breather.ts'
import { withBuiltIn } from './builtInBundle.ts'
import type { ShiftingClock } from './clock.ts'
import type { BundleStore, Collections } from './collections.ts'
import { createNode, type RunningNode } from './compose.ts'
import type { Closers } from './daemon/closers.ts'
import type { Peering } from './devnetPeering.ts'
import type { Signals } from './devnetSignals.ts'
import { openNodeStore } from './devnetStore.ts'
import type { Devnet } from './devnetTypes.ts'
import { NodeError } from './errors.ts'
import { createMeasuring } from './executing.ts'
import { withFields } from './logger.ts'
import type { LogRing } from './logRing.ts'
import { createDevnetOperator } from './operator/devnetOperator.ts'
import { Pauses } from './pauses.ts'
import { pooledExec } from './recoverPool.ts'

const RPC_STATES = 1024
/** Delegates' nodes keep what reorganisations and marks need. */
const DELEGATE_STATES = 64
const CATCH_UP_POLL_MS = 2
/** From the first start to slot 1. */
const READY_MS = 100
const SLOT_PATIENCE_MS = 3000
/** A busy machine is not a sleeping one. */
const OVERSLEPT_MS = 5000
/** Blocks between two looks for bundles that were installed meanwhile. */
const LOOK_EVERY = 16n

export interface DevnetParts {
  readonly memo: OutcomeMemo | undefined
  readonly world: DevnetChain
  readonly store: KeyValue
  readonly clock: ShiftingClock
  readonly network: MemoryNetwork
  readonly logger: Logger
  readonly slotMs: number
  readonly ring: LogRing | undefined
  readonly dataDir: string | undefined
  readonly collections: Collections
  readonly bundles: BundleStore | undefined
  readonly signals: Signals
  readonly peering: Peering | undefined
  /** What ends after the nodes. */
  readonly closers: Closers
}

/** Runs and steers the nodes. */
export class DevnetRunner implements Devnet {
  readonly nodes: RunningNode[] = []
  private readonly parts: DevnetParts
  private turn: Promise<unknown> = Promise.resolve()
  private stopped = false
  private lastRound = 0n
  private readonly pauses = new Pauses()
  private console: OperatorPort | undefined

  constructor(parts: DevnetParts) {
    this.parts = parts
  }

  get rpcNode(): RunningNode {
    const node = this.nodes.at(-1)
    if (node === undefined) throw new NodeError('node.stopped', 'The devnet has no node')
    return node
  }

  get delegates(): readonly DevnetDelegate[] {
    return this.parts.world.delegates
  }

  get operator(): OperatorPort {
    this.console ??= createDevnetOperator(this, { ring: this.parts.ring, dataDir: this.parts.dataDir })
    return this.console
  }

  accounts(): readonly DevAccount[] {
    return this.parts.world.accounts
  }

  get listenAddresses(): readonly string[] {
    return this.parts.peering?.network.listenAddresses() ?? []
  }

  genesisFile(): string {
    return writeGenesisFile(this.parts.world.options)
  }

  async signal(delegate: Address, collection: Hash | undefined): Promise<void> {
    this.producerOf(delegate)
    await this.parts.signals.choose(delegate, collection)
    this.parts.logger.info('A delegate signals', { delegate, collection: collection ?? 'nothing' })
  }

  pause(delegate: Address): void {
    if (this.isPaused(delegate)) return
    this.producerOf(delegate).pause()
    this.pauses.begin(delegate, this.slotNow())
    this.parts.logger.info('A delegate is paused', { delegate })
  }

  resume(delegate: Address): void {
    this.producerOf(delegate).resume()
    this.pauses.end(delegate, this.slotNow())
    this.parts.logger.info('A delegate produces again', { delegate })
  }

  fastForward(ms: number): Promise<void> {
    if (!Number.isSafeInteger(ms) || ms <= 0) {
      throw new NodeError('node.range', 'The clock moves forward by whole milliseconds', {
        details: { field: 'seconds' },
      })
    }
    const result = this.turn.then(() => this.forward(ms))
    this.turn = result.catch(() => undefined)
    return result
  }

  async stop(): Promise<void> {
    if (this.stopped) return
    this.stopped = true
    for (const node of this.nodes) await node.stop()
    await this.parts.closers.close()
  }

  async launch(): Promise<void> {
    const { clock, logger } = this.parts
    await this.openNodes()
    const behind = clock.now() - this.slotStart(this.highestSlot())
    // A new chain waits for its nodes: slot 1 begins when they are ready.
    if (this.highestSlot() === 0n) clock.setBack(this.parts.slotMs - behind - READY_MS)
    const started = this.highestSlot() > 0n
    const short = started && behind > this.parts.slotMs && behind <= this.longestStepMs()
    // A short stop is made up slot by slot from where the chain stood, so that nobody is held to have missed.
    const back = behind - this.parts.slotMs + READY_MS
    if (short) clock.setBack(-back)
    this.rpcNode.api.subscribe((event) => {
      if (event.kind !== 'head') return
      this.reportMisses()
      if (event.header.height % LOOK_EVERY === 0n) this.lookForBundles()
    })
    clock.onOversleep(Math.max(this.parts.slotMs, OVERSLEPT_MS), (lateMs) => this.makeUp(lateMs))
    for (const node of this.nodes) node.start()
    if (short) await this.fastForward(Math.ceil(back))
    const status = this.rpcNode.api.status()
    logger.info('The devnet is running', {
      nodes: this.nodes.length,
      height: status.height,
      genesis: status.genesisHash,
    })
  }

  /** After the machine slept: like a short stop, so that nobody is held to have missed. A longer one is a halt by itself. */
  private makeUp(lateMs: number): void {
    if (this.stopped || lateMs > this.longestStepMs()) return
    this.parts.clock.setBack(-lateMs)
    this.parts.logger.info('The devnet stood still and makes up for it', { ms: lateMs })
    this.fastForward(Math.ceil(lateMs)).catch((error: unknown) => {
      this.parts.logger.error('The clock could not be made up', { reason: String(error) })
    })
  }

  private async openNodes(): Promise<void> {
    const { memo, world, clock, network, logger, collections, bundles, signals, peering } = this.parts
    const { chain, delegates } = world
    const executor = createEraExecutor(collections, { measuring: createMeasuring() })
    const { network: identity } = chain
    const authenticator = createAuthenticator({ exec: pooledExec, network: identity, method: executor.methodOf })
    for (const [index, { name, address, privateKey, reveals, revealSource }] of delegates.entries()) {
      const isLast = index === delegates.length - 1
      const keepStates = isLast ? RPC_STATES : DELEGATE_STATES
      const inside = network.join(name)
      // One node speaks with other processes; the rest hear everything from it.
      const outside = isLast ? peering : undefined
      const node = await createNode(
        { name, keepStates, relay: outside !== undefined, producer: { privateKey, reveals, revealSource } },
        {
          chain,
          clock,
          executor,
          authenticator,
          ...(memo === undefined ? {} : { memo }),
          breathe: createBreather(),
          net: outside?.join(inside) ?? inside,
          signal: () => signals.of(address),
          installed: () => collections.ready(),
          ...(bundles === undefined ? {} : { bundles: withBuiltIn(bundles, collections.first.hash) }),
          ...(await openNodeStore(this.parts, index + 1)),
          logger: withFields(logger, { node: name }),
          devnet: this,
          isPaused: (delegate) => this.isPaused(delegate),
          wasPaused: (delegate, slot) => this.pauses.cover(delegate, slot),
          warnings: () => this.nodes.flatMap((one) => one.warnings()),
        },
      )
      this.nodes.push(node)
    }
  }

  /** A bundle may be put into the folder at any time. */
  private lookForBundles(): void {
    this.parts.collections.open().catch((error: unknown) => {
      this.parts.logger.error('The installed collections cannot be read', { reason: String(error) })
    })
  }

  private isPaused(delegate: string): boolean {
    return this.nodes.find((node) => node.signer?.address === delegate)?.producer?.isPaused() ?? false
  }

  private slotNow(): bigint {
    return this.slotAt(this.parts.clock.now())
  }

  private producerOf(delegate: Address): NonNullable<RunningNode['producer']> {
    const producer = this.nodes.find((node) => node.signer?.address === delegate)?.producer
    if (producer === undefined) {
      throw new NodeError('node.range', `No node of this devnet belongs to ${delegate}`, {
        details: { field: 'delegate' },
      })
    }
    return producer
  }

  private slotStart(slot: bigint): number {
    return Number(slotTimeMs(this.parts.world.chain.genesis, slot))
  }

  private highestSlot(): bigint {
    return this.nodes.reduce(
      (highest, { ledger }) => (ledger.head().header.slot > highest ? ledger.head().header.slot : highest),
      0n,
    )
  }

  /** Up to here silence may count as missed slots; anything longer is a halt, which counts for nobody. */
  private longestStepMs(): number {
    return (this.delegates.length + 4) * this.parts.slotMs
  }

  private async forward(ms: number): Promise<void> {
    const { clock } = this.parts
    const target = clock.now() + ms
    if (ms > this.longestStepMs()) {
      await clock.shift(ms)
      await this.settled(this.slotAt(clock.now()) + 1n)
      return
    }
    for (;;) {
      const next = this.slotAt(clock.now()) + 1n
      const wait = this.slotStart(next) - clock.now()
      if (this.stopped || clock.now() + wait > target) break
      await clock.shift(Math.max(wait, 0))
      await this.settled(next)
    }
    const rest = target - clock.now()
    if (rest > 0 && !this.stopped) await clock.shift(rest)
  }

  private slotAt(timeMs: number): bigint {
    const { genesisTimeMs } = this.parts.world.chain.genesis
    return BigInt(Math.floor((timeMs - Number(genesisTimeMs)) / this.parts.slotMs))
  }

  /** Waits until every node has the block of a slot, or it is clear that there will be none. */
  private async settled(slot: bigint): Promise<void> {
    const scheduled = scheduleAt(this.rpcNode.ledger.headState(), slot)
    if (scheduled === undefined || this.isPaused(scheduled.producer)) return
    const limit = Date.now() + SLOT_PATIENCE_MS
    const there = (): boolean => this.nodes.every(({ ledger }) => ledger.head().header.slot >= slot)
    while (!there() && Date.now() < limit && !this.stopped) {
      await new Promise((resolve) => setTimeout(resolve, CATCH_UP_POLL_MS))
    }
  }

  private reportMisses(): void {
    const last = lastRoundView(this.rpcNode.ledger.headState())
    if (last === undefined || last.number <= this.lastRound) return
    this.lastRound = last.number
    const missed = last.slots.filter(({ state }) => state === 'missed')
    if (missed.length === 0) return
    const nameOf = new Map(this.delegates.map(({ address, name }) => [address, name]))
    this.parts.logger.warn('Slots were missed', {
      round: last.number,
      delegates: missed.map(({ producer }) => `${nameOf.get(producer) ?? '?'} ${producer}`),
      excluded: last.excluded.map(({ address }) => nameOf.get(address) ?? address),
    })
  }
}
