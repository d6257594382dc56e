import { type Address, asAddress, asHash, createPrng, type Hash, type Prng } from '#primitives'
import { applyVotes, contradictsChain, emptyVotes, type VoterSet, type Votes, voterSet } from '../finality.ts'
import { compareHeads } from '../forkChoice.ts'
import { thresholdOf } from '../params.ts'

// An abstract network for this room's own tests: blocks without contents, producers of which some run twice ("twins"),
// partitions that come and go. It asks one question: are two conflicting blocks ever irreversible for honest nodes?

/** The rule under test, and broken ones that must be caught: threshold one too low, implied heights. */
export type Rule = 'twoPhase' | 'lowThreshold' | 'impliedHeight'

export interface Scenario {
  readonly producers: number
  readonly faulty: number
  readonly rounds: number
  readonly rule: Rule
}

export interface Result {
  readonly conflict: boolean
  readonly finalized: number
  readonly forks: number
}

interface Block {
  readonly height: bigint
  readonly slot: bigint
  readonly hash: Hash
  readonly parent: Block | undefined
  readonly votes: Votes
  readonly implied: Implied
}

/** Books of the rule that keeps one height per producer and round; see the negative control. */
interface Implied {
  readonly round: number
  readonly current: ReadonlyMap<number, number>
  readonly previous: ReadonlyMap<number, number>
  readonly irreversible: number
}

interface Instance {
  readonly producer: number
  readonly honest: boolean
  head: Block
  generated: bigint
  side: number
}

const START: Hash = asHash(`0x${'00'.repeat(32)}`)

function addressOf(index: number): Address {
  return asAddress(`0x${(index + 1).toString(16).padStart(40, '0')}`)
}

function better(a: Block, b: Block, rule: Rule): boolean {
  if (rule === 'impliedHeight') return a.height > b.height
  const head = (block: Block) => ({ header: block, state: block }) as unknown as Parameters<typeof compareHeads>[0]
  return compareHeads(head(a), head(b)) < 0
}

function impliedAfter(
  before: Implied,
  block: { producer: number; height: number; round: number },
  count: number,
): Implied {
  const { producer, height, round } = block
  const same = before.round === round
  const previous = same ? before.previous : before.round === round - 1 ? before.current : new Map<number, number>()
  const current = new Map(same ? before.current : []).set(producer, height)
  const heights = [...current.keys()].flatMap((one) => previous.get(one) ?? []).sort((a, b) => a - b)
  const enough = heights.length >= thresholdOf(count)
  const third = (heights.length - 1 - ((heights.length - 1) % 3)) / 3
  const candidate = enough ? (heights[third] ?? 0) : 0
  return { round, current, previous, irreversible: candidate > before.irreversible ? candidate : before.irreversible }
}

function finalOf(block: Block, rule: Rule): bigint {
  return rule === 'impliedHeight' ? BigInt(block.implied.irreversible) : block.votes.finalized
}

function ancestor(block: Block, height: bigint): Block {
  let current = block
  while (current.height > height && current.parent !== undefined) current = current.parent
  return current
}

class Network {
  readonly scenario: Scenario
  readonly random: Prng
  readonly set: VoterSet
  readonly instances: Instance[] = []
  readonly blocks = new Set<string>()
  best: Block
  conflict = false
  private serial = 0

  constructor(seed: bigint, scenario: Scenario) {
    this.scenario = scenario
    this.random = createPrng(seed)
    const addresses = Array.from({ length: scenario.producers }, (_, index) => addressOf(index))
    const full = voterSet(1, addresses)
    this.set = scenario.rule === 'lowThreshold' ? { ...full, threshold: full.threshold - 1 } : full
    const implied: Implied = { round: 0, current: new Map(), previous: new Map(), irreversible: 0 }
    this.best = { height: 0n, slot: 0n, hash: START, parent: undefined, votes: emptyVotes(0n, this.set), implied }
    for (let producer = 0; producer < scenario.producers; producer++) {
      const copies = producer < scenario.faulty ? 2 : 1
      for (let copy = 0; copy < copies; copy++) {
        this.instances.push({ producer, honest: copies === 1, head: this.best, generated: 0n, side: 0 })
      }
    }
  }

  partition(): void {
    const kind = this.random.int(4)
    const sides = kind === 0 ? 1 : kind === 3 ? 3 : 2
    for (const one of this.instances) one.side = this.random.int(sides)
    for (let side = 0; side < sides; side++) {
      const group = this.instances.filter((one) => one.side === side)
      for (const from of group) for (const to of group) this.adopt(to, from.head)
    }
  }

  adopt(node: Instance, block: Block): void {
    if (!better(block, node.head, this.scenario.rule)) return
    node.head = block
    if (!node.honest) return
    const final = ancestor(block, finalOf(block, this.scenario.rule))
    const [low, high] = final.height < this.best.height ? [final, this.best] : [this.best, final]
    if (ancestor(high, low.height) !== low) this.conflict = true
    this.best = high
  }

  produce(node: Instance, slot: bigint, round: number): void {
    // A faulty producer also lies about what it made before, and builds on an older block.
    const lie = node.honest ? 0 : this.random.int(6)
    const lies = lie === 1 || lie === 2
    const parent = lies && this.random.int(2) === 0 ? (node.head.parent ?? node.head) : node.head
    const own = parent.votes.voters.get(addressOf(node.producer))?.height ?? 0n
    const generatedHeight = lie === 1 ? own : lie === 2 ? 0n : node.generated
    const height = parent.height + 1n
    const header = {
      producer: addressOf(node.producer),
      height,
      prevotedHeight: parent.votes.prevoted,
      generatedHeight,
    }
    if (this.scenario.rule !== 'impliedHeight' && contradictsChain(parent.votes, header)) return
    const block: Block = {
      height,
      slot,
      hash: asHash(`0x${(++this.serial).toString(16).padStart(64, '0')}`),
      parent,
      votes: applyVotes(parent.votes, header, this.set),
      implied: impliedAfter(
        parent.implied,
        { producer: node.producer, height: Number(height), round },
        this.scenario.producers,
      ),
    }
    this.blocks.add(`${height}`)
    if (height > node.generated) node.generated = height
    for (const other of this.instances) {
      const lost = this.random.int(16) === 0
      if (other === node || (other.side === node.side && !lost)) this.adopt(other, block)
    }
  }

  run(): Result {
    let slot = 0n
    let until = 0
    for (let round = 1; round <= this.scenario.rounds && !this.conflict; round++) {
      if (round > until) {
        this.partition()
        until = round + this.random.int(4)
      }
      const order = this.random.shuffle(Array.from({ length: this.scenario.producers }, (_, index) => index))
      for (const producer of order) {
        slot++
        if (this.random.int(20) === 0) continue
        for (const node of this.instances) if (node.producer === producer) this.produce(node, slot, round)
      }
    }
    return { conflict: this.conflict, finalized: Number(this.best.height), forks: this.serial - this.blocks.size }
  }
}

/** Plays one seed. */
export function playSeed(seed: bigint, scenario: Scenario): Result {
  return new Network(seed, scenario).run()
}
