import { createPrng } from '#primitives'
import { SimDisk } from '#testing'
import type { Damage } from './damage.ts'
import type { Stage } from './member.ts'

interface DiskOptions {
  readonly name: string
  readonly damage: Damage | undefined
  /** A write has begun that takes so long. */
  begun(ms: number): void
}

/** The disk of a machine: as slow as the run has it, and refusing now and then. */
export function chainDisk(stage: Stage, { name, damage, begun }: DiskOptions): SimDisk {
  const { knobs, timeline, options } = stage
  const pace = createPrng(`disk ${knobs.seed} ${name}`)
  const faults = createPrng(`disk faults ${knobs.seed} ${name}`)
  return new SimDisk({
    clock: timeline,
    latency: () => 1 + pace.int(knobs.diskMs),
    fault: (sync) => {
      if (stage.calm || knobs.diskFault === 0 || faults.int(10_000) >= knobs.diskFault) return undefined
      const kind = faults.pick(['ENOSPC: no space left on device', 'EIO: i/o error'])
      stage.probes.hit(`disk error ${kind.slice(0, kind.indexOf(':'))}${sync ? '' : ' unsynced'}`)
      return kind
    },
    readFault: () => (stage.calm ? undefined : damage?.readFault()),
    begun,
    ignored: () => stage.fail('storage', `${name} wrote again after its disk had failed`),
    ...(options.rewrite === undefined ? {} : { rewrite: options.rewrite }),
  })
}

/** Where a machine keeps its key's record apart from the chain. */
export function recordDisk({ knobs, timeline }: Stage, name: string): SimDisk {
  const pace = createPrng(`record disk ${knobs.seed} ${name}`)
  return new SimDisk({ clock: timeline, latency: () => 1 + pace.int(knobs.diskMs) })
}
