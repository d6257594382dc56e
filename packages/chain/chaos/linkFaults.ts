import { type ChaosNode, type Cluster, sleep } from './cluster.ts'
import { type FaultContext, lasting, names } from './faultContext.ts'
import type { Rules } from './rules.ts'

/** Bytes between two sides obey these rules, both ways or one way only. */
function between(
  cluster: Cluster,
  sides: readonly [readonly ChaosNode[], readonly ChaosNode[]],
  rules: Partial<Rules>,
  oneWay = false,
): void {
  const [left, right] = sides
  for (const a of left) {
    for (const b of right) {
      if (a === b) continue
      cluster.rule(a, b, rules)
      if (!oneWay) cluster.rule(b, a, rules)
    }
  }
}

/** Slots after which what was under way at a cut has arrived. */
const SETTLING_SLOTS = 2

/**
 * What a side without enough producers makes after the cut never becomes irreversible there. It would if bytes found a way around the
 * links, or if a side could decide alone.
 */
async function checkSide(cluster: Cluster, side: readonly ChaosNode[], heightAtCut: number): Promise<void> {
  const producers = cluster.producers()
  const quorum = Math.floor((2 * producers.length) / 3) + 1
  if (side.filter((node) => producers.includes(node)).length >= quorum) return
  for (const node of side) {
    const view = await cluster.view(node)
    if (view === undefined || view.finalized <= heightAtCut) continue
    const detail = `${node.name} made ${view.finalized} irreversible without a quorum, cut off at ${heightAtCut}`
    cluster.ledger.breach('forked', detail)
  }
}

export async function partition(context: FaultContext, left: number): Promise<string> {
  const { cluster, prng, slotMs } = context
  const all = prng.shuffle(cluster.nodes)
  const cut = all.slice(0, left)
  const rules = prng.bool() ? { hold: true } : { swallow: true }
  for (const node of left * 2 >= all.length ? all : cut) cluster.disturb(node)
  const rest = all.slice(left)
  between(cluster, [cut, rest], rules)
  await sleep(slotMs * SETTLING_SLOTS)
  const { height } = cluster
  await lasting(context, 14)
  for (const side of [cut, rest]) await checkSide(cluster, side, height)
  cluster.mend()
  return `${names(cut)} cut off, bytes ${'hold' in rules ? 'held' : 'swallowed'}`
}

export async function oneWay(context: FaultContext): Promise<string> {
  const { cluster, prng } = context
  const node = prng.pick(cluster.nodes)
  cluster.disturb(node)
  const hears = prng.bool()
  between(cluster, hears ? [[node], cluster.nodes] : [cluster.nodes, [node]], { hold: true }, true)
  await lasting(context, 14)
  cluster.mend()
  return `${node.name} only ${hears ? 'hears' : 'speaks'}`
}

export async function flapping(context: FaultContext): Promise<string> {
  const { cluster, prng, slotMs } = context
  const node = prng.pick(cluster.nodes)
  cluster.disturb(node)
  for (let count = 0; count < 5; count += 1) {
    between(cluster, [[node], cluster.nodes], { swallow: true })
    await sleep(slotMs)
    cluster.mend()
    await sleep(slotMs)
  }
  return node.name
}

/** All links bad at once: nobody is told, everybody has to live with it. */
export async function badLinks(context: FaultContext, rules: Partial<Rules>): Promise<string> {
  const { cluster } = context
  for (const node of cluster.nodes) cluster.disturb(node)
  between(cluster, [cluster.nodes, cluster.nodes], rules)
  await lasting(context, 14)
  cluster.mend()
  return Object.entries(rules)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ')
}
