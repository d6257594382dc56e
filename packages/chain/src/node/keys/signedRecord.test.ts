import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { privateKeyToAddress } from '#primitives'
import { openRecordFile, type SignedRecord } from './signedRecord.ts'
import { openSigner } from './signer.ts'

const privateKey = new Uint8Array(32).fill(3)
const address = privateKeyToAddress(privateKey)
const digest = (byte: number): Uint8Array => new Uint8Array(32).fill(byte)
const RECORD = 56

let folder = ''
let path = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aelf-record-'))
  path = join(folder, 'signed.log')
})
const open: SignedRecord[] = []
afterEach(async () => {
  for (const record of open.splice(0)) await record.close().catch(() => undefined)
  await rm(folder, { recursive: true, force: true })
})

async function filled(...slots: bigint[]): Promise<void> {
  const record = await openRecordFile(path, address)
  for (const slot of slots) await record.save({ slot, height: slot / 2n, digest: digest(Number(slot)) })
  await record.close()
}
async function opened(): Promise<SignedRecord> {
  const record = await openRecordFile(path, address)
  open.push(record)
  return record
}

describe('record of signed blocks', () => {
  test('default: the newest comes back, for its owner only', async () => {
    expect((await opened()).last()).toBeUndefined()
    await filled(10n, 12n, 20n)
    expect(await opened()).toMatchObject({ doubtful: false })
    expect((await opened()).last()).toEqual({ slot: 20n, height: 10n, digest: digest(20) })
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    // Opening keeps the last one only.
    expect((await readFile(path)).length).toBe(RECORD)
  })

  test('behavior: a tail cut off at any byte loses what was never signed, and nothing else', async () => {
    await filled(10n, 12n)
    const whole = await readFile(path)
    expect(whole.length).toBe(2 * RECORD)
    for (let length = RECORD; length < 2 * RECORD; length += 1) {
      await writeFile(path, whole.subarray(0, length))
      const record = await opened()
      expect(record.last()?.slot, String(length)).toBe(10n)
      expect(record.doubtful).toBe(false)
      await record.close()
    }
  })

  test('behavior: one changed bit anywhere makes the record doubtful, never wrong', async () => {
    await filled(10n, 12n)
    const whole = await readFile(path)
    for (let at = 0; at < whole.length; at += 5) {
      const changed = Uint8Array.from(whole)
      changed[at] = (changed[at] ?? 0) ^ 0x10
      await writeFile(path, changed)
      const record = await opened()
      expect(record.doubtful, String(at)).toBe(true)
      expect([10n, 12n]).toContain(record.last()?.slot)
      await record.close()
    }
  })

  test('behavior: the record of another key is no record of this one', async () => {
    await filled(10n)
    const other = await openRecordFile(path, privateKeyToAddress(new Uint8Array(32).fill(4)))
    open.push(other)
    expect(other.last()).toBeUndefined()
    expect(other.doubtful).toBe(true)
  })

  test('error: nothing is signed once a write has failed, although the disk takes writes again', async () => {
    const inner = await opened()
    let failing = false
    let dead = false
    const record: SignedRecord = {
      ...inner,
      async save(next) {
        dead ||= failing
        if (dead) throw new Error('EIO')
        await inner.save(next)
      },
    }
    const signer = await openSigner({ privateKey, record })
    expect(await signer.signBlock({ slot: 5n, height: 1n, digest: digest(1) })).toBeDefined()
    failing = true
    await expect(signer.signBlock({ slot: 6n, height: 2n, digest: digest(2) })).rejects.toThrow('EIO')
    failing = false
    await expect(signer.signBlock({ slot: 7n, height: 2n, digest: digest(3) })).rejects.toThrow('EIO')
  })

  test('error: a closed record, and a folder that is not there', async () => {
    const record = await opened()
    await record.close()
    await expect(record.save({ slot: 1n, height: 1n, digest: digest(1) })).rejects.toMatchObject({
      code: 'node.stopped',
    })
    await expect(openRecordFile(join(folder, 'gone', 'signed.log'), address)).rejects.toMatchObject({
      code: 'node.storage',
    })
  })
})
