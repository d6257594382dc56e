import {
  type Address,
  assert,
  type Bytes,
  bigintToBytes,
  bytesToHash,
  type Hash,
  hexToBytes,
  taggedHash,
  taggedHashBytes,
} from '#primitives'

const MASK = (1n << 256n) - 1n

/** F1: the value one step nearer to the commitment. */
export function chainHash(value: Bytes): Bytes {
  return taggedHashBytes('aelf/in/1', value)
}

/** `chainHash` on hashes. */
export function outValueOf(inValue: Hash): Hash {
  return bytesToHash(chainHash(hexToBytes(inValue)))
}

/** F4: sig = H(in + all), integers modulo 2^256. */
export function signatureOf(inValue: Hash, sum: bigint): bigint {
  return BigInt(taggedHash('aelf/sig/1', bigintToBytes((BigInt(inValue) + sum) & MASK, 32)))
}

/** F3: the sum of a round's generations modulo 2^256. */
export function sumOf(signatures: readonly bigint[]): bigint {
  let sum = 0n
  for (const signature of signatures) sum += signature
  return sum & MASK
}

/** The signature of a producer that enters with a new term. */
export function termSignature(sum: bigint, address: Address): bigint {
  return BigInt(taggedHash('aelf/term-order/1', bigintToBytes(sum, 32), hexToBytes(address)))
}

/** The signature of a producer that comes back from exclusion. */
export function returnSignature(sum: bigint, address: Address): bigint {
  return BigInt(taggedHash('aelf/return-order/1', bigintToBytes(sum, 32), hexToBytes(address)))
}

/** all(0): nobody chooses it after the producers are known. */
export function seedOf(genesisHash: Hash): bigint {
  return BigInt(taggedHash('aelf/seed/1', hexToBytes(genesisHash)))
}

/** Decides the extra producer of the first round, which has no earlier signature. */
export function firstExtraSignature(seed: bigint): bigint {
  return BigInt(taggedHash('aelf/extra/1', bigintToBytes(seed, 32)))
}

/** A signature's residue: a place of the order (F5) or an entry of the fixed list (F7). */
export function residueOf(signature: bigint, count: number): number {
  return Number(signature % BigInt(count))
}

/**
 * F5 and F6: entries take the wanted places as they are traversed; where the place is taken, the later one takes the next
 * free place, wrapping. `wanted[k]` belongs to `entries[k]`. Returns the entries by place.
 */
export function arrange<T>(entries: readonly T[], wanted: readonly number[]): readonly T[] {
  const count = entries.length
  assert(wanted.length === count, 'every entry wants one place')
  const places = new Array<T | undefined>(count).fill(undefined)
  const taken = new Uint8Array(count)
  entries.forEach((entry, index) => {
    let place = wanted[index] ?? 0
    while (taken[place] === 1) place = place + 1 === count ? 0 : place + 1
    taken[place] = 1
    places[place] = entry
  })
  return places as T[]
}
