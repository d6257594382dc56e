import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { asHash, bytesToHex, type Hash } from '#primitives'
import type { Member } from './folders.ts'

/** slot u64, height u64, digest, check: read here by the format alone, not by the code under test. */
const RECORD_BYTES = 56
const DIGEST = { from: 16, to: 48 }

export interface SignedEntry {
  readonly producer: string
  readonly slot: string
  readonly digest: Hash
}

export function readSignedLog(producer: string, bytes: Buffer): SignedEntry[] {
  const entries: SignedEntry[] = []
  for (let at = 0; at + RECORD_BYTES <= bytes.length; at += RECORD_BYTES) {
    const digest = asHash(bytesToHex(bytes.subarray(at + DIGEST.from, at + DIGEST.to)))
    entries.push({ producer, slot: bytes.readBigUInt64BE(at).toString(), digest })
  }
  return entries
}

/** What a node's key signed since its last start, as its folder has it: also what nobody ever got to see. */
export async function signedBy({ delegate, dataDir }: Member): Promise<SignedEntry[]> {
  if (delegate === undefined) return []
  try {
    return readSignedLog(delegate, await readFile(join(dataDir, 'signed.log')))
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  }
}
