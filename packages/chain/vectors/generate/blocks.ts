import { secp256k1 } from '@noble/curves/secp256k1.js'
import { keccak_256 } from '@noble/hashes/sha3.js'
import { be, hex, join, raw, sha, tagged, varBytes } from './bytes.ts'

export function pathVectors(): object {
  const contract = (number: number): Buffer => join(raw('ae1f'), Buffer.alloc(16), be(number, 2))
  // A key of 30 bytes makes a preimage of 64, the length left to inner nodes.
  const keys = [
    Buffer.alloc(0),
    Buffer.alloc(20, 7),
    join(Buffer.alloc(20, 7), varBytes(Buffer.from('ABCDEF'))),
    Buffer.alloc(31, 1),
    Buffer.alloc(200, 2),
  ]
  return {
    cases: keys.flatMap((key) =>
      [
        [1, 1],
        [2, 1],
        [1, 258],
      ].map(([number = 0, item = 0]) => ({
        contract: hex(contract(number)),
        item,
        key: hex(key),
        path: hex(tagged('aelf/path/1', contract(number), be(item, 2), key)),
      })),
    ),
  }
}

export function chainHashVectors(): object {
  const seed = sha(Buffer.from('seed'))
  const chain = [seed]
  for (let step = 0; step < 5; step++) chain.push(tagged('aelf/in/1', chain.at(-1) ?? seed))
  return { seed: hex(seed), chain: chain.map(hex) }
}

export function headerVectors(): object {
  const key = sha(Buffer.from('vector producer'))
  const publicKey = secp256k1.getPublicKey(key, false)
  const producer = Buffer.from(keccak_256(publicKey.subarray(1))).subarray(12)
  const root = (name: string): Buffer => sha(Buffer.from(name))
  const roots = ['transactionRoot', 'receiptRoot', 'stateRoot', 'indexRoot', 'signal']
  const shapes = [
    { height: 1n, slot: 1n, consensus: Buffer.alloc(0), extension: Buffer.alloc(0) },
    { height: 2n ** 64n - 1n, slot: 2n ** 40n, consensus: Buffer.alloc(4096, 3), extension: Buffer.alloc(1024, 4) },
    { height: 300n, slot: 417n, consensus: Buffer.from('consensus'), extension: Buffer.from('ext') },
  ]
  return {
    cases: shapes.map(({ height, slot, consensus, extension }) => {
      const unsigned = join(
        be(1, 1),
        be(9992731, 4),
        be(height, 8),
        root('parent'),
        be(slot, 8),
        producer,
        ...roots.map(root),
        varBytes(consensus),
        varBytes(extension),
      )
      const hash = tagged('aelf/header/1', unsigned)
      const recovered = secp256k1.sign(hash, key, { prehash: false, format: 'recovered' })
      const signature = join(recovered.subarray(1), be(27 + (recovered[0] ?? 0), 1))
      return {
        header: {
          version: 1,
          chainId: 9992731,
          height: `${height}n`,
          parentHash: hex(root('parent')),
          slot: `${slot}n`,
          producer: hex(producer),
          ...Object.fromEntries(roots.map((name) => [name, hex(root(name))])),
          consensus: hex(consensus),
          extension: hex(extension),
        },
        privateKey: hex(key),
        unsigned: hex(unsigned),
        hash: hex(hash),
        signature: hex(signature),
        encoded: hex(join(unsigned, signature)),
      }
    }),
  }
}

export function receiptVectors(): object {
  const id = sha(Buffer.from('some transaction'))
  const contract = join(raw('ae1f'), Buffer.alloc(16), be(1, 2))
  const data = Buffer.from('event data')
  return {
    cases: [
      {
        receipt: { transactionId: hex(id), status: 'success', fee: '250000n', events: [] },
        encoded: hex(join(id, be(1, 1), be(250_000, 16), be(0, 2))),
      },
      {
        receipt: {
          transactionId: hex(id),
          status: 'failed',
          error: { contract: 2, error: 513 },
          fee: '1n',
          events: [],
        },
        encoded: hex(join(id, be(0, 1), be(2, 2), be(513, 2), be(1, 16), be(0, 2))),
      },
      {
        receipt: {
          transactionId: hex(id),
          status: 'success',
          fee: '0n',
          events: [{ contract: hex(contract), number: 3, data: hex(data) }],
        },
        encoded: hex(join(id, be(1, 1), be(0, 16), be(1, 2), contract, be(3, 2), varBytes(data))),
      },
    ],
  }
}
