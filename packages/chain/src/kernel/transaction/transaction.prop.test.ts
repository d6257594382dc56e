import fc from 'fast-check'
import { hashTypedData } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { describe, expect, it } from 'vitest'
import { asAddress, asHash, bytesToHex, hexToBytes, privateKeyToAddress, utf8ToBytes } from '#primitives'
import {
  decodeSharedTransaction,
  decodeTransaction,
  encodeArgs,
  encodeTransaction,
  type FieldSpec,
  type FieldType,
  type FieldValue,
  MAX_TRANSACTION_BYTES,
  type MethodDescriptor,
  type NetworkIdentity,
  parseSignature,
  recoverSigner,
  type SignedTransaction,
  signatureBytes,
  signingDigest,
  signTransaction,
  systemAddress,
  transactionId,
  typedData,
  type UnsignedTransaction,
  verifyTransactionSignature,
} from '../index.ts'

const network: NetworkIdentity = { name: 'aelf devnet', genesisHash: asHash(`0x${'5a'.repeat(32)}`) }
const key = new Uint8Array(32).fill(3)
const sender = privateKeyToAddress(key)

function methodOf(signature: string, intent = 'Do it'): MethodDescriptor {
  const abi = parseSignature(signature)
  return {
    contract: 'election',
    contractAddress: systemAddress(2),
    name: abi.name,
    number: 6,
    signature,
    abi,
    intent,
    doc: '',
    nonParallel: false,
  }
}

const vote = methodOf(
  'function vote(address delegate, uint256 amount, uint32 lockDays)',
  'Lock {amount:elf} ELF for {lockDays} days and vote for {delegate}',
)

function unsigned(method: MethodDescriptor, args: Record<string, FieldValue>): UnsignedTransaction {
  return {
    version: 1,
    walletChainId: 6118001n,
    from: sender,
    contract: method.contractAddress,
    method: method.number,
    args: encodeArgs(method.abi, args),
    refHeight: 77n,
    refHash: '0x0102030405060708',
    feeLimit: 1_000_000n,
    nonce: '0xa1a2a3a4a5a6a7a8',
  }
}

const voteArgs = { delegate: `0x${'cd'.repeat(20)}`, amount: 120_000_000_000n, lockDays: 365 }
const signed = signTransaction(unsigned(vote, voteArgs), { method: vote, network, privateKey: key })

const hexOf = (length: number) => fc.uint8Array({ minLength: length, maxLength: length }).map(bytesToHex)
const natural = (bits: number) => fc.bigInt({ min: 0n, max: 2n ** BigInt(bits) - 1n })
const anyTransaction: fc.Arbitrary<SignedTransaction> = fc.record({
  version: fc.constant<1>(1),
  walletChainId: natural(64),
  from: hexOf(20).map(asAddress),
  contract: hexOf(20).map(asAddress),
  method: fc.nat(0xffff),
  args: fc.uint8Array({ maxLength: 200 }),
  refHeight: natural(64),
  refHash: hexOf(8),
  feeLimit: natural(128),
  nonce: hexOf(8),
  authorization: fc.record({ kind: fc.constant<0>(0), signature: hexOf(65) }),
})

