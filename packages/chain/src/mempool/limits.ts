/** Most transactions that wait at once. */
export const MAX_POOL_TRANSACTIONS = 20_000
/** Most encoded bytes that wait at once. */
export const MAX_POOL_BYTES: number = 32 * 1024 * 1024
/** Most transactions of one account that wait at once. */
export const MAX_POOL_PER_ACCOUNT = 4096
/** Expired transactions that are remembered, to answer what became of them. */
export const MAX_REMEMBERED_EXPIRED = 4096
/** A mark is good for this many blocks. */
export const MARK_WINDOW = 64n
