import { readFile } from 'node:fs/promises'
import { type Address, bytesToHex, type Hex, hexToBytes, privateKeyToAddress } from '#primitives'
import { CliError } from './exit.ts'
import { reasonOf, SECRET, writeNewFile } from './privateFile.ts'

/** A key in memory; `privateKey` must not be printed. */
export interface Key {
  readonly address: Address
  readonly privateKey: Uint8Array
}

/** Makes a new random key. */
export function createKey(): Key {
  for (;;) {
    const privateKey = globalThis.crypto.getRandomValues(new Uint8Array(32))
    // About one in 2^128 is outside of the curve's range; then another is drawn.
    const key = keyOf(privateKey)
    if (key !== undefined) return key
  }
}

/** Writes a key for its owner only; never over an existing file. Throws `cli.failure`. */
export async function writeKeyFile(path: string, key: Key): Promise<void> {
  await writeNewFile(
    path,
    `${JSON.stringify({ address: key.address, privateKey: bytesToHex(key.privateKey) }, null, 2)}\n`,
    SECRET,
  )
}

/** Reads a file written by `aelf keys new`, or one that holds the bare key in hex. Throws `cli.usage`; never shows the content. */
export async function readKeyFile(path: string): Promise<Key> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    throw new CliError(
      'cli.usage',
      `cannot read the key file ${path} (${reasonOf(error)})`,
      'Make one with `aelf keys new --out <file>`.',
    )
  }
  const hex = hexOf(text.trim())
  const key = hex === undefined ? undefined : keyOf(hexToBytes(hex))
  if (key === undefined)
    throw new CliError('cli.usage', `${path} holds no key`, 'Make one with `aelf keys new --out <file>`.')
  return key
}

/** Key of hex digits; undefined when they are none. */
export function keyOfHex(hex: string): Key | undefined {
  const found = hexOf(hex)
  return found === undefined ? undefined : keyOf(hexToBytes(found))
}

function keyOf(privateKey: Uint8Array): Key | undefined {
  try {
    return { privateKey, address: privateKeyToAddress(privateKey) }
  } catch {
    return undefined
  }
}

function hexOf(text: string): Hex | undefined {
  if (/^(?:0x)?[0-9a-fA-F]{64}$/.test(text)) return `0x${text.replace(/^0x/, '')}`
  try {
    const parsed: unknown = JSON.parse(text)
    const value =
      typeof parsed === 'object' && parsed !== null && 'privateKey' in parsed ? parsed.privateKey : undefined
    return typeof value === 'string' && /^0x[0-9a-fA-F]{64}$/.test(value) ? (value as Hex) : undefined
  } catch {
    return undefined
  }
}
