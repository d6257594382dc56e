import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AelfError, asAddress, asHash, type Bytes, bytesToHex, hexToBytes, keccak256, utf8ToBytes } from '#primitives'
import {
  areArgs,
  decodeArgs,
  decodeTransaction,
  encodeTransaction,
  FIELD_TYPES,
  type FieldType,
  type FieldValue,
  type MethodDescriptor,
  type NetworkIdentity,
  parseSignature,
  type SignedTransaction,
  signingDigest,
  systemAddress,
  typedData,
  type UnsignedTransaction,
} from '../index.ts'
import { domainSeparator } from './digest.ts'
import { encodeType } from './digestPlan.ts'

/** The digest as EIP-712 describes it, from values: what the compiled one must equal, in what it refuses too. */
function plainDigest(tx: UnsignedTransaction, method: MethodDescriptor, network: NetworkIdentity): Bytes {
  const { message, primaryType, types } = typedData(tx, method, network)
  const fields = types[primaryType] ?? []
  const words = new Uint8Array(32 * (fields.length + 1))
  words.set(keccak256(encodeType(primaryType, fields)), 0)
  for (const [index, { name, type }] of fields.entries())
    words.set(wordOf(type as FieldType, message[name] ?? ''), 32 * (index + 1))
  const domain = domainSeparator(tx.walletChainId, network)
  return keccak256(Uint8Array.from([0x19, 0x01, ...domain, ...keccak256(words)]))
}

function wordOf(type: FieldType, value: FieldValue): Bytes {
  if (type === 'string') return keccak256(utf8ToBytes(String(value)))
  if (type === 'bytes') return keccak256(hexToBytes(String(value)))
  if (type === 'bytes8' || type === 'bytes32') return hexToBytes(String(value).padEnd(66, '0'))
  const digits = type === 'address' ? String(value).slice(2) : BigInt(value).toString(16)
  return hexToBytes(`0x${digits.padStart(64, '0')}`)
}

interface Outcome {
  readonly digest?: string
  readonly code?: string
  readonly details?: unknown
}

function outcomeOf(work: () => Bytes): Outcome {
  try {
    return { digest: bytesToHex(work()) }
  } catch (error) {
    if (!(error instanceof AelfError)) throw error
    return { code: error.code, details: error.details }
  }
}

const networks: readonly NetworkIdentity[] = ['aelf devnet', 'a network'].map((name, index) => ({
  name,
  genesisHash: asHash(`0x${`5${index}`.repeat(32)}`),
}))

const TEMPLATES = [
  'Do it',
  'Do {a0} and {a1} and {a0}',
  'é {a2}',
  '{a0:elf}{a1:bps}',
  '{a1:elf} of {a0:elf}, {a3}',
  '{a7}',
  'open {a0',
]

function methodOf(signature: string, intent: string, number: number): MethodDescriptor {
  const abi = parseSignature(signature)
  const head = { contract: 'test', contractAddress: systemAddress(1), name: abi.name, number }
  return { ...head, signature, abi, intent, doc: '', nonParallel: false }
}

/** Descriptors are remembered by the compiled path, so the same ones come again and again. */
const methods: readonly MethodDescriptor[] = Array.from({ length: 120 }, (_, seed) => {
  const types = Array.from({ length: seed % 5 }, (_, index) => FIELD_TYPES[(seed * 7 + index * (1 + (seed % 3))) % 11])
  const list = types.map((type, index) => `${type} a${index}`).join(', ')
  return methodOf(`function run${seed}(${list})`, TEMPLATES[seed % TEMPLATES.length] ?? '', seed)
})
const usual: readonly MethodDescriptor[] = [
  methodOf('function note(string a0)', 'Note {a0}.', 200),
  methodOf('function pay(uint256 a0, uint64 a1, uint32 a2, uint8 a3)', 'Pay {a0:elf} {a1} {a2:bps} {a3:elf}', 201),
  methodOf('function set(address a0, bytes8 a1, bytes32 a2, bytes a3, bool a4)', '{a0}{a1}{a2}{a3}{a4}', 202),
]

const fixed = (length: number) => fc.uint8Array({ minLength: length, maxLength: length }).map((bytes) => [...bytes])
const natural = (length: number) =>
  fc.oneof(
    fixed(length),
    fc.nat({ max: 1 << 30 }).map((value) => [...new Array<number>(length).fill(0), ...u32(value)].slice(-length)),
    fc.constantFrom(0, 1, 99, 100, 101, 255).map((value) => [...new Array<number>(length - 1).fill(0), value]),
  )
