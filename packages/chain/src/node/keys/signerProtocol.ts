import type { Address, Hash, Hex } from '#primitives'

/** Largest request and answer between a node and its signer. */
export const MAX_SIGNER_BYTES: number = 64 * 1024
/** Where a signer answers. */
export const SIGNER_PATHS: { readonly status: string; readonly header: string; readonly renewal: string } = {
  status: '/v1/status',
  header: '/v1/header',
  renewal: '/v1/renewal',
}

/** Answer of `GET /v1/status`. */
export interface SignerStatus {
  readonly address: Address
  readonly genesisHash: Hash
  /** Slot and height of the newest block that was signed, as decimal texts. */
  readonly last: { readonly slot: string; readonly height: string } | null
}

/** `POST /v1/header`: a header whose signature is 65 zero bytes. The whole header, so that a signer never signs what it cannot read. */
export interface HeaderRequest {
  readonly header: Hex
}

/** `POST /v1/renewal`: an encoded call of `election.renewCommitment` whose signature is 65 zero bytes. */
export interface RenewalRequest {
  readonly transaction: Hex
}

export interface SignatureAnswer {
  readonly signature: Hex
}

/** A refusal: 400 for what is wrong, 401 without the token, 409 when the slot was signed before, 429 too soon. */
export interface SignerRefusal {
  readonly code: string
  readonly message: string
}

export const NO_SIGNATURE: Hex = `0x${'00'.repeat(65)}`
