import { bench, describe } from 'vitest'
import { asHash, hexToBytes, privateKeyToAddress } from '#primitives'
import {
  decodeTransaction,
  encodeArgs,
  encodeTransaction,
  type MethodDescriptor,
  parseSignature,
  signingDigest,
  signTransaction,
  systemAddress,
  transactionId,
} from '../index.ts'

const signature = 'function vote(address delegate, uint256 amount, uint32 lockDays)'
const abi = parseSignature(signature)
const method: MethodDescriptor = {
  contract: 'election',
  contractAddress: systemAddress(2),
  name: 'vote',
  number: 6,
  signature,
  abi,
  intent: 'Lock {amount:elf} ELF for {lockDays} days and vote for {delegate}',
  doc: '',
  nonParallel: false,
}
const network = { name: 'aelf devnet', genesisHash: asHash(`0x${'5a'.repeat(32)}`) }
const privateKey = hexToBytes(`0x${'03'.repeat(32)}`)
const tx = signTransaction(
  {
    version: 1,
    walletChainId: 6118001n,
    from: privateKeyToAddress(privateKey),
    contract: systemAddress(2),
    method: 6,
    args: encodeArgs(abi, { delegate: `0x${'cd'.repeat(20)}`, amount: 120_000_000_000n, lockDays: 365 }),
    refHeight: 77n,
    refHash: '0x0102030405060708',
    feeLimit: 1_000_000n,
    nonce: '0xa1a2a3a4a5a6a7a8',
  },
  { method, network, privateKey },
)
const bytes = encodeTransaction(tx)

describe('transaction', () => {
  bench('encode', () => void encodeTransaction(tx))
  bench('decode', () => void decodeTransaction(bytes))
  bench('id', () => void transactionId(tx))
  bench('digest', () => void signingDigest(tx, method, network))
})
