import { spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { createDatabase, type Database, migrate } from '#db'

const script: string = fileURLToPath(new URL('../../scripts/embeddedPostgres.mjs', import.meta.url))
const TEMPLATE = 'template_of_tests'

export interface TestServer {
  /** An own, migrated, empty database; closed with the server. */
  createDatabase(): Promise<Database>
  stop(): Promise<void>
}

/** A real PostgreSQL of its own without durability; it also ends when this process does. Start one a test file. */
export async function startTestServer(): Promise<TestServer> {
  const directory = mkdtempSync(join(tmpdir(), 'aelf-test-db-'))
  chmodSync(directory, 0o755)
  const server = spawn(process.execPath, [script, join(directory, 'data'), '0', '--fast', '--with-parent'], {
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  const url = await firstLine(server)
  const admin = new pg.Client({ connectionString: url })
  await admin.connect()
  await admin.query(`CREATE DATABASE ${TEMPLATE}`)
  const urlOf = (name: string): string => url.replace(/\/postgres$/, `/${name}`)
  await migrate({ url: urlOf(TEMPLATE) })
  const open: Database[] = []
  return {
    createDatabase: async () => {
      const name = `test_${open.length}`
      await admin.query(`CREATE DATABASE ${name} TEMPLATE ${TEMPLATE}`)
      const database = createDatabase({ url: urlOf(name) })
      open.push(database)
      return database
    },
    stop: async () => {
      await Promise.all(open.map((database) => database.close()))
      await admin.end()
      const ended = new Promise((resolve) => server.once('exit', resolve))
      server.kill('SIGTERM')
      await ended
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

function firstLine(server: ReturnType<typeof spawn>): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = ''
    let words = ''
    server.stdout?.on('data', (chunk: Buffer) => {
      output += chunk.toString()
      const end = output.indexOf('\n')
      if (end >= 0) resolve(output.slice(0, end))
    })
    server.stderr?.on('data', (chunk: Buffer) => {
      words += chunk.toString()
    })
    server.once('exit', (code) => reject(new Error(`the test database ended with code ${code}: ${words}`)))
  })
}
