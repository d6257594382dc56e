import { createHash } from 'node:crypto'

/** Nothing here imports the product: two programs written from the same text must give the same bytes. */
export type Part = Buffer | string | number[]

export const hex = (bytes: Uint8Array): `0x${string}` => `0x${Buffer.from(bytes).toString('hex')}`
export const raw = (text: string): Buffer => Buffer.from(text.replace(/^0x/, ''), 'hex')
export const join = (...parts: readonly Uint8Array[]): Buffer => Buffer.concat(parts)

/** Big-endian integer of `length` bytes. */
export function be(value: bigint | number, length: number): Buffer {
  const out = Buffer.alloc(length)
  let rest = BigInt(value)
  for (let at = length - 1; at >= 0; at--) {
    out[at] = Number(rest % 256n)
    rest /= 256n
  }
  return out
}

export const varBytes = (bytes: Uint8Array): Buffer => join(be(bytes.length, 4), bytes)
export const sha = (...parts: readonly Uint8Array[]): Buffer =>
  createHash('sha256')
    .update(join(...parts))
    .digest()

/** Tagged hash with the rule for preimages of 64 bytes. */
export function tagged(tag: string, ...parts: readonly Uint8Array[]): Buffer {
  const name = Buffer.from(tag, 'utf8')
  const body = join(...parts)
  return 1 + name.length + body.length === 64
    ? sha(be(name.length + 128, 1), name, be(0, 1), body)
    : sha(be(name.length, 1), name, body)
}
