import type { MainChain } from '#chains'
import type { DposState } from '#consensus/dpos'
import { createContext, createJournal, UNLIMITED } from '#contracts/runtime'
import type { SerialExecutor } from '#executor'
import { transactionId } from '#kernel'
import type { BlockEnvironment, BlockExecutor, Ledger } from '#ledger'
import type { MempoolChain } from '#mempool'
import { type Address, type Amount, type Hash, ZERO_HASH } from '#primitives'

type Head = Pick<Ledger<DposState, never>, 'head' | 'headTree' | 'recent' | 'environment'>

/** The executor as the ledger wants it: with the fees in force at the block's height. */
export function createBlockExecutor(chain: MainChain, executor: SerialExecutor): BlockExecutor {
  return {
    execute({ parent, transactions, environment, mode }) {
      const feePolicy = chain.feePolicyAt(environment.height)
      const output = executor.execute({ parentState: parent, transactions, env: environment, feePolicy, mode })
      const { receipts, diff, summary } = output
      const dropped = output.dropped
        .filter(({ reason }) => reason !== 'overBudget')
        .map(({ transaction }) => transactionId(transaction))
      return { transactions: output.transactions, receipts, diff, summary, dropped }
    },
  }
}

/** What the head lets an account pay fees from. */
export function spendable(chain: MainChain, ledger: Head, account: Address, block: BlockEnvironment): Amount {
  const { registry } = chain
  const { address } = registry.contract(registry.fees.contract)
  const journal = createJournal(ledger.headTree())
  const scope = { registry, journal, access: UNLIMITED, block, from: account, transactionId: ZERO_HASH }
  return registry.fees.balanceOf(createContext(scope, address, account), account)
}

/** The chain as the waiting room sees it, always at the present head. */
export function createMempoolChain(
  chain: MainChain,
  parts: { readonly ledger: Head; readonly executor: SerialExecutor; nowSlot(): bigint },
): MempoolChain {
  const { ledger, executor } = parts
  let window: { readonly head: Hash; readonly recent: ReturnType<Head['recent']> } | undefined
  const recent = (): ReturnType<Head['recent']> => {
    const head = ledger.head().header.hash
    if (window?.head !== head) window = { head, recent: ledger.recent() }
    return window.recent
  }
  const environment = (): BlockEnvironment => {
    const head = ledger.head()
    const now = parts.nowSlot()
    return ledger.environment(head, now > head.header.slot ? now : head.header.slot + 1n)
  }
  return {
    height: () => ledger.head().header.height,
    markAt: (height) => recent().markAt(height),
    includes: (id) => recent().includes(id),
    method: (contract, number) => chain.registry.method(contract, number)?.descriptor,
    fee: (bytes, method) => chain.feePolicyAt(ledger.head().header.height + 1n).feeOf(bytes, method),
    balance: (account) => spendable(chain, ledger, account, environment()),
    verify(transaction) {
      const env = environment()
      const call = { state: ledger.headTree(), env, feePolicy: chain.feePolicyAt(env.height) }
      const result = executor.verifyForAdmission(transaction, call)
      if (result.ok) return undefined
      return result.error === undefined
        ? { contract: 0, error: 2 }
        : { contract: result.error.contract, error: result.error.number }
    },
  }
}
