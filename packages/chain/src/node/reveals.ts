import { type DposState, finished, type RevealChain, type RevealSource } from '#consensus/dpos'
import { type Address, bytesToHash, type Hash, hexToBytes, type KeyValue, reader, writer } from '#primitives'

/** How many numbers back a chain is looked for when the record of its number is lost. */
const SEARCHED = 16
const HASH_BYTES = 32

type KnownAnchors = Pick<DposState, 'records' | 'retired'>

/** The value last revealed from the chain behind a commitment; the commitment itself when none was. */
function anchorOf(state: KnownAnchors, producer: Address, commitment: Hash): Hash {
  const record = state.records.get(producer)
  if (record?.commitment === commitment) return record.anchor
  const retired = state.retired.find((one) => one.address === producer && one.commitment === commitment)
  return retired?.anchor ?? commitment
}

/** The commitment whose chain goes on after an anchor: inverse of `anchorOf`. */
function commitmentOf(state: KnownAnchors, producer: Address, anchor: Hash): Hash {
  const record = state.records.get(producer)
  if (record?.anchor === anchor) return record.commitment
  const retired = state.retired.find((one) => one.address === producer && one.anchor === anchor)
  return retired?.commitment ?? anchor
}

export interface RevealsOptions {
  readonly address: Address
  /** The chain it registered with, number 0. */
  readonly first: RevealChain
  /** Later chains; left out: there are none. */
  readonly source: RevealSource | undefined
  readonly store: KeyValue
  /** Lets others work while a chain grows. */
  pause(): Promise<void>
}

/**
 * A delegate's hash chains. Each has a number and follows from the delegate's secret; a number is on disk before the commitment
 * of its chain leaves the node. A chain is computed when it is first needed, and kept, so that the old and the new one serve on
 * both sides of a change of term.
 */
export class Reveals {
  private readonly options: RevealsOptions
  private readonly chains = new Map<number, RevealChain>()
  private readonly numbers = new Map<Hash, number>()

  constructor(options: RevealsOptions) {
    this.options = options
    this.keep(0, options.first)
  }

  get address(): Address {
    return this.options.address
  }

  /** Values of a whole chain. */
  get length(): number {
    return this.options.first.length
  }

  /** Whether chains besides the first can be made. */
  get renewable(): boolean {
    return this.options.source !== undefined
  }

  /** Reads the numbers that were promised before. */
  async restore(): Promise<void> {
    const all = { gte: new Uint8Array(HASH_BYTES), lt: new Uint8Array(HASH_BYTES + 1).fill(255) }
    for (const [key, value] of await this.options.store.range(all)) {
      this.numbers.set(bytesToHash(key), reader(value).u32())
    }
  }

  /** The value to reveal after `anchor` on top of `state`; undefined when the chain is used up or not this delegate's. */
  preimageOf(state: DposState, anchor: Hash): Hash | undefined {
    return this.chainBehind(state, commitmentOf(state, this.address, anchor))?.preimageOf(anchor)
  }

  /** How many values the chain behind a commitment still holds; undefined when it is not this delegate's. */
  remaining(state: DposState, commitment: Hash): number | undefined {
    return this.chainBehind(state, commitment)?.remaining(anchorOf(state, this.address, commitment))
  }

  /** Commitment of a chain by number, which is on disk when this resolves. */
  async promise(number: number): Promise<Hash> {
    const { commitment } = await this.grown(number)
    const op = { put: [hexToBytes(commitment), writer().u32(number).finish()] } as const
    await this.options.store.write([op], { sync: true })
    return commitment
  }

  private chainBehind(state: DposState, commitment: Hash): RevealChain | undefined {
    const known = this.numbers.get(commitment)
    if (known !== undefined) return this.chain(known)
    if (!this.renewable) return undefined
    // The record is lost, but a number is that of the term in which the chain was made.
    const newest = state.term.number
    for (let number = newest; number > 0 && number > newest - SEARCHED; number -= 1) {
      const chain = this.chain(number)
      if (chain.commitment === commitment) return chain
    }
    return undefined
  }

  private chain(number: number): RevealChain {
    const { source, first } = this.options
    return this.chains.get(number) ?? this.keep(number, source === undefined ? first : finished(source(number)))
  }

  private async grown(number: number): Promise<RevealChain> {
    const growth = this.chains.has(number) ? undefined : this.options.source?.(number)
    for (let step = growth?.next(); step !== undefined; step = growth?.next()) {
      if (step.done === true) return this.keep(number, step.value)
      await this.options.pause()
    }
    return this.chain(number)
  }

  private keep(number: number, chain: RevealChain): RevealChain {
    this.chains.set(number, chain)
    this.numbers.set(chain.commitment, number)
    return chain
  }
}
