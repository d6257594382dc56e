import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { DatabaseError } from './errors.ts'

/** Any number does, as long as nothing else on the server takes it: two starting workers must not migrate at once. */
const MIGRATION_LOCK = 7_210_431
/** Joined, not written as a URL: bundlers take `new URL(…, import.meta.url)` for a file to bundle. */
const migrationsDirectory: string = join(dirname(fileURLToPath(import.meta.url)), '../../../../prisma/migrations')

interface Migration {
  readonly name: string
  readonly sql: string
  readonly checksum: string
}

async function readMigrations(directory: string): Promise<Migration[]> {
  const entries = await readdir(directory, { withFileTypes: true })
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name)
  return Promise.all(
    names.sort().map(async (name) => {
      const sql = await readFile(`${directory}/${name}/migration.sql`, 'utf8')
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') }
    }),
  )
}

const createLedger = `
  CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
    "id" VARCHAR(36) PRIMARY KEY, "checksum" VARCHAR(64) NOT NULL, "finished_at" TIMESTAMPTZ, "migration_name" VARCHAR(255) NOT NULL,
    "logs" TEXT, "rolled_back_at" TIMESTAMPTZ, "started_at" TIMESTAMPTZ NOT NULL DEFAULT now(),
    "applied_steps_count" INTEGER NOT NULL DEFAULT 0)`

/**
 * Applies the migrations that are missing, in order, each in a transaction of its own, and answers their names. The
 * ledger has the shape of Prisma's, so `prisma migrate status` and `deploy` read it. Throws `db.migrationChanged` when an
 * applied file was edited and `db.migrationMissing` when the database is newer than these files.
 */
export async function migrate(options: { url: string; directory?: string }): Promise<string[]> {
  const migrations = await readMigrations(options.directory ?? migrationsDirectory)
  const client = new pg.Client({ connectionString: options.url })
  await client.connect()
  try {
    await client.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK])
    await client.query(createLedger)
    const done = await client.query<{ migration_name: string; checksum: string }>(
      'SELECT migration_name, checksum FROM "_prisma_migrations" WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL',
    )
    const applied = new Map(done.rows.map((row) => [row.migration_name, row.checksum]))
    assertKnown(applied, migrations)
    const missing = migrations.filter((migration) => !applied.has(migration.name))
    for (const migration of missing) await apply(client, migration)
    return missing.map((migration) => migration.name)
  } finally {
    await client.end()
  }
}

function assertKnown(applied: ReadonlyMap<string, string>, migrations: readonly Migration[]): void {
  const known = new Map(migrations.map((migration) => [migration.name, migration.checksum]))
  for (const [name, checksum] of applied) {
    const expected = known.get(name)
    if (expected === undefined) {
      throw new DatabaseError(
        'db.migrationMissing',
        `The database has migration ${name}, which this version does not know: update the software`,
      )
    }
    if (expected !== checksum) {
      throw new DatabaseError(
        'db.migrationChanged',
        `Migration ${name} was changed after it had been applied: restore the file or start with an empty database`,
      )
    }
  }
}

async function apply(client: pg.Client, migration: Migration): Promise<void> {
  await client.query('BEGIN')
  try {
    await client.query(migration.sql)
    await client.query(
      `INSERT INTO "_prisma_migrations" (id, checksum, migration_name, finished_at, applied_steps_count)
       VALUES (gen_random_uuid()::text, $1, $2, now(), 1)`,
      [migration.checksum, migration.name],
    )
    await client.query('COMMIT')
  } catch (error) {
    await client.query('ROLLBACK')
    throw error
  }
}
