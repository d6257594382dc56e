import type { SignedTransaction } from '#kernel'
import type { Hash } from '#primitives'
import { checkSigners } from './checks.ts'
import { coded } from './errors.ts'
import type { Execution, ExecutionInput, LedgerPorts } from './types.ts'

/** Signers of fewer transactions are found before another thread has woken. */
const OVERLAP = 64

type Ports = Pick<LedgerPorts<never, never>, 'executor' | 'authenticate' | 'ahead' | 'trace'>

/**
 * Executes the transactions of a block, whose ids are given, and finds out whether their senders signed them: at the same time, where
 * other threads do the latter. A block with a wrong signature is refused for that, whatever else is wrong with it.
 */
export async function executeSigned(ports: Ports, input: ExecutionInput, ids: readonly Hash[]): Promise<Execution> {
  const { transactions, environment } = input
  const verified = ports.trace?.('verify', environment.height)
  if (transactions.length < OVERLAP || ports.ahead === undefined) {
    await checkAll(ports, transactions, ids)
    verified?.()
    return execute(ports, input)
  }
  ports.ahead(transactions)
  const executing = execute(ports, input)
  const verifying = checkAll(ports, transactions, ids).then(verified)
  // Neither is left behind when the other fails.
  const [signatures, execution] = await Promise.allSettled([verifying, executing])
  if (signatures.status === 'rejected') throw signatures.reason
  if (execution.status === 'rejected') throw execution.reason
  return execution.value
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
