import { createHash } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { CheckError, type CheckedArchive, type Checker } from '#check'
import { askForCheck, claimCheck, countChecks, type Database, findCheck, findContent, putContent } from '#db'
import type { Hash } from '#domain'
import { createFakeChain, startTestServer, type TestServer } from '#testing'
import { checkArchives } from './handlers/checkArchives.ts'
import type { JobContext } from './handlers/context.ts'

let server: TestServer
let database: Database
let nowMs = 1_800_000_000_000

beforeAll(async () => {
  server = await startTestServer()
  database = await server.createDatabase()
}, 60_000)
afterAll(() => server.stop(), 60_000)

const contextWith = (checker: Checker): JobContext => ({
  database,
  source: createFakeChain({ seed: 1 }),
  now: () => nowMs,
  checker,
})
const sha256 = (bytes: Uint8Array): Hash => `0x${createHash('sha256').update(bytes).digest('hex')}`

async function handIn(words: string): Promise<Hash> {
  const bytes = Buffer.from(words)
  await putContent(database, { hash: sha256(bytes), bytes, nowMs })
  await askForCheck(database, sha256(bytes), nowMs)
  return sha256(bytes)
}

const bundle = { hash: `0x${'bb'.repeat(32)}` as Hash, bytes: Buffer.from('bundle') }
const built: CheckedArchive = {
  report: {
    files: 1,
    unpackedBytes: 1,
    warnings: [],
    warned: 0,
    outcome: { kind: 'built', bundleHash: bundle.hash, bundleBytes: 6, name: 'a', version: '1', params: {} },
  },
  bundle,
}

test('default: an archive is looked at once, its report and bundle are kept', async () => {
  const seen: string[] = []
  const context = contextWith(async (bytes) => {
    seen.push(Buffer.from(bytes).toString())
    return built
  })
  const hash = await handIn('one')
  expect((await findCheck(database, hash))?.state).toBe('waiting')
  expect(await checkArchives(context)).toBe('1 archives checked')
  expect(await findCheck(database, hash)).toMatchObject({ state: 'done', report: built.report })
  expect(Buffer.from((await findContent(database, bundle.hash)) ?? []).toString()).toBe('bundle')
  await askForCheck(database, hash, nowMs)
  expect(await checkArchives(context)).toBe('nothing to check')
  expect(seen).toEqual(['one'])
})

test('behavior: one whose worker died is taken over, and two workers never share one', async () => {
  const hash = await handIn('two')
  expect(await countChecks(database, nowMs)).toMatchObject({ waiting: 1, active: 0 })
  expect(await claimCheck(database, { nowMs, holdMs: 120_000 })).toMatchObject({ archiveHash: hash })
  expect(await countChecks(database, nowMs)).toMatchObject({ waiting: 0, active: 1 })
  const context = contextWith(async () => built)
  expect(await checkArchives(context)).toBe('nothing to check')
  nowMs += 120_000
  expect(await checkArchives(context)).toBe('1 archives checked')
})

test('behavior: after three attempts without an answer the reason is the report', async () => {
  const hash = await handIn('three')
  const context = contextWith(async () => {
    throw new CheckError('check.memory', 'Checking it took too much memory')
  })
  await expect(checkArchives(context)).rejects.toThrow('memory')
  await expect(checkArchives(context)).rejects.toThrow('memory')
  expect((await findCheck(database, hash))?.state).toBe('waiting')
  expect(await checkArchives(context)).toBe('1 archives checked')
  expect((await findCheck(database, hash))?.report?.outcome).toMatchObject({ kind: 'failed', code: 'check.memory' })
  expect(await countChecks(database, nowMs)).toMatchObject({ waiting: 0, active: 0, failed: 1, completed: 2 })
})

test('behavior: what is not here cannot be asked for', async () => {
  expect(await askForCheck(database, `0x${'cc'.repeat(32)}`, nowMs)).toBe(false)
})
