import { type DposState, lastRoundView, type RoundView, roundView } from '#consensus/dpos'
import type { SignedHeader } from '#kernel'
import type { BlockNode, LedgerIndexer } from '#ledger'
import {
  type Address,
  asAddress,
  type Bytes,
  bytesToUtf8,
  type Hash,
  type KeyValue,
  type KvOp,
  utf8ToBytes,
  writer,
} from '#primitives'
import type { Witness } from './witness.ts'

/** First byte of the history's keys in the ledger's store; the ledger itself stays below 64. */
const ROUND = 64
const TERM = 65
const LATEST = 66

/** Changes remembered: more than one batch makes. */
const MAX_BEFORE = 256

/** Slots of finished rounds, by delegate. */
export interface ProductionCount {
  readonly produced: bigint
  readonly missed: bigint
}

export type Production = ReadonlyMap<Address, ProductionCount>

export interface StoredTerm {
  readonly term: number
  readonly startHeight: bigint
  readonly startSlot: bigint
  readonly producers: readonly Address[]
  /** Anchors of the producers' hash chains, in their order; terms stored by an older version have none. */
  readonly commitments?: readonly Hash[]
}

interface Latest {
  readonly round: bigint
  readonly term: number
  readonly production: Production
}

const NOTHING: Latest = { round: 0n, term: 0, production: new Map() }

/** Numbered JSON is enough for a local index; amounts and heights travel as tagged strings. */
function encodeJson(value: unknown): Bytes {
  return utf8ToBytes(JSON.stringify(value, (_key, item) => (typeof item === 'bigint' ? { $n: item.toString() } : item)))
}

function decodeJson<T>(bytes: Bytes): T {
  return JSON.parse(bytesToUtf8(bytes), (_key, item) => {
    const isNumber = typeof item === 'object' && item !== null && '$n' in item
    return isNumber ? BigInt((item as { $n: string }).$n) : item
  }) as T
}

const roundKey = (number: bigint): Bytes => writer().u8(ROUND).u64(number).finish()
const termKey = (term: number): Bytes => writer().u8(TERM).u32(term).finish()
const latestKey = Uint8Array.of(LATEST)

/** Adds a finished round to the counts. Slots of a halt count for nobody. */
export function countProduction(before: Production, round: RoundView): Production {
  const after = new Map(before)
  for (const { producer, state, isExtra } of round.slots) {
    const { produced, missed } = after.get(producer) ?? { produced: 0n, missed: 0n }
    if (state === 'produced') after.set(producer, { produced: produced + 1n, missed })
    // Nobody is blamed for an extra slot.
    else if (state === 'missed' && !isExtra) after.set(producer, { produced, missed: missed + 1n })
  }
  return after
}

/** Remembers finished rounds, terms and production counts as blocks become irreversible. */
export class History implements LedgerIndexer<DposState> {
  private readonly store: KeyValue
  private readonly witness: Pick<Witness, 'explain'>
  private latest: Latest
  /** What was known before recent blocks, oldest first, for the case that the batch they were part of is not written. */
  private before: { readonly height: bigint; readonly latest: Latest }[] = []

  constructor(store: KeyValue, witness: Pick<Witness, 'explain'>, latest: Latest) {
    this.store = store
    this.witness = witness
    this.latest = latest
  }

  onFinalized({ header, state }: { readonly header: SignedHeader; readonly state: DposState }): readonly KvOp[] {
    this.goBackTo(header.height)
    const ops: KvOp[] = []
    let next: Latest = this.latest
    const number = state.last?.number ?? 0n
    const round = next.round < number ? lastRoundView(state) : undefined
    if (round !== undefined) {
      next = { ...next, round: round.number, production: countProduction(next.production, round) }
      ops.push({ put: [roundKey(round.number), encodeJson(this.witness.explain(round))] })
    }
    const { term } = state
    if (next.term < term.number) {
      const producers = term.producers.map(({ address }) => address)
      const stored: StoredTerm = {
        term: term.number,
        startHeight: term.startHeight,
        startSlot: term.startSlot,
        producers,
        commitments: term.producers.map(({ commitment }) => commitment),
      }
      next = { ...next, term: term.number }
      ops.push({ put: [termKey(term.number), encodeJson(stored)] })
    }
    if (ops.length === 0) return ops
    this.before.push({ height: header.height, latest: this.latest })
    if (this.before.length > MAX_BEFORE) this.before.shift()
    this.latest = next
    ops.push({ put: [latestKey, encodeJson({ ...next, production: [...next.production] })] })
    return ops
  }

  /** Blocks come in order, so one that comes again was not written the first time, nor were those after it. */
  private goBackTo(height: bigint): void {
    for (let last = this.before.at(-1); last !== undefined && last.height >= height; last = this.before.at(-1)) {
      this.latest = last.latest
      this.before.pop()
    }
  }

  /** A round that is irreversible. */
  async round(number: bigint): Promise<RoundView | undefined> {
    const stored = await this.store.get(roundKey(number))
    return stored === undefined ? undefined : decodeJson<RoundView>(stored)
  }

  async term(term: number): Promise<StoredTerm | undefined> {
    const stored = await this.store.get(termKey(term))
    return stored === undefined ? undefined : decodeJson<StoredTerm>(stored)
  }

  /** Counts over all finished rounds on the way to the head. */
  production(unfinalised: readonly BlockNode<DposState>[]): Production {
    let { production, round } = this.latest
    for (const { state } of unfinalised) {
      const view = state === undefined ? undefined : lastRoundView(state)
      if (view === undefined || view.number <= round) continue
      production = countProduction(production, view)
      round = view.number
    }
    return production
  }
}

/** A finished round that is still reversible, or the running one. */
export function reversibleRound(
  chain: { readonly unfinalised: readonly BlockNode<DposState>[]; readonly head: DposState },
  number: bigint,
  nowSlot: bigint,
): RoundView | undefined {
  const running = roundView(chain.head, nowSlot)
  if (running.number === number) return running
  const own = roundView(chain.head)
  if (own.number === number) return roundView(chain.head, own.startSlot + BigInt(own.order.length) + 1n) ?? own
  for (const { state } of chain.unfinalised) {
    const view = state === undefined ? undefined : lastRoundView(state)
    if (view?.number === number) return view
  }
  const last = lastRoundView(chain.head)
  return last?.number === number ? last : undefined
}

export async function openHistory(store: KeyValue, witness: Pick<Witness, 'explain'>): Promise<History> {
  const stored = await store.get(latestKey)
  if (stored === undefined) return new History(store, witness, NOTHING)
  const latest = decodeJson<{ round: bigint; term: number; production: [string, ProductionCount][] }>(stored)
  const production = new Map(latest.production.map(([address, count]) => [asAddress(address), count]))
  return new History(store, witness, { ...latest, production })
}
