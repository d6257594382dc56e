import { createPrng } from '#primitives'
import { Cluster, sleep } from './cluster.ts'
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
  readonly signatures: number
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
const SETTLE_EVERY = 20
const MAX_BREACHES = 5

/** Kills one node with SIGKILL, now, starts it again, and waits until it has caught up. */
async function killOnce(
  cluster: Cluster,
  { seed, slotMs }: KillsOptions,
  number: number,
): Promise<{ openMs: number; catchUpMs: number }> {
  const prng = createPrng(`kills/${seed}/${number}`)
  const node = prng.pick(cluster.nodes)
  await sleep(prng.int(slotMs * 3))
  await cluster.end(node, 'SIGKILL')
  // Some kills leave time to miss slots, most do not.
  if (prng.bool([1, 4])) await sleep(prng.int(slotMs * 6))
  const began = Date.now()
  await cluster.start(node)
  const openMs = Date.now() - began
  const limit = Date.now() + CATCH_UP_MS
  for (;;) {
    const view = await cluster.view(node)
    if (view !== undefined && view.height >= cluster.height - NEAR) break
    if (Date.now() > limit) {
      cluster.ledger.breach(
        'noProgress',
        `${node.name} stands at ${view?.height} while others are at ${cluster.height}`,
      )
      break
    }
    await sleep(20)
  }
  cluster.calm()
  return { openMs, catchUpMs: Date.now() - began - openMs }
}

const sorted = (list: readonly number[]): number[] => [...list].sort((a, b) => a - b)

/** Kills nodes of a real network one after the other under load, and compares in the end what was promised with what is there. */
export async function playKills(options: KillsOptions): Promise<KillsReport> {
  const { folder, seed, producers, slotMs, senders, log, from = 0 } = options
  const cluster = new Cluster(await makeNetwork({ folder, seed, producers, observers: 0, slotMs }), seed)
  const { ledger } = cluster
  const done: { openMs: number; catchUpMs: number }[] = []
  try {
    await cluster.open()
    await cluster.startAll()
    if ((await cluster.awaitFinality(0, BEGIN_MS)) === undefined) throw new Error('the network did not begin')
    const stop = startWorkload(cluster, { senders, seed: `${seed}/${from}` })
    try {
      for (let number = from; number < from + options.kills; number += 1) {
        if (Date.now() > (options.untilMs ?? Number.POSITIVE_INFINITY) || ledger.breaches.length >= MAX_BREACHES) break
        done.push(await killOnce(cluster, options, number))
        if (done.length % SETTLE_EVERY !== 0) continue
        await compare(cluster)
        await settle(cluster)
        const { acknowledged } = ledger.settled
        log(
          `${done.length} kills: height ${cluster.height}, ${acknowledged + ledger.acknowledged.size} acknowledged, ${ledger.signatures()} signatures, ${ledger.breaches.length} breaches`,
        )
      }
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
    kills: done.length,
    ...ledger.settled,
    signatures: ledger.signatures(),
    openMs: sorted(done.map(({ openMs }) => openMs)),
    catchUpMs: sorted(done.map(({ catchUpMs }) => catchUpMs)),
    finalHeight: cluster.height,
    breaches: ledger.breaches,
  }
}
