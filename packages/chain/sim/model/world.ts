import { type VoterSet, voterSet, votesContradict } from '#consensus/dpos'
import { type Address, createPrng, type Hash, type Prng } from '#primitives'
import type { Header, Rule, Tip } from './rules.ts'
import type { Act, Scenario } from './scenario.ts'

/** A block without contents. `known` and `held` have one bit for each machine: with all ancestors, and without. */
export interface Block<S> extends Tip<S> {
  readonly parent: Block<S> | undefined
  readonly producer: number
  readonly round: number
  /** Round in which this chain elected the next list; 0 before. */
  readonly elected: number
  readonly children: Block<S>[]
  known: number
  held: number
  checked: boolean
}

/** A machine that follows the chain and makes blocks in its producer's slots. */
export interface Instance<S> {
  readonly bit: number
  readonly producer: number
  readonly act: Act | undefined
  head: Block<S>
  final: Block<S>
  /** Highest height it remembers to have made. */
  generated: bigint
  side: number
  /** Blocks it has kept to itself. */
  readonly secret: Block<S>[]
}

export interface Finding {
  readonly rule: string
  readonly detail: string
}

interface Message<S> {
  readonly to: Instance<S>
  readonly from: Instance<S>
  readonly block: Block<S>
}

const EVERYWHERE = -1

function addressOf(index: number): Address {
  // Built from a number, so it has the form that is checked elsewhere.
  return `0x${(index + 1).toString(16).padStart(40, '0')}` as Address
}

export function ancestor<S>(block: Block<S>, height: bigint): Block<S> {
  let current = block
  while (current.header.height > height && current.parent !== undefined) current = current.parent
  return current
}

const isIn = <S>(low: Block<S>, high: Block<S>): boolean => ancestor(high, low.header.height) === low

/** Machines, who hears whom, and the check of what honest machines hold for irreversible. */
export class World<S> {
  readonly scenario: Scenario
  readonly rule: Rule<S>
  readonly prng: Prng
  readonly instances: Instance<S>[] = []
  readonly lists: readonly (readonly number[])[]
  readonly counts = { blocks: 0, switches: 0, forked: 0, terms: 0 }
  finding: Finding | undefined
  /** Two blocks that conflict, each below a tip an honest machine knows. */
  conflict: readonly [Block<S>, Block<S>] | undefined
  slot = 0
  /** Highest irreversible block of any chain an honest machine knows, and a tip that says so. */
  private best: Block<S>
  private bestTip: Block<S>
  private serial = 0
  private readonly addresses: readonly Address[]
  private readonly sets: readonly VoterSet[]
  private readonly signed = new Map<number, Header[]>()
  private readonly queue = new Map<number, Message<S>[]>()

  constructor(scenario: Scenario, rule: Rule<S>) {
    this.scenario = scenario
    this.rule = rule
    this.prng = createPrng(`model ${scenario.seed}`)
    const { producers, replaced, acts } = scenario
    const everybody = Array.from({ length: producers + replaced }, (_, index) => index)
    this.addresses = everybody.map(addressOf)
    // Faulty producers come first; who leaves is honest.
    const first = everybody.slice(0, producers)
    const second = [...everybody.slice(0, producers - replaced), ...everybody.slice(producers)]
    this.lists = [first, second]
    this.sets = this.lists.map((list, index) =>
      voterSet(
        index + 1,
        list.map((producer) => this.address(producer)),
      ),
    )
    const start = this.genesis()
    this.best = start
    this.bestTip = start
    for (const producer of everybody) {
      const act = acts[producer]
      for (let copy = act === 'twin' ? 2 : 1; copy > 0; copy--) {
        const bit = 1 << this.instances.length
        start.known |= bit
        const state = { head: start, final: start, generated: 0n, side: 0, secret: [] }
        this.instances.push({ bit, producer, act, ...state })
      }
    }
  }

  address(producer: number): Address {
    return this.addresses[producer] as Address
  }

  private genesis(): Block<S> {
    const set = this.sets[0] as VoterSet
    const nobody = `0x${'00'.repeat(20)}` as Address
    const header = {
      slot: 0n,
      hash: this.name(),
      producer: nobody,
      height: 0n,
      prevotedHeight: 0n,
      generatedHeight: 0n,
    }
    return {
      header,
      state: this.rule.start(set),
      parent: undefined,
      producer: -1,
      round: 0,
      elected: 0,
      children: [],
      known: 0,
      held: 0,
      checked: true,
    }
  }

  /** Only compared with others; the form of a hash is checked elsewhere. */
  private name(): Hash {
    this.serial++
    return `0x${this.serial.toString(16).padStart(6, '0')}` as Hash
  }

  /** The term, from 0, of a block made on `parent` in a round: an elected list holds from the next round on. */
  termOn(parent: Block<S>, round: number): number {
    return parent.elected !== 0 && parent.elected < round ? 1 : 0
  }

