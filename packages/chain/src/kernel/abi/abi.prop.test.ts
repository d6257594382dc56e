import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Address, bytesToHex, type Hex, utf8ToBytes } from '#primitives'
import {
  type ArgsOf,
  decodeArgs,
  encodeArgs,
  FIELD_TYPES,
  type FieldSpec,
  type FieldType,
  type FieldValue,
  formatSignature,
  MAX_STRING_BYTES,
  parseSignature,
} from '../index.ts'

const vote = 'function vote(address delegate, uint256 amount, uint32 lockDays)'

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
const voteTypes: Same<
  ArgsOf<typeof vote>,
  { readonly delegate: Address; readonly amount: bigint; readonly lockDays: number }
> = true
const mixedTypes: Same<
  ArgsOf<'function f(bool on, bytes8 tag, string note)'>,
  { readonly on: boolean; readonly tag: Hex; readonly note: string }
> = true

const hexOf = (length: number) => fc.uint8Array({ minLength: length, maxLength: length }).map(bytesToHex)
const arbitraryOf: Record<FieldType, fc.Arbitrary<FieldValue>> = {
  address: hexOf(20),
  uint8: fc.nat(255),
  uint32: fc.nat(0xffffffff),
  uint64: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  uint128: fc.bigInt({ min: 0n, max: 2n ** 128n - 1n }),
  uint256: fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }),
  bool: fc.boolean(),
  string: fc.string({ unit: 'binary', maxLength: 40 }),
  bytes: fc.uint8Array({ maxLength: 70 }).map(bytesToHex),
  bytes8: hexOf(8),
  bytes32: hexOf(32),
}

const call = fc.array(fc.constantFrom(...FIELD_TYPES), { maxLength: 8 }).chain((types) => {
  const fields: FieldSpec[] = types.map((type, index) => ({ name: `a${index}`, type }))
  return fc.tuple(...types.map((type) => arbitraryOf[type])).map((values) => ({
    fields,
    args: Object.fromEntries(values.map((value, index) => [`a${index}`, value])),
  }))
})

describe('parseSignature [ABI-SIG-1]', () => {
  it('default: names and types', () => {
    expect(voteTypes && mixedTypes).toBe(true)
    expect(parseSignature(vote)).toEqual({
      name: 'vote',
      args: [
        { name: 'delegate', type: 'address' },
        { name: 'amount', type: 'uint256' },
        { name: 'lockDays', type: 'uint32' },
      ],
    })
    expect(parseSignature('function quit()')).toEqual({ name: 'quit', args: [] })
    expect(formatSignature(parseSignature(vote))).toBe(vote)
  })
  it.each([
    ['vote(address a)', 'abi.signature'],
    ['function Vote()', 'abi.signature'],
    ['function vote(address)', 'abi.signature'],
    ['function vote(int256 a)', 'abi.type'],
    ['function vote(uint16 a)', 'abi.type'],
    ['function vote(address from)', 'abi.name'],
    ['function vote(string intent)', 'abi.name'],
    ['function vote(bool a, bool a)', 'abi.name'],
    ['function vote(bool a,)', 'abi.signature'],
  ])('error: %s', (signature, code) => {
    expect(() => parseSignature(signature)).toThrow(expect.objectContaining({ code }))
  })
})

describe('argument codec', () => {
  it('behavior: round trip for every mix of types [ABI-TYPE-1] [ABI-STATE-1]', () => {
    fc.assert(
      fc.property(call, ({ fields, args }) => {
        const abi = { name: 'f', args: fields }
        expect(decodeArgs(abi, encodeArgs(abi, args))).toEqual(args)
      }),
      { numRuns: 300 },
    )
  })
  it('behavior: any bytes that decode encode back to themselves [ENC-ONE-1]', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...FIELD_TYPES), { maxLength: 3 }),
        fc.array(fc.constantFrom(0, 1, 2, 3, 0x41, 0xc3, 0xa9), { maxLength: 48 }),
        (types, noise) => {
          const abi = { name: 'f', args: types.map((type, index) => ({ name: `a${index}`, type })) }
          let decoded: Record<string, FieldValue>
          try {
            decoded = decodeArgs(abi, Uint8Array.from(noise))
          } catch {
            return
          }
          expect(bytesToHex(encodeArgs(abi, decoded))).toBe(bytesToHex(Uint8Array.from(noise)))
        },
      ),
      { numRuns: 2000 },
    )
  })
  it('default: vote bytes', () => {
    const args = { delegate: `0x${'11'.repeat(20)}`, amount: 5n, lockDays: 365 }
    expect(bytesToHex(encodeArgs(parseSignature(vote), args))).toBe(
      `0x${'11'.repeat(20)}${'00'.repeat(31)}05${'0000016d'}`,
    )
  })
  it.each<[FieldType, FieldValue, string]>([
    ['uint8', 256, 'codec.range'],
    ['uint8', 1n, 'abi.value'],
    ['uint64', 5, 'abi.value'],
    ['uint64', 2n ** 64n, 'codec.range'],
    ['uint256', -1n, 'codec.range'],
    ['bool', 1, 'abi.value'],
    ['address', '0x12', 'primitive.address'],
    ['bytes8', '0x12', 'abi.value'],
    ['bytes', 'zz', 'primitive.hex'],
    ['string', 'x'.repeat(MAX_STRING_BYTES + 1), 'codec.limit'],
    ['string', '\ud800', 'codec.utf8'],
    ['bytes', `0x${'00'.repeat(65_537)}`, 'codec.limit'],
  ])('error: %s names the field and the reason', (type, value, reason) => {
    const abi = { name: 'f', args: [{ name: 'x', type }] }
    expect(() => encodeArgs(abi, { x: value })).toThrow(
      expect.objectContaining({ code: 'abi.field', details: { field: 'x', type, reason } }),
    )
  })
  it('error: missing arguments, other booleans [ENC-BOOL-1], bad text, left bytes', () => {
    const abi = (type: FieldType) => ({ name: 'f', args: [{ name: 'x', type }] })
    expect(() => encodeArgs(abi('bool'), {})).toThrow(expect.objectContaining({ code: 'abi.field' }))
    expect(() => decodeArgs(abi('bool'), Uint8Array.of(2))).toThrow(
      expect.objectContaining({ details: expect.objectContaining({ reason: 'codec.bool' }) }),
    )
    expect(() => decodeArgs(abi('string'), Uint8Array.of(0, 0, 0, 1, 0xff))).toThrow(
      expect.objectContaining({ details: expect.objectContaining({ reason: 'codec.utf8' }) }),
    )
    expect(() => decodeArgs(abi('bool'), Uint8Array.of(1, 0))).toThrow(
      expect.objectContaining({ code: 'codec.trailing' }),
    )
    const long = new Uint8Array(MAX_STRING_BYTES + 5).fill(utf8ToBytes('a')[0] ?? 0)
    long.set([0, 0, 0x10, 1])
    expect(() => decodeArgs(abi('string'), long)).toThrow(
      expect.objectContaining({ details: expect.objectContaining({ reason: 'codec.limit' }) }),
    )
  })
})
