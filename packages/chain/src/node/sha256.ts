import { hash } from 'node:crypto'
import type { Bytes } from '#primitives'

/**
 * SHA-256 by OpenSSL in one call. As text of one byte a character: a buffer from there takes twice as long as everything else.
 */
export function digestInto(bytes: Bytes, output: Bytes, at: number): void {
  const digest = hash('sha256', bytes, 'binary')
  for (let index = 0; index < 32; index++) output[at + index] = digest.charCodeAt(index)
}

export function nativeSha256(bytes: Bytes): Bytes {
  const digest = new Uint8Array(32)
  digestInto(bytes, digest, 0)
  return digest
}
