export { TransportError, type TransportErrorCode } from './errors.ts'
export { createIdentity, decodeIdentity, encodeIdentity, type Identity } from './identity.ts'
export { createLibp2pNetwork } from './network.ts'
export type { Libp2pNetwork, Libp2pNetworkDeps, Libp2pNetworkOptions, PeerView } from './types.ts'
