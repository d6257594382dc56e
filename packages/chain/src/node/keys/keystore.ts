import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto'
import { createRevealChain } from '#consensus/dpos'
import {
  type Address,
  asAddress,
  type Bytes,
  bytesToAddress,
  bytesToHex,
  type Hash,
  type Hex,
  hexToBytes,
  privateKeyToAddress,
  reader,
  taggedHashBytes,
  utf8ToBytes,
  writer,
} from '#primitives'
import { NodeError } from '../errors.ts'

/** A keystore is small; anything longer is none. */
export const MAX_KEYSTORE_CHARS = 8192
export const MIN_PASSWORD_CHARS = 8
const MAX_PASSWORD_CHARS = 1024
/** Cost of guessing one password: 128 MiB and about half a second. */
const SCRYPT_N = 1 << 17
/** A file may ask for no more work than this, so that a hostile one cannot stop a machine. */
const SCRYPT_LIMITS = { minN: 1 << 12, maxN: 1 << 19, maxR: 16, maxP: 4, maxMemory: 512 * 1024 * 1024 } as const
const KEY_BYTES = 32
const SALT_BYTES = 32
const NONCE_BYTES = 12
const TAG_BYTES = 16
const PAYLOAD_VERSION = 1
/** In-values of a first chain: enough for four weeks of 17 producers at 4 s. */
export const DEFAULT_REVEAL_LENGTH = 40_000
const MAX_REVEAL_LENGTH = 1 << 24

/** What a delegate keeps secret. Without a private key it serves a node whose key lives in a remote signer. */
export interface DelegateSecrets {
  readonly address: Address
  readonly privateKey: Bytes | undefined
  /** From it follow all of the delegate's chains of in-values. */
  readonly revealSecret: Bytes
  /** Values of one chain. It is part of the commitment: another length is another chain. */
  readonly revealLength: number
}

interface KdfParameters {
  readonly n: number
  readonly r: number
  readonly p: number
}

interface KeystoreFile {
  readonly version: 1
  readonly address: Address
  readonly holds: 'key' | 'reveals'
  readonly kdf: { readonly name: 'scrypt'; readonly salt: Hex } & KdfParameters
  readonly cipher: { readonly name: 'aes-256-gcm'; readonly nonce: Hex; readonly tag: Hex; readonly data: Hex }
}

/** Secrets that follow from a private key alone, so that a copy of the key is a copy of everything. */
export function delegateSecrets(privateKey: Bytes, revealLength: number = DEFAULT_REVEAL_LENGTH): DelegateSecrets {
  const revealSecret = taggedHashBytes('aelf/reveal-secret/1', privateKey)
  return { address: privateKeyToAddress(privateKey), privateKey, revealSecret, revealLength }
}

/** The same secrets without the private key, for a node whose signer is elsewhere. */
export function withoutPrivateKey(secrets: DelegateSecrets): DelegateSecrets {
  return { ...secrets, privateKey: undefined }
}

function refused(message: string, cause?: unknown): NodeError {
  return new NodeError('keystore.malformed', message, cause === undefined ? {} : { cause })
}

function derive(password: string, salt: Bytes, { n, r, p }: KdfParameters): Promise<Bytes> {
  const options = { N: n, r, p, maxmem: 128 * n * r + 64 * 1024 * 1024 }
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFKC'), salt, KEY_BYTES, options, (error, key) => {
      if (error === null) resolve(key)
      else reject(error)
    })
  })
}

/** What a change of would make another file: authenticated together with the content. */
function bound({ version, address, holds, kdf }: Omit<KeystoreFile, 'cipher'>): Bytes {
  return utf8ToBytes(['aelf/keystore', version, address, holds, kdf.n, kdf.r, kdf.p, kdf.salt].join('|'))
}

function encodeSecrets({ address, privateKey, revealSecret, revealLength }: DelegateSecrets): Bytes {
  return writer()
    .u8(PAYLOAD_VERSION)
    .u8(privateKey === undefined ? 0 : 1)
    .fixed(privateKey ?? new Uint8Array(KEY_BYTES))
    .fixed(hexToBytes(address))
    .fixed(revealSecret)
    .u32(revealLength)
    .finish()
}

function decodeSecrets(bytes: Bytes): DelegateSecrets {
  const input = reader(bytes)
  if (input.u8() !== PAYLOAD_VERSION) throw refused('The keystore holds a newer kind of content')
  const hasKey = input.u8() === 1
  const key = input.fixed(KEY_BYTES)
  const address = bytesToAddress(input.fixed(20))
  const revealSecret = input.fixed(KEY_BYTES)
  const revealLength = input.u32()
  input.end()
  return { address, privateKey: hasKey ? key : undefined, revealSecret, revealLength }
}

function checkPassword(password: string): void {
  if (password.length >= MIN_PASSWORD_CHARS && password.length <= MAX_PASSWORD_CHARS) return
  throw new NodeError('keystore.password', `A password has ${MIN_PASSWORD_CHARS} to ${MAX_PASSWORD_CHARS} characters`)
}

