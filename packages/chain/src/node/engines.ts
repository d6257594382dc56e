import { createRequire } from 'node:module'
import { keccak_256 } from '@noble/hashes/sha3.js'
import {
  type Bytes,
  hashEngineName,
  type Logger,
  pairHashEngineName,
  setHashEngine,
  setManyHashEngine,
  setPairHashEngine,
  setSignatureEngine,
  signatureEngineName,
} from '#primitives'
import { createKeccak, MAX_KECCAK_INPUT } from './keccak.ts'
import { installReclaimer } from './reclaimer.ts'
import { digestInto, nativeSha256 } from './sha256.ts'
import { createSha256Rows } from './sha256Rows.ts'
import { createShortSha256, MAX_SHORT_BYTES } from './sha256Short.ts'

/** The part of the native addon that is used. */
interface NativeCurve {
  ecdsaSign(digest: Bytes, privateKey: Bytes): { readonly signature: Bytes; readonly recid: number }
  ecdsaRecover(signature: Bytes, recid: number, digest: Bytes, compressed: boolean, output: Bytes): Bytes
  publicKeyCreate(privateKey: Bytes, compressed: boolean): Bytes
}

interface NativePairs {
  hashInto(input: Bytes, output: Bytes): void
}

const plain = (bytes: Uint8Array): Bytes => new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length)

/** Loads the addon itself: the package's main module would fall back to slow JavaScript without a word. */
function loadNativeCurve(): NativeCurve {
  return createRequire(import.meta.url)('secp256k1/bindings.js') as NativeCurve
}

function installSignatures(): void {
  const native = loadNativeCurve()
  const recovered = new Uint8Array(65)
  setSignatureEngine({
    name: 'libsecp256k1',
    sign(digest, privateKey) {
      const { signature, recid } = native.ecdsaSign(digest, privateKey)
      return { compact: plain(signature), recovery: recid }
    },
    recover(digest, { compact, recovery }) {
      try {
        return native.ecdsaRecover(compact, recovery, digest, false, recovered)
      } catch {
        // The addon throws when no public key belongs to the signature.
        return undefined
      }
    },
    publicKey: (privateKey) => plain(native.publicKeyCreate(privateKey, false)),
  })
}

function installHashes(): void {
  const keccak = createKeccak()
  const short = createShortSha256()
  setHashEngine({
    name: 'node:crypto and wasm',
    sha256: (bytes) => (bytes.length <= MAX_SHORT_BYTES ? short(bytes) : nativeSha256(bytes)),
    // OpenSSL has SHA-3 only, whose padding differs.
    keccak256(bytes, out = new Uint8Array(32)) {
      if (bytes.length <= MAX_KECCAK_INPUT) keccak(bytes, out)
      else out.set(keccak_256(bytes))
      return out
    },
  })
}

/** Items of lists and values of states. */
function installManyHashes(): void {
  const rows = createSha256Rows()
  setManyHashEngine({
    name: 'node:crypto, and wasm for four rows at a time',
    each(messages, output) {
      for (let index = 0; index < messages.length; index++) digestInto(messages[index] as Bytes, output, index * 32)
    },
    rows,
  })
  // Until a native one takes its place.
  setPairHashEngine({ name: 'wasm, four at a time', hashPairs: (input, output) => rows(input, 64, output) })
}

/** Inner nodes of trees, many in a call. */
function installPairHashes(): void {
  const { hashInto } = createRequire(import.meta.url)('@chainsafe/hashtree') as NativePairs
  setPairHashEngine({ name: 'hashtree', hashPairs: hashInto })
}

export interface EngineNames {
  readonly signature: string
  readonly hash: string
  readonly tree: string
}

let installed = false

/** Installs the fastest engines this machine has, once a process unless `again`. A fallback to portable code is a loud warning. */
export function installEngines(logger: Logger, options: { readonly again?: boolean } = {}): EngineNames {
  if (!installed || options.again === true) {
    installed = true
    attempt(logger, 'signature', installSignatures)
    attempt(logger, 'hash', installHashes)
    attempt(logger, 'many hashes', installManyHashes)
    attempt(logger, 'tree', installPairHashes)
    installReclaimer()
  }
  const names = { signature: signatureEngineName(), hash: hashEngineName(), tree: pairHashEngineName() }
  logger.info('Engines', names)
  return names
}

function attempt(logger: Logger, what: string, install: () => void): void {
  try {
    install()
  } catch (cause) {
    logger.warn(`SLOW PATH: no native ${what} engine, running portable code (about 20 times slower)`, {
      reason: cause instanceof Error ? cause.message : String(cause),
    })
  }
}
