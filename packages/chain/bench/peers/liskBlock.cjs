// One block of signed transfers through the block processor of lisk-sdk: validated, verified, applied, saved in RocksDB.
// Its own limit of a block, 15 KiB, is lifted. Arguments: folder of the package, number of transfers, folder of the database.
const path = require('node:path')
const { performance } = require('node:perf_hooks')

const [folder, wanted, databasePath] = process.argv.slice(2)
const sdk = require(path.join(folder, 'node_modules', 'lisk-sdk'))
const { testing, cryptography, TokenModule, SequenceModule, KeysModule, DPoSModule, TokenTransferAsset } = sdk

const SENDERS = 100
/** Transfers of each sender in the block that warms up. */
const WARM_NONCES = 10
const senders = Array.from({ length: SENDERS }, (_, index) => {
  const passphrase = `sender passphrase ${index}`
  return { passphrase, ...cryptography.getAddressAndPublicKeyFromPassphrase(passphrase) }
})

function genesisAccounts() {
  const modules = [TokenModule, SequenceModule, KeysModule, DPoSModule]
  const { defaultFaucetAccount: faucet, defaultAccounts, createDefaultAccount } = testing.fixtures
  const delegates = defaultAccounts().map(({ address }, index) =>
    createDefaultAccount(modules, { address, dpos: { delegate: { username: `delegate_${index}` } } }),
  )
  const funded = senders.map(({ address }) =>
    createDefaultAccount(modules, { address, token: { balance: 1_000_000_000_000n } }),
  )
  const bank = { address: faucet.address, token: { balance: BigInt(faucet.balance) }, sequence: { nonce: 0n } }
  return [...delegates, bank, ...funded]
}

function transfers(count, firstNonce, networkIdentifier) {
  return Array.from({ length: count }, (_, index) => {
    const recipientAddress = cryptography.hash(Buffer.from(`r${index}/${firstNonce}`)).slice(0, 20)
    return testing.createTransaction({
      moduleID: 2,
      assetID: 0,
      assetClass: TokenTransferAsset,
      asset: { amount: 100_000_000n, recipientAddress, data: '' },
      nonce: BigInt(firstNonce + Math.floor(index / SENDERS)),
      fee: 10_000_000n,
      passphrase: senders[index % SENDERS].passphrase,
      networkIdentifier,
    })
  })
}

async function run() {
  const count = Number(wanted)
  const options = { databasePath, genesisConfig: { maxPayloadLength: 30 * 1024 * 1024 } }
  const env = await testing.getBlockProcessingEnv({ options, accounts: genesisAccounts() })
  const id = env.getNetworkId()
  await env.process(await env.createBlock(transfers(SENDERS * WARM_NONCES, 0, id)))
  const block = await env.createBlock(transfers(count, WARM_NONCES, id))
  const start = performance.now()
  await env.process(block)
  const ms = performance.now() - start
  if (env.getLastBlock().payload.length !== count) throw new Error('the block was not applied')
  const { user, system } = process.cpuUsage()
  process.stdout.write(`${JSON.stringify({ count, ms, cpuSeconds: (user + system) / 1e6 })}\n`)
  process.exit(0)
}

run().catch((error) => {
  process.stderr.write(`${error.stack}\n`)
  process.exit(1)
})
