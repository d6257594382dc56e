import { describe, expect, it } from 'vitest'
import { asHash, privateKeyToAddress } from '#primitives'
import {
  decodeHeader,
  decodeProducers,
  defineParams,
  encodeHeader,
  encodeProducers,
  type Genesis,
  genesisBlock,
  genesisHashOf,
  genesisTree,
  networkIdentityOf,
  paramAt,
  producersHash,
  slotAt,
  slotTimeMs,
  statePath,
  systemAddress,
  systemNumber,
  TREASURY_ADDRESS,
  withParam,
} from '../index.ts'

const producers = [1, 2, 3].map((seed) => ({
  address: privateKeyToAddress(new Uint8Array(32).fill(seed)),
  commitment: asHash(`0x${'0a'.repeat(32)}`),
}))
const genesis: Genesis = {
  network: 'aelf test',
  chainId: 7,
  genesisTimeMs: 1_700_000_000_000n,
  slotMs: 4000n,
  collectionHash: asHash(`0x${'cc'.repeat(32)}`),
  state: new Map([[statePath(systemAddress(1), 1, Uint8Array.of(1)), Uint8Array.of(9)]]),
  producers,
  params: { slotMs: 4000n, termSeconds: 604_800n },
}

describe('genesis', () => {
  it('default: block 0 commits to everything [GEN-BLOCK-1]', () => {
    const { header } = genesisBlock(genesis)
    expect(header.hash).toBe(genesisHashOf(genesis))
    expect(header.stateRoot).toBe(genesisTree(genesis).root)
    expect(decodeHeader(encodeHeader(header))).toEqual(header)
    expect(networkIdentityOf(genesis)).toEqual({ name: 'aelf test', genesisHash: header.hash })
    const others: Genesis[] = [
      { ...genesis, network: 'aelf' },
      { ...genesis, chainId: 8 },
      { ...genesis, genesisTimeMs: 1n },
      { ...genesis, slotMs: 1n },
      { ...genesis, state: new Map() },
      { ...genesis, collectionHash: asHash(`0x${'cd'.repeat(32)}`) },
      { ...genesis, producers: producers.toReversed() },
      { ...genesis, params: { ...genesis.params, slotMs: 1n } },
    ]
    expect(new Set([header.hash, ...others.map(genesisHashOf)]).size).toBe(others.length + 1)
  })
  it('behavior: the order in which parameters were written does not matter [GEN-TERMS-1]', () => {
    expect(genesisHashOf({ ...genesis, params: { termSeconds: 604_800n, slotMs: 4000n } })).toBe(genesisHashOf(genesis))
  })
  it('error: names and times', () => {
    expect(() => genesisHashOf({ ...genesis, network: '' })).toThrow(
      expect.objectContaining({ code: 'genesis.network' }),
    )
    expect(() => genesisHashOf({ ...genesis, network: 'aelf\n' })).toThrow(
      expect.objectContaining({ code: 'genesis.network' }),
    )
    expect(() => genesisHashOf({ ...genesis, slotMs: 0n })).toThrow(expect.objectContaining({ code: 'genesis.time' }))
  })
  it('behavior: slots and times are inverse [HDR-TIME-1]', () => {
    expect(slotTimeMs(genesis, 10n)).toBe(1_700_000_040_000n)
    expect(slotAt(genesis, 1_700_000_040_000n)).toBe(10n)
    expect(slotAt(genesis, 1_700_000_039_999n)).toBe(9n)
    expect(slotAt(genesis, 0n)).toBe(0n)
  })
  it('behavior: producer lists round trip [PROD-ENC-1]', () => {
    expect(decodeProducers(encodeProducers(producers))).toEqual(producers)
    expect(producersHash(producers)).not.toBe(producersHash(producers.toReversed()))
    expect(() => decodeProducers(Uint8Array.of(0, 1, 0, 0))).toThrow(expect.objectContaining({ code: 'codec.limit' }))
  })
})

describe('system addresses and paths', () => {
  it('default: 0xae1f and the number [ABI-ADDR-1]', () => {
    expect(systemAddress(2)).toBe(`0xae1f${'00'.repeat(16)}0002`)
    expect(TREASURY_ADDRESS).toBe(`0xae1f${'00'.repeat(16)}0010`)
    expect(systemNumber(TREASURY_ADDRESS)).toBe(16)
    expect(systemNumber(privateKeyToAddress(new Uint8Array(32).fill(1)))).toBeUndefined()
  })
  it('behavior: contract, item and key each change the path; every key length is legal [STATE-PATH-1]', () => {
    const seen = new Set([
      statePath(systemAddress(1), 1, Uint8Array.of(1)),
      statePath(systemAddress(2), 1, Uint8Array.of(1)),
      statePath(systemAddress(1), 2, Uint8Array.of(1)),
    ])
    for (let length = 0; length < 100; length++) seen.add(statePath(systemAddress(9), 1, new Uint8Array(length)))
    expect(seen.size).toBe(103)
  })
})

describe('params', () => {
  it('behavior: the value in force changes at its height [GEN-PARAM-1]', () => {
    const table = defineParams({
      slotMs: 4000n,
      fee: [
        { fromHeight: 0n, value: 1n },
        { fromHeight: 10n, value: 2n },
      ],
    })
    expect([paramAt(table, 'fee', 9n), paramAt(table, 'fee', 10n), paramAt(table, 'slotMs', 5n)]).toEqual([
      1n,
      2n,
      4000n,
    ])
    expect(paramAt(withParam(table, 'fee', { fromHeight: 20n, value: 3n }), 'fee', 20n)).toBe(3n)
    expect(paramAt(table, 'fee', 20n)).toBe(2n)
  })
  it('error: unknown names and heights that do not rise', () => {
    const table = defineParams({ fee: 1n })
    expect(() => paramAt(table, 'tax', 1n)).toThrow(expect.objectContaining({ code: 'param.unknown' }))
    expect(() => defineParams({ fee: [{ fromHeight: 1n, value: 1n }] })).toThrow(
      expect.objectContaining({ code: 'param.order' }),
    )
    expect(() => defineParams({ fee: [] })).toThrow(expect.objectContaining({ code: 'param.order' }))
    expect(() => withParam(table, 'fee', { fromHeight: 0n, value: 2n })).toThrow(
      expect.objectContaining({ code: 'param.order' }),
    )
  })
})
