import type { MainChain } from '#chains'
import type { DposProposeInput, DposState } from '#consensus/dpos'
import { createEraExecutor, type EraExecutor, type Needed, singleEra } from '#executor'
import { checkHeader, type Ledger, type OutcomeMemo, openLedger } from '#ledger'
import { createMempool, type Mempool } from '#mempool'
import type { Bytes, Clock, Hash, KeyValue, Logger, Net, RecordLog } from '#primitives'
import { createStoreLog, openBucket } from '#store'
import type { CollectionStatus, DevnetApi, NodeApi, NodeWarning, SyncStatus } from './api.ts'
import { type Authenticator, createAuthenticator, inlineExec } from './authenticator.ts'
import { createBlockExecutor, createMempoolChain } from './chainPort.ts'
import { type BundleStore, collectionOf, neededIn } from './collections.ts'
import { type ContractBook, createContractBook } from './contractBook.ts'
import { type Decoder, plainDecoder } from './decoder.ts'
import { Events } from './events.ts'
import { createFollower } from './following.ts'
import { type History, openHistory } from './history.ts'
import { followClaims } from './keys/claims.ts'
import { type KeyWatch, keyInUseWarning } from './keys/keyWatch.ts'
import type { BlockSigner } from './keys/signer.ts'
import { meterImports, type NodeMeter } from './metering.ts'
import { createNodeApi } from './nodeApi.ts'
import { Peers } from './peers.ts'
import type { Producer } from './producer.ts'
import { openProducer, type ProducerOptions } from './producing.ts'
import { Renewal } from './renewal.ts'
import { createSlots, type Slots } from './slots.ts'
import { Standing } from './standing.ts'
import { Suspicion } from './suspicion.ts'
import { createTraceRing, type TraceRing, tracedAhead } from './traceRing.ts'
import { Witness } from './witness.ts'

export interface NodeOptions {
  readonly name: string
  /** Heights whose state can be proven. */
  readonly keepStates: number
  /** Pass on transactions and heads that came from others. */
  readonly relay: boolean
  /** Blocks a peer may be ahead before headers come first; 64 when left out. */
  readonly farBlocks?: bigint
  /** Makes the node a delegate. */
  readonly producer?: ProducerOptions
}

export interface NodePorts {
  readonly chain: MainChain
  readonly clock: Clock
  readonly net: Net
  readonly store: KeyValue
  /** Where acknowledged transactions wait for the next start; in the store when left out. */
  readonly journal?: RecordLog
  readonly logger: Logger
  /** Runs blocks with whatever collections there are; with that of genesis alone when left out. */
  readonly executor?: EraExecutor
  readonly authenticator?: Authenticator
  readonly memo?: OutcomeMemo
  /** Left out: one that remembers nothing. */
  readonly decoder?: Decoder
  readonly devnet?: DevnetApi
  /** Whether somebody has stopped a delegate, where that can be known. */
  isPaused?(delegate: `0x${string}`): boolean
  wasPaused?(delegate: `0x${string}`, slot: bigint): boolean
  /** Warnings of all nodes, where they are known; otherwise the node has its own. */
  warnings?(): readonly NodeWarning[]
  /** False while something outside of the chain forbids producing, such as a full disk; it is told in `machineWarnings`. */
  mayProduce?(): boolean
  machineWarnings?(): readonly NodeWarning[]
  readonly meter?: NodeMeter
  /** As the ledger's: between the steps of a large block. Left out: its steps follow each other at once. */
  readonly breathe?: () => Promise<void>
  /** Bundles that peers may have; none when left out. */
  readonly bundles?: Pick<BundleStore, 'read'>
  /** Successor of the collection that the blocks of this node signal; none when left out. */
  signal?(): Hash
  /** A block that headers prove irreversible waits for a collection which is not here. */
  lacks?(needed: Needed): void
  /** Collections that this node can run; that of genesis alone when left out. */
  installed?(): readonly Hash[]
}

