import { gzipSync } from 'node:zlib'
import { buildBundle, bundleHash, readMainSource, writeArchive } from '@aelf/chain/collection'
import { describe, expect, test } from 'vitest'
import { checkArchive } from './checkArchive.ts'
import { createChecker } from './checker.ts'

const packed = (files: Record<string, string>): Uint8Array =>
  gzipSync(writeArchive(new Map(Object.entries(files).map(([path, text]) => [path, Buffer.from(text)]))))
const manifest = JSON.stringify({ name: 'next', version: '2', entry: 'main.ts', params: { 'token.x': '7' } })

describe('an archive is looked at', () => {
  test('default: the source of the running collection gives its bundle, the same as on any machine', async () => {
    const source = await readMainSource()
    const { report, bundle } = await checkArchive(gzipSync(writeArchive(source)))
    const expected = bundleHash((await buildBundle(source)).bytes)
    expect(report).toMatchObject({ files: source.size, outcome: { kind: 'built', bundleHash: expected } })
    expect(bundle?.hash).toBe(expected)
  })

  test('behavior: code is built and not run', async () => {
    const entry = 'for (;;) {}\nexport const mainCollection = { contracts: [] }\n'
    const { report } = await checkArchive(packed({ 'collection.json': manifest, 'main.ts': entry }))
    expect(report.outcome).toMatchObject({ kind: 'built', version: '2', params: { 'token.x': '7' } })
  })

  test('behavior: what is no collection is only read, with what stands out', async () => {
    const { report, bundle } = await checkArchive(packed({ 'a.ts': `const k = 'ghp_${'a1'.repeat(18)}'` }))
    expect(report).toEqual({
      files: 1,
      unpackedBytes: 52,
      warned: 1,
      warnings: [{ path: 'a.ts', warnings: ['secret'] }],
      outcome: { kind: 'plain' },
    })
    expect(bundle).toBeUndefined()
  })

  test('error: refusals name the file and the line', async () => {
    const wrong = {
      'collection.json': manifest,
      'main.ts': '// A comment.\nexport const mainCollection = Date.now()\n',
    }
    expect((await checkArchive(packed(wrong))).report.outcome).toMatchObject({
      kind: 'failed',
      code: 'collection.audit',
      file: 'main.ts',
      line: 2,
      text: expect.stringContaining('Date.now()'),
    })
    expect((await checkArchive(Buffer.from('no archive'))).report.outcome).toMatchObject({
      kind: 'refused',
      code: 'archive.format',
    })
  })
})

describe('in a thread', () => {
  const thread = (program: string) => ({
    url: new URL(`data:text/javascript,${encodeURIComponent(program)}`),
    execArgv: [],
  })
  const prelude = "import { parentPort, workerData } from 'node:worker_threads';"

  test('default: an answer comes back', async () => {
    const checker = createChecker({ thread: thread(`${prelude}parentPort.postMessage(workerData.length)`) })
    expect(await checker(new Uint8Array(5))).toBe(5)
  })

  test.each([
    ['check.time', 'for (;;) {}', { timeMs: 500 }],
    ['check.memory', 'const all = []; for (;;) all.push(new Array(1e4).fill(0.5))', { memoryMib: 32 }],
    ['check.failed', "throw new Error('broken')", {}],
    ['check.failed', '', {}],
  ])('error: %s', async (code, program, bounds) => {
    await expect(
      createChecker({ ...bounds, thread: thread(prelude + program) })(new Uint8Array(1)),
    ).rejects.toMatchObject({ code })
  })
})
