import { createHash } from 'node:crypto'
import { expect, it } from 'vitest'
import type { Bytes } from '#primitives'
import { createSha256Rows, MAX_ROW_BYTES } from './sha256Rows.ts'

const digest = (bytes: Bytes): Buffer => createHash('sha256').update(bytes).digest()

it('behavior: rows of every length, few and more than fit in one go, wherever they lie', () => {
  const rows = createSha256Rows()
  const memory = Uint8Array.from({ length: 1030 * (MAX_ROW_BYTES + 5) + 4 }, (_, at) => (at * 7 + (at >> 8)) & 255)
  for (let length = 1; length <= MAX_ROW_BYTES + 5; length++) {
    for (const count of [0, 1, 2, 3, 4, 5, 7, 1030]) {
      const from = count % 7
      const input = memory.subarray(from, from + count * length)
      const output = new Uint8Array(count * 32)
      rows(input, length, output)
      const expected = Array.from({ length: count }, (_, row) =>
        digest(input.subarray(row * length, (row + 1) * length)),
      )
      expect(Buffer.compare(output, Buffer.concat(expected)), `${count} of ${length}`).toBe(0)
    }
  }
})
