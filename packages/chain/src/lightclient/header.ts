import { headerHash, type SignedHeader, verifyHeaderSignature } from '#kernel'
import type { Address, Hash } from '#primitives'
import { LightClientError } from './error.ts'

/** Why a header is believed: its hash is known already, or a member of a known producer list signed it. At least one is needed. */
export interface HeaderTrust {
  readonly trustedHash?: Hash
  readonly producers?: readonly Address[]
}

/** Checks that a header deserves trust. Returns undefined, or the reason why not. */
export function verifyHeader(header: SignedHeader, trust: HeaderTrust): LightClientError | undefined {
  const { trustedHash, producers } = trust
  if (trustedHash === undefined && producers === undefined) {
    return new LightClientError('light.header', 'neither a trusted hash nor a producer list was given')
  }
  if (trustedHash !== undefined) {
    const hash = headerHash(header)
    return hash === trustedHash
      ? undefined
      : new LightClientError('light.header', 'the header does not have the trusted hash', {
          details: { hash, trustedHash },
        })
  }
  if (!producers?.includes(header.producer)) {
    return new LightClientError('light.producer', 'the header is not by a known producer', {
      details: { producer: header.producer },
    })
  }
  return verifyHeaderSignature(header)
    ? undefined
    : new LightClientError('light.signature', 'the header signature is not by its producer')
}
