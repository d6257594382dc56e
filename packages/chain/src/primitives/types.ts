export type Hex = `0x${string}`
export type Bytes = Uint8Array
/** 32 bytes as lower-case hex with the 0x prefix. */
export type Hash = Hex & { readonly __brand: 'Hash' }
/** 20 bytes as lower-case hex with the 0x prefix; mixed case is for display only. */
export type Address = Hex & { readonly __brand: 'Address' }
/** An amount in the smallest unit of its token: 1 ELF = 10^8. */
export type Amount = bigint
