import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { mainCollectionHash } from '#chains'
import { exitCodes } from './exit.ts'
import { run } from './testing/run.ts'

let folder = ''
const at = (name: string): string => join(folder, name)
const json = async (...words: string[]): Promise<Record<string, unknown>> => {
  const { code, out, err } = await run('collection', ...words, '--json')
  expect({ code, err }).toEqual({ code: exitCodes.ok, err: '' })
  return JSON.parse(out) as Record<string, unknown>
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cli-collection-'))
  // All that these commands ask of a node: where its data is.
  await writeFile(at('aelf.yaml'), 'dataDir: ./data\n')
})
afterAll(() => rm(folder, { recursive: true }))

/** A zip with its files as they are. */
function zip(files: readonly (readonly [path: string, data: Buffer])[]): Buffer {
  const locals: Buffer[] = []
  const entries: Buffer[] = []
  let at = 0
  for (const [path, data] of files) {
    const name = Buffer.from(path)
    const head = Buffer.alloc(26)
    head.writeUInt16LE(20, 0)
    head.writeUInt16LE(0x800, 2)
    head.writeUInt32LE(crc32(data), 10)
    head.writeUInt32LE(data.length, 14)
    head.writeUInt32LE(data.length, 18)
    head.writeUInt16LE(name.length, 22)
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), head, name, data])
    const rest = Buffer.alloc(14)
    rest.writeUInt32LE(at, 10)
    entries.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x00'), head, rest, name]))
    locals.push(local)
    at += local.length
  }
  const directory = Buffer.concat(entries)
  const end = Buffer.alloc(18)
  end.writeUInt16LE(files.length, 4)
  end.writeUInt16LE(files.length, 6)
  end.writeUInt32LE(directory.length, 8)
  end.writeUInt32LE(at, 12)
  return Buffer.concat([...locals, directory, Buffer.from('PK\x05\x06'), end])
}

describe('aelf collection', () => {
  test('leads from the source of this program to a node that signals it', async () => {
    const config = at('aelf.yaml')
    const { source } = await json('source', '--out', at('main.tar'))
    const built = await json('build', at('main.tar'), '--out', at('main.bundle'))
    expect(built).toMatchObject({ collection: mainCollectionHash, name: 'aelf-main', source })
    expect(await json('verify', at('main.bundle'), '--source', at('main.tar'))).toMatchObject({
      collection: mainCollectionHash,
      built: 'built from this source',
    })
    const signal = ['collection', 'signal', mainCollectionHash, '--config', config]
    const early = await run(...signal)
    expect(early).toMatchObject({ code: exitCodes.usage, err: expect.stringContaining('aelf collection install') })
    expect(await json('install', at('main.bundle'), '--config', config)).toMatchObject({ installed: true })
    expect((await run(...signal)).code).toBe(exitCodes.ok)
    const written = await readFile(at('data/collections/signal'), 'utf8')
    expect(written).toBe(`${mainCollectionHash}\n`)
    expect(await json('signal', 'none', '--config', config)).toEqual({ signal: null, from: 'the next block' })
  }, 180_000)

  test('builds the same from a folder, a .tar.gz and a .zip of it', async () => {
    const files = [
      ['collection.json', JSON.stringify({ name: 'packed', version: '1', entry: 'main.ts' })],
      ['main.ts', "import { mainCollection as inner } from './deep/inner.ts'\nexport const mainCollection = inner\n"],
      [
        'deep/inner.ts',
        'export const mainCollection = { contracts: [], ports: {}, fees: { contract: "token" }, params: {} }\n',
      ],
      ['deep/inner.test.ts', 'not part of a source'],
    ] as const
    await mkdir(at('packed/deep'), { recursive: true })
    for (const [path, text] of files) await writeFile(at(`packed/${path}`), text)
    execFileSync('tar', ['-czf', at('packed.tar.gz'), '-C', folder, 'packed'])
    execFileSync('tar', ['-czf', at('bare.tgz'), '-C', at('packed'), 'collection.json', 'main.ts', 'deep'])
    await writeFile(at('packed.zip'), zip(files.map(([path, text]) => [path, Buffer.from(text)])))
    const built = await Promise.all(
      ['packed', 'packed.tar.gz', 'bare.tgz', 'packed.zip'].map((name) =>
        run('collection', 'build', at(name), '--out', at(`${name}.bundle`), '--json'),
      ),
    )
    const [plain, ...packed] = built
    expect(plain).toMatchObject({ err: '', code: exitCodes.ok })
    const { collection, source } = JSON.parse(plain?.out ?? '') as Record<string, unknown>
    for (const one of packed) expect(JSON.parse(one.out)).toMatchObject({ collection, source })
    // What nobody should unpack is not read either.
    execFileSync('ln', ['-s', '/etc/passwd', at('packed/link.ts')])
    execFileSync('tar', ['-czf', at('link.tar.gz'), '-C', folder, 'packed'])
    expect(await run('collection', 'build', at('link.tar.gz'), '--out', at('no'))).toMatchObject({
      code: exitCodes.failure,
      err: expect.stringContaining('archive.'),
    })
    execFileSync('tar', ['-czf', at('empty.tar.gz'), '-C', at('packed'), 'deep'])
    expect(await run('collection', 'build', at('empty.tar.gz'), '--out', at('no'))).toMatchObject({
      code: exitCodes.failure,
      err: expect.stringContaining('collection.json'),
    })
  }, 60_000)

  test('error: a source that is none, a bundle that is none or another, a file that is there, a hash that is none', async () => {
    await writeFile(at('junk'), 'junk'.repeat(300))
    const [none, out] = [at('junk'), at('never')]
    expect(await run('collection', 'build', none, '--out', out)).toMatchObject({
      code: exitCodes.usage,
      err: expect.stringContaining('tar'),
    })
    expect(await run('collection', 'build', at('gone'), '--out', out)).toMatchObject({ code: exitCodes.usage })
    expect(await run('collection', 'verify', none)).toMatchObject({ code: exitCodes.usage })
    expect(await run('collection', 'install', none, '--config', at('aelf.yaml'))).toMatchObject({
      code: exitCodes.usage,
    })
    expect(await run('collection', 'source', '--out', none)).toMatchObject({ code: exitCodes.failure })
    expect(await run('collection', 'signal', '0x12', '--config', at('aelf.yaml'))).toMatchObject({
      code: exitCodes.usage,
    })
    await run('collection', 'source', '--out', at('again.tar'))
    const text = await readFile(at('again.tar'), 'latin1')
    await writeFile(at('other.tar'), text.replace('"version": "1"', '"version": "9"'), 'latin1')
    expect((await run('collection', 'build', at('other.tar'), '--out', at('other.bundle'))).code).toBe(exitCodes.ok)
    expect(await run('collection', 'verify', at('other.bundle'), '--source', at('again.tar'))).toMatchObject({
      code: exitCodes.failure,
      err: expect.stringContaining(mainCollectionHash),
    })
  }, 180_000)
})
