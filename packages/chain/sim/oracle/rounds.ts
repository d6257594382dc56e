import type { OracleHeader } from './blocks.ts'
import { fromHex, type HexText, tagged, toInt, uint } from './bytes.ts'

const ZERO = '00'.repeat(32)
const MOD = 1n << 256n
const HOUR_MS = 3_600_000

export interface Producer {
  readonly address: HexText
  readonly commitment: HexText
}

export interface RoundRules {
  readonly genesisHash: HexText
  readonly slotMs: number
  readonly exclusionBaseHours: number
  readonly producers: readonly Producer[]
}

interface Standing {
  readonly commitment: HexText
  anchor: HexText
  missedInRow: number
  failures: number
  outUntil: number
}

interface RoundNow {
  number: number
  start: number
  /** First slot that is held against somebody. */
  blameFrom: number
  order: HexText[]
  extra: HexText
  entropy: bigint
  filled: Set<number>
}

export interface TermNow {
  readonly number: number
  readonly list: readonly Producer[]
}

export interface RoundFacts {
  missed: number
  excluded: number
  replaced: number
  halts: number
  termsChanged: number
  newProducers: number
  displaced: number
  extraMissed: number
}

const quorum = (count: number): number => Math.floor((2 * count) / 3) + 1
const hashInt = (tag: string, ...parts: Buffer[]): bigint => toInt(tagged(tag, ...parts))
const place = (value: bigint, count: number): number => Number(value % BigInt(count))

function seat(wanted: readonly (readonly [HexText, number])[], facts: RoundFacts): HexText[] {
  const seats: (HexText | undefined)[] = wanted.map(() => undefined)
  for (const [who, first] of wanted) {
    let at = first
    while (seats[at] !== undefined) at = (at + 1) % seats.length
    if (at !== first) facts.displaced += 1
    seats[at] = who
  }
  return seats.flatMap((who) => (who === undefined ? [] : [who]))
}

/** Who may produce when, rebuilt from headers alone by the requirements DPOS-SLOT to DPOS-EVICT. */
export class Rounds {
  term: TermNow
  readonly facts: RoundFacts = {
    missed: 0,
    excluded: 0,
    replaced: 0,
    halts: 0,
    termsChanged: 0,
    newProducers: 0,
    displaced: 0,
    extraMissed: 0,
  }
  private readonly rules: RoundRules
  private round: RoundNow
  private standings: Map<HexText, Standing>
  private former = new Map<HexText, { commitment: HexText; anchor: HexText }>()
  private evicted = new Set<HexText>()
  private waiting: { list: readonly Producer[]; evicted: Set<HexText> } | undefined
  private lastSlot = 0

  constructor(rules: RoundRules) {
    this.rules = rules
    const { producers, genesisHash } = rules
    this.term = { number: 1, list: producers }
    this.standings = this.open(producers)
    const entropy = hashInt('aelf/seed/1', fromHex(genesisHash))
    const extra = producers[place(hashInt('aelf/extra/1', uint(entropy, 32)), producers.length)]?.address ?? ''
    const order = this.firstOrder(
      producers.map(({ address }) => address),
      entropy,
    )
    this.round = { number: 1, start: 1, blameFrom: 1, order, extra, entropy, filled: new Set() }
  }

  /** Producers of this term in rotation now, with the ones of a waiting term. */
  inRotation(): readonly HexText[] {
    return this.round.order
  }

  excludedNow(): readonly HexText[] {
    return this.term.list.map(({ address }) => address).filter((address) => !this.round.order.includes(address))
  }

