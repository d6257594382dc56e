import { createRequire } from 'node:module'
import { installEngines } from '#node'
import {
  type Address,
  type Bytes,
  bytesToHex,
  type Logger,
  publicKeyToAddress,
  type SignatureEngine,
  setSignatureEngine,
} from '#primitives'

interface NativeCurve {
  ecdsaSign(digest: Bytes, privateKey: Bytes): { readonly signature: Bytes; readonly recid: number }
  ecdsaRecover(signature: Bytes, recid: number, digest: Bytes, compressed: boolean): Bytes
  publicKeyCreate(privateKey: Bytes, compressed: boolean): Bytes
}

const SILENT: Logger = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined }
const MAX_KNOWN = 200_000
const MAX_SIGNERS = 1000

interface Signer {
  readonly address: Address
  readonly publicKey: Bytes
}

const signers = new Map<string, Signer>()
const recovered = new Map<string, Bytes | undefined>()
/** By digest: who signed it, each with the signature's r and s. */
let signed = new Map<string, Set<string>>()
let ready = false
let foreseen = false

const textOf = (bytes: Bytes): string => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1')

function signerOf(native: NativeCurve, privateKey: Bytes): Signer {
  const name = textOf(privateKey)
  const known = signers.get(name)
  if (known !== undefined) return known
  const publicKey = native.publicKeyCreate(privateKey, false).slice()
  const signer = { publicKey, address: publicKeyToAddress(publicKey) }
  if (signers.size > MAX_SIGNERS) signers.clear()
  signers.set(name, signer)
  return signer
}

const nameOf = (digest: Bytes, compact: Bytes, recovery: number): string =>
  `${recovery}${textOf(compact)}${textOf(digest)}`

function remember(name: string, key: Bytes | undefined): void {
  if (recovered.size > MAX_KNOWN) recovered.clear()
  recovered.set(name, key)
}

/** A real engine that remembers: each signature is recovered once in the whole process, and who signed what is on record. */
function remembering(native: NativeCurve): SignatureEngine {
  return {
    name: 'simulation',
    sign(digest, privateKey) {
      const { signature, recid } = native.ecdsaSign(digest, privateKey)
      const name = bytesToHex(digest)
      const { address, publicKey } = signerOf(native, privateKey)
      signed.set(name, (signed.get(name) ?? new Set()).add(address + bytesToHex(signature).slice(2)))
      if (foreseen) remember(nameOf(digest, signature, recid), publicKey)
      return { compact: signature.slice(), recovery: recid }
    },
    recover(digest, { compact, recovery }) {
      const name = nameOf(digest, compact, recovery)
      if (recovered.has(name)) return recovered.get(name)
      let key: Bytes | undefined
      try {
        key = native.ecdsaRecover(compact, recovery, digest, false).slice()
      } catch {
        // The addon throws when no public key belongs to the signature.
      }
      remember(name, key)
      return key
    },
    publicKey: (privateKey) => signerOf(native, privateKey).publicKey,
  }
}

/** Once a process: native hashes and signatures. */
export function installSimulationEngines(): void {
  if (ready) return
  ready = true
  installEngines(SILENT)
  setSignatureEngine(remembering(createRequire(import.meta.url)('secp256k1/bindings.js') as NativeCurve))
}

/**
 * Starts a new record of who signed which digest. With `foresee` a signature made here is known to be its signer's without
 * recovering the key from it; those made up by somebody are always recovered.
 */
export function recordSignatures({ foresee }: { readonly foresee: boolean }): ReadonlyMap<string, ReadonlySet<string>> {
  signed = new Map()
  recovered.clear()
  foreseen = foresee
  return signed
}