/** A node with its parts, for whoever runs it. */
export interface RunningNode {
  readonly name: string
  readonly api: NodeApi
  readonly ledger: Ledger<DposState, DposProposeInput>
  readonly mempool: Mempool
  readonly producer: Producer | undefined
  readonly signer: BlockSigner | undefined
  readonly keyWatch: KeyWatch | undefined
  syncStatus(): SyncStatus
  collection(): CollectionStatus
  /** Contracts as clients are told of them. */
  readonly contracts: () => ContractBook
  readonly trace: TraceRing
  /** The bundle of a collection, from peers; undefined when none of them gives it. */
  fetchBundle(hash: Hash): Promise<Bytes | undefined>
  /** What headers say of this node's head. */
  readonly standing: Pick<Standing, 'isBehind' | 'isLed'>
  /** What the operator of this node should know now. */
  warnings(): readonly NodeWarning[]
  /** Starts producing and talking. */
  start(): void
  /** Stops at once; what is being written is finished. The store stays open. */
  stop(): Promise<void>
}

/** What the parts of one node share. */
export interface NodeParts {
  readonly options: NodeOptions
  readonly ports: NodePorts
  readonly ledger: Ledger<DposState, DposProposeInput>
  readonly mempool: Mempool
  readonly executor: EraExecutor
  readonly authenticator: Authenticator
  readonly history: History
  readonly witness: Witness
  readonly suspicion: Suspicion
  readonly standing: Standing
  readonly slots: Slots
  readonly events: Events
  readonly trace: TraceRing
}

async function openParts(options: NodeOptions, ports: NodePorts): Promise<NodeParts> {
  const { chain, logger } = ports
  const executor = ports.executor ?? createEraExecutor(singleEra(chain.first))
  const decoder = ports.decoder ?? plainDecoder
  const slots = createSlots(chain, ports.clock)
  const trace = createTraceRing()
  const network = chain.network
  const method = (tx: Parameters<EraExecutor['methodOf']>[0]): ReturnType<EraExecutor['methodOf']> =>
    executor.methodOf(tx)
  const authenticator = ports.authenticator ?? createAuthenticator({ exec: inlineExec, network, method })
  const store = openBucket(ports.store, 'ledger')
  const witness = new Witness((producer, slot) => ports.wasPaused?.(producer, slot) ?? false)
  const history = await openHistory(store, witness)
  const ledger = await openLedger<DposState, DposProposeInput>(
    { genesis: chain.genesis, genesisBlock: chain.genesisBlock, keepStates: options.keepStates },
    {
      engine: chain.engine,
      codec: { encode: chain.encodeState, decode: chain.decodeState },
      checkExecution: chain.checkExecution,
      executor: createBlockExecutor(executor),
      store,
      logger,
      authenticate: (transactions, ids) => authenticator.authenticate(transactions, ids),
      ahead: (transactions) => void authenticator.ahead(transactions),
      indexers: [history],
      trace: trace.step,
      ...(ports.breathe === undefined ? {} : { breathe: ports.breathe }),
      decodeBlock: decoder.block,
      ...(ports.memo === undefined ? {} : { memo: ports.memo }),
    },
  )
  if (ports.meter !== undefined) meterImports(ledger, ports.meter)
  const poolChain = createMempoolChain({ ledger, executor, nowSlot: slots.now })
  const suspicion: Suspicion = new Suspicion({
    clock: ports.clock,
    logger,
    decoder,
    slotMs: Number(chain.genesis.slotMs),
    chain: poolChain,
    authenticate: async (transaction, id) => (await authenticator.authenticate([transaction], [id]))[0],
    peers: () => ports.net.peers(),
    isBehind: () => standing.isBehind(),
  })
  const standing = new Standing(suspicion)
  const mempool = createMempool(
    {},
    {
      chain: poolChain,
      decode: decoder.transaction,
      authenticate: (transactions, ids) => authenticator.authenticate(transactions, ids, { patient: true }),
      journal: ports.journal ?? createStoreLog(openBucket(ports.store, 'journal')),
      logger,
    },
  )
  const events = new Events(logger)
  const judges = { history, witness, suspicion, standing }
  return { options, ports, ledger, mempool, executor, authenticator, ...judges, slots, events, trace }
}

