import type { SignedTransaction } from '#kernel'
import type { Hash } from '#primitives'
import { checkSigners } from './checks.ts'
import { coded } from './errors.ts'
import type { Execution, ExecutionInput, LedgerPorts } from './types.ts'

/** Signers of fewer transactions are found before another thread has woken. */
const OVERLAP = 64

type Ports = Pick<LedgerPorts<never, never>, 'executor' | 'authenticate' | 'ahead' | 'trace'>

/** Lets other threads begin to find the signers of a block, where that is worth it. */
export function beginSigners({ ahead }: Pick<Ports, 'ahead'>, transactions: readonly SignedTransaction[]): void {
  if (transactions.length >= OVERLAP) ahead?.(transactions)
}

/**
 * Executes the transactions of a block, whose ids are given, finishes what that gave, and finds out whether their senders signed them:
 * all of it at the same time, where other threads do the last. This thread helps them only when it has nothing else left to do. A block
 * with a wrong signature is refused for that, whatever else is wrong with it.
 */
export async function executeSigned<T>(
  ports: Ports,
  input: ExecutionInput,
  { ids, finish }: { readonly ids: readonly Hash[]; readonly finish: (execution: Execution) => T },
): Promise<T> {
  const { transactions, environment } = input
  const verified = ports.trace?.('verify', environment.height)
  if (transactions.length < OVERLAP || ports.ahead === undefined) {
    await checkAll(ports, transactions, ids)
    verified?.()
    return finish(await execute(ports, input))
  }
  const [executed] = await Promise.allSettled([execute(ports, input).then(finish)])
  await checkAll(ports, transactions, ids)
  verified?.()
  if (executed.status === 'rejected') throw executed.reason
  return executed.value
}

async function checkAll(ports: Ports, transactions: readonly SignedTransaction[], ids: readonly Hash[]): Promise<void> {
  checkSigners(transactions, await ports.authenticate(transactions, ids))
}

async function execute({ executor, trace }: Ports, input: ExecutionInput): Promise<Execution> {
  const executed = trace?.('execute', input.environment.height)
  const execution = await coded(() => executor.execute(input))
  executed?.()
  return execution
}
