export { RpcFailure } from './failure.ts'
export type { ChainEvent, ChainStatus, DevnetPort, NodePort, OperatorPort } from './ports.ts'
export { createRpcServer, DEFAULT_WALLET_CHAIN_ID, type RpcServerOptions } from './server.ts'
export { type Listening, RpcListenError, type RpcServer, type ServerLoad } from './transport.ts'
