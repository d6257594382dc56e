import { createHash } from 'node:crypto'
import { afterEach, describe, expect, it } from 'vitest'
import { type Bytes, bytesToHex, hashEach, hashRows, resetManyHashEngine, setManyHashEngine, sha256 } from './index.ts'

const digest = (bytes: Bytes): string => createHash('sha256').update(bytes).digest('hex')
const each = (messages: readonly Bytes[], output: Bytes): void => {
  for (const [index, message] of messages.entries()) output.set(sha256(message), index * 32)
}
const rows = (input: Bytes, length: number, output: Bytes): void =>
  each(
    Array.from({ length: input.length / length }, (_, row) => input.subarray(row * length, row * length + length)),
    output,
  )

describe('many hashes', () => {
  afterEach(resetManyHashEngine)

  it('default: each message is hashed for itself', () => {
    const messages = [0, 1, 64, 300].map((length) => new Uint8Array(length).fill(length & 255))
    const output = new Uint8Array(messages.length * 32)
    hashEach(messages, output)
    expect(bytesToHex(output)).toBe(`0x${messages.map(digest).join('')}`)
    hashRows(new Uint8Array(90), 45, output)
    expect(bytesToHex(output.subarray(0, 64))).toBe(`0x${digest(new Uint8Array(45)).repeat(2)}`)
  })

  it('error: an engine that errs with long messages or in the last row is not installed', () => {
    const short = (message: Bytes): Bytes => message.subarray(0, 1000)
    const liars = [
      { name: 'long', rows, each: (messages: readonly Bytes[], output: Bytes) => each(messages.map(short), output) },
      {
        name: 'last',
        each,
        rows: (input: Bytes, length: number, output: Bytes) => rows(input.subarray(length), length, output),
      },
    ]
    for (const liar of liars)
      expect(() => setManyHashEngine(liar)).toThrow(expect.objectContaining({ code: 'primitive.engine' }))
    setManyHashEngine({ name: 'honest', each, rows })
  })
})
