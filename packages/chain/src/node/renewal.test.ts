import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, describe, expect, test } from 'vitest'
import { createDevnetChain } from '#chains'
import { createRevealChain, createRevealSource, type DposState, finished, type RevealChain } from '#consensus/dpos'
import { encodeArgs, encodeTransaction, markOf, signTransaction } from '#kernel'
import { type Address, asAddress, type Hash, type Logger, privateKeyToAddress, utf8ToBytes } from '#primitives'
import { createMemoryStore } from '#store'
import { type Devnet, type DevnetOptions, startDevnet } from './index.ts'
import { Reveals } from './reveals.ts'

const directories: string[] = []
const running: Devnet[] = []
const lines: { message: string; fields: unknown }[] = []
const logger: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: (message, fields) => void lines.push({ message, fields }),
  error: (message, fields) => void lines.push({ message, fields }),
}
const WEEK_MS = 604_800_000
const DELEGATES = 4
const REVEALS = 24
const world = createDevnetChain({
  genesisTimeMs: 0,
  slotMs: 10_000,
  delegates: DELEGATES,
  backups: 0,
  seed: '1',
  reveals: 1,
})

async function start(options: DevnetOptions = {}): Promise<Devnet> {
  const devnet = await startDevnet({
    slotMs: 10_000,
    delegates: DELEGATES,
    backups: 0,
    reveals: REVEALS,
    shareExecution: true,
    logger,
    ...options,
  })
  running.push(devnet)
  return devnet
}

afterEach(async () => {
  for (const devnet of running.splice(0)) await devnet.stop()
  lines.length = 0
})
afterAll(async () => {
  for (const directory of directories) await rm(directory, { recursive: true, force: true })
})

/** Rounds in steps short enough to be made slot by slot. */
async function rounds(devnet: Devnet, number: number): Promise<void> {
  for (let count = 0; count < number; count += 1) await devnet.fastForward((DELEGATES + 1) * 10_000)
}

const stateOf = (devnet: Devnet): DposState => devnet.rpcNode.ledger.headState()
const missed = async (devnet: Devnet): Promise<unknown[]> =>
  (await devnet.rpcNode.api.delegates()).filter((one) => one.missed > 0n)

async function commitmentOf(devnet: Devnet, delegate: Address): Promise<Hash> {
  const call = { contract: 'election', view: 'candidate', args: [delegate] }
  return ((await devnet.rpcNode.api.view(call)) as { commitment: Hash }).commitment
}

/** Who sent what is on the chain. */
async function sendersOf({ rpcNode: { api } }: Devnet): Promise<Address[]> {
  const senders: Address[] = []
  for (let height = 1n; height <= api.status().height; height += 1n) {
    senders.push(...((await api.blockByHeight(height))?.block.transactions.map(({ from }) => from) ?? []))
  }
  return senders
}

/** Sends away what a delegate can spend, but for less than a fee. */
async function empty(devnet: Devnet, index: number): Promise<void> {
  const { api, ledger } = devnet.rpcNode
  const { address, privateKey } = world.delegates[index] as (typeof world.delegates)[number]
  const method = world.chain.registry.methodByName('token', 'transfer')?.descriptor
  if (method === undefined) throw new Error('no method')
  const { height, headHash, network, genesisHash } = api.status()
  const balance = (await api.view({ contract: 'token', view: 'balanceOf', args: [address, 'ELF'] })) as bigint
  const send = (amount: bigint, feeLimit: bigint): Uint8Array =>
    encodeTransaction(
      signTransaction(
        {
          version: 1,
          walletChainId: 1n,
          from: address,
          contract: method.contractAddress,
          method: method.number,
          args: encodeArgs(method.abi, { to: asAddress(`0x${'5e'.repeat(20)}`), symbol: 'ELF', amount }),
          ...markOf(height, headHash),
          feeLimit,
          nonce: `0x${'01'.repeat(8)}`,
        },
        { method, network: { name: network, genesisHash }, privateKey },
      ),
    )
  const fee = world.chain.feePolicyAt(ledger.head().header.height).feeOf(send(0n, 0n).length, method)
  await api.submit(send(balance - fee, fee))
}