describe('transaction codec', () => {
  it('behavior: round trip; the id does not cover the authorisation [TX-ID-1]', () => {
    fc.assert(
      fc.property(anyTransaction, hexOf(65), (tx, signature) => {
        const decoded = decodeTransaction(encodeTransaction(tx))
        expect(decoded).toEqual(tx)
        expect(encodeTransaction({ ...decoded })).toEqual(encodeTransaction(decoded))
        expect(transactionId(decoded)).toBe(transactionId({ ...decoded }))
        expect(transactionId({ ...tx, authorization: { kind: 0, signature } } as SignedTransaction)).toBe(
          transactionId(tx),
        )
        expect(transactionId({ ...tx, method: tx.method ^ 1 })).not.toBe(transactionId(tx))
      }),
    )
  })
  it('behavior: one encoding per transaction [TX-ENC-1]: a changed, cut or longer encoding is refused or is another transaction', () => {
    const original = encodeTransaction(signed)
    fc.assert(
      fc.property(fc.nat(original.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const bytes = original.slice()
        bytes[at] = (bytes[at] as number) ^ flip
        let decoded: SignedTransaction
        try {
          decoded = decodeTransaction(bytes)
        } catch {
          return
        }
        // A copy, so that nothing remembered about the decoded object answers.
        expect(bytesToHex(encodeTransaction({ ...decoded }))).toBe(bytesToHex(bytes))
        expect(decoded).not.toEqual(signed)
      }),
      { numRuns: 500 },
    )
    for (let length = 0; length < original.length; length++)
      expect(() => decodeTransaction(original.subarray(0, length))).toThrow()
    expect(() => decodeTransaction(Uint8Array.from([...original, 0]))).toThrow(
      expect.objectContaining({ code: 'codec.trailing' }),
    )
  })
  it('behavior: what is remembered about a transaction does not change with the bytes handed in or out', () => {
    const bytes = encodeTransaction(signed)
    const decoded = decodeTransaction(bytes)
    const before = bytesToHex(bytes)
    bytes.fill(0)
    encodeTransaction(decoded).fill(1)
    encodeTransaction(signed).fill(2)
    expect(bytesToHex(encodeTransaction(decoded))).toBe(before)
    expect(bytesToHex(encodeTransaction(signed))).toBe(before)
    expect(transactionId(decoded)).toBe(transactionId({ ...signed }))
  })
  it('behavior: a transaction read without a copy is the same one, and knows its signature', () => {
    fc.assert(
      fc.property(anyTransaction, fc.uint8Array({ maxLength: 9 }), (tx, before) => {
        const encoding = encodeTransaction(tx)
        const within = Uint8Array.from([...before, ...encoding]).subarray(before.length)
        const shared = decodeSharedTransaction(within)
        expect(shared).toEqual(tx)
        expect({ ...shared }).toEqual(tx)
        expect(transactionId(shared)).toBe(transactionId(tx))
        expect(encodeTransaction(shared)).toEqual(encoding)
        for (const each of [tx, shared]) expect(bytesToHex(signatureBytes(each))).toBe(tx.authorization.signature)
        // A copy of its fields with another one changed is another transaction.
        expect(encodeTransaction({ ...shared, method: tx.method ^ 1 })).not.toEqual(encoding)
      }),
    )
  })
  it('error: limits, versions, kinds and field lengths', () => {
    expect(() => decodeTransaction(new Uint8Array(MAX_TRANSACTION_BYTES + 1))).toThrow(
      expect.objectContaining({ code: 'tx.tooLarge' }),
    )
    expect(() => encodeTransaction({ ...signed, args: new Uint8Array(MAX_TRANSACTION_BYTES) })).toThrow(
      expect.objectContaining({ code: 'tx.tooLarge' }),
    )
    const bytes = encodeTransaction(signed)
    expect(() => decodeTransaction(Uint8Array.from([2, ...bytes.subarray(1)]))).toThrow(
      expect.objectContaining({ code: 'tx.version' }),
    )
    const kind = bytes.slice()
    kind[bytes.length - 68] = 1
    expect(() => decodeTransaction(kind)).toThrow(expect.objectContaining({ code: 'tx.authorization' }))
    const length = bytes.slice()
    length[bytes.length - 66] = 64
    expect(() => decodeTransaction(length)).toThrow(expect.objectContaining({ code: 'codec.range' }))
    expect(() => encodeTransaction({ ...signed, nonce: '0x01' })).toThrow(expect.objectContaining({ code: 'tx.field' }))
    expect(() => encodeTransaction({ ...signed, method: 65_536 })).toThrow(
      expect.objectContaining({ code: 'codec.range' }),
    )
    expect(() => encodeTransaction({ ...signed, feeLimit: 2n ** 128n })).toThrow(
      expect.objectContaining({ code: 'codec.range' }),
    )
  })
})

const arbitraryOf: Record<FieldType, fc.Arbitrary<FieldValue>> = {
  address: hexOf(20),
  uint8: fc.nat(255),
  uint32: fc.nat(0xffffffff),
  uint64: natural(64),
  uint128: natural(128),
  uint256: natural(256),
  bool: fc.boolean(),
  string: fc.string({ unit: 'binary', maxLength: 30 }),
  bytes: fc.uint8Array({ maxLength: 70 }).map(bytesToHex),
  bytes8: hexOf(8),
  bytes32: hexOf(32),
}
const types = Object.keys(arbitraryOf) as FieldType[]
const anyCall = fc.array(fc.constantFrom(...types), { maxLength: 8 }).chain((list) => {
  const args: FieldSpec[] = list.map((type, index) => ({ name: `a${index}`, type }))
  const method = methodOf(
    `function doSome(${args.map((arg) => `${arg.type} ${arg.name}`).join(', ')})`,
    `Do ${args.map((arg) => `{${arg.name}}`).join(' and ')}`,
  )
  return fc
    .tuple(...list.map((type) => arbitraryOf[type]))
    .map((values) => ({ method, args: Object.fromEntries(values.map((value, index) => [`a${index}`, value])) }))
})

