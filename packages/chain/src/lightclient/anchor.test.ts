import { describe, expect, it } from 'vitest'
import { encodeHeaderData } from '#consensus/dpos'
import { EMPTY_LIST_ROOT, type Header, type ProducerEntry, producersHash, type SignedHeader, signHeader } from '#kernel'
import { type Address, asHash, type Bytes, type Hash, hexToBytes, privateKeyToAddress, ZERO_HASH } from '#primitives'
import { type AnchorInput, type PinnedList, verifyAnchored, verifyPinnedList, verifyTermChange } from './index.ts'

const keyOf = (seed: number): Bytes => new Uint8Array(32).fill(seed)
const entryOf = (seed: number): ProducerEntry => ({
  address: privateKeyToAddress(keyOf(seed)),
  commitment: asHash(`0x${seed.toString(16).padStart(64, '0')}`),
})
const FIRST = [1, 2, 3, 4, 5, 6, 7]
const SECOND = [3, 4, 5, 6, 7, 8, 9]
const firstList = FIRST.map(entryOf)
const secondList = SECOND.map(entryOf)
const GENESIS = asHash(`0x${'ce'.repeat(32)}`)
const pinned: PinnedList = { chainId: 9, genesisHash: GENESIS, term: 4, producersHash: producersHash(firstList) }

interface Block {
  readonly by: number
  readonly term?: number
  readonly next?: Hash
  readonly change?: Partial<Header>
  readonly signedBy?: number
}

/** Headers that follow each other from height 100, each by the seed of a key. */
function chainOf(blocks: readonly Block[]): SignedHeader[] {
  const headers: SignedHeader[] = []
  for (const [index, { by, term = 4, next = ZERO_HASH, change, signedBy }] of blocks.entries()) {
    const content: Header = {
      version: 1,
      chainId: 9,
      height: 100n + BigInt(index),
      parentHash: headers.at(-1)?.hash ?? ZERO_HASH,
      slot: 500n + BigInt(index),
      producer: privateKeyToAddress(keyOf(by)),
      transactionRoot: EMPTY_LIST_ROOT,
      receiptRoot: EMPTY_LIST_ROOT,
      stateRoot: EMPTY_LIST_ROOT,
      indexRoot: EMPTY_LIST_ROOT,
      signal: ZERO_HASH,
      consensus: encodeHeaderData({
        round: 3n,
        term,
        reveal: ZERO_HASH,
        prevotedHeight: 90n,
        generatedHeight: 90n,
        nextProducers: next,
        evicted: [],
      }),
      extension: hexToBytes(GENESIS),
      ...change,
    }
    headers.push(signHeader(content, keyOf(signedBy ?? by)))
  }
  return headers
}

function inputOf(headers: readonly SignedHeader[], change: Partial<AnchorInput> = {}): AnchorInput {
  const [target, ...descendants] = headers as [SignedHeader, ...SignedHeader[]]
  return { target, descendants, producers: firstList, pinned, ...change }
}

const by = (...seeds: number[]): Block[] => seeds.map((seed) => ({ by: seed }))
const good = chainOf(by(1, 2, 2, 3, 4, 5))
const at = (index: number): SignedHeader => good[index] as SignedHeader
const replaced = (index: number, change: Partial<SignedHeader>): SignedHeader[] =>
  good.with(index, { ...at(index), ...change })