describe('renewal of the commitment', () => {
  test('default: chains of 24 values last for three terms, over a restart and jumps of the clock', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'aelf-renewal-'))
    directories.push(dataDir)
    let devnet = await start({ dataDir })
    const { address } = world.delegates[0] as (typeof world.delegates)[number]
    const seen = new Set<Hash>()
    for (let term = 1; term <= 3; term += 1) {
      const before = devnet.rpcNode.api.status().height
      await rounds(devnet, 18)
      expect(devnet.rpcNode.api.status()).toMatchObject({ term, warnings: [] })
      expect(devnet.rpcNode.api.status().height).toBeGreaterThanOrEqual(before + 85n)
      seen.add(stateOf(devnet).records.get(address)?.commitment as Hash)
      expect(await commitmentOf(devnet, address)).not.toBe(stateOf(devnet).records.get(address)?.commitment)
      if (term === 2) {
        await devnet.stop()
        devnet = await start({ dataDir })
      }
      await devnet.fastForward(WEEK_MS)
    }
    expect(seen.size).toBe(3)
    expect(await missed(devnet)).toEqual([])
    expect(lines).toEqual([])
  })

  test('behavior: whole chains are not renewed, and one renewal a term is enough', async () => {
    // A term of minutes has 2,016 rounds; a tenth more are kept.
    const long = await start({ slotMs: 60_000, reveals: 2_240 })
    for (let count = 0; count < 4; count += 1) await long.fastForward(6 * 60_000)
    expect(await sendersOf(long)).toEqual([])
    const devnet = await start()
    await rounds(devnet, 18)
    expect((await sendersOf(devnet)).sort()).toEqual(world.delegates.map(({ address }) => address).sort())
  })

  test('error: without funds there is a warning, once in the log, and the others carry the network', async () => {
    const devnet = await start()
    await empty(devnet, 1)
    await rounds(devnet, 18)
    const { address } = world.delegates[1] as (typeof world.delegates)[number]
    const warning = { code: 'reveals.renewal', delegate: address, message: expect.stringContaining('tx.balanceTooLow') }
    expect(devnet.rpcNode.api.status().warnings).toEqual([warning])
    expect(lines.filter(({ message }) => message === 'A delegate runs out of in-values')).toHaveLength(1)
    await devnet.fastForward(WEEK_MS)
    const { height } = devnet.rpcNode.api.status()
    await rounds(devnet, 18)
    expect(devnet.rpcNode.api.status().height).toBeGreaterThan(height + 12n)
  })
})

describe('the chains of a delegate', () => {
  const secret = utf8ToBytes('a secret')
  const address = privateKeyToAddress(new Uint8Array(32).fill(3))
  const sourceOf = createRevealSource(secret, 20)
  const source = (index: number): RevealChain => finished(sourceOf(index))
  const stateWith = (commitment: Hash, anchor: Hash, term = 3): DposState =>
    ({
      records: new Map([[address, { commitment, anchor }]]),
      retired: [],
      term: { number: term },
    }) as unknown as DposState

  test('default: they follow from the secret and a number, and number 0 is the plain one', () => {
    expect(source(0).commitment).toBe(createRevealChain(secret, 20).commitment)
    expect(source(1).commitment).toBe(finished(createRevealSource(secret, 20)(1)).commitment)
    expect(new Set([0, 1, 2].map((index) => source(index).commitment)).size).toBe(3)
  })

  test('behavior: the old chain serves until the new one does, also when the record of its number is lost', async () => {
    const store = createMemoryStore()
    const open = async (kept: typeof store): Promise<Reveals> => {
      const reveals = new Reveals({
        address,
        first: source(0),
        source: sourceOf,
        store: kept,
        pause: async () => undefined,
      })
      await reveals.restore()
      return reveals
    }
    const promised = await (await open(store)).promise(2)
    expect(store.unsynced()).toBe(0)
    const old = source(0)
    const fresh = source(2)
    const used = old.preimageOf(old.commitment) as Hash
    for (const kept of [store, createMemoryStore()]) {
      const reveals = await open(kept)
      const state = stateWith(old.commitment, used)
      expect(reveals.preimageOf(state, used)).toBe(old.preimageOf(used))
      expect(reveals.remaining(state, old.commitment)).toBe(19)
      expect(reveals.remaining(state, promised)).toBe(20)
      // The first value of a term is asked for on top of the last state of the term before.
      expect(reveals.preimageOf(state, promised)).toBe(fresh.preimageOf(fresh.commitment))
      expect(reveals.preimageOf(stateWith(promised, fresh.commitment), fresh.commitment)).toBeDefined()
    }
    const stranger = createRevealChain(utf8ToBytes('another'), 20).commitment
    expect((await open(store)).remaining(stateWith(stranger, stranger), stranger)).toBeUndefined()
  })
})
