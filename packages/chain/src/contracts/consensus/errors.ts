import type { ContractError } from '#contracts/runtime'

/** No method, hence nothing to refuse. */
export const errors: readonly ContractError[] = []