const u32 = (value: number): number[] => [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255]
const counted = (bytes: Iterable<number>): number[] => {
  const list = [...bytes]
  return [...u32(list.length), ...list]
}
const text = fc.oneof(
  fc.constantFrom(
    'ELF',
    'A1B2',
    '',
    'x'.repeat(4000),
    '"'.repeat(700),
    '\u202e',
    'ABCDEFGHIJKLMNOPQ',
    'ABCDEFGHIJKLMNOP',
  ),
  fc.string({ unit: 'binary', maxLength: 30 }),
)
const encoded: Record<FieldType, fc.Arbitrary<number[]>> = {
  address: fixed(20),
  uint8: natural(1),
  uint32: natural(4),
  uint64: natural(8),
  uint128: natural(16),
  uint256: natural(32),
  bool: fc.constantFrom([0], [1], [2]),
  string: fc.oneof(
    text.map((value) => counted(utf8ToBytes(value))),
    fc.uint8Array({ maxLength: 6 }).map(counted),
  ),
  bytes: fc.oneof(
    fc.uint8Array({ maxLength: 70 }).map(counted),
    fc.constantFrom(2040, 2050, 65_536, 65_537).map((length) => counted(new Uint8Array(length))),
  ),
  bytes8: fixed(8),
  bytes32: fixed(32),
}

/** The arguments as they should be, or cut, or with bytes too many, or with one changed. */
const argsOf = ({ abi }: MethodDescriptor) =>
  fc
    .tuple(
      fc.tuple(...abi.args.map(({ type }) => encoded[type])).map((values) => values.flat()),
      fc.constantFrom('whole', 'whole', 'whole', 'cut', 'long', 'changed'),
      fc.nat(),
      fc.nat(255),
    )
    .map(([bytes, what, at, value]) => {
      if (what === 'cut') return Uint8Array.from(bytes.slice(0, at % (bytes.length + 1)))
      if (what === 'long') return Uint8Array.from([...bytes, value])
      const copy = Uint8Array.from(bytes)
      if (what === 'changed' && copy.length > 0) copy[at % copy.length] = value
      return copy
    })

const hexOf = (length: number) => fc.uint8Array({ minLength: length, maxLength: length }).map(bytesToHex)
const call = fc.oneof(fc.constantFrom(...methods), fc.constantFrom(...usual)).chain((method) =>
  fc
    .record({
      walletChainId: fc.oneof(fc.constant(1n), fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })),
      from: hexOf(20).map(asAddress),
      args: argsOf(method),
      refHeight: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
      refHash: hexOf(8),
      feeLimit: fc.bigInt({ min: 0n, max: 2n ** 128n - 1n }),
      nonce: hexOf(8),
    })
    .map((fields) => ({
      method,
      tx: {
        ...fields,
        version: 1,
        contract: method.contractAddress,
        method: method.number,
        authorization: { kind: 0, signature: `0x${'11'.repeat(65)}` },
      } satisfies SignedTransaction,
    })),
)

describe('compiled digest', () => {
  it('behavior: equals the plain one, and refuses what that refuses with the same error [TX-SIGN-1] [TX-ARGS-1] [INTENT-MAX-1]', () => {
    const seen = { digests: 0, refused: new Set<string>() }
    fc.assert(
      fc.property(call, fc.constantFrom(...networks), ({ method, tx }, network) => {
        const plain = outcomeOf(() => plainDigest(tx, method, network))
        expect(outcomeOf(() => signingDigest(tx, method, network))).toEqual(plain)
        expect(outcomeOf(() => signingDigest(decodeTransaction(encodeTransaction(tx)), method, network))).toEqual(plain)
        if (plain.code === undefined) seen.digests += 1
        else seen.refused.add(plain.code)
      }),
      { numRuns: 1200 },
    )
    expect(seen.digests).toBeGreaterThan(100)
    for (const code of ['abi.field', 'codec.trailing', 'intent.template', 'intent.tooLong'])
      expect(seen.refused).toContain(code)
  })
  it('error: arguments that do not decode are found without decoding them [TX-ARGS-1]', () => {
    const seen = new Set<boolean>()
    fc.assert(
      fc.property(call, ({ method, tx }) => {
        const { code } = outcomeOf(() => {
          decodeArgs(method.abi, tx.args)
          return new Uint8Array(0)
        })
        expect(areArgs(method.abi, tx.args)).toBe(code === undefined)
        seen.add(code === undefined)
      }),
      { numRuns: 1200 },
    )
    expect(seen.size).toBe(2)
  })
  it('error: what has no encoding has no digest', () => {
    const method = methods[0] as MethodDescriptor
    const [tx] = fc.sample(call, 1)
    const plain = { ...tx?.tx, args: new Uint8Array(0), method: method.number } as SignedTransaction
    const digest = (change: object) => () =>
      signingDigest({ ...plain, ...change } as SignedTransaction, method, networks[0] as NetworkIdentity)
    expect(digest({})()).toHaveLength(32)
    expect(digest({ nonce: '0x00' })).toThrow(expect.objectContaining({ code: 'tx.field' }))
    expect(digest({ refHeight: 2n ** 64n })).toThrow(expect.objectContaining({ code: 'codec.range' }))
    expect(digest({ method: 1 })).toThrow(expect.objectContaining({ code: 'tx.method' }))
  })
})
