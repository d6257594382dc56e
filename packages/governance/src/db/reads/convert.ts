import type { Address, Hash } from '#domain'

/** Prisma's decimals are exact but unlike `bigint` have methods of their own. */
export const toBigint = (value: { toFixed(places: number): string }): bigint => BigInt(value.toFixed(0))
/** Addresses and hashes were checked when they were written. */
export const toAddress = (text: string): Address => text as Address
export const toHash = (text: string): Hash => text as Hash
