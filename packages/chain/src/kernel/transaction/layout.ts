import type { Bytes } from '#primitives'

/** Where the fields of an encoded transaction stand. */
export const CHAIN_ID_AT = 1
export const FROM_AT = 9
export const CONTRACT_AT = 29
export const METHOD_AT = 49
export const ARGS_LENGTH_AT = 51
export const ARGS_AT = 55

/** Behind the arguments come the height of the mark and these, counted from there. */
export const REF_HASH_AFTER = 8
export const FEE_LIMIT_AFTER = 16
export const NONCE_AFTER = 32
/** End of the unsigned part. */
export const UNSIGNED_AFTER = 40

export const SIGNATURE_BYTES = 65
/** Bytes of the authorisation: kind, length, signature. */
export const AUTHORIZATION_BYTES: number = 3 + SIGNATURE_BYTES

export function uint16At(bytes: Bytes, at: number): number {
  return ((bytes[at] as number) << 8) | (bytes[at + 1] as number)
}

export function uint32At(bytes: Bytes, at: number): number {
  return uint16At(bytes, at) * 65_536 + uint16At(bytes, at + 2)
}

export function uint64At(bytes: Bytes, at: number): bigint {
  const high = uint32At(bytes, at)
  const low = uint32At(bytes, at + 4)
  return high < 0x200000 ? BigInt(high * 0x1_0000_0000 + low) : (BigInt(high) << 32n) | BigInt(low)
}
