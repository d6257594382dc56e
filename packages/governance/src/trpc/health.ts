import { delegateNames, findRule, listMisses } from '#db'
import { type ExclusionView, type HealthView, type MissView, type NodesView, nodeConcern } from '#domain'
import { dataAge } from './age.ts'
import type { TrpcContext } from './context.ts'

const MISSES_SHOWN = 12

/** The configured nodes, each with what is wrong with its collection. */
async function judgedNodes(ctx: TrpcContext): Promise<NodesView> {
  const [view, record] = await Promise.all([ctx.nodes(), findRule(ctx.database)])
  if (record === undefined) return view
  const chain = { current: record.hash, since: record.since, candidate: record.candidate?.hash }
  const nodes = view.nodes.map((node) => {
    const concern = node.state === 'otherNetwork' ? undefined : nodeConcern(node, chain)
    return concern === undefined ? node : { ...node, concern }
  })
  return { ...view, nodes }
}

/** Nodes side by side, and who missed and why: the running round as the node sees it, earlier ones from the index. */
export async function getHealth(ctx: TrpcContext): Promise<HealthView> {
  const [asked, indexed, round, asOf] = await Promise.all([
    judgedNodes(ctx),
    listMisses(ctx.database, MISSES_SHOWN),
    ctx.node.round('latest'),
    dataAge(ctx),
  ])
  const missed = (round?.slots ?? []).filter((slot) => slot.state === 'missed')
  const names = await delegateNames(ctx.database.prisma, [
    ...missed.map((slot) => slot.producer),
    ...(round?.excluded ?? []).map((entry) => entry.address),
  ])
  const nameOf = (address: string): { name: string } | undefined => {
    const name = names.get(address)
    return name === undefined ? undefined : { name }
  }
  const running = missed.map((slot): MissView => {
    const producerName = names.get(slot.producer)
    return {
      slot: BigInt(slot.slot),
      round: Number(round?.number ?? 0),
      timeMs: slot.timeMs,
      producer: slot.producer,
      isExtra: slot.isExtra,
      ...(producerName === undefined ? {} : { producerName }),
      ...(slot.reason === undefined ? {} : { reason: slot.reason }),
    }
  })
  const known = new Set(running.map(({ slot }) => slot))
  const misses = [...running, ...indexed.filter(({ slot }) => !known.has(slot))]
    .sort((a, b) => (a.slot > b.slot ? -1 : 1))
    .slice(0, MISSES_SHOWN)
  const excluded = (round?.excluded ?? []).map((entry): ExclusionView => ({ ...entry, ...nameOf(entry.address) }))
  return { nodes: asked, misses, excluded, asOf }
}
