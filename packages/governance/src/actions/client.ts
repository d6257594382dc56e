import type { Requester } from '@aelf/chain/rpc'

/** The part of an RPC client that actions use; `createRpcClient` of `@aelf/chain/rpc` is one. */
export type AelfClient = Pick<Requester, 'request'>
