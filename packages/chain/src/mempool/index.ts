export { TX_HELP, TxError, type TxErrorCode } from './errors.ts'
export { MARK_WINDOW, MAX_POOL_BYTES, MAX_POOL_PER_ACCOUNT, MAX_POOL_TRANSACTIONS } from './limits.ts'
export { type ChainMove, createMempool, type Mempool, type SelectLimits } from './mempool.ts'
export type { Admitted, MempoolChain, MempoolDeps, MempoolOptions, PoolEntry } from './types.ts'
