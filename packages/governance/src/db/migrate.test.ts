import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '#testing'
import { migrate } from './index.ts'

const prisma = fileURLToPath(new URL('../../scripts/generate.mjs', import.meta.url))
let server: TestServer

beforeAll(async () => {
  server = await startTestServer()
}, 60_000)
afterAll(() => server.stop(), 60_000)

/** What Prisma would change to make the database fit the schema; code 2 says that there is something. */
function difference(url: string): { code: number | null; text: string } {
  const words = [
    'migrate',
    'diff',
    '--from-config-datasource',
    '--to-schema',
    'prisma/schema',
    '--script',
    '--exit-code',
  ]
  const { status, stdout, stderr } = spawnSync(process.execPath, [prisma, ...words], {
    encoding: 'utf8',
    env: { ...process.env, DATABASE_URL: url },
  })
  return { code: status, text: `${stdout}${stderr}` }
}

test('default: the migrations make exactly the tables that the schema describes', async () => {
  const database = await server.createDatabase()
  await database.pool.query('DROP TABLE "_prisma_migrations"')
  expect(difference(database.url)).toMatchObject({ code: 0 })
  // The check sees a difference when there is one.
  await database.pool.query('ALTER TABLE "alert_channels" DROP COLUMN "secret"')
  expect(difference(database.url)).toMatchObject({ code: 2, text: expect.stringContaining('"secret"') })
}, 120_000)

test('behavior: applied again they change nothing', async () => {
  const database = await server.createDatabase()
  expect(await migrate({ url: database.url })).toEqual([])
})
