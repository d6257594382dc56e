import type { Method } from '#contracts/runtime'

/** A parameter changes with the collection, never by a single transaction. */
export const methods: readonly Method[] = []
