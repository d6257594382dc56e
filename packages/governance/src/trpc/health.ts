import { delegateNames, listMisses } from '#db'
import type { ExclusionView, HealthView, MissView } from '#domain'
import { dataAge } from './age.ts'
import type { TrpcContext } from './context.ts'

const MISSES_SHOWN = 12

/** Nodes side by side, and who missed and why: the running round as the node sees it, earlier ones from the index. */
export async function getHealth(ctx: TrpcContext): Promise<HealthView> {
  const [nodes, indexed, round, asOf] = await Promise.all([
    ctx.nodes(),
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
  return { nodes, misses, excluded, asOf }
}
