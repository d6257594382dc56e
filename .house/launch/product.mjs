// Puts the whole product together on this machine: database, chain, worker, portal. `npm start` and the browser tests use it.
import { existsSync, mkdirSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { buildPackages, buildPortal, root } from './build.mjs'
import { answers, isFree, LOOPBACK, portFrom, waitFor } from './network.mjs'
import { createProcesses, lastLines } from './processes.mjs'

/**
 * @typedef {object} ProductOptions
 * @property {string} dataDir everything the product remembers lives here
 * @property {boolean} [fresh] forget it first
 * @property {number} [portalPort] wanted port of the portal
 * @property {number} [rpcPort] wanted port of the chain's RPC
 * @property {number} [databasePort] wanted port of the embedded database
 * @property {boolean} [exactPorts] refuse a busy port instead of taking the next free one
 * @property {boolean} [durable] false gives up the embedded database's durability, for tests
 * @property {number} [slotMs] slot time of a new chain
 * @property {string[]} [chainArgs] more words for `aelf devnet`
 * @property {boolean} [portal] whether to serve the pages, default true
 * @property {boolean} [build] whether to build what is stale, default true
 * @property {Record<string, string | undefined>} [environment] DATABASE_URL, REDIS_URL and AELF_RPC_URL use servers that run already; AELF_RPC_URLS names more nodes to compare
 * @property {(line: string) => void} [log] one line a stage
 *
 * @typedef {object} Product
 * @property {string} rpcUrl
 * @property {string} databaseUrl
 * @property {string | undefined} portalUrl
 * @property {Promise<string>} failed resolves with a reason when a part ends by itself
 * @property {(name: string) => Promise<void>} restart stops database, chain, worker or portal and starts it again
 * @property {() => Promise<void>} rebuildIndex throws the embedded database away; the worker fills a new one from the chain
 * @property {() => Promise<void>} stop
 */

const require = createRequire(import.meta.url)

export class AlreadyRunning extends Error {
  /** @param {string | undefined} address */
  constructor(address) {
    super(`already running${address === undefined ? '' : ` at ${address}`}`)
    this.name = 'AlreadyRunning'
    this.address = address
  }
}

/** @param {{ name: string, wanted: number, exact: boolean, flag: string, log: (line: string) => void }} options */
const choosePort = async ({ name, wanted, exact, flag, log }) => {
  if (await isFree(wanted)) return wanted
  if (exact) throw new Error(`port ${wanted} is in use: choose another for the ${name} with ${flag}`)
  const port = await portFrom(wanted + 1)
  log(`${name}: port ${wanted} is in use, taking ${port}`)
  return port
}

/** @param {number} startedMs */
const seconds = (startedMs) => `${((Date.now() - startedMs) / 1000).toFixed(1)} s`

/** @param {ProductOptions} options @returns {Promise<Product>} */
export const startProduct = async (options) => {
  const { dataDir, environment = {}, exactPorts = false, log = () => {} } = options
  const processes = createProcesses(dataDir)
  const running = await processes.settle()
  if (running !== undefined) throw new AlreadyRunning(running.address)
  if (options.fresh === true) rmSync(dataDir, { recursive: true, force: true })
  mkdirSync(`${dataDir}/logs`, { recursive: true })
  /** @type {Promise<string>} */
  const failed = new Promise((resolve) => processes.onUnexpectedExit(resolve))
  /** @type {Record<string, () => Promise<void>>} */
  const starters = {}
  /** @type {Record<string, import('./processes.mjs').Child>} */
  const children = {}
  // The server may keep its files elsewhere, where its own user can reach them, so it empties them itself.
  let emptyDatabase = options.fresh === true

  /** @param {{ name: string, script: string, args: string[] | (() => string[]), env?: Record<string, string>, cwd?: string, check: () => Promise<boolean>, timeoutMs: number }} part */
  const launch = async ({ name, script, args, env, cwd = root, check, timeoutMs }) => {
    const begin = async () => {
      const words = typeof args === 'function' ? args() : args
      const child = processes.start({ name, script, args: words, cwd, ...(env === undefined ? {} : { env }) })
      children[name] = child
      await waitFor({ what: name, check, timeoutMs, giveUp: child.exited })
    }
    starters[name] = begin
    await begin()
  }

  try {
    let began = Date.now()
    if (options.build !== false) {
      log('building packages …')
      buildPackages()
      log(`packages: built in ${seconds(began)}`)
      if (options.portal !== false) buildPages()
    }

    began = Date.now()
    const databaseUrl = environment.DATABASE_URL ?? (await startDatabase())
    log(
      `database: ${environment.DATABASE_URL === undefined ? 'embedded PostgreSQL' : 'DATABASE_URL'}, ready in ${seconds(began)}`,
    )

    began = Date.now()
    const rpcUrl = environment.AELF_RPC_URL ?? (await startChain())
    log(`chain: ${rpcUrl}, ready in ${seconds(began)}`)

    began = Date.now()
    const shared = {
      DATABASE_URL: databaseUrl,
      AELF_RPC_URL: rpcUrl,
      ...(environment.REDIS_URL === undefined ? {} : { REDIS_URL: environment.REDIS_URL }),
      ...(environment.AELF_RPC_URLS === undefined ? {} : { AELF_RPC_URLS: environment.AELF_RPC_URLS }),
    }
    await startWorker(shared)
    log(`worker: indexing, ready in ${seconds(began)}`)

    const portalUrl = options.portal === false ? undefined : await startPortal(shared)
    if (portalUrl !== undefined) processes.announce(portalUrl)

    return {
      rpcUrl,
      databaseUrl,
      portalUrl,
      failed,
      restart: async (name) => {
        if (starters[name] === undefined) throw new Error(`no part is called "${name}"`)
        await children[name]?.stop()
        await starters[name]()
      },
      rebuildIndex: async () => {
        await children.worker?.stop()
        await children.database?.stop()
        emptyDatabase = true
        await starters.database?.()
        await starters.worker?.()
      },
      stop: processes.stopAll,
    }
  } catch (error) {
    await processes.stopAll()
    throw error
  }

  function buildPages() {
    const began = Date.now()
    if (!existsSync(`${root}/apps/portal/.next/BUILD_ID`)) log('building the portal (the first start only) …')
    if (buildPortal()) log(`portal: built in ${seconds(began)}`)
  }

  async function startDatabase() {
    const port = await choosePort({
      name: 'database',
      wanted: options.databasePort ?? 54_329,
      exact: false,
      flag: '',
      log,
    })
    const script = `${root}/packages/governance/scripts/embeddedPostgres.mjs`
    await launch({
      name: 'database',
      script,
      args: () => {
        const flags = [...(options.durable === false ? ['--fast'] : []), ...(emptyDatabase ? ['--fresh'] : [])]
        emptyDatabase = false
        return [`${dataDir}/database`, String(port), ...flags]
      },
      check: async () => lastLines(`${dataDir}/logs/database.log`, 5).includes('postgresql://'),
      timeoutMs: 60_000,
    })
    return `postgresql://app@${LOOPBACK}:${port}/postgres`
  }

  async function startChain() {
    const port = await choosePort({
      name: 'chain',
      wanted: options.rpcPort ?? 8545,
      exact: exactPorts,
      flag: '--rpc-port',
      log,
    })
    const slot =
      options.slotMs === undefined || existsSync(`${dataDir}/chain`) ? [] : ['--slot', String(options.slotMs)]
    await launch({
      name: 'chain',
      script: `${root}/packages/chain/bin/aelf.js`,
      args: ['devnet', '--data', `${dataDir}/chain`, '--port', String(port), ...slot, ...(options.chainArgs ?? [])],
      check: () => answers(`http://${LOOPBACK}:${port}/health`),
      timeoutMs: 120_000,
    })
    return `http://${LOOPBACK}:${port}`
  }

  /** @param {Record<string, string>} env */
  async function startWorker(env) {
    await launch({
      name: 'worker',
      script: `${root}/packages/governance/bin/worker.js`,
      args: [],
      env,
      check: async () => lastLines(`${dataDir}/logs/worker.log`, 50).includes('worker started'),
      timeoutMs: 60_000,
    })
  }

  /** @param {Record<string, string>} env */
  async function startPortal(env) {
    const began = Date.now()
    const port = await choosePort({
      name: 'portal',
      wanted: options.portalPort ?? 3000,
      exact: exactPorts,
      flag: '--port',
      log,
    })
    await launch({
      name: 'portal',
      script: require.resolve('next/dist/bin/next'),
      args: ['start', '--hostname', LOOPBACK, '--port', String(port)],
      env: { ...env, NEXT_TELEMETRY_DISABLED: '1' },
      cwd: `${root}/apps/portal`,
      check: () => answers(`http://${LOOPBACK}:${port}/`, 10_000),
      timeoutMs: 60_000,
    })
    log(`portal: http://localhost:${port}, ready in ${seconds(began)}`)
    return `http://localhost:${port}`
  }
}
