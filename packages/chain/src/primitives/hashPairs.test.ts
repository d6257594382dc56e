import { createHash } from 'node:crypto'
import { afterEach, describe, expect, it } from 'vitest'
import { bytesToHex, hashPairs, pairHashEngineName, resetPairHashEngine, setPairHashEngine } from './index.ts'

const digest = (bytes: Uint8Array): Uint8Array => new Uint8Array(createHash('sha256').update(bytes).digest())

describe('pairs', () => {
  afterEach(resetPairHashEngine)

  it('default: each 64 bytes are hashed for themselves', () => {
    const input = Uint8Array.from({ length: 3 * 64 }, (_, index) => index)
    const output = new Uint8Array(3 * 32)
    hashPairs(input, output)
    for (let pair = 0; pair < 3; pair++) {
      expect(bytesToHex(output.subarray(pair * 32, pair * 32 + 32))).toBe(
        bytesToHex(digest(input.subarray(pair * 64, pair * 64 + 64))),
      )
    }
  })

  it('error: an engine that errs in its last pair is not installed', () => {
    const hash = (input: Uint8Array, output: Uint8Array, count: number): void => {
      for (let pair = 0; pair < count; pair++) output.set(digest(input.subarray(pair * 64, pair * 64 + 64)), pair * 32)
    }
    expect(() =>
      setPairHashEngine({ name: 'liar', hashPairs: (input, output) => hash(input, output, input.length / 64 - 1) }),
    ).toThrow(expect.objectContaining({ code: 'primitive.engine' }))
    expect(pairHashEngineName()).toBe('one by one')
    setPairHashEngine({ name: 'node', hashPairs: (input, output) => hash(input, output, input.length / 64) })
    expect(pairHashEngineName()).toBe('node')
  })
})
