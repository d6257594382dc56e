import {
  type Address,
  asAddress,
  assert,
  type Bytes,
  concatBytes,
  type Hash,
  hexToBytes,
  taggedHash,
} from '#primitives'

/** Path of a value: contract address (20), item number (u16), encoded key. */
export function statePath(contract: Address, item: number, key: Bytes): Hash {
  return statePathIn(statePathPrefix(contract, item), key)
}

/** What the paths of one item have in common: contract address (20), item number (u16). */
export function statePathPrefix(contract: Address, item: number): Bytes {
  assert(Number.isInteger(item) && item >= 0 && item <= 0xffff, 'an item number is a u16')
  return concatBytes(hexToBytes(asAddress(contract)), Uint8Array.of(item >> 8, item & 255))
}

/** `statePath` for who has the prefix of the item at hand. */
export function statePathIn(prefix: Bytes, key: Bytes): Hash {
  return taggedHash('aelf/path/1', prefix, key)
}

/** Address of system contract `number`: 0xae1f, sixteen zero bytes, u16 number. */
export function systemAddress(number: number): Address {
  assert(Number.isInteger(number) && number >= 0 && number <= 0xffff, 'a system contract number is a u16')
  return asAddress(`0xae1f${'00'.repeat(16)}${number.toString(16).padStart(4, '0')}`)
}

/** Number of a system contract, or undefined for any other address. */
export function systemNumber(address: Address): number | undefined {
  return address.startsWith(`0xae1f${'00'.repeat(16)}`) ? Number.parseInt(address.slice(-4), 16) : undefined
}

/** Plain account that holds the fees. */
export const TREASURY_ADDRESS: Address = systemAddress(16)
