import { describe, expect, test } from 'vitest'
import { bytesToHex, privateKeyToAddress } from '#primitives'
import {
  createKeystore,
  type DelegateSecrets,
  delegateSecrets,
  describeKeystore,
  openKeystore,
  withoutPrivateKey,
} from '../index.ts'

const CHEAP = { n: 1 << 12 }
const PASSWORD = 'correct horse battery'
const privateKey = new Uint8Array(32).fill(7)
const secrets = delegateSecrets(privateKey, 1000)

type File = Record<string, unknown> & { kdf: Record<string, unknown>; cipher: Record<string, unknown> }
const changed = (text: string, change: (file: File) => void): string => {
  const file = JSON.parse(text) as File
  change(file)
  return JSON.stringify(file)
}

describe('keystore', () => {
  test('default: what goes in comes out, and the text shows nothing of it', async () => {
    const text = await createKeystore(secrets, PASSWORD, CHEAP)
    expect(await openKeystore(text, PASSWORD)).toEqual(secrets)
    expect(describeKeystore(text)).toEqual({ address: privateKeyToAddress(privateKey), holds: 'key' })
    for (const secret of [privateKey, secrets.revealSecret]) {
      expect(text).not.toContain(bytesToHex(secret).slice(2))
      expect(text).not.toContain(Buffer.from(secret).toString('base64'))
    }
    const again = await createKeystore(secrets, PASSWORD, CHEAP)
    expect(again).not.toBe(text)
  })

  test('behavior: without its private key it still serves in-values', async () => {
    const text = await createKeystore(withoutPrivateKey(secrets), PASSWORD, CHEAP)
    expect(describeKeystore(text).holds).toBe('reveals')
    expect(await openKeystore(text, PASSWORD)).toEqual({ ...secrets, privateKey: undefined })
  })

  test('behavior: a password counts as typed on any keyboard', async () => {
    const text = await createKeystore(secrets, 'pa\u0301ssword', CHEAP)
    expect(await openKeystore(text, 'p\u00e1ssword')).toEqual(secrets)
  })

  test('behavior: a keystore of an earlier version of this program still opens', async () => {
    const { default: vector } = (await import('./testing/keystore.json', { with: { type: 'json' } })) as {
      default: unknown
    }
    expect(await openKeystore(JSON.stringify(vector), 'a password for a vector')).toEqual(secrets)
  })

  test('error: a wrong password and every change of the file are refused with a code', async () => {
    const text = await createKeystore(secrets, PASSWORD, CHEAP)
    const flip = (hex: unknown): string => String(hex).replace(/.$/, (digit) => (digit === '0' ? '1' : '0'))
    await expect(openKeystore(text, 'wrong horse battery')).rejects.toMatchObject({ code: 'keystore.password' })
    await expect(openKeystore(text, 'short')).rejects.toMatchObject({ code: 'keystore.password' })
    const changes: [(file: File) => void, string][] = [
      [(file) => void (file['address'] = flip(file['address'])), 'keystore.password'],
      [(file) => void (file['holds'] = 'reveals'), 'keystore.password'],
      [(file) => void (file.cipher['data'] = flip(file.cipher['data'])), 'keystore.password'],
      [(file) => void (file.cipher['tag'] = flip(file.cipher['tag'])), 'keystore.password'],
      [(file) => void (file.cipher['nonce'] = flip(file.cipher['nonce'])), 'keystore.password'],
      [(file) => void (file.kdf['salt'] = flip(file.kdf['salt'])), 'keystore.password'],
      [(file) => void (file.kdf['n'] = 1 << 13), 'keystore.password'],
      [(file) => void (file['version'] = 2), 'keystore.malformed'],
      [(file) => void (file.kdf['name'] = 'pbkdf2'), 'keystore.malformed'],
      [(file) => void (file.cipher['name'] = 'aes-128-ctr'), 'keystore.malformed'],
      [(file) => void (file.cipher['data'] = '0x'), 'keystore.malformed'],
      [(file) => void Reflect.deleteProperty(file, 'cipher'), 'keystore.malformed'],
    ]
    for (const [change, code] of changes) {
      await expect(openKeystore(changed(text, change), PASSWORD), String(change)).rejects.toMatchObject({ code })
    }
    for (const junk of ['', '{', '[]', 'null', '"x"', 'x'.repeat(10_000)]) {
      await expect(openKeystore(junk, PASSWORD)).rejects.toMatchObject({ code: 'keystore.malformed' })
    }
  })

  test('error: a file that asks for absurd work is refused before any work is done', async () => {
    const text = await createKeystore(secrets, PASSWORD, CHEAP)
    const absurd: Record<string, unknown>[] = [
      { n: 2 ** 30 },
      { n: 2 ** 52 },
      { n: 0 },
      { n: -4096 },
      { n: 1024 },
      { n: 5000 },
      { n: 4096.5 },
      { n: '4096' },
      { n: null },
      { r: 1_000_000 },
      { n: 1 << 19, r: 16 },
      { p: 64 },
      { p: 0 },
    ]
    for (const kdf of absurd) {
      const hostile = changed(text, (file) => Object.assign(file.kdf, kdf))
      expect(() => describeKeystore(hostile), JSON.stringify(kdf)).toThrow(
        expect.objectContaining({ code: 'keystore.parameters' }),
      )
    }
  })

  test('error: content of another key than the file names', async () => {
    const stranger: DelegateSecrets = { ...secrets, address: privateKeyToAddress(new Uint8Array(32).fill(8)) }
    const text = await createKeystore(stranger, PASSWORD, CHEAP)
    await expect(openKeystore(text, PASSWORD)).rejects.toMatchObject({ code: 'keystore.malformed' })
  })
})
