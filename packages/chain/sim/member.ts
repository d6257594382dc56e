import type { KvOp, Prng } from '#primitives'
import type { Machine, SimDisk, Timeline } from '#testing'
import type { Client } from './client.ts'
import type { Damage } from './damage.ts'
import type { SimChain } from './genesis.ts'
import type { Knobs, Misbehaviour } from './knobs.ts'
import type { Observer } from './observer.ts'
import type { Probes } from './report.ts'
import type { Campaign } from './upgrade/campaign.ts'

/** Whose machine it is, and what it does wrong. */
export interface Role {
  readonly name: string
  readonly delegate: number
  readonly misbehaves: Misbehaviour | undefined
}

/** One machine with what the simulation knows about it. */
export interface Member extends Omit<Role, 'name'> {
  readonly machine: Machine
  readonly disk: SimDisk
  /** Where the key's record is, when it is not with the chain. */
  readonly recordDisk: SimDisk | undefined
  /** Of the one machine whose disk is spoilt. */
  readonly damage: Damage | undefined
  /** Its store holds something else than was written. */
  corrupt: boolean
  /** Slot from which it may be up again. */
  backAt: number
  crashes: number
}

export interface WorldOptions {
  /** Changes what a disk is asked to do; a way to plant faults. */
  readonly rewrite?: (ops: readonly KvOp[], sync: boolean) => { readonly ops: readonly KvOp[]; readonly sync: boolean }
  readonly logAll?: boolean
}

/** What the parts of a simulated network need of the whole. */
export interface Stage {
  readonly knobs: Knobs
  readonly options: WorldOptions
  readonly sim: SimChain
  readonly timeline: Timeline
  /** Decides about faults that came later. */
  readonly misfortunes: Prng
  readonly probes: Probes
  readonly observer: Observer
  readonly client: Client
  readonly campaign: Campaign | undefined
  readonly members: readonly Member[]
  /** No fault happens any more. */
  readonly calm: boolean
  slot(): number
  memberOf(name: string): Member | undefined
  note(line: string): void
  /** A line of a machine's own log, for who wants to read all. */
  log(line: string): void
  fail(rule: string, detail: string): void
}

/** A machine for each delegate, and a second one with the same key for who has a twin. */
export function rolesOf(sim: SimChain, { misbehaviours }: Knobs): readonly Role[] {
  return sim.delegates.flatMap(({ name }, delegate) => {
    const misbehaves = misbehaviours.find(({ machine }) => machine === delegate)?.kind
    const one = { name, delegate, misbehaves }
    return misbehaves === 'twin' ? [one, { ...one, name: `${name}twin` }] : [one]
  })
}
