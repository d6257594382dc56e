import type { Port } from '#contracts/runtime'

/** This contract needs no other, and none needs it: which code runs is read from state by what runs it. */
export const ports: readonly Port[] = []