  /** Follows one header. Answers what is wrong with it, or nothing. `evictions` are those its block executed. */
  follow(
    header: OracleHeader,
    outcome: { elected: readonly Producer[] | undefined; electedHash: HexText; evictions: readonly HexText[] },
  ): string | undefined {
    const { consensus, slot, producer } = header
    if (slot <= this.lastSlot) return `slot ${slot} does not follow ${this.lastSlot}`
    this.advance(slot)
    const { round } = this
    const index = slot - round.start
    const isExtra = index === round.order.length
    const expected = isExtra ? round.extra : round.order[index]
    if (producer !== expected) return `slot ${slot} belongs to ${expected}, not ${producer}`
    if (consensus.round !== round.number) return `round ${consensus.round} instead of ${round.number}`
    if (consensus.term !== this.term.number) return `term ${consensus.term} instead of ${this.term.number}`
    const wrong = this.reveal(producer, isExtra, consensus.reveal)
    if (wrong !== undefined) return wrong
    if (consensus.nextProducers !== outcome.electedHash)
      return `commits to ${consensus.nextProducers}, elected ${outcome.electedHash}`
    const removed = this.removable(outcome.evictions)
    if (removed.join() !== consensus.evicted.join())
      return `evicts ${consensus.evicted.join()}, execution ${removed.join()}`
    round.filled.add(index)
    this.lastSlot = slot
    for (const address of removed) {
      if (this.term.list.some((one) => one.address === address)) this.evicted.add(address)
      if (outcome.elected === undefined) this.waiting?.evicted.add(address)
    }
    if (outcome.elected !== undefined) this.waiting = { list: outcome.elected, evicted: new Set() }
    return undefined
  }

  private reveal(producer: HexText, isExtra: boolean, value: HexText): string | undefined {
    if (isExtra) return value === ZERO ? undefined : 'an extra block reveals a value'
    const standing = this.standings.get(producer)
    if (standing === undefined) return `${producer} is not a producer`
    if (tagged('aelf/in/1', fromHex(value)).toString('hex') !== standing.anchor)
      return 'the revealed value is no preimage'
    standing.anchor = value
    return undefined
  }

  private removable(evictions: readonly HexText[]): HexText[] {
    const now = this.term.list.map(({ address }) => address).filter((address) => !this.evicted.has(address))
    const next = (this.waiting?.list ?? [])
      .map(({ address }) => address)
      .filter((address) => this.waiting?.evicted.has(address) === false)
    return [...new Set(evictions)].filter((address) => now.includes(address) || next.includes(address)).sort()
  }

  /** Closes the rounds before a slot: at most one of them had blocks. */
  private advance(slot: number): void {
    const length = this.round.order.length + 1
    if (slot < this.round.start + length) return
    const silent = slot - this.lastSlot > length
    if (silent) this.facts.halts += 1
    if (this.round.filled.size > 0) this.close(silent)
    const { round } = this
    const span = round.order.length + 1
    round.start += Math.floor((slot - round.start) / span) * span
    round.blameFrom = silent ? slot : round.start
  }

  private close(silent: boolean): void {
    const { round, rules } = this
    const next = round.start + round.order.length + 1
    this.blame(silent ? this.lastSlot + 1 : next, next)
    if (!round.filled.has(round.order.length)) this.facts.extraMissed += 1
    const signatures = new Map(round.order.map((who) => [who, this.signature(who)]))
    let entropy = signatures.get(round.extra) ?? 0n
    for (const value of signatures.values()) entropy += value
    entropy %= MOD
    const first = signatures.get(round.order[0] ?? '') ?? 0n
    const changed = this.waiting !== undefined
    if (this.waiting !== undefined) this.changeTerm(this.waiting)
    const active = this.active(next)
    const order = changed ? this.firstOrder(active, entropy) : this.nextOrder(active, signatures, entropy)
    const extra = active[place(first, active.length)] ?? ''
    this.round = { number: round.number + 1, start: next, blameFrom: next, order, extra, entropy, filled: new Set() }
    if (rules.producers.length === 0) throw new Error('no producers')
  }

  private signature(who: HexText): bigint {
    const value = toInt(fromHex(this.standings.get(who)?.anchor ?? ZERO))
    return hashInt('aelf/sig/1', uint((value + this.round.entropy) % MOD, 32))
  }

