import { AelfError } from '#primitives'

/**
 * A block that cannot be executed as it stands: `execution.unknownMethod`, `execution.malformedArguments`,
 * `execution.feeLimit`, `execution.unpayable`, `execution.order`, `execution.overBudget`. `details.index` names the transaction.
 */
export class ExecutionError extends AelfError {
  override readonly name: string = 'ExecutionError'
}
