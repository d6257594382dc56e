import type { ContractError } from '#contracts/runtime'

/** No method, hence nothing to refuse: producers signal in the headers of their blocks. */
export const errors: readonly ContractError[] = []
