import { createPrng } from '#primitives'
import { Cluster } from './cluster.ts'
import { drawFault } from './faults.ts'
import { makeNetwork } from './folders.ts'
import type { Breach } from './ledger.ts'
import { compare, conclude, settle } from './verdict.ts'
import { startWorkload } from './workload.ts'

export interface RoundsOptions {
  readonly folder: string
  readonly seed: string
  readonly rounds: number
  /** Number of the first round, to go on where another slice ended. */
  readonly from?: number
  readonly producers: number
  readonly observers: number
  readonly slotMs: number
  readonly senders: number
  /** Kinds of faults by name; left out: all. */
  readonly only?: readonly string[]
  /** The kind of each round, in order, instead of drawing them. */
  readonly script?: readonly string[]
  /** No round begins later. */
  readonly untilMs?: number
  log(line: string): void
}

export interface RoundsReport {
  readonly rounds: number
  readonly byFault: Readonly<Record<string, number>>
  readonly sent: number
  readonly acknowledged: number
  readonly included: number
  /** Promised, not kept, while the node was under a fault nearly all the time that was left. */
  readonly excused: number
  readonly excuses: readonly string[]
  /** Headers that were seen, and how many signatures of different slots. */
  readonly headers: number
  readonly signatures: number
  /** Slots that keys have on record as signed, read from their folders at every end of a process. */
  readonly recorded: number
  readonly starts: number
  readonly slowestStartMs: number
  /** From the end of a fault to the first irreversible block above all there was, in milliseconds, sorted. */
  readonly healMs: readonly number[]
  readonly finalHeight: number
  readonly breaches: readonly Breach[]
}

/** Rounds of the chain's rotation within which everybody must go on after a fault; generous for a machine with other work. */
const HEAL_ROUNDS = 12
const HEAL_MS = 60_000
/** Breaches after which a slice ends: the rest would be consequences. */
const MAX_BREACHES = 5

async function playRound(
  cluster: Cluster,
  options: RoundsOptions,
  number: number,
): Promise<{ fault: string; healMs: number | undefined }> {
  const { seed, slotMs, log } = options
  const prng = createPrng(`chaos/${seed}/${number}`)
  // A node that ended by itself is on record; the others get their next fault with it.
  await Promise.all(cluster.nodes.map((node) => cluster.start(node)))
  const scripted = options.script?.[number]
  const fault = drawFault(prng, scripted === undefined ? options.only : [scripted])
  const what = await fault.run({ cluster, prng, slotMs })
  const height = cluster.height
  const limit = Math.max(HEAL_MS, HEAL_ROUNDS * (options.producers + 1) * slotMs)
  const healMs = await cluster.awaitFinality(height, limit)
  if (healMs === undefined) {
    const views = await Promise.all(
      cluster.nodes.map(async (node) => `${node.name} ${JSON.stringify(await cluster.view(node))}`),
    )
    cluster.ledger.breach(
      'noProgress',
      `no irreversible block above ${height} everywhere ${limit} ms after "${fault.name}": ${views.join(', ')}`,
    )
  }
  cluster.calm()
  await compare(cluster)
  settle(cluster)
  log(
    `round ${number}: ${fault.name} (${what}); ${healMs === undefined ? 'not healed' : `healed in ${healMs} ms`}; height ${cluster.height}, ` +
      `${cluster.ledger.settled.acknowledged + cluster.ledger.acknowledged.size} acknowledged, ${cluster.ledger.signatures()} signatures, ${cluster.ledger.breaches.length} breaches`,
  )
  return { fault: fault.name, healMs }
}

function reportOf(cluster: Cluster, played: readonly { fault: string; healMs: number | undefined }[]): RoundsReport {
  const { ledger, nodes, height } = cluster
  const byFault: Record<string, number> = {}
  for (const { fault } of played) byFault[fault] = (byFault[fault] ?? 0) + 1
  const healMs = played.flatMap((one) => one.healMs ?? []).sort((a, b) => a - b)
  return {
    rounds: played.length,
    byFault,
    ...ledger.settled,
    excuses: ledger.excuses,
    headers: ledger.headers,
    signatures: ledger.signatures(),
    recorded: ledger.recordedSlots(),
    starts: nodes.reduce((sum, { starts }) => sum + starts, 0),
    slowestStartMs: Math.max(...nodes.map(({ slowestStartMs }) => slowestStartMs)),
    healMs,
    finalHeight: height,
    breaches: ledger.breaches,
  }
}

/** Starts a network of processes in an empty folder and plays rounds of faults on it, under load all the time. */
export async function playRounds(options: RoundsOptions): Promise<RoundsReport> {
  const { folder, seed, producers, observers, slotMs, senders, from = 0 } = options
  const cluster = new Cluster(await makeNetwork({ folder, seed, producers, observers, slotMs }), seed)
  const played: { fault: string; healMs: number | undefined }[] = []
  try {
    await cluster.open()
    await cluster.startAll()
    if ((await cluster.awaitFinality(0, HEAL_MS * 2)) === undefined) {
      cluster.ledger.breach('noProgress', 'the network did not begin')
      return reportOf(cluster, played)
    }
    const stop = startWorkload(cluster, { senders, seed: `${seed}/${from}` })
    try {
      for (let number = from; number < from + options.rounds; number += 1) {
        if (
          Date.now() > (options.untilMs ?? Number.POSITIVE_INFINITY) ||
          cluster.ledger.breaches.length >= MAX_BREACHES
        )
          break
        played.push(await playRound(cluster, options, number))
      }
    } finally {
      await stop()
    }
    await conclude(cluster)
    return reportOf(cluster, played)
  } catch (error) {
    cluster.ledger.breach('ended', `the run itself failed: ${error instanceof Error ? error.stack : String(error)}`)
    return reportOf(cluster, played)
  } finally {
    await cluster.close()
  }
}
