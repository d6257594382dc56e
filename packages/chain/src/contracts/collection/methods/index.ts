import type { Method } from '#contracts/runtime'

/** Producers speak through headers; nobody else has a say. */
export const methods: readonly Method[] = []