/** Builds a node from its ports; nothing runs before `start`. The only place where a node's parts are constructed. */
export async function createNode(options: NodeOptions, ports: NodePorts): Promise<RunningNode> {
  const parts = await openParts(options, ports)
  const { ledger, mempool, slots } = parts
  const { followed, allFollowed } = createFollower(parts, () => peers)
  const claims = followClaims(ports.net, slots.now)
  const peers: Peers<DposState> = new Peers<DposState>(
    { relay: options.relay, ...(options.farBlocks === undefined ? {} : { farBlocks: options.farBlocks }) },
    {
      ...parts,
      net: ports.net,
      clock: ports.clock,
      logger: ports.logger,
      decoder: ports.decoder ?? plainDecoder,
      engine: ports.chain.engine,
      bundle: async (hash) => ports.bundles?.read(hash),
      checkHeader: (header, parent) => checkHeader(header, parent, ports.chain),
      nowSlot: slots.now,
      slotStartMs: slots.startMs,
      signersOf: (headers, options) => parts.authenticator.signersOf(headers, options),
      ahead: tracedAhead(parts.trace, parts.authenticator),
      lacks: (error) => ports.lacks?.(neededIn(error)),
      imported: (result) => {
        for (const { header } of result.nodes) made?.keyWatch?.saw(header)
        return followed(result)
      },
    },
  )
  parts.standing.follow(peers)
  const made = await openProducer(parts, claims, async (block, result) => {
    peers.publishBlock(block)
    ports.meter?.produced()
    await followed(result)
  })
  const restored = await mempool.restore()
  if (restored > 0) ports.logger.info('Accepted transactions came back from disk', { transactions: restored })
  let renewal: Renewal | undefined
  const warnings = (): readonly NodeWarning[] => {
    const inUse = made?.keyWatch?.state === 'inUse' ? keyInUseWarning(made.signer.address) : undefined
    const own = [renewal?.warning(), inUse, parts.standing.warning(), ...(ports.machineWarnings?.() ?? [])]
    return own.filter((one) => one !== undefined)
  }
  const api = createNodeApi(parts, {
    publish: (entry) => peers.offers.publish(entry),
    warnings: () => ports.warnings?.() ?? warnings(),
  })
  if (made !== undefined) {
    const { reveals, signRenewal } = made
    const keeper = new Renewal({ parts, reveals, sign: signRenewal, submit: (envelope) => api.submit(envelope) })
    renewal = keeper
    parts.events.subscribe((event) => {
      if (event.kind === 'head') void keeper.followHead(event.header.height)
    })
  }
  return {
    name: options.name,
    api,
    ledger,
    mempool,
    producer: made?.producer,
    signer: made?.signer,
    keyWatch: made?.keyWatch,
    syncStatus: () => parts.standing.status(),
    collection: () => collectionOf(ledger, ports),
    contracts: createContractBook({
      running: () => parts.executor.eraAt(ledger.headTree(), ledger.head().header.height + 1n),
      known: () => parts.executor.known(),
    }),
    trace: parts.trace,
    fetchBundle: (hash) => peers.fetchBundle(hash),
    standing: parts.standing,
    warnings,
    start() {
      made?.keyWatch?.start()
      for (const entry of mempool.list(mempool.size().transactions)) peers.offers.publish(entry)
      peers.start()
      made?.producer.start()
    },
    async stop() {
      // The others are told of the block in hand.
      await made?.producer.finish()
      peers.stop()
      // Whoever closes the store afterwards must find nobody who still writes to it.
      await ledger.idle()
      await allFollowed()
    },
  }
}
