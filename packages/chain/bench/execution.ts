import { createSerialExecutor } from '#executor'
import { emptySparseTree, receiptRootOf, type SignedTransaction, transactionRootOf } from '#kernel'
import { ZERO_ADDRESS, ZERO_HASH } from '#primitives'
import { signTransfers, type World } from './fixtures.ts'
import { type Candidate, interleave, rateRow, type Section } from './harness.ts'

const BLOCK = 2000
/** A block takes some twenty milliseconds: few of them say little. */
const TIMES_ROUNDS = 5

/** Executes a block of independent transfers whose signatures are known: alone, and with its three roots. */
export function executing(world: World, count: number): readonly [alone: Candidate, withRoots: Candidate] {
  const { chain } = world
  const executor = createSerialExecutor(chain.registry)
  const parent = emptySparseTree().update(chain.genesis.state)
  const signed = signTransfers(world, count)
  const { chainId, genesisTimeMs } = chain.genesis
  const { genesisHash } = chain.network
  const producer = chain.genesis.producers[0]?.address ?? ZERO_ADDRESS
  const env = { chainId, genesisHash, height: 1n, slot: 1n, timeMs: genesisTimeMs, producer, signal: ZERO_HASH }
  const feePolicy = chain.feePolicyAt(1n)
  let transactions: SignedTransaction[] = []
  const before = (): void => {
    transactions = signed.map((transaction) => ({ ...transaction }))
  }
  const execute = (): ReturnType<typeof executor.execute> =>
    executor.execute({ parentState: parent, transactions, env, feePolicy, mode: 'validate' })
  return [
    { name: 'executed', before, run: () => execute().receipts.length },
    {
      name: 'executed, with transaction, receipt and state root',
      before,
      run() {
        const { receipts, diff } = execute()
        transactionRootOf(transactions)
        receiptRootOf(receipts)
        return parent.update(diff).root.length > 0 ? receipts.length : 0
      },
    },
  ]
}

export async function measureExecution(
  world: World,
  limit: { readonly name: string; readonly value: number },
  rounds: number,
): Promise<Section> {
  const samples = await interleave(executing(world, BLOCK), TIMES_ROUNDS * rounds)
  return {
    title: `Execution, block of ${BLOCK} transfers, one thread, signatures known`,
    rows: samples.map((sample) => rateRow(sample, 'tx/s', limit)),
  }
}
