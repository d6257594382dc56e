#!/usr/bin/env node
/**
 * The Prisma command line starts a native schema engine and talks JSON-RPC with it over stdin and stdout. This program
 * answers in its place with the WebAssembly build of the same engine, so that no binary has to be downloaded.
 * `generate.mjs` names it in PRISMA_SCHEMA_ENGINE_BINARY.
 */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'

const SERVER_ERROR = 4466
const CHAR_OID = 18
const TEXT_OID = 25
const CHARACTER_COLUMN = 6

const args = process.argv.slice(2)
const optionOf = (name) => (args.includes(name) ? args[args.indexOf(name) + 1] : undefined)

if (args.includes('--version')) {
  process.stdout.write('schema-engine-cli wasm\n')
  process.exit(0)
}

const datasource = optionOf('--datasource')
const url = datasource === undefined ? process.env.DATABASE_URL : JSON.parse(datasource).url

/** Connections for the engine. Catalog columns of type "char" are unknown to the adapter, so they travel as text. */
async function createFactory() {
  const { default: pg } = await import('pg')
  const { PrismaPg } = await import('@prisma/adapter-pg')
  let characterColumns = new Set()
  const relabel = (result) => {
    if (result?.fields) {
      characterColumns = new Set()
      for (const [index, field] of result.fields.entries()) {
        if (field.dataTypeID !== CHAR_OID) continue
        field.dataTypeID = TEXT_OID
        characterColumns.add(index)
      }
    }
    return result
  }
  class Client extends pg.Client {
    query(...params) {
      const last = params.at(-1)
      if (typeof last === 'function') params[params.length - 1] = (error, result) => last(error, relabel(result))
      const answer = super.query(...params)
      return answer instanceof Promise ? answer.then(relabel) : answer
    }
  }
  const factory = new PrismaPg(new pg.Pool({ connectionString: url, Client, max: 1 }))
  const connect = factory.connect.bind(factory)
  factory.connect = async () => {
    const adapter = await connect()
    const queryRaw = adapter.queryRaw.bind(adapter)
    adapter.queryRaw = async (query) => {
      const result = await queryRaw(query)
      return {
        ...result,
        columnTypes: result.columnTypes.map((type, index) => (characterColumns.has(index) ? CHARACTER_COLUMN : type)),
      }
    }
    return adapter
  }
  // The adapter's own shadow connection ends up in the main database, hence a throwaway one in memory.
  factory.connectToShadowDb = async () => {
    const { PGlite } = await import('@electric-sql/pglite')
    const { PrismaPGlite } = await import('pglite-prisma-adapter')
    const shadow = new PGlite()
    await shadow.waitReady
    return new PrismaPGlite(shadow).connect()
  }
  return factory
}

if (args.includes('can-connect-to-database')) {
  try {
    const adapter = await (await createFactory()).connect()
    await adapter.queryRaw({ sql: 'SELECT 1', args: [], argTypes: [] })
    process.exit(0)
  } catch (error) {
    const fields = { error_code: 'P1001', is_panic: false, message: String(error.message), meta: {} }
    process.stderr.write(`${JSON.stringify({ level: 'ERROR', fields })}\n`)
    process.exit(1)
  }
}

let currentId
let panic
const send = (message) => process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)
const sendFailure = (error) =>
  send({
    id: currentId,
    error: {
      code: SERVER_ERROR,
      message: 'schema engine error',
      data: {
        is_panic: false,
        message: panic ?? String(error.message),
        meta: error.meta ?? null,
        error_code: error.code ?? null,
      },
    },
  })
// A panic of the engine surfaces outside of any promise; unanswered, the command line would call it success.
globalThis.PRISMA_WASM_PANIC_REGISTRY = { set_message: (message) => (panic = message) }
process.on('uncaughtException', sendFailure)

const { bindMigrationAwareSqlAdapterFactory } = await import('@prisma/driver-adapter-utils')
const engineDirectory = dirname(createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm'))
const bindings = await import(join(engineDirectory, 'schema_engine_bg.js'))
const module = new WebAssembly.Module(readFileSync(join(engineDirectory, 'schema_engine_bg.wasm')))
const { exports } = new WebAssembly.Instance(module, { './schema_engine_bg.js': bindings })
bindings.__wbg_set_wasm(exports)
exports.__wbindgen_start()

const models = args.flatMap((arg, index) =>
  arg === '--datamodels' ? [[args[index + 1], readFileSync(args[index + 1], 'utf8')]] : [],
)
const engine = await bindings.SchemaEngine.new(
  { datamodels: models.length > 0 ? models : undefined },
  () => {},
  bindMigrationAwareSqlAdapterFactory(await createFactory()),
)

for await (const line of createInterface({ input: process.stdin })) {
  const request = line.trim() === '' ? {} : JSON.parse(line)
  if (!request.method) continue
  currentId = request.id
  try {
    const method = request.method === 'getDatabaseVersion' ? 'version' : request.method
    let result = await engine[method](request.params)
    if (request.method === 'diff' && result.stdout != null) {
      send({ id: 999_999, method: 'print', params: { content: result.stdout } })
      result = { exitCode: result.exitCode, stdout: null }
    }
    send({ id: request.id, result: result ?? {} })
  } catch (error) {
    sendFailure(error)
  }
}
process.exit(0)
