import type { Bytes } from '#primitives'

/** Bytes as a string that orders and compares like the bytes do (one code unit per byte). */
export function orderedKey(bytes: Bytes): string {
  let key = ''
  for (const byte of bytes) key += String.fromCharCode(byte)
  return key
}

/** The smallest key that is greater than every key with this prefix; undefined when there is none. */
export function prefixEnd(prefix: Bytes): Bytes | undefined {
  for (let index = prefix.length - 1; index >= 0; index -= 1) {
    const byte = prefix[index] ?? 0
    if (byte < 0xff) {
      const end = prefix.slice(0, index + 1)
      end[index] = byte + 1
      return end
    }
  }
  return undefined
}
