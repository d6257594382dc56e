/** `0x`-prefixed lower-case hexadecimal text. */
export type Hex = `0x${string}`
/** 32 bytes: a block, transaction, position or state hash. */
export type Hash = Hex
/** 20 bytes: an account or a contract. */
export type Address = Hex
/** Smallest token unit; 1 token = 10^8 units, for every symbol. */
export type Amount = bigint

/** Smallest units in one whole token. */
export const UNITS_PER_TOKEN: bigint = 100_000_000n
/** Symbol of the native token. */
export const NATIVE_SYMBOL: string = 'ELF'
