import { generateKeyPair, privateKeyFromProtobuf, privateKeyToProtobuf } from '@libp2p/crypto/keys'
import type { Ed25519PrivateKey } from '@libp2p/interface'
import { peerIdFromPrivateKey } from '@libp2p/peer-id'
import type { Bytes } from '#primitives'
import { TransportError } from './errors.ts'

/** Who a node is to its peers: an Ed25519 key, not the delegate's. */
export interface Identity {
  readonly peerId: string
  readonly key: Ed25519PrivateKey
}

const of = (key: Ed25519PrivateKey): Identity => ({ peerId: peerIdFromPrivateKey(key).toString(), key })

/** A new identity from the machine's randomness. */
export async function createIdentity(): Promise<Identity> {
  return of(await generateKeyPair('Ed25519'))
}

/** The bytes to keep, secret, in a file. */
export function encodeIdentity(identity: Identity): Bytes {
  return privateKeyToProtobuf(identity.key)
}

/** Reads what `encodeIdentity` wrote; anything else is `transport.identity`. */
export function decodeIdentity(bytes: Bytes): Identity {
  try {
    const key = privateKeyFromProtobuf(bytes)
    if (key.type === 'Ed25519') return of(key)
  } catch (cause) {
    throw new TransportError('transport.identity', 'The bytes are no identity of a node', { cause })
  }
  throw new TransportError('transport.identity', 'The identity of a node is an Ed25519 key')
}
