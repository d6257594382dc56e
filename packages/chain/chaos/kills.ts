import { createPrng, type Prng } from '#primitives'
import { type ChaosNode, Cluster, sleep } from './cluster.ts'
import { makeNetwork } from './folders.ts'
import type { Breach } from './ledger.ts'
import { compare, conclude, settle } from './verdict.ts'
import { startWorkload } from './workload.ts'

export interface KillsOptions {
  readonly folder: string
  readonly seed: string
  readonly kills: number
  readonly from?: number
  readonly producers: number
  readonly slotMs: number
  readonly senders: number
  /** No kill happens later. */
  readonly untilMs?: number
  log(line: string): void
}

export interface KillsReport {
  readonly kills: number
  readonly sent: number
  readonly acknowledged: number
  readonly included: number
  readonly excused: number
  readonly excuses: readonly string[]
  readonly signatures: number
  /** Slots that keys have on record as signed, read from their folders at every end of a process. */
  readonly recorded: number
  readonly starts: number
  /** From the end of the process to the moment it serves again, sorted. */
  readonly openMs: readonly number[]
  /** From then until it stands where the others stand, sorted. */
  readonly catchUpMs: readonly number[]
  readonly finalHeight: number
  readonly breaches: readonly Breach[]
}

const BEGIN_MS = 120_000
const CATCH_UP_MS = 60_000
/** A node stands where the others stand when it is at most so far behind. */
const NEAR = 2
const LOOK_MS = 50
const SETTLE_EVERY = 25
const MAX_BREACHES = 5
/** So many nodes are being killed and started again at a time, each by one hand. */
const HANDS = 2

interface Killed {
  readonly openMs: number
  readonly catchUpMs: number
}

/** Waits until a node stands where the others stand. */
async function catchUp(cluster: Cluster, node: ChaosNode): Promise<number> {
  const patience = cluster.patience(CATCH_UP_MS)
  for (;;) {
    const view = await cluster.view(node)
    if (view !== undefined && view.height >= cluster.height - NEAR) return patience.elapsedMs()
    if (patience.isOver()) {
      const detail = `${node.name} stands at ${view?.height} while others are at ${cluster.height}`
      cluster.ledger.breach('noProgress', detail)
      return patience.elapsedMs()
    }
    await sleep(LOOK_MS)
  }
}

/** A run of kills: hands that each take a node nobody has, kill it, start it and let it catch up. */
class KillRun {
  readonly done: Killed[] = []
  private readonly cluster: Cluster
  private readonly options: KillsOptions
  private readonly taken = new Set<ChaosNode>()
  private next: number
  private auditing: Promise<void> = Promise.resolve()

  constructor(cluster: Cluster, options: KillsOptions) {
    this.cluster = cluster
    this.options = options
    this.next = options.from ?? 0
  }

  async play(): Promise<void> {
    await Promise.all(Array.from({ length: HANDS }, () => this.hand()))
    await this.auditing
  }

  private async hand(): Promise<void> {
    const { kills, from = 0, seed, untilMs = Number.POSITIVE_INFINITY } = this.options
    const { ledger } = this.cluster
    while (this.next < from + kills && Date.now() <= untilMs && ledger.breaches.length < MAX_BREACHES) {
      const prng = createPrng(`kills/${seed}/${this.next}`)
      this.next += 1
      const node = prng.pick(this.cluster.nodes.filter((one) => !this.taken.has(one)))
      this.taken.add(node)
      this.done.push(await this.kill(node, prng))
      this.taken.delete(node)
      if (this.done.length % SETTLE_EVERY === 0) this.auditing = this.auditing.then(() => this.audit(this.done.length))
    }
  }

  /** Kills one node with SIGKILL, anywhere in a slot, and starts it again. */
  private async kill(node: ChaosNode, prng: Prng): Promise<Killed> {
    const { cluster } = this
    const { slotMs } = this.options
    await sleep(prng.int(slotMs))
    await cluster.end(node, 'SIGKILL')
    // Some kills leave time to miss slots, most do not.
    if (prng.bool([1, 8])) await sleep(prng.int(slotMs * 6))
    const began = Date.now()
    await cluster.start(node)
    const openMs = Date.now() - began
    const catchUpMs = await catchUp(cluster, node)
    cluster.calm([node])
    return { openMs, catchUpMs }
  }

  private async audit(kills: number): Promise<void> {
    const { cluster, options } = this
    const { ledger } = cluster
    await compare(cluster)
    settle(cluster)
    const { acknowledged, excused } = ledger.settled
    options.log(
      `${kills} kills: height ${cluster.height}, ${acknowledged + ledger.acknowledged.size} acknowledged, ${excused} excused, ${ledger.signatures()} signatures, ${ledger.breaches.length} breaches`,
    )
  }
}

const sorted = (list: readonly number[]): number[] => [...list].sort((a, b) => a - b)

/** Kills nodes of a real network under load, and compares what was promised with what is there. */
export async function playKills(options: KillsOptions): Promise<KillsReport> {
  const { folder, seed, producers, slotMs, senders, from = 0 } = options
  const cluster = new Cluster(await makeNetwork({ folder, seed, producers, observers: 0, slotMs }), seed)
  const { ledger } = cluster
  const run = new KillRun(cluster, options)
  try {
    await cluster.open()
    await cluster.startAll()
    if ((await cluster.awaitFinality(0, BEGIN_MS)) === undefined) throw new Error('the network did not begin')
    const stop = startWorkload(cluster, { senders, seed: `${seed}/${from}` })
    try {
      await run.play()
    } finally {
      await stop()
    }
    const height = cluster.height
    if ((await cluster.awaitFinality(height, CATCH_UP_MS)) === undefined)
      ledger.breach('noProgress', `nothing above ${height} became irreversible`)
    await conclude(cluster)
  } catch (error) {
    ledger.breach('ended', `the run itself failed: ${error instanceof Error ? error.stack : String(error)}`)
  } finally {
    await cluster.close()
  }
  return {
    kills: run.done.length,
    ...ledger.settled,
    excuses: ledger.excuses,
    signatures: ledger.signatures(),
    recorded: ledger.recordedSlots(),
    starts: cluster.nodes.reduce((sum, { starts }) => sum + starts, 0),
    openMs: sorted(run.done.map(({ openMs }) => openMs)),
    catchUpMs: sorted(run.done.map(({ catchUpMs }) => catchUpMs)),
    finalHeight: cluster.height,
    breaches: ledger.breaches,
  }
}