  private firstOrder(list: readonly HexText[], entropy: bigint): HexText[] {
    const facts = this.facts
    return seat(
      list.map((who) => [who, place(hashInt('aelf/term-order/1', uint(entropy, 32), fromHex(who)), list.length)]),
      facts,
    )
  }

  private nextOrder(active: readonly HexText[], signatures: ReadonlyMap<HexText, bigint>, entropy: bigint): HexText[] {
    const stay = this.round.order.filter((who) => active.includes(who))
    const back = active.filter((who) => !stay.includes(who))
    const value = (who: HexText): bigint =>
      signatures.get(who) ?? hashInt('aelf/return-order/1', uint(entropy, 32), fromHex(who))
    return seat(
      [...stay, ...back].map((who) => [who, place(value(who), active.length)]),
      this.facts,
    )
  }

  /** DPOS-EXCL: two missed regular slots in a row. */
  private blame(blameTo: number, next: number): void {
    const { round } = this
    const least = quorum(this.term.list.length)
    const plays = (who: HexText): boolean => (this.standings.get(who)?.outUntil ?? 0) <= next && !this.evicted.has(who)
    const listed = this.term.list.map(({ address }) => address)
    round.order.forEach((who, index) => {
      const slot = round.start + index
      const standing = this.standings.get(who)
      if (standing === undefined) return
      if (round.filled.has(index)) standing.missedInRow = 0
      else if (slot >= round.blameFrom && slot < blameTo) {
        this.facts.missed += 1
        standing.missedInRow += 1
        if (standing.missedInRow < 2) return
        standing.missedInRow = 0
        if (this.evicted.has(who)) return
        if (listed.filter((other) => other !== who && plays(other)).length < least) {
          const waiting = listed.filter(
            (other) => !plays(other) && !this.evicted.has(other) && !round.order.includes(other),
          )
          const ends = waiting.map((other) => this.standings.get(other)?.outUntil ?? 0)
          const back = this.standings.get(waiting[ends.indexOf(Math.min(...ends))] ?? '')
          if (back === undefined) return
          back.outUntil = next
          this.facts.replaced += 1
        }
        standing.failures += 1
        this.facts.excluded += 1
        const ms = this.rules.exclusionBaseHours * HOUR_MS * 2 ** Math.min(standing.failures, 12)
        standing.outUntil = next + Math.ceil(ms / this.rules.slotMs)
      }
    })
  }

  private active(start: number): HexText[] {
    const remaining = this.term.list.map(({ address }) => address).filter((who) => !this.evicted.has(who))
    if (remaining.length === 0) return this.term.list.map(({ address }) => address)
    const until = (who: HexText): number => this.standings.get(who)?.outUntil ?? 0
    const out = remaining.filter((who) => until(who) > start)
    const missing = quorum(this.term.list.length) - (remaining.length - out.length)
    const back = [...out]
      .sort((a, b) => until(a) - until(b) || remaining.indexOf(a) - remaining.indexOf(b))
      .slice(0, Math.max(missing, 0))
    return remaining.filter((who) => until(who) <= start || back.includes(who))
  }

  private open(list: readonly Producer[]): Map<HexText, Standing> {
    return new Map(
      list.map(({ address, commitment }) => {
        const before = this.former.get(address)
        const anchor = before?.commitment === commitment ? before.anchor : commitment
        return [address, { commitment, anchor, missedInRow: 0, failures: 0, outUntil: 0 }]
      }),
    )
  }

  private changeTerm({ list, evicted }: { list: readonly Producer[]; evicted: ReadonlySet<HexText> }): void {
    const before = new Set(this.standings.keys())
    for (const [address, { commitment, anchor }] of this.standings) this.former.set(address, { commitment, anchor })
    this.standings = this.open(list)
    this.facts.termsChanged += 1
    this.facts.newProducers += list.filter(({ address }) => !before.has(address)).length
    this.term = { number: this.term.number + 1, list }
    this.evicted = new Set([...evicted].filter((who) => this.standings.has(who)))
    this.waiting = undefined
  }
}
