import {
  decodeBlock,
  decodeTransaction,
  encodeBlock,
  encodeTransaction,
  type SignedTransaction,
  signingDigest,
  transactionId,
} from '#kernel'
import { type Bytes, sha256 } from '#primitives'
import { encodeAll, signTransfers, type World } from './fixtures.ts'
import { type Candidate, costRow, interleave, type Section } from './harness.ts'

const COUNT = 2000

/** What one transfer costs to read, name and hash for its signature. Every call sees an object nobody has looked at. */
export async function measureCodec(world: World, rounds: number): Promise<Section> {
  const transactions = signTransfers(world, COUNT)
  const envelopes = encodeAll(transactions)
  const { transfer, chain } = world
  const block = { header: chain.genesisBlock.header, transactions }
  const blockBytes = encodeBlock(block)
  let fresh: SignedTransaction[] = []
  const over = (name: string, work: (transaction: SignedTransaction) => unknown): Candidate => ({
    name,
    before() {
      // Copies, so that nothing remembered about an object helps.
      fresh = transactions.map((transaction) => ({ ...transaction }))
    },
    run() {
      for (const transaction of fresh) work(transaction)
      return fresh.length
    },
  })
  const digest = (transaction: SignedTransaction): Bytes => signingDigest(transaction, transfer, chain.network)
  const samples = await interleave(
    [
      {
        name: 'decode',
        run() {
          for (const envelope of envelopes) decodeTransaction(envelope)
          return envelopes.length
        },
      },
      {
        name: 'decode and id',
        run() {
          for (const envelope of envelopes) transactionId(decodeTransaction(envelope))
          return envelopes.length
        },
      },
      over('encode', encodeTransaction),
      over('id', transactionId),
      over('signing digest (typed data)', digest),
      {
        ...over('signing digest of a decoded one, as a node needs it', digest),
        before() {
          fresh = envelopes.map(decodeTransaction)
        },
      },
      { name: 'decode within a block', run: () => decodeBlock(blockBytes).transactions.length },
      {
        name: 'sha256 of the envelope, for scale',
        run() {
          for (const envelope of envelopes) sha256(envelope)
          return envelopes.length
        },
      },
    ],
    rounds,
  )
  return { title: `Transaction of ${envelopes[0]?.length ?? 0} bytes`, rows: samples.map((sample) => costRow(sample)) }
}
