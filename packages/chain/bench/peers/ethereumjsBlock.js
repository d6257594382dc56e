// One block of signed transfers through runBlock of @ethereumjs/vm, from raw bytes, with its own defaults.
// Arguments: folder of the packages, file with one signed transaction a line, file with one sender a line.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { pathToFileURL } from 'node:url'

const [folder = '', transactions = '', accounts = ''] = process.argv.slice(2)
const { resolve } = createRequire(join(folder, 'index.js'))
const load = (name) => import(pathToFileURL(resolve(name)).href)
const [{ createBlock }, { Common, Hardfork, Mainnet }, { createTxFromRLP }, util, { createVM, runBlock }] =
  await Promise.all(['block', 'common', 'tx', 'util', 'vm'].map((name) => load(`@ethereumjs/${name}`)))
const { Account, createAddressFromString, hexToBytes } = util
const lines = (file) => readFileSync(file, 'utf8').trim().split('\n')
const raw = lines(transactions).map((hex) => hexToBytes(hex))
const senders = lines(accounts)
const common = new Common({ chain: Mainnet, hardfork: Hardfork.Shanghai })

async function run(bytes) {
  const vm = await createVM({ common })
  for (const sender of senders) {
    await vm.stateManager.putAccount(createAddressFromString(sender), new Account(0n, 10n ** 22n))
  }
  const start = performance.now()
  const signed = bytes.map((one) => createTxFromRLP(one, { common, freeze: false }))
  const header = { number: 1n, gasLimit: 2_000_000_000n, baseFeePerGas: 7n, timestamp: 1n }
  const block = createBlock({ header, transactions: signed, withdrawals: [] }, { common, freeze: false })
  const skip = { generate: true, skipBlockValidation: true, skipHeaderValidation: true, skipHardForkValidation: true }
  const { receipts } = await runBlock(vm, { block, ...skip })
  const ms = performance.now() - start
  if (receipts.length !== bytes.length) throw new Error('the block is not complete')
  return ms
}

await run(raw.slice(0, 500))
const ms = await run(raw)
const { user, system } = process.cpuUsage()
process.stdout.write(`${JSON.stringify({ count: raw.length, ms, cpuSeconds: (user + system) / 1e6 })}\n`)
process.exit(0)