/** Encrypts secrets; the result is the text of a file. `n` is the cost of a guess, for tests only. */
export async function createKeystore(
  secrets: DelegateSecrets,
  password: string,
  { n = SCRYPT_N }: { readonly n?: number } = {},
): Promise<string> {
  checkPassword(password)
  if (!(secrets.revealLength >= 1 && secrets.revealLength <= MAX_REVEAL_LENGTH)) {
    throw refused(`A chain of in-values has 1 to ${MAX_REVEAL_LENGTH} values`)
  }
  const salt = new Uint8Array(randomBytes(SALT_BYTES))
  const nonce = new Uint8Array(randomBytes(NONCE_BYTES))
  const kdf = { name: 'scrypt', n, r: 8, p: 1, salt: bytesToHex(salt) } as const
  const holds = secrets.privateKey === undefined ? 'reveals' : 'key'
  const head = { version: 1, address: secrets.address, holds, kdf } as const
  const cipher = createCipheriv('aes-256-gcm', await derive(password, salt, kdf), nonce)
  cipher.setAAD(bound(head))
  const data = Buffer.concat([cipher.update(encodeSecrets(secrets)), cipher.final()])
  const file: KeystoreFile = {
    ...head,
    cipher: {
      name: 'aes-256-gcm',
      nonce: bytesToHex(nonce),
      tag: bytesToHex(new Uint8Array(cipher.getAuthTag())),
      data: bytesToHex(new Uint8Array(data)),
    },
  }
  return `${JSON.stringify(file, null, 2)}\n`
}

type Fields = Readonly<Record<string, unknown>>

function fieldsOf(value: unknown, what: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw refused(`${what} is not an object`)
  return value as Fields
}

function hexField(fields: Fields, name: string, bytes: { readonly min: number; readonly max: number }): Hex {
  const value = fields[name]
  const pattern = new RegExp(`^0x(?:[0-9a-f]{2}){${bytes.min},${bytes.max}}$`)
  if (typeof value !== 'string' || !pattern.test(value)) throw refused(`"${name}" is not the hex text it should be`)
  return value as Hex
}

function readKdf(value: unknown): KeystoreFile['kdf'] {
  const fields = fieldsOf(value, '"kdf"')
  const { n, r, p } = fields
  const { minN, maxN, maxR, maxP, maxMemory } = SCRYPT_LIMITS
  const whole = (number: unknown, from: number, to: number): number => {
    if (typeof number !== 'number' || !Number.isInteger(number) || number < from || number > to) {
      throw new NodeError('keystore.parameters', 'The keystore asks for a key derivation outside of the allowed cost')
    }
    return number
  }
  const cost = { n: whole(n, minN, maxN), r: whole(r, 1, maxR), p: whole(p, 1, maxP) }
  const isPower = (cost.n & (cost.n - 1)) === 0
  if (!isPower || 128 * cost.n * cost.r > maxMemory) {
    throw new NodeError('keystore.parameters', 'The keystore asks for a key derivation outside of the allowed cost')
  }
  if (fields['name'] !== 'scrypt') throw refused('The key derivation is not scrypt')
  return { name: 'scrypt', ...cost, salt: hexField(fields, 'salt', { min: SALT_BYTES, max: SALT_BYTES }) }
}

function readFile(text: string): KeystoreFile {
  if (text.length > MAX_KEYSTORE_CHARS) throw refused(`A keystore has at most ${MAX_KEYSTORE_CHARS} characters`)
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch (cause) {
    throw refused('The keystore is not JSON', cause)
  }
  const fields = fieldsOf(parsed, 'The keystore')
  if (fields['version'] !== 1) throw refused('The keystore has a version this node does not know')
  const holds = fields['holds']
  if (holds !== 'key' && holds !== 'reveals') throw refused('"holds" is neither "key" nor "reveals"')
  const cipher = fieldsOf(fields['cipher'], '"cipher"')
  if (cipher['name'] !== 'aes-256-gcm') throw refused('The cipher is not aes-256-gcm')
  return {
    version: 1,
    address: asAddress(hexField(fields, 'address', { min: 20, max: 20 })),
    holds,
    kdf: readKdf(fields['kdf']),
    cipher: {
      name: 'aes-256-gcm',
      nonce: hexField(cipher, 'nonce', { min: NONCE_BYTES, max: NONCE_BYTES }),
      tag: hexField(cipher, 'tag', { min: TAG_BYTES, max: TAG_BYTES }),
      data: hexField(cipher, 'data', { min: 1, max: 512 }),
    },
  }
}

/** Whose keystore it is and what is in it; needs no password. Throws `keystore.malformed`, `keystore.parameters`. */
export function describeKeystore(text: string): { readonly address: Address; readonly holds: 'key' | 'reveals' } {
  const { address, holds } = readFile(text)
  return { address, holds }
}

/** Decrypts. Throws `keystore.password` for a wrong password or a changed file, `keystore.malformed`, `keystore.parameters`. */
export async function openKeystore(text: string, password: string): Promise<DelegateSecrets> {
  const file = readFile(text)
  checkPassword(password)
  const key = await derive(password, hexToBytes(file.kdf.salt), file.kdf)
  const decipher = createDecipheriv('aes-256-gcm', key, hexToBytes(file.cipher.nonce))
  decipher.setAAD(bound(file))
  decipher.setAuthTag(hexToBytes(file.cipher.tag))
  let plain: Bytes
  try {
    plain = new Uint8Array(Buffer.concat([decipher.update(hexToBytes(file.cipher.data)), decipher.final()]))
  } catch (cause) {
    throw new NodeError('keystore.password', 'The password is wrong, or the keystore was changed', { cause })
  }
  const secrets = decodeSecrets(plain)
  const owner = secrets.privateKey === undefined ? secrets.address : privateKeyToAddress(secrets.privateKey)
  if (owner !== file.address || secrets.address !== file.address)
    throw refused('The keystore belongs to another address')
  return secrets
}

/** What a delegate registers with: the public end of its first chain of in-values. */
export function commitmentOf({ revealSecret, revealLength }: DelegateSecrets): Hash {
  return createRevealChain(revealSecret, revealLength).commitment
}
