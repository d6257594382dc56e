import { votesContradict } from '#consensus/dpos'
import type { Header, Rule } from './rules.ts'
import type { Scenario } from './scenario.ts'
import { type Block, type Finding, type Instance, World } from './world.ts'

/** What one run came to. */
export interface Result {
  readonly finding: Finding | undefined
  readonly conflict: boolean
  /** Producers that contradicted themselves, in a run in which blocks conflict. */
  readonly named: number
  readonly finalized: number
  readonly slots: number
  readonly counts: World<unknown>['counts']
}

/** Newest blocks a faulty producer may build on. */
const REMEMBERED = 12

/** One run: rounds of slots, in each the producers whose turn it is, and splits that come and go. */
class Play<S> {
  readonly world: World<S>
  readonly recent: Block<S>[] = []
  private readonly scenario: Scenario

  constructor(scenario: Scenario, rule: Rule<S>) {
    this.scenario = scenario
    this.world = new World(scenario, rule)
  }

  run(): void {
    const { world, scenario } = this
    let until = 0
    for (let round = 1; round <= scenario.rounds; round++) {
      const orders = world.lists.map((list) => this.orderOf(list, round))
      const length = Math.max(...orders.map((order) => order.length))
      for (let index = 0; index < length; index++) {
        world.slot++
        if (world.slot > until && scenario.splits > 0) {
          this.split()
          until = world.slot + world.prng.int(scenario.splits * (scenario.producers + 1))
        }
        world.arrive()
        const turns = orders.map((order) => order[index])
        for (const one of world.instances) if (turns.includes(one.producer)) this.turn(one, { round, turns })
        if (world.finding !== undefined || world.conflict !== undefined) return
      }
    }
  }

  /** Regular slots in random order and the extra one, for who is in rotation. */
  private orderOf(list: readonly number[], round: number): number[] {
    const { exclusions } = this.scenario
    const out = exclusions.filter(({ from, to }) => round >= from && round < to).map(({ producer }) => producer)
    const inside = out.length === 0 ? list : list.filter((producer) => !out.includes(producer))
    return [...this.world.prng.shuffle(inside), this.world.prng.pick(inside)]
  }

  /** One side, two, or three; machines of one side tell each other their heads. */
  private split(): void {
    const { world, scenario } = this
    const sides = world.prng.pick([1, 2, 2, 3])
    for (const one of world.instances)
      one.side = scenario.collude && one.act !== undefined && one.act !== 'twin' ? -1 : world.prng.int(sides)
    for (const from of world.instances) if (from.act === undefined || from.act === 'twin') world.send(from, from.head)
  }

  private turn(by: Instance<S>, at: { round: number; turns: readonly (number | undefined)[] }): void {
    const { world, scenario } = this
    if (scenario.silence > 0 && world.prng.int(100) < scenario.silence) return
    const mine = (parent: Block<S>): boolean => at.turns[world.termOn(parent, at.round)] === by.producer
    if (by.act === undefined || by.act === 'twin') {
      if (mine(by.head)) this.publish(by, this.make(by, by.head, { round: at.round, generatedHeight: by.generated }))
      return
    }
    const parents = [by.head, by.head, ...(by.head.parent === undefined ? [] : [by.head.parent]), ...this.recent]
    const times = by.act === 'equivocate' ? 2 + world.prng.int(2) : 1
    for (let time = 0; time < times; time++) {
      const parent = by.act === 'amnesia' || world.prng.bool() ? this.base(by) : world.prng.pick(parents)
      if (!mine(parent)) continue
      const block = this.make(by, parent, { round: at.round, generatedHeight: this.claim(by, parent) })
      if (block === undefined) continue
      if (by.act === 'withhold') this.withhold(by, block)
      else if (by.act === 'equivocate') this.publish(by, block, this.some(by))
      else this.publish(by, block)
    }
  }

  /** What a faulty producer builds on when it does not choose at random: its own secret, or its head. */
  private base(by: Instance<S>): Block<S> {
    return by.secret.at(-1) ?? by.head
  }

