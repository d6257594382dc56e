import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
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
