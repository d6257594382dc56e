import { secp256k1 } from '@noble/curves/secp256k1.js'
import { encodePacked, hashTypedData, keccak256 } from 'viem'
import { privateKeyToAddress } from 'viem/accounts'
import { be, hex, join, raw, tagged, varBytes } from './bytes.ts'

type Field = readonly [type: string, name: string, value: string | number | bigint | boolean]

interface Case {
  readonly title: string
  readonly method: {
    readonly name: string
    readonly number: number
    readonly contract: number
    readonly intent: string
  }
  readonly args: readonly Field[]
  readonly sentence: string
  readonly walletChainId: bigint
}

const key = keccak256(encodePacked(['string'], ['aelf vector signer']))
const network = { name: 'aelf devnet', genesisHash: hex(tagged('vector genesis')) }
const someone = '0x00112233445566778899aabbccddeeff00112233'

const cases: readonly Case[] = [
  {
    title: 'vote',
    method: {
      name: 'vote',
      number: 6,
      contract: 2,
      intent: 'Lock {amount:elf} ELF for {lockDays} days and vote for {delegate}',
    },
    args: [
      ['address', 'delegate', someone],
      ['uint256', 'amount', 120_050_000_000n],
      ['uint32', 'lockDays', 1080],
    ],
    sentence: `Lock 1,200.5 ELF for 1,080 days and vote for ${someone}`,
    walletChainId: 6118001n,
  },
  {
    title: 'transfer, another wallet chain',
    method: { name: 'transfer', number: 1, contract: 1, intent: 'Send {amount:elf} {symbol} to {to}' },
    args: [
      ['address', 'to', someone],
      ['string', 'symbol', 'ELF'],
      ['uint256', 'amount', 1n],
    ],
    sentence: `Send 0.00000001 ELF to ${someone}`,
    walletChainId: 1n,
  },
  {
    title: 'every type, text with escapes',
    method: {
      name: 'everything',
      number: 65_535,
      contract: 9,
      intent: 'Do {a} {b} {c} {d} {e} {f} {g} {h} {i} {j} {k}',
    },
    args: [
      ['address', 'a', someone],
      ['uint8', 'b', 255],
      ['uint32', 'c', 4_294_967_295],
      ['uint64', 'd', 18_446_744_073_709_551_615n],
      ['uint128', 'e', 1000n],
      ['uint256', 'f', 0n],
      ['bool', 'g', true],
      ['string', 'h', 'Zoë "z"\n'],
      ['bytes', 'i', '0x0102ff'],
      ['bytes8', 'j', '0x0102030405060708'],
      ['bytes32', 'k', `0x${'7e'.repeat(32)}`],
    ],
    sentence: `Do ${someone} 255 4,294,967,295 18,446,744,073,709,551,615 1,000 0 yes "Zoë \\u{22}z\\u{22}\\u{a}" 0x0102ff 0x0102030405060708 0x${'7e'.repeat(32)}`,
    walletChainId: 9_007_199_254_740_993n,
  },
  {
    title: 'no arguments',
    method: { name: 'quit', number: 4, contract: 2, intent: 'Stop being a candidate' },
    args: [],
    sentence: 'Stop being a candidate',
    walletChainId: 6118001n,
  },
]

function encodeValue([type, , value]: Field): Buffer {
  if (type === 'string') return varBytes(Buffer.from(String(value), 'utf8'))
  if (type === 'bytes') return varBytes(raw(String(value)))
  if (type === 'bool') return be(value ? 1 : 0, 1)
  if (type.startsWith('uint')) return be(BigInt(value), Number(type.slice(4)) / 8)
  return raw(String(value))
}

function build(entry: Case): object {
  const from = privateKeyToAddress(key).toLowerCase() as `0x${string}`
  const contract = hex(join(raw('ae1f'), Buffer.alloc(16), be(entry.method.contract, 2)))
  const args = join(...entry.args.map(encodeValue))
  const mark = { refHeight: 4096n, refHash: '0xf0e1d2c3b4a59687' as const }
  const feeLimit = 2_500_000n
  const nonce = '0x8877665544332211' as const
  const unsigned = join(
    be(1, 1),
    be(entry.walletChainId, 8),
    raw(from),
    raw(contract),
    be(entry.method.number, 2),
    varBytes(args),
    be(mark.refHeight, 8),
    raw(mark.refHash),
    be(feeLimit, 16),
    raw(nonce),
  )
  const primaryType = entry.method.name.charAt(0).toUpperCase() + entry.method.name.slice(1)
  const tail = [
    'address from',
    'address contract',
    'string network',
    'uint64 refHeight',
    'bytes8 refHash',
    'uint128 feeLimit',
    'bytes8 nonce',
    'string intent',
  ]
  const fields = [
    ...entry.args.map(([type, name]) => ({ type, name })),
    ...tail.map((line) => ({ type: line.split(' ')[0] ?? '', name: line.split(' ')[1] ?? '' })),
  ]
  const message = {
    ...Object.fromEntries(entry.args.map(([, name, value]) => [name, value])),
    from,
    contract,
    network: network.name,
    ...mark,
    feeLimit,
    nonce,
    intent: entry.sentence,
  }
  const digest = hashTypedData({
    domain: { name: 'aelf', version: '1', chainId: entry.walletChainId, salt: network.genesisHash },
    types: { [primaryType]: fields },
    primaryType,
    message,
  } as unknown as Parameters<typeof hashTypedData>[0])
  const recovered = secp256k1.sign(raw(digest), raw(key), { prehash: false, format: 'recovered' })
  const signature = join(recovered.subarray(1), be(27 + (recovered[0] ?? 0), 1))
  return {
    title: entry.title,
    network,
    method: {
      ...entry.method,
      signature: `function ${entry.method.name}(${entry.args.map(([type, name]) => `${type} ${name}`).join(', ')})`,
    },
    args: Object.fromEntries(
      entry.args.map(([, name, value]) => [name, typeof value === 'bigint' ? `${value}n` : value]),
    ),
    transaction: {
      version: 1,
      walletChainId: `${entry.walletChainId}n`,
      from,
      contract,
      method: entry.method.number,
      args: hex(args),
      refHeight: `${mark.refHeight}n`,
      refHash: mark.refHash,
      feeLimit: `${feeLimit}n`,
      nonce,
    },
    privateKey: key,
    sentence: entry.sentence,
    unsigned: hex(unsigned),
    id: hex(tagged('aelf/tx/1', unsigned)),
    digest,
    signature: hex(signature),
    encoded: hex(join(unsigned, be(0, 1), be(65, 2), signature)),
  }
}

export const transactionVectors = (): object => ({ cases: cases.map(build) })
