import type { Prng } from '#primitives'
import { type ChaosNode, type Cluster, sleep } from './cluster.ts'

export interface FaultContext {
  readonly cluster: Cluster
  readonly prng: Prng
  readonly slotMs: number
}

/** Lets a fault last for a while. */
export const lasting = ({ prng, slotMs }: FaultContext, slots = 10): Promise<void> =>
  sleep(slotMs * (2 + prng.int(slots)))
export const names = (nodes: readonly ChaosNode[]): string => nodes.map(({ name }) => name).join(' ')
