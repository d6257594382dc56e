import type { LinkPolicy } from '#p2p'
import { createPrng, type Prng } from '#primitives'
import type { Knobs } from './knobs.ts'
import type { Probes } from './report.ts'

/** Which messages a split network still carries. */
type Split = (from: string, to: string) => boolean

const KINDS = ['isolate', 'halves', 'thirds', 'oneWay', 'bridge'] as const

interface WeatherOptions {
  readonly knobs: Knobs
  readonly names: readonly string[]
  readonly probes: Probes
  nowMs(): number
}

/** What the network does to messages. */
export class Weather {
  readonly policy: LinkPolicy
  calm = false
  private split: Split | undefined
  /** Machines that are cut off one by one, and then let back in another order. */
  private swizzle: { readonly order: string[]; readonly back: string[]; readonly clogged: Set<string> } | undefined
  private readonly arrivals = new Map<string, number>()
  private readonly nowMs: () => number
  private readonly names: readonly string[]
  private readonly knobs: Knobs
  private readonly probes: Probes
  private readonly prng: Prng
  private readonly shape: Prng
  private readonly fates = new Map<string, Prng>()

  constructor({ knobs, names, probes, nowMs }: WeatherOptions) {
    this.nowMs = nowMs
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

  /** One step of a swizzle, which begins now and then. */
  tick(): void {
    const { shape, names, knobs } = this
    if (knobs.swizzle === 0) return
    if (this.swizzle === undefined) {
      if (shape.int(1000) >= knobs.swizzle) return
      this.swizzle = { order: shape.shuffle(names), back: shape.shuffle(names), clogged: new Set() }
    }
    const { order, back, clogged } = this.swizzle
    const next = order.pop()
    if (next !== undefined) {
      clogged.add(next)
      return
    }
    const free = back.pop()
    if (free === undefined) {
      this.swizzle = undefined
      this.probes.hit('swizzle')
    } else clogged.delete(free)
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
    this.swizzle = undefined
  }

  private order(link: string, delay: number): void {
    const at = this.nowMs() + delay
    const before = this.arrivals.get(link) ?? 0
    if (at < before) this.probes.hit('message overtaken')
    else this.arrivals.set(link, at)
  }

  /** What decides the fate of a message on a link. */
  private fateOf(link: string): Prng {
    if (!this.knobs.ownFates) return this.prng
    let found = this.fates.get(link)
    if (found === undefined) this.fates.set(link, (found = createPrng(`network ${this.knobs.seed} ${link}`)))
    return found
  }

  private delays(from: string, to: string): readonly number[] {
    const { knobs } = this
    const prng = this.fateOf(`${from} ${to}`)
    if (this.calm) return [1 + prng.int(20)]
    if (this.split?.(from, to) === false) return []
    const clogged = this.swizzle?.clogged
    if (clogged?.has(from) === true || clogged?.has(to) === true) return []
    if (prng.int(1000) < knobs.loss) {
      this.probes.hit('message lost')
      return []
    }
    const slow = prng.int(1000) < knobs.slowMessage ? prng.int(3 * knobs.slotMs) : 0
    const first = 1 + prng.int(knobs.delayMs) + slow
    this.order(`${from} ${to}`, first)
    if (prng.int(1000) >= knobs.duplicate) return [first]
    this.probes.hit('message duplicated')
    return [first, 1 + prng.int(3 * knobs.delayMs)]
  }
}
