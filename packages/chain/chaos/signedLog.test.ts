import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openRecordFile } from '#node'
import { asAddress, bytesToHex } from '#primitives'
import { readSignedLog } from './signedLog.ts'

test('default: what a key has on record is read as the node wrote it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'chaos-record-'))
  const producer = asAddress(`0x${'1a'.repeat(20)}`)
  const path = join(folder, 'signed.log')
  const digest = (byte: number): Uint8Array => new Uint8Array(32).fill(byte)
  try {
    const record = await openRecordFile(path, producer)
    for (const slot of [3n, 9n]) await record.save({ slot, height: slot - 1n, digest: digest(Number(slot)) })
    await record.close()
    const bytes = await readFile(path)
    const expected = [3, 9].map((slot) => ({ producer, slot: String(slot), digest: bytesToHex(digest(slot)) }))
    expect(readSignedLog(producer, bytes)).toEqual(expected)
    // A tail that was being written is no record.
    expect(readSignedLog(producer, bytes.subarray(0, -1))).toEqual(expected.slice(0, 1))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})
