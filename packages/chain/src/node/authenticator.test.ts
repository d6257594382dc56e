import { expect, test } from 'vitest'
import { encodeArgs, type MethodDescriptor, parseSignature, type SignedTransaction, systemAddress } from '#kernel'
import { asAddress, asHash, type Exec, type Hash, ZERO_HASH } from '#primitives'
import { createAuthenticator } from './authenticator.ts'

const alice = asAddress(`0x${'a1'.repeat(20)}`)
const signature = 'function burn(string symbol, uint256 amount)'
const abi = parseSignature(signature)
const method: MethodDescriptor = {
  contract: 'token',
  contractAddress: systemAddress(1),
  name: 'burn',
  number: 1,
  doc: '',
  nonParallel: false,
  abi,
  signature,
  intent: 'Destroy {amount:elf} {symbol}',
}
const make = (number: number): SignedTransaction => ({
  version: 1,
  walletChainId: 1n,
  from: alice,
  contract: method.contractAddress,
  method: number,
  args: encodeArgs(abi, { symbol: 'ELF', amount: 5n }),
  refHeight: 0n,
  refHash: '0x0000000000000000',
  feeLimit: 1000n,
  nonce: '0x0000000000000000',
  authorization: { kind: 0, signature: `0x${'11'.repeat(65)}` },
})
const idOf = (n: number): Hash => asHash(`0x${n.toString(16).padStart(64, '0')}`)

test('behavior: a remembered signer stays known for a block whose other transactions push it out of memory', async () => {
  const exec: Exec = { recoverBatch: async (jobs) => jobs.map(() => alice) }
  const authenticator = createAuthenticator({
    exec,
    network: { name: 'test', genesisHash: ZERO_HASH },
    method: (transaction) => (transaction.method === method.number ? method : undefined),
  })
  const known = make(1)
  await authenticator.authenticate([known], [idOf(1)])
  const strangers = Array.from({ length: 65_535 }, (_, index) => idOf(index + 10))
  const stranger = make(2)
  await authenticator.authenticate(new Array<SignedTransaction>(strangers.length).fill(stranger), strangers)
  expect(await authenticator.authenticate([known, make(1)], [idOf(1), idOf(2)])).toEqual([alice, alice])
})