function viemHash(tx: UnsignedTransaction, method: MethodDescriptor): string {
  return hashTypedData(typedData(tx, method, network) as unknown as Parameters<typeof hashTypedData>[0])
}

describe('typed data', () => {
  it('default: domain, struct and sentence [TX-INTENT-1]', () => {
    const data = typedData(signed, vote, network)
    expect(data.domain).toEqual({ name: 'aelf', version: '1', chainId: 6118001, salt: network.genesisHash })
    expect(data.primaryType).toBe('Vote')
    expect(data.types.Vote?.map((field) => `${field.type} ${field.name}`)).toEqual([
      'address delegate',
      'uint256 amount',
      'uint32 lockDays',
      'address from',
      'address contract',
      'string network',
      'uint64 refHeight',
      'bytes8 refHash',
      'uint128 feeLimit',
      'bytes8 nonce',
      'string intent',
    ])
    expect(data.message.intent).toBe(`Lock 1,200 ELF for 365 days and vote for 0x${'cd'.repeat(20)}`)
  })
  it('behavior: the compiled digest equals the generic one for every mix of types [TX-SIGN-1]', () => {
    fc.assert(
      fc.property(anyCall, natural(64), natural(128), hexOf(8), ({ method, args }, big, fee, nonce) => {
        const tx = { ...unsigned(method, args), walletChainId: big, refHeight: big, feeLimit: fee, nonce }
        expect(bytesToHex(signingDigest(tx, method, network))).toBe(viemHash(tx, method))
      }),
      { numRuns: 150 },
    )
  })
  it('behavior: a wallet signature is accepted', async () => {
    const account = privateKeyToAccount(bytesToHex(key))
    const signature = await account.signTypedData(
      typedData(signed, vote, network) as unknown as Parameters<typeof account.signTypedData>[0],
    )
    expect(signature).toBe(signed.authorization.signature)
    expect(recoverSigner(signed, vote, network)).toBe(sender)
    expect(verifyTransactionSignature(signed, vote, network)).toBe(true)
  })
  it('behavior: another network, sentence, amount or chain is another signature [TX-SIGN-2]', () => {
    const others: readonly [SignedTransaction, MethodDescriptor, NetworkIdentity][] = [
      [signed, vote, { ...network, name: 'aelf' }],
      [signed, vote, { ...network, genesisHash: asHash(`0x${'5b'.repeat(32)}`) }],
      [signed, { ...vote, intent: 'Vote' }, network],
      [{ ...signed, walletChainId: 1n }, vote, network],
      [{ ...signed, args: encodeArgs(vote.abi, { ...voteArgs, amount: 1n }) }, vote, network],
    ]
    for (const [tx, method, identity] of others) expect(verifyTransactionSignature(tx, method, identity)).toBe(false)
  })
  it('behavior: senders cannot grow the domain cache', () => {
    const digests = new Set<string>()
    for (let chain = 0n; chain < 200n; chain++)
      digests.add(bytesToHex(signingDigest({ ...signed, walletChainId: chain }, vote, network)))
    expect(digests.size).toBe(200)
    expect(bytesToHex(signingDigest(signed, vote, network))).toBe(viemHash(signed, vote))
  })
  it('error: a descriptor of another method, arguments that are not canonical, a foreign key [TX-ARGS-1]', () => {
    expect(() => signingDigest({ ...signed, method: 7 }, vote, network)).toThrow(
      expect.objectContaining({ code: 'tx.method' }),
    )
    expect(() => signingDigest({ ...signed, args: Uint8Array.from([...signed.args, 0]) }, vote, network)).toThrow(
      expect.objectContaining({ code: 'codec.trailing' }),
    )
    expect(() => signingDigest({ ...signed, args: utf8ToBytes('x') }, vote, network)).toThrow(
      expect.objectContaining({ code: 'abi.field' }),
    )
    expect(() => signTransaction(signed, { method: vote, network, privateKey: new Uint8Array(32).fill(4) })).toThrow(
      expect.objectContaining({ code: 'tx.signer' }),
    )
    expect(
      recoverSigner(
        {
          ...signed,
          authorization: { kind: 0, signature: bytesToHex(hexToBytes(signed.authorization.signature).fill(0, 64)) },
        },
        vote,
        network,
      ),
    ).toBeUndefined()
  })
})
