import { createHash } from 'node:crypto'
import { keccak256 as viemKeccak } from 'viem'
import { afterEach, describe, expect, it } from 'vitest'
import {
  bytesToHex,
  hashEngineName,
  keccak256,
  resetHashEngine,
  setHashEngine,
  sha256,
  taggedHash,
  taggedHashBytes,
  utf8ToBytes,
} from './index.ts'

const native = (bytes: Uint8Array): Uint8Array => new Uint8Array(createHash('sha256').update(bytes).digest())

describe('hash', () => {
  afterEach(resetHashEngine)

  it('behavior: equal to other implementations [HASH-1]', () => {
    for (let length = 0; length < 300; length += 7) {
      const bytes = new Uint8Array(length).fill(length & 255)
      expect(bytesToHex(sha256(bytes))).toBe(bytesToHex(native(bytes)))
      expect(bytesToHex(keccak256(bytes))).toBe(viemKeccak(bytes))
      const out = new Uint8Array(32)
      expect(keccak256(bytes, out)).toBe(out)
      expect(bytesToHex(out)).toBe(viemKeccak(bytes))
    }
  })
  it('default: length of the tag, tag, parts [HASH-TAG-1]', () => {
    expect(taggedHash('ab', Uint8Array.of(1), Uint8Array.of(2, 3))).toBe(
      bytesToHex(native(Uint8Array.of(2, 97, 98, 1, 2, 3))),
    )
  })
  it('behavior: a preimage is never 64 bytes, and the padded form is no other input [HASH-TAG-2]', () => {
    const part = new Uint8Array(61)
    const hash = bytesToHex(taggedHashBytes('ab', part))
    expect(hash).not.toBe(bytesToHex(native(Uint8Array.of(2, 97, 98, ...part))))
    expect(hash).toBe(bytesToHex(native(Uint8Array.of(130, 97, 98, 0, ...part))))
    expect(hash).not.toBe(taggedHash('ab', new Uint8Array(62)))
  })
  it('error: an engine that lies is refused', () => {
    expect(() => setHashEngine({ name: 'liar', sha256, keccak256: sha256 })).toThrow(
      expect.objectContaining({ code: 'primitive.engine' }),
    )
    const careless = (bytes: Uint8Array): Uint8Array => keccak256(bytes)
    expect(() => setHashEngine({ name: 'careless', sha256, keccak256: careless })).toThrow(
      expect.objectContaining({ code: 'primitive.engine' }),
    )
    expect(hashEngineName()).toBe('noble')
    setHashEngine({ name: 'node', sha256: native, keccak256 })
    expect(hashEngineName()).toBe('node')
    expect(bytesToHex(sha256(utf8ToBytes('abc')))).toBe(
      '0xba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    )
  })
})
