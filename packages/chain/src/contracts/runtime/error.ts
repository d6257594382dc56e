import { AelfError } from '#primitives'

/** Name and number of a contract; system contracts live at `systemAddress(number)`. */
export interface ContractIdentity {
  readonly name: string
  readonly number: number
}

/** A numbered refusal: `contract` and `number` go into the receipt, `help` says how to avoid it. */
export interface ContractError {
  readonly contract: number
  readonly contractName: string
  readonly number: number
  readonly name: string
  readonly help: string
}

/** Declares one error of a contract; numbers are never reused. */
export function defineError(
  of: ContractIdentity,
  error: { number: number; name: string; help: string },
): ContractError {
  return { contract: of.number, contractName: of.name, ...error }
}

/** A declaration that cannot work: `runtime.definition`, `runtime.port`, `runtime.unknownView`. */
export class RuntimeError extends AelfError {
  override readonly name: string = 'RuntimeError'
}

/** Ends a transaction with a contract error; the executor turns it into a failed receipt and nothing else catches it. */
export class ContractFailure extends AelfError {
  override readonly name: string = 'ContractFailure'
  readonly error: ContractError

  constructor(error: ContractError, details: Readonly<Record<string, unknown>> = {}) {
    super(`${error.contractName}.${error.name}`, error.help, { details })
    this.error = error
  }
}

const RUNTIME: ContractIdentity = { name: 'runtime', number: 0 }

export const undeclaredAccess: ContractError = defineError(RUNTIME, {
  number: 1,
  name: 'undeclaredAccess',
  help: 'The method touched state it did not declare: report the method to its authors.',
})
export const insufficientFee: ContractError = defineError(RUNTIME, {
  number: 2,
  name: 'insufficientFee',
  help: 'Hold enough ELF to pay the fee and allow it with feeLimit.',
})
export const assertionFailed: ContractError = defineError(RUNTIME, {
  number: 3,
  name: 'assertion',
  help: 'The contract broke its own rule and changed nothing: report the transaction.',
})

export const runtimeErrors: readonly ContractError[] = [undeclaredAccess, insufficientFee, assertionFailed]