  /** Makes a block, or undefined when every node would refuse it. */
  make(by: Instance<S>, parent: Block<S>, options: { round: number; generatedHeight: bigint }): Block<S> | undefined {
    const { rule, scenario } = this
    const { round, generatedHeight } = options
    const header: Header = {
      slot: BigInt(this.slot),
      hash: this.name(),
      producer: this.address(by.producer),
      height: parent.header.height + 1n,
      prevotedHeight: rule.prevoted(parent.state),
      generatedHeight,
    }
    if (!rule.accepts(parent.state, header)) {
      if (by.act === undefined) this.fail('honest refused', `${by.producer} at height ${header.height}`)
      return undefined
    }
    const term = this.termOn(parent, round)
    const elects = scenario.electionRound !== 0 && round >= scenario.electionRound
    if (term === 1 && this.termOn(parent, parent.round) === 0) this.counts.terms++
    const block: Block<S> = {
      header,
      state: rule.after(parent.state, header, { set: this.sets[term] as VoterSet, round }),
      parent,
      producer: by.producer,
      round,
      elected: parent.elected !== 0 ? parent.elected : elects ? round : 0,
      children: [],
      known: 0,
      held: 0,
      checked: false,
    }
    if (parent.children.push(block) > 1) this.counts.forked++
    this.counts.blocks++
    if (by.act === undefined) this.checkSigned(by, header)
    return block
  }

  fail(rule: string, detail: string): void {
    this.finding ??= { rule, detail: `${detail}, slot ${this.slot}` }
  }

  /** An honest producer never signs two headers that contradict each other. */
  private checkSigned(by: Instance<S>, header: Header): void {
    if (!this.rule.votes) return
    const before = this.signed.get(by.producer) ?? []
    for (const other of before) {
      if (other.slot === header.slot || votesContradict(other, header))
        this.fail('honest contradicts', `${by.producer} at heights ${other.height} and ${header.height}`)
    }
    before.push(header)
    this.signed.set(by.producer, before)
  }

  hears(from: Instance<S>, to: Instance<S>): boolean {
    return from.side === to.side || from.side === EVERYWHERE || to.side === EVERYWHERE
  }

  /** Sends a block to whoever of `peers` can hear it, with loss and delay. */
  send(from: Instance<S>, block: Block<S>, peers: readonly Instance<S>[] = this.instances): void {
    const { prng, scenario } = this
    for (const to of peers) {
      if ((block.known & to.bit) !== 0 || !this.hears(from, to)) continue
      if (scenario.loss > 0 && prng.int(100) < scenario.loss) continue
      const delay = scenario.delay === 0 ? 0 : prng.int(scenario.delay + 1)
      if (delay === 0) this.deliver({ to, from, block })
      else this.later(this.slot + delay, { to, from, block })
    }
  }

  private later(slot: number, message: Message<S>): void {
    const waiting = this.queue.get(slot)
    if (waiting === undefined) this.queue.set(slot, [message])
    else waiting.push(message)
  }

  /** Everything that arrives by the running slot. */
  arrive(): void {
    const due = this.queue.get(this.slot)
    if (due === undefined) return
    this.queue.delete(this.slot)
    for (const message of due) this.deliver(message)
  }

  deliver({ to, from, block }: Message<S>): void {
    if ((block.known & to.bit) !== 0) return
    const { parent } = block
    if (parent !== undefined && (parent.known & to.bit) === 0) {
      // An honest sender answers for the ancestors of what it sends; of others some do.
      if (from.act !== undefined && from.act !== 'twin') {
        block.held |= to.bit
        return
      }
      const missing: Block<S>[] = []
      for (let one = parent; (one.known & to.bit) === 0; one = one.parent as Block<S>) missing.push(one)
      for (const one of missing.reverse()) this.complete(to, one)
    }
    this.complete(to, block)
  }

  private complete(to: Instance<S>, block: Block<S>): void {
    if ((block.known & to.bit) !== 0) return
    block.known |= to.bit
    if (to.act === undefined) this.check(block)
    this.consider(to, block)
    if (this.scenario.relay && to.act === undefined && (block.held & to.bit) === 0) this.relay(to, block)
    for (const child of block.children) if ((child.held & to.bit) !== 0) this.complete(to, child)
  }

  private relay(from: Instance<S>, block: Block<S>): void {
    for (const to of this.instances) {
      if ((block.known & to.bit) === 0 && this.hears(from, to)) this.later(this.slot + 1, { to, from, block })
    }
  }

  private consider(to: Instance<S>, block: Block<S>): void {
    if (!this.rule.isBetter(block, to.head)) return
    if (block.parent !== to.head) {
      if (!isIn(to.final, block)) {
        // A ledger never leaves an irreversible block; it is told by the better chain that it would have to.
        if (to.act === undefined && this.rule.votes && !this.scenario.beyond)
          this.fail('irreversible fell', `${to.producer} from ${to.final.header.height} to another chain`)
        return
      }
      this.counts.switches++
    }
    to.head = block
    const final = this.rule.final(block.state)
    if (final > to.final.header.height) to.final = ancestor(block, final)
  }

  /** Of all chains honest machines know, no two may hold different blocks for irreversible. */
  private check(block: Block<S>): void {
    if (block.checked) return
    block.checked = true
    const height = this.rule.final(block.state)
    if (block.parent !== undefined && this.rule.final(block.parent.state) === height) return
    const final = ancestor(block, height)
    const higher = height > this.best.header.height
    const [low, high] = higher ? [this.best, final] : [final, this.best]
    if (!isIn(low, high) && this.conflict === undefined) this.conflict = [block, this.bestTip]
    if (!higher) return
    this.best = final
    this.bestTip = block
  }

  /** Highest irreversible height of any honest machine. */
  finalized(): number {
    return Number(this.best.header.height)
  }
}
