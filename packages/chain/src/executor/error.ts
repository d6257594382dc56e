import { AelfError } from '#primitives'

/**
 * A block that cannot be executed as it stands: `execution.unknownMethod`, `execution.malformedArguments`,
 * `execution.feeLimit`, `execution.unpayable`, `execution.order`, `execution.overBudget`. `details.index` names the transaction. Besides: `execution.collection`, what runs the block
 * is not installed, and `execution.activation`, it cannot take over the state.
 */
export class ExecutionError extends AelfError {
  override readonly name: string = 'ExecutionError'
}
