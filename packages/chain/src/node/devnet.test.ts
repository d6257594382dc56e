import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { afterAll, afterEach, describe, expect, test } from 'vitest'
import { createDevnetChain } from '#chains'
import {
  encodeArgs,
  encodeTransaction,
  type MethodDescriptor,
  markOf,
  networkIdentityOf,
  parseSignature,
  type SignedTransaction,
  signTransaction,
  systemAddress,
  verifySparseProof,
} from '#kernel'
import {
  type Address,
  asAddress,
  bytesToHex,
  type Hash,
  hexToBytes,
  type Logger,
  sha256,
  utf8ToBytes,
} from '#primitives'
import type { NodeApi } from './api.ts'
import { type Devnet, type DevnetOptions, startDevnet } from './index.ts'

const directories: string[] = []
const running: Devnet[] = []
const lines: { message: string; fields: unknown }[] = []
const logger: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: (message, fields) => void lines.push({ message, fields }),
  error: (message, fields) => void lines.push({ message, fields }),
}

async function start(options: DevnetOptions = {}): Promise<Devnet> {
  const devnet = await startDevnet({ slotMs: 10_000, delegates: 5, backups: 1, logger, ...options })
  running.push(devnet)
  return devnet
}

async function temporary(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'aelf-devnet-'))
  directories.push(directory)
  return directory
}

afterEach(async () => {
  for (const devnet of running.splice(0)) await devnet.stop()
  lines.length = 0
})
afterAll(async () => {
  for (const directory of directories) await rm(directory, { recursive: true, force: true })
})

const signature = 'function transfer(address to, string symbol, uint256 amount)'
const transfer: MethodDescriptor = {
  contract: 'token',
  contractAddress: systemAddress(1),
  name: 'transfer',
  number: 1,
  signature,
  abi: parseSignature(signature),
  intent: 'Send {amount:elf} {symbol} to {to}',
  doc: '',
  nonParallel: false,
}
const stranger = asAddress(`0x${'5e'.repeat(20)}`)

let nonces = 0
/** A signed transfer of a demo account on the devnet's present head. */
function pay(devnet: Devnet, amount: bigint, change: { network?: string; intent?: string } = {}): SignedTransaction {
  const api = devnet.rpcNode.api
  const status = api.status()
  const account = devnet.accounts()[0]
  if (account === undefined) throw new Error('no account')
  nonces += 1
  return signTransaction(
    {
      version: 1,
      walletChainId: 6118001n,
      from: account.address,
      contract: transfer.contractAddress,
      method: 1,
      args: encodeArgs(transfer.abi, { to: stranger, symbol: 'ELF', amount }),
      ...markOf(status.height, status.headHash),
      feeLimit: 10_000_000n,
      nonce: bytesToHex(sha256(utf8ToBytes(`${Date.now()} ${nonces}`)).slice(0, 8)),
    },
    {
      method: { ...transfer, intent: change.intent ?? transfer.intent },
      network: { name: change.network ?? status.network, genesisHash: status.genesisHash },
      privateKey: hexToBytes(account.privateKey),
    },
  )
}

const balance = (api: NodeApi, account: Address): Promise<unknown> =>
  api.view({ contract: 'token', view: 'balanceOf', args: [account, 'ELF'] })

