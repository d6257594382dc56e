import type { Invariant } from '#contracts/runtime'

/** Without state nothing can drift. */
export const invariants: readonly Invariant[] = []