  private make(
    by: Instance<S>,
    parent: Block<S>,
    options: { round: number; generatedHeight: bigint },
  ): Block<S> | undefined {
    const block = this.world.make(by, parent, options)
    if (block === undefined) return undefined
    const { height } = block.header
    if (height > by.generated) by.generated = height
    this.recent.push(block)
    if (this.recent.length > REMEMBERED) this.recent.shift()
    return block
  }

  /** What a faulty producer says it made before. */
  private claim(by: Instance<S>, parent: Block<S>): bigint {
    const { prng } = this.world
    switch (prng.int(5)) {
      case 0:
        return 0n
      case 1:
        return parent.header.height + 1n
      case 2:
        return by.generated
      default:
        return newestOf(by.producer, parent)
    }
  }

  private some(by: Instance<S>): Instance<S>[] {
    return this.world.instances.filter((one) => one === by || this.world.prng.bool())
  }

  private publish(by: Instance<S>, block: Block<S> | undefined, peers?: readonly Instance<S>[]): void {
    if (block === undefined) return
    this.world.deliver({ to: by, from: by, block })
    this.world.send(by, block, peers)
  }

  /** Keeps a block back, then lets all of it out at once in one order or another, to some machines. */
  private withhold(by: Instance<S>, block: Block<S>): void {
    const { world } = this
    by.secret.push(block)
    if (this.scenario.collude)
      for (const other of world.instances) if (other.act !== undefined) world.deliver({ to: other, from: other, block })
    if (!world.prng.bool([1, 3])) return
    const all = by.secret.splice(0)
    const order = world.prng.bool() ? all : world.prng.shuffle(all)
    for (const one of order) this.publish(by, one, this.some(by))
  }
}

/** Height of a producer's newest block on a chain. */
function newestOf<S>(producer: number, tip: Block<S>): bigint {
  let at: Block<S> | undefined = tip
  while (at !== undefined && at.producer !== producer) at = at.parent
  return at?.header.height ?? 0n
}

/** Who signed two headers that contradict each other, on two chains. */
function contradictors<S>(tips: readonly [Block<S>, Block<S>]): Set<number> {
  const byProducer = new Map<number, Set<Header>>()
  for (const tip of tips) {
    for (let at: Block<S> | undefined = tip; at !== undefined; at = at.parent)
      byProducer.set(at.producer, (byProducer.get(at.producer) ?? new Set()).add(at.header))
  }
  const named = new Set<number>()
  for (const [producer, headers] of byProducer) {
    const all = [...headers]
    const guilty = all.some((a, index) => all.slice(0, index).some((b) => a.slot === b.slot || votesContradict(a, b)))
    if (guilty && producer >= 0) named.add(producer)
  }
  return named
}

/** Plays one scenario under one rule. */
export function play<S>(scenario: Scenario, rule: Rule<S>): Result {
  const { world } = runOf(scenario, rule)
  const { conflict, counts, slot } = world
  let named = 0
  if (conflict !== undefined) {
    const guilty = contradictors(conflict)
    named = guilty.size
    const text = `${conflict.map(({ header }) => `${header.height} by ${header.producer.slice(-2)}`).join(' and ')}`
    if (!scenario.beyond) world.fail('conflict', `irreversible blocks conflict below ${text}`)
    else if (rule.votes) accuse(world, guilty)
  }
  const { finding } = world
  return { finding, conflict: conflict !== undefined, named, finalized: world.finalized(), slots: slot, counts }
}

function runOf<S>(scenario: Scenario, rule: Rule<S>): Play<S> {
  const one = new Play(scenario, rule)
  one.run()
  return one
}

/** When too many are faulty and blocks conflict, the headers of the two chains name a third of the producers, and nobody honest. */
function accuse<S>(world: World<S>, guilty: ReadonlySet<number>): void {
  const { scenario } = world
  const least = Math.ceil(scenario.producers / 3)
  const honest = [...guilty].filter((producer) => scenario.acts[producer] === undefined)
  if (honest.length > 0) world.fail('honest named', honest.join(', '))
  if (guilty.size < least) world.fail('too few named', `${guilty.size} of at least ${least}`)
}