describe('a devnet', () => {
  test('default: agrees, includes a transfer, proves it, becomes irreversible, misses nothing', async () => {
    const devnet = await start()
    const { api } = devnet.rpcNode
    await devnet.fastForward(30_000)
    const tx = pay(devnet, 123n)
    const seen: string[] = []
    api.subscribe((event) => seen.push(event.kind))
    const id = await api.submit(encodeTransaction(tx))
    expect((await api.transaction(id)).status).toBe('pending')
    await devnet.fastForward(90_000)
    await devnet.fastForward(90_000)
    const record = await api.transaction(id)
    expect(record).toMatchObject({ status: 'included', finalized: true, receipt: { status: 'success' } })
    expect(await balance(api, stranger)).toBe(123n)
    for (const node of devnet.nodes) expect(node.ledger.head().header.hash).toBe(api.status().headHash)
    expect(seen).toEqual(expect.arrayContaining(['pending', 'head', 'finalized']))
    expect((await api.delegates()).filter(({ missed }) => missed > 0n)).toEqual([])
    const state = await api.stateAt(api.status().height - 2n)
    const path = `0x${'77'.repeat(32)}` as Hash
    expect(verifySparseProof(state.header.stateRoot, path, undefined, state.prove(path))).toBe(true)
    await expect(api.stateAt(99n)).rejects.toMatchObject({ code: 'state.notKept' })
  })

  test('error: what was signed for another text or network is refused as a mismatch, with help', async () => {
    const devnet = await start()
    const { api } = devnet.rpcNode
    for (const change of [{ network: 'aelf mainnet' }, { intent: 'Send {amount} {symbol} to {to}' }]) {
      await expect(api.submit(encodeTransaction(pay(devnet, 1n, change)))).rejects.toMatchObject({
        code: 'tx.signatureMismatch',
        details: { help: expect.stringContaining('sentence') },
      })
    }
    await expect(api.submit(encodeTransaction(pay(devnet, 10n ** 20n)))).rejects.toMatchObject({ code: 'tx.refused' })
    const tx = encodeTransaction(pay(devnet, 1n))
    const id = await api.submit(tx)
    expect(await api.submit(tx)).toBe(id)
    await devnet.fastForward(40_000)
    await expect(api.submit(tx)).rejects.toMatchObject({ code: 'tx.replay' })
  })

  test('behavior: what was accepted is known at every moment, also while a block takes it in', async () => {
    const devnet = await start({ dataDir: await temporary() })
    const { api } = devnet.rpcNode
    await devnet.fastForward(30_000)
    const told = new Set<string>()
    for (let amount = 1n; amount <= 10n; amount += 1n) {
      const id = await api.submit(encodeTransaction(pay(devnet, amount)))
      const block = devnet.fastForward(20_000).then(() => 'made')
      while ((await Promise.race([block, nextTurn('')])) !== 'made') told.add((await api.transaction(id)).status)
    }
    expect([...told].toSorted()).toEqual(['included', 'pending'])
  })

  test('behavior: a paused delegate misses, is excluded after two in a row, and others go on', async () => {
    const devnet = await start()
    const { api } = devnet.rpcNode
    const victim = devnet.delegates[2]?.address as Address
    devnet.pause(victim)
    for (let count = 0; count < 3; count += 1) await devnet.fastForward(90_000)
    const record = (await api.delegates()).find(({ address }) => address === victim)
    expect(record).toMatchObject({ paused: true, missed: 2n })
    expect(record?.excludedUntilMs).toBeGreaterThan(api.status().nowMs)
    expect(
      lines.some(
        ({ message, fields }) =>
          message === 'Slots were missed' &&
          JSON.stringify(fields, (_k, v) => (typeof v === 'bigint' ? String(v) : v)).includes(victim),
      ),
    ).toBe(true)
    const round = await api.round('latest')
    expect(round?.order).not.toContain(victim)
    const first = await api.round(1n)
    expect(first?.slots.find(({ producer, isExtra }) => producer === victim && !isExtra)).toMatchObject({
      state: 'missed',
      reason: 'paused',
    })
    devnet.resume(victim)
    await devnet.fastForward(3 * 3_600_000)
    for (let count = 0; count < 2; count += 1) await devnet.fastForward(70_000)
    expect((await api.round('latest'))?.order).toContain(victim)
    expect(await api.round(1n)).toMatchObject({ finalized: true, slots: first?.slots })
    const rounds = await Promise.all([...Array(9).keys()].map((number) => api.round(BigInt(number + 1))))
    const skipped = rounds.flatMap((round) => round?.slots.filter(({ state }) => state === 'skipped') ?? [])
    expect(new Set(skipped.map(({ reason }) => reason))).toEqual(new Set(['networkHalt']))
  })

  test('behavior: a week later the election decides who produces, and nobody missed', async () => {
    const devnet = await start()
    const { api } = devnet.rpcNode
    await devnet.fastForward(604_800_000)
    for (let count = 0; count < 3; count += 1) await devnet.fastForward(70_000)
    expect(api.status().term).toBe(2)
    expect((await api.term(1))?.producers).toHaveLength(5)
    expect((await api.term('latest'))?.producers).toHaveLength(6)
    expect((await api.delegates()).filter(({ missed }) => missed > 0n)).toEqual([])
  })

  test('behavior: a restart resumes the chain with its accepted transactions', async () => {
    const dataDir = await temporary()
    const first = await start({ dataDir })
    await first.fastForward(90_000)
    for (const { address } of first.delegates) first.pause(address)
    const id = await first.rpcNode.api.submit(encodeTransaction(pay(first, 77n)))
    const before = first.rpcNode.api.status()
    await first.stop()
    const second = await start({ dataDir })
    const { api } = second.rpcNode
    expect(api.status().genesisHash).toBe(before.genesisHash)
    expect(api.status().height).toBeGreaterThanOrEqual(before.height)
    expect((await api.blockByHeight(before.height))?.block.header.hash).toBe(before.headHash)
    await second.fastForward(40_000)
    expect(await api.transaction(id)).toMatchObject({ status: 'included' })
    expect(await balance(api, stranger)).toBe(77n)
  })
})

test('behavior: equal options give equal genesis, and the identity is that of the kernel', () => {
  const options = { genesisTimeMs: 1_800_000_000_000, slotMs: 4000, delegates: 2, backups: 1, seed: 'x' }
  const [a, b] = [createDevnetChain(options), createDevnetChain(options)]
  expect(a.chain.network).toEqual(b.chain.network)
  expect(a.chain.network).toEqual(networkIdentityOf(a.chain.genesis))
  expect(createDevnetChain({ ...options, seed: 'y' }).chain.network.genesisHash).not.toBe(a.chain.network.genesisHash)
})
