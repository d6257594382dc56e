import { parseArgs } from 'node:util'
import { root } from './build.mjs'
import { AlreadyRunning, startProduct } from './product.mjs'

const HELP = `npm start -- [options]

  --fresh           forget the last chain and database first
  --slot <ms>       slot time of a new chain (default 1000; 4000 is the real one)
  --port <n>        port of the portal (default 3000 or PORT)
  --rpc-port <n>    port of the chain's RPC (default 8545)
  --data <folder>   where chain and database live (default .aelf)
  --no-portal       chain, database and worker only
  --help

DATABASE_URL, REDIS_URL and AELF_RPC_URL, when set, are used instead of starting that part.`

/** @param {string | undefined} text @param {string} name */
const integer = (text, name) => {
  if (text === undefined) return undefined
  const value = Number(text)
  if (Number.isSafeInteger(value) && value > 0 && (name === '--slot' || value < 65_536)) return value
  throw new Error(`${name} wants a whole number, not "${text}"`)
}

/** @param {string[]} args */
const readOptions = (args) => {
  const { values } = parseArgs({
    args,
    options: {
      fresh: { type: 'boolean', default: false },
      slot: { type: 'string' },
      port: { type: 'string' },
      'rpc-port': { type: 'string' },
      data: { type: 'string', default: `${root}/.aelf` },
      'no-portal': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  const { DATABASE_URL, REDIS_URL, AELF_RPC_URL } = process.env
  const given = {
    slotMs: integer(values.slot, '--slot'),
    portalPort: integer(values.port ?? process.env.PORT, '--port'),
    rpcPort: integer(values['rpc-port'], '--rpc-port'),
  }
  return {
    help: values.help,
    product: {
      dataDir: values.data,
      fresh: values.fresh,
      portal: !values['no-portal'],
      exactPorts: given.portalPort !== undefined || given.rpcPort !== undefined,
      environment: { DATABASE_URL, REDIS_URL, AELF_RPC_URL },
      ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
    },
  }
}

/** @param {import('./product.mjs').Product} product */
const farewell = ({ portalUrl, rpcUrl }) => `
  ${portalUrl === undefined ? `The chain answers at ${rpcUrl}` : `Open ${portalUrl}`}
  Connect with "Demo account" (no wallet needed): it holds test ELF of this machine's own chain.
  Stop with Ctrl-C; the next npm start goes on where this one ended, npm start -- --fresh begins anew.
`

/** npm hands a SIGTERM to the shell between it and us, which keeps it: its end shows only in who our parent is. @param {() => void} act */
const whenOrphaned = (act) => {
  if (process.env.npm_lifecycle_event === undefined) return
  const parent = process.ppid
  const look = () => {
    if (process.ppid !== parent) act()
  }
  setInterval(look, 500).unref()
}

/** @param {string[]} args */
export const main = async (args) => {
  const began = Date.now()
  try {
    const { help, product: options } = readOptions(args)
    if (help) return console.log(HELP)
    const starting = startProduct({ ...options, log: (line) => console.log(`  ${line}`) })
    /** @type {Promise<string>} */
    const asked = new Promise((resolve) => {
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => resolve(signal))
      whenOrphaned(() => resolve('npm ended'))
    })
    const product = await Promise.race([starting, asked.then(() => undefined)])
    if (product === undefined) {
      console.log('  stopping …')
      await starting.then(
        (late) => late.stop(),
        () => {},
      )
      return
    }
    console.log(`${farewell(product)}  Started in ${Math.round((Date.now() - began) / 1000)} s.`)
    const failure = await Promise.race([product.failed, asked.then(() => undefined)])
    if (failure !== undefined) console.error(`\n${failure}`)
    console.log('  stopping …')
    await product.stop()
    console.log('  stopped.')
    process.exit(failure === undefined ? 0 : 1)
  } catch (error) {
    if (error instanceof AlreadyRunning) return console.log(`The product is ${error.message}.`)
    console.error(`\n${error instanceof Error ? error.message : String(error)}`)
    process.exitCode = 1
  }
}