describe('verifyAnchored', () => {
  it('default: two thirds of the list built on the header [LIGHT-ANCHOR-1]', () => {
    const report = verifyAnchored(inputOf(good))
    expect(report).toEqual({ signers: [1, 2, 3, 4, 5].map((seed) => entryOf(seed).address), needed: 5 })
  })

  it('behavior: a producer counts once, and a short chain says how far it is [LIGHT-ANCHOR-2]', () => {
    const report = verifyAnchored(inputOf(good.slice(0, 5)))
    expect(report).toMatchObject({ needed: 5, failure: { code: 'light.quorum' } })
    expect(report.signers).toHaveLength(4)
    expect(verifyAnchored(inputOf(chainOf(by(1, 1, 1, 1, 1, 1, 1)))).signers).toHaveLength(1)
  })

  const forged = chainOf([...by(1, 2, 2, 3, 4), { by: 5, signedBy: 6 }])
  const stranger = chainOf([...by(1, 2, 3, 4, 5), { by: 9 }])
  const cases: readonly [string, string, AnchorInput][] = [
    ['a forged target', 'light.signature', inputOf(replaced(0, { stateRoot: ZERO_HASH }))],
    ['a forged target with its own hash', 'light.chain', inputOf(good.with(0, chainOf(by(2, 2))[0] as SignedHeader))],
    ['a forged descendant', 'light.signature', inputOf(replaced(5, { stateRoot: ZERO_HASH }))],
    ['a wrong signer', 'light.signature', inputOf(forged)],
    ['a stranger', 'light.producer', inputOf(stranger)],
    ['a missing header', 'light.chain', inputOf(good.toSpliced(2, 1))],
    ['a repeated header', 'light.chain', inputOf(good.toSpliced(2, 0, at(2)))],
    ['swapped headers', 'light.chain', inputOf(good.with(2, at(3)).with(3, at(2)))],
    ['a slot that goes back', 'light.chain', inputOf(chainOf([...by(1, 2), { by: 3, change: { slot: 1n } }]))],
    ['another network', 'light.network', inputOf(chainOf([{ by: 1, change: { extension: keyOf(1) } }]))],
    ['another network later', 'light.chain', inputOf(chainOf([...by(1), { by: 2, change: { extension: keyOf(1) } }]))],
    ['another chain', 'light.network', inputOf(chainOf([{ by: 1, change: { chainId: 8 } }]))],
    ['another chain later', 'light.chain', inputOf(chainOf([...by(1), { by: 2, change: { chainId: 8 } }]))],
    ['another term', 'light.term', inputOf(chainOf([{ by: 1, term: 5 }]))],
    ['a term that goes back', 'light.term', inputOf(chainOf([...by(1), { by: 2, term: 3 }]))],
    ['consensus data of no kind', 'light.header', inputOf(chainOf([{ by: 1, change: { consensus: keyOf(1) } }]))],
    ['another list', 'light.list', inputOf(good, { producers: secondList })],
    ['a list in another order', 'light.list', inputOf(good, { producers: firstList.toReversed() })],
    ['no list', 'light.list', inputOf(good, { producers: [] })],
    ['a malformed signature', 'light.signature', inputOf(replaced(1, { signature: '0x12' }))],
    ['a malformed root', 'light.signature', inputOf(replaced(1, { stateRoot: '0x12' as Hash }))],
  ]
  it.each(cases)('error: %s is %s', (_, code, input) => {
    expect(verifyAnchored(input).failure?.code).toBe(code)
  })

  it('error: a list that repeats an address, or does not encode', () => {
    const twice = [...firstList.slice(1), firstList[1] as ProducerEntry]
    expect(verifyPinnedList(twice, { term: 4, producersHash: producersHash(twice) })?.code).toBe('light.list')
    const broken = [{ ...entryOf(1), address: '0x12' as Address }]
    expect(verifyPinnedList(broken, pinned)?.code).toBe('light.list')
  })
})

describe('verifyTermChange', () => {
  const next = producersHash(secondList)
  const change = (headers: readonly SignedHeader[], list: readonly ProducerEntry[] = secondList) => {
    const [closing, ...descendants] = headers as [SignedHeader, ...SignedHeader[]]
    return verifyTermChange({ closing, descendants, producers: firstList, pinned, next: list })
  }
  const later = (...seeds: number[]): Block[] => seeds.map((seed) => ({ by: seed, term: 5 }))

  it('default: the old list commits, the new one takes over; shared members count [LIGHT-TERM-1]', () => {
    const report = change(chainOf([{ by: 1, next }, ...by(2), ...later(8, 9, 3, 4, 5)]))
    expect(report.failure).toBeUndefined()
    expect(report.pinned).toEqual({ ...pinned, term: 5, producersHash: next })
    const after = chainOf(later(8, 9, 3, 4, 5))
    expect(
      verifyAnchored({ ...inputOf(after), producers: secondList, pinned: report.pinned as PinnedList }).failure,
    ).toBeUndefined()
  })

  const quorum = later(3, 4, 5)
  type Case = readonly [name: string, code: string, blocks: readonly Block[], list?: readonly ProducerEntry[]]
  const cases: readonly Case[] = [
    ['no commitment', 'light.commitment', [...by(1, 2), ...quorum]],
    ['another list', 'light.commitment', [{ by: 1, next }, ...by(2), ...quorum], firstList],
    [
      'a replaced commitment',
      'light.commitment',
      [{ by: 1, next }, { by: 2, next: producersHash(firstList) }, ...quorum],
    ],
    ['a term that has not changed', 'light.unfinishedTerm', [{ by: 1, next }, ...by(2, 3, 4, 5)]],
    ['a term left out', 'light.term', [{ by: 1, next }, ...by(2, 3, 4), { by: 5, term: 6 }]],
    ['too few of the old list', 'light.quorum', [{ by: 1, next }, ...by(2), ...later(8, 9, 3)]],
    ['a stranger before the change', 'light.producer', [{ by: 1, next }, ...by(8, 2, 3, 4, 5), ...later(8)]],
  ]
  it.for(cases)('error: %s is %s', ([, code, blocks, list]) => {
    const report = change(chainOf(blocks), list)
    expect(report.failure?.code).toBe(code)
    expect(report.pinned).toBeUndefined()
  })
})
