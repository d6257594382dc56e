import type { DposState } from '#consensus/dpos'
import { createContext, createJournal, UNLIMITED } from '#contracts/runtime'
import type { EraExecutor } from '#executor'
import { transactionId } from '#kernel'
import type { BlockEnvironment, BlockExecutor, Ledger } from '#ledger'
import type { MempoolChain } from '#mempool'
import { type Address, type Amount, type Hash, ZERO_HASH } from '#primitives'

type Head = Pick<Ledger<DposState, never>, 'head' | 'headTree' | 'recent' | 'environment'>

/** The executor as the ledger wants it. */
export function createBlockExecutor(executor: EraExecutor): BlockExecutor {
  return {
    ready: (parent, height) => executor.ready(parent, height),
    async execute({ parent, transactions, environment, mode, breathe }) {
      const output = await executor.execute({ parentState: parent, transactions, env: environment, mode, breathe })
      const { receipts, diff, summary } = output
      const dropped = output.dropped
        .filter(({ reason }) => reason !== 'overBudget')
        .map(({ transaction }) => transactionId(transaction))
      return { transactions: output.transactions, receipts, diff, summary, dropped }
    },
  }
}

/** What the head lets an account pay fees from. */
export function spendable(executor: EraExecutor, ledger: Head, account: Address, block: BlockEnvironment): Amount {
  // The collection that made the head's state: what it left is read as it left it.
  const { registry } = executor.eraAt(ledger.headTree(), ledger.head().header.height)
  const { address } = registry.contract(registry.fees.contract)
  const journal = createJournal(ledger.headTree())
  const scope = { registry, journal, access: UNLIMITED, block, from: account, transactionId: ZERO_HASH }
  return registry.fees.balanceOf(createContext(scope, address, account), account)
}

/** Most accounts whose balance at the head is remembered. */
const MAX_BALANCES = 20_000

interface Seen {
  readonly head: Hash
  readonly recent: ReturnType<Head['recent']>
  readonly balances: Map<Address, Amount>
}

/** The chain as the waiting room sees it, always at the present head. */
export function createMempoolChain(parts: {
  readonly ledger: Head
  readonly executor: EraExecutor
  nowSlot(): bigint
}): MempoolChain {
  const { ledger, executor } = parts
  let seen: Seen | undefined
  /** What was asked of the present head, so that it is worked out once. */
  const atHead = (): Seen => {
    const head = ledger.head().header.hash
    if (seen?.head !== head) seen = { head, recent: ledger.recent(), balances: new Map() }
    return seen
  }
  let around: BlockEnvironment | undefined
  const environment = (): BlockEnvironment => {
    const head = ledger.head()
    const now = parts.nowSlot()
    const slot = now > head.header.slot ? now : head.header.slot + 1n
    if (around?.slot !== slot || around.height !== head.header.height + 1n) around = ledger.environment(head, slot)
    return around
  }
  const nextEra = (): ReturnType<EraExecutor['eraAt']> =>
    executor.eraAt(ledger.headTree(), ledger.head().header.height + 1n)
  return {
    height: () => ledger.head().header.height,
    markAt: (height) => atHead().recent.markAt(height),
    includes: (id, refHeight) => atHead().recent.includes(id, refHeight),
    method: (contract, number) => nextEra().registry.method(contract, number)?.descriptor,
    fee: (bytes, method) =>
      nextEra()
        .feePolicyAt(ledger.head().header.height + 1n)
        .feeOf(bytes, method),
    balance(account) {
      const { balances } = atHead()
      const known = balances.get(account)
      if (known !== undefined) return known
      const balance = spendable(executor, ledger, account, environment())
      if (balances.size < MAX_BALANCES) balances.set(account, balance)
      return balance
    },
    verify(transaction) {
      const result = executor.verifyForAdmission(transaction, { state: ledger.headTree(), env: environment() })
      if (result.ok) return undefined
      return result.error === undefined
        ? { contract: 0, error: 2 }
        : { contract: result.error.contract, error: result.error.number }
    },
  }
}
