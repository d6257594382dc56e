import type { Item } from '#contracts/runtime'

/** The values are part of the collection and of genesis, so no state is kept. */
export const state: readonly Item[] = []
