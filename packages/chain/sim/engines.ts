import { createRequire } from 'node:module'
import { installEngines } from '#node'
import {
  type Address,
  type Bytes,
  bytesToHex,
  type Logger,
  privateKeyToAddress,
  type SignatureEngine,
  setSignatureEngine,
} from '#primitives'

interface NativeCurve {
  ecdsaSign(digest: Bytes, privateKey: Bytes): { readonly signature: Bytes; readonly recid: number }
  ecdsaRecover(signature: Bytes, recid: number, digest: Bytes, compressed: boolean): Bytes
}

const SILENT: Logger = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined }
const MAX_KNOWN = 200_000

const addresses = new Map<string, Address>()
const recovered = new Map<string, Bytes | undefined>()
/** By digest: who signed it, each with the signature's r and s. */
let signed = new Map<string, Set<string>>()
let ready = false

const textOf = (bytes: Bytes): string => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1')

function addressOf(privateKey: Bytes): Address {
  const name = textOf(privateKey)
  const known = addresses.get(name)
  if (known !== undefined) return known
  const address = privateKeyToAddress(privateKey)
  addresses.set(name, address)
  return address
}

/** A real engine that remembers: each signature is recovered once in the whole process, and who signed what is on record. */
function remembering(native: NativeCurve): SignatureEngine {
  return {
    name: 'simulation',
    sign(digest, privateKey) {
      const { signature, recid } = native.ecdsaSign(digest, privateKey)
      const name = bytesToHex(digest)
      signed.set(name, (signed.get(name) ?? new Set()).add(addressOf(privateKey) + bytesToHex(signature).slice(2)))
      return { compact: signature.slice(), recovery: recid }
    },
    recover(digest, { compact, recovery }) {
      const name = `${recovery}${textOf(compact)}${textOf(digest)}`
      if (recovered.has(name)) return recovered.get(name)
      let key: Bytes | undefined
      try {
        key = native.ecdsaRecover(compact, recovery, digest, false).slice()
      } catch {
        // The addon throws when no public key belongs to the signature.
      }
      if (recovered.size > MAX_KNOWN) recovered.clear()
      recovered.set(name, key)
      return key
    },
  }
}

/** Once a process: native hashes and signatures. */
export function installSimulationEngines(): void {
  if (ready) return
  ready = true
  installEngines(SILENT)
  setSignatureEngine(remembering(createRequire(import.meta.url)('secp256k1/bindings.js') as NativeCurve))
}

/** Starts a new record of who signed which digest. */
export function recordSignatures(): ReadonlyMap<string, ReadonlySet<string>> {
  signed = new Map()
  recovered.clear()
  return signed
}
