import type { LinkPolicy } from '#p2p'
import { createPrng, type Prng } from '#primitives'
import type { Knobs } from './knobs.ts'
import type { Probes } from './report.ts'

/** Which messages a split network still carries. */
type Split = (from: string, to: string) => boolean

const KINDS = ['isolate', 'halves', 'thirds', 'oneWay', 'bridge'] as const

/** What the network does to messages. */
export class Weather {
  readonly policy: LinkPolicy
  calm = false
  private split: Split | undefined
  private readonly names: readonly string[]
  private readonly knobs: Knobs
  private readonly probes: Probes
  private readonly prng: Prng
  private readonly shape: Prng

  constructor(knobs: Knobs, names: readonly string[], probes: Probes) {
    this.knobs = knobs
    this.names = names
    this.probes = probes
    this.prng = createPrng(`network ${knobs.seed}`)
    this.shape = createPrng(`partitions ${knobs.seed}`)
    this.policy = (from, to) => this.delays(from, to)
  }

  isSplit(): boolean {
    return this.split !== undefined
  }

  /** Splits the network in one of several ways. Answers which. */
  part(): string {
    const { shape, names } = this
    const kind = shape.pick(KINDS)
    this.probes.hit(`partition ${kind}`)
    const mixed = shape.shuffle(names)
    const groups =
      kind === 'isolate'
        ? [1, mixed.length - 1]
        : kind === 'thirds'
          ? [Math.ceil(mixed.length / 3), Math.ceil(mixed.length / 3)]
          : [mixed.length >> 1]
    const groupOf = new Map(
      mixed.map((name, index) => [
        name,
        index < (groups[0] ?? 0) ? 0 : index < (groups[0] ?? 0) + (groups[1] ?? mixed.length) ? 1 : 2,
      ]),
    )
    const bridge = kind === 'bridge' ? mixed.at(-1) : undefined
    this.split = (from, to) => {
      const [a, b] = [groupOf.get(from), groupOf.get(to)]
      if (a === b || from === bridge || to === bridge) return true
      return kind === 'oneWay' && a === 0
    }
    return kind
  }

  heal(): void {
    if (this.split !== undefined) this.probes.hit('partition healed')
    this.split = undefined
  }

  private delays(from: string, to: string): readonly number[] {
    const { prng, knobs } = this
    if (this.calm) return [1 + prng.int(20)]
    if (this.split?.(from, to) === false) return []
    if (prng.int(1000) < knobs.loss) {
      this.probes.hit('message lost')
      return []
    }
    const slow = prng.int(1000) < knobs.slowMessage ? prng.int(3 * knobs.slotMs) : 0
    const first = 1 + prng.int(knobs.delayMs) + slow
    if (prng.int(1000) >= knobs.duplicate) return [first]
    this.probes.hit('message duplicated')
    return [first, 1 + prng.int(3 * knobs.delayMs)]
  }
}
