import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { EMPTY_LIST_ROOT, producersHash, type SignedHeader } from '#kernel'
import { asAddress, asHash, type Hash, hexToBytes, ZERO_HASH } from '#primitives'
import { decodeHeaderData } from './codec.ts'
import { dpos } from './engine.ts'
import { arrange } from './order.ts'
import { scheduleAt } from './schedule.ts'
import { decodeState, encodeState } from './stateCodec.ts'

interface Entry {
  readonly address: string
  readonly commitment: string
}
interface Vectors {
  readonly genesis: { readonly hash: string; readonly slotMs: number; readonly producers: readonly Entry[] }
  readonly fig49: { readonly traversed: string[]; readonly residues: number[]; readonly places: string[] }
  readonly rounds: readonly {
    readonly number: number
    readonly term: number
    readonly startSlot: number
    readonly order: string[]
    readonly extra: string
    readonly entropy: string
  }[]
  readonly headers: readonly {
    readonly slot: number
    readonly producer: string
    readonly isExtra: boolean
    readonly consensus: string
    readonly nextProducers?: readonly Entry[]
    readonly prevoted: number
    readonly finalized: number
  }[]
}

const vectors = JSON.parse(readFileSync(new URL('../../../vectors/dpos.json', import.meta.url), 'utf8')) as Vectors
const entries = (list: readonly Entry[]) =>
  list.map((entry) => ({ address: asAddress(entry.address), commitment: asHash(entry.commitment) }))

it('places Fig. 4.9: A C B D, then C B D A with places 0 0 2 2, gives C B D A [DPOS-PLACE-1]', () => {
  const { traversed, residues, places } = vectors.fig49
  expect(traversed.join('')).toBe('CBDA')
  expect(residues).toEqual([0, 0, 2, 2])
  expect(arrange(traversed, residues)).toEqual(places)
  expect(places.join('')).toBe('CBDA')
})

it('derives rounds, terms, exclusions and votes of the independent script [DPOS-VALUE-1] [DPOS-DATA-2] [DPOS-STATE-1] [DPOS-SIG-1] [DPOS-SIG-2] [DPOS-ORDER-2] [DPOS-ORDER-3] [DPOS-TERM-2] [DPOS-VOTE-2] [DPOS-VOTE-3]', () => {
  const genesis = {
    network: 'vectors',
    chainId: 7,
    genesisTimeMs: 0n,
    slotMs: BigInt(vectors.genesis.slotMs),
    collectionHash: ZERO_HASH,
    state: new Map(),
    producers: entries(vectors.genesis.producers),
    params: {},
  }
  let state = dpos.init(genesis, asHash(vectors.genesis.hash))
  let seen = 0
  for (const vector of vectors.headers) {
    const slot = BigInt(vector.slot)
    expect(scheduleAt(state, slot)).toMatchObject({ producer: vector.producer, isExtra: vector.isExtra })
    const header: SignedHeader = {
      version: 1,
      chainId: 7,
      height: state.height + 1n,
      parentHash: state.hash,
      slot,
      producer: asAddress(vector.producer),
      transactionRoot: EMPTY_LIST_ROOT,
      receiptRoot: EMPTY_LIST_ROOT,
      stateRoot: ZERO_HASH,
      indexRoot: EMPTY_LIST_ROOT,
      signal: ZERO_HASH,
      consensus: hexToBytes(vector.consensus),
      extension: new Uint8Array(),
      signature: `0x${'00'.repeat(65)}`,
      hash: `0x${slot.toString(16).padStart(64, '0')}` as Hash,
    }
    expect(dpos.validate(state, header, { trustSignature: true })).toBeUndefined()
    const next = vector.nextProducers === undefined ? undefined : entries(vector.nextProducers)
    expect(decodeHeaderData(header.consensus).nextProducers).toBe(next === undefined ? ZERO_HASH : producersHash(next))
    state = dpos.apply(state, header, next === undefined ? {} : { producers: next })
    expect(dpos.finalise(state)).toEqual({ prevoted: BigInt(vector.prevoted), finalized: BigInt(vector.finalized) })
    const round = vectors.rounds[Number(state.round.number) - 1]
    expect({ ...state.round, entropy: `0x${state.round.entropy.toString(16)}` }).toMatchObject({
      number: BigInt(round?.number ?? 0),
      term: round?.term,
      startSlot: BigInt(round?.startSlot ?? 0),
      order: round?.order,
      extra: round?.extra,
      entropy: round?.entropy,
    })
    seen = Number(state.round.number)
    const stored = encodeState(state)
    expect(decodeState(stored)).toEqual(state)
    expect(encodeState(decodeState(stored))).toEqual(stored)
  }
  expect(seen).toBe(vectors.rounds.length)
  expect(state.term.number).toBe(2)
})
