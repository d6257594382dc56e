import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { mainCollectionHash } from '#chains'

const run = promisify(execFile)
const BIN = fileURLToPath(new URL('../../bin/aelf.js', import.meta.url))
/** This Node, and whatever others `AELF_NODES` names, as `PATH` does. */
const nodes = [process.execPath, ...(process.env['AELF_NODES'] ?? '').split(delimiter).filter((path) => path !== '')]

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aelf-nodes-'))
})
afterAll(() => rm(folder, { recursive: true }))

/** Packs the program's own source, builds it and checks it, all in a folder of its own. */
async function built(
  node: string,
  at: string,
): Promise<{ version: string; hash: string; archive: Buffer; bundle: Buffer }> {
  const cwd = join(folder, at)
  await mkdir(cwd, { recursive: true })
  const aelf = async (...words: string[]): Promise<{ readonly collection?: string }> =>
    JSON.parse((await run(node, [BIN, 'collection', ...words, '--json'], { cwd })).stdout)
  await aelf('source', '--out', 'source.tar')
  const { collection = '' } = await aelf('build', 'source.tar', '--out', 'next.bundle')
  expect(await aelf('verify', 'next.bundle', '--source', 'source.tar')).toMatchObject({ collection })
  const [archive, bundle] = await Promise.all([readFile(join(cwd, 'source.tar')), readFile(join(cwd, 'next.bundle'))])
  const version = (await run(node, ['--version'])).stdout.trim()
  return { version, hash: collection, archive, bundle }
}

test('the same archive gives the same bundle with every Node there is, in every folder', async () => {
  const all = []
  for (const [index, node] of nodes.entries())
    all.push(await built(node, join(String(index), 'x'.repeat(index * 7), 'here')))
  const [first] = all
  for (const { version, hash, archive, bundle } of all) {
    expect([version, hash]).toEqual([version, mainCollectionHash])
    expect(archive.equals(first?.archive ?? Buffer.alloc(0))).toBe(true)
    expect(bundle.equals(first?.bundle ?? Buffer.alloc(0))).toBe(true)
  }
  expect(new Set(all.map(({ version }) => version)).size).toBe(nodes.length)
}, 240_000)
