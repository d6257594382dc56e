import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { findMethod } from '#contracts/metadata'
import {
  encodeArgs,
  encodeTransaction,
  type MethodDescriptor,
  type NetworkIdentity,
  signTransaction,
  transactionId,
} from '#kernel'
import {
  type Address,
  asAddress,
  asHash,
  bytesToHex,
  createPrng,
  type Hash,
  type Hex,
  hexToBytes,
  type Prng,
} from '#primitives'
import { createRpcClient, type RpcClient } from '#rpc/client'

/**
 * Kills a devnet process with SIGKILL at random moments while transfers are being sent to it, starts it again on the same
 * directory, and compares what was acknowledged with what the chain holds in the end.
 */
export interface KillTestOptions {
  readonly kills: number
  readonly seed: string
  readonly slotMs: number
  readonly delegates: number
  readonly backups: number
  readonly senders: number
  log(line: string): void
}

export interface KillTestReport {
  readonly kills: number
  readonly sent: number
  readonly acknowledged: number
  /** Acknowledged, and not in the chain in the end: must be empty. */
  readonly lost: readonly Hash[]
  /** Irreversible heights whose hash changed: must be empty. */
  readonly reverted: readonly string[]
  /** What the receiver holds against the transfers that are in the chain: must be equal. */
  readonly received: bigint
  readonly included: bigint
  readonly finalHeight: string
}

const BIN = fileURLToPath(new URL('../bin/aelf.js', import.meta.url))
const RECEIVER: Address = asAddress(`0x${'4b'.repeat(20)}`)
const START_TIMEOUT_MS = 60_000
const SETTLE_TIMEOUT_MS = 60_000

interface Running {
  readonly child: ChildProcess
  readonly client: RpcClient
  readonly exited: Promise<void>
}

interface Account {
  readonly address: Address
  readonly privateKey: Hex
}

interface Ledger {
  readonly sent: Set<Hash>
  readonly acknowledged: Set<Hash>
  readonly finalized: Map<string, Hash>
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

async function launch(options: KillTestOptions, dataDir: string): Promise<Running> {
  const args = ['devnet', '--json', '--port', '0', '--data', dataDir, '--slot', `${options.slotMs}ms`]
  args.push('--delegates', String(options.delegates), '--backups', String(options.backups), '--log', 'error')
  const child = spawn(process.execPath, [BIN, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const url = await new Promise<string>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('the devnet did not start')), START_TIMEOUT_MS)
    child.once('exit', (code) => reject(new Error(`the devnet ended with ${code} before it was ready`)))
    let text = ''
    createInterface({ input: child.stdout as NonNullable<typeof child.stdout> }).on('line', (line) => {
      text += line
      const found = /"rpc":\s*"([^"]+)"/.exec(text)?.[1]
      if (found === undefined) return
      clearTimeout(timer)
      resolve(found)
    })
  })
  return { child, client: createRpcClient({ url }), exited }
}

async function kill({ child, exited }: Running): Promise<void> {
  child.kill('SIGKILL')
  await exited
}

interface Sender {
  readonly account: Account
  readonly method: MethodDescriptor
  readonly prng: Prng
}

/** Sends transfers one after another until told to stop; only answered ones count as acknowledged. */
async function send(running: Running, sender: Sender, ledger: Ledger, stop: AbortSignal): Promise<void> {
  const { account, method, prng } = sender
  while (!stop.aborted) {
    try {
      const info = await running.client.request('aelf_chainInfo')
      const network: NetworkIdentity = { name: info.network, genesisHash: asHash(info.genesisHash) }
      if (info.finalizedHeight !== '0') await noteFinalized(running.client, info.finalizedHeight, ledger)
      for (let count = 0; count < 8 && !stop.aborted; count += 1) {
        const tx = signTransaction(
          {
            version: 1,
            walletChainId: 6118001n,
            from: account.address,
            contract: method.contractAddress,
            method: method.number,
            args: encodeArgs(method.abi, { to: RECEIVER, symbol: 'ELF', amount: 1n }),
            refHeight: BigInt(info.height),
            refHash: info.headHash.slice(0, 18) as Hex,
            feeLimit: 10_000_000n,
            nonce: bytesToHex(prng.bytes(8)),
          },
          { method, network, privateKey: hexToBytes(account.privateKey) },
        )
        const id = transactionId(tx)
        ledger.sent.add(id)
        await running.client.request('aelf_sendTransaction', [bytesToHex(encodeTransaction(tx))])
        ledger.acknowledged.add(id)
      }
    } catch {
      // The process is gone, or refused: nothing was promised.
      await sleep(20)
    }
  }
}

async function noteFinalized(client: RpcClient, height: string, ledger: Ledger): Promise<void> {
  const block = await client.request('aelf_getBlock', [height, { transactions: 'ids' }])
  if (block !== null && !ledger.finalized.has(height)) ledger.finalized.set(height, asHash(block.hash))
}

async function statusesOf(client: RpcClient, ids: readonly Hash[]): Promise<Map<Hash, string>> {
  const statuses = new Map<Hash, string>()
  for (const id of ids) {
    const view = await client.request('aelf_getTransaction', [id])
    statuses.set(id, view.status === 'included' ? `included ${view.receipt?.status ?? ''}` : view.status)
  }
  return statuses
}

/** Waits until everything acknowledged is in the chain, or the time is over. Returns what is missing. */
async function awaitAll(client: RpcClient, acknowledged: ReadonlySet<Hash>): Promise<Hash[]> {
  const limit = Date.now() + SETTLE_TIMEOUT_MS
  let open = [...acknowledged]
  while (open.length > 0) {
    const statuses = await statusesOf(client, open)
    open = open.filter((id) => statuses.get(id) !== 'included success')
    if (open.length === 0 || Date.now() > limit) break
    await sleep(250)
  }
  return open
}

async function revertedHeights(client: RpcClient, ledger: Ledger): Promise<string[]> {
  const reverted: string[] = []
  for (const [height, hash] of ledger.finalized) {
    const block = await client.request('aelf_getBlock', [height, { transactions: 'ids' }])
    if (block?.hash !== hash) reverted.push(height)
  }
  return reverted
}

async function transferMethod(): Promise<MethodDescriptor> {
  const method = findMethod('token', 'transfer')
  if (method === undefined) throw new Error('the token contract has no transfer')
  return method
}

async function torment(options: KillTestOptions, dataDir: string, ledger: Ledger): Promise<void> {
  const prng = createPrng(options.seed)
  const method = await transferMethod()
  for (let count = 0; count < options.kills; count += 1) {
    const running = await launch(options, dataDir)
    const accounts = (await running.client.request('aelf_devAccounts')) as readonly Account[]
    const stop = new AbortController()
    const senders = Array.from({ length: options.senders }, (_, index) => {
      const account = accounts[index % accounts.length] as Account
      return send(
        running,
        { account, method, prng: createPrng(`${options.seed}/${count}/${index}`) },
        ledger,
        stop.signal,
      )
    })
    // From in the middle of starting to several blocks later.
    await sleep(prng.int(options.slotMs * 6))
    await kill(running)
    stop.abort()
    await Promise.all(senders)
    options.log(
      `kill ${count + 1}/${options.kills}: ${ledger.acknowledged.size} acknowledged of ${ledger.sent.size} sent`,
    )
  }
}

async function conclude(options: KillTestOptions, dataDir: string, ledger: Ledger): Promise<KillTestReport> {
  const running = await launch(options, dataDir)
  try {
    const lost = await awaitAll(running.client, ledger.acknowledged)
    const reverted = await revertedHeights(running.client, ledger)
    // What was sent without an answer may be in the chain too; it must count once.
    const statuses = await statusesOf(running.client, [...ledger.sent])
    const included = [...statuses.values()].filter((status) => status === 'included success').length
    const received = BigInt(
      (await running.client.request('aelf_call', [
        'token',
        'balanceOf',
        { account: RECEIVER, symbol: 'ELF' },
      ])) as string,
    )
    const info = await running.client.request('aelf_chainInfo')
    return {
      kills: options.kills,
      sent: ledger.sent.size,
      acknowledged: ledger.acknowledged.size,
      lost,
      reverted,
      received,
      included: BigInt(included),
      finalHeight: info.height,
    }
  } finally {
    await kill(running)
  }
}

export async function runKillTest(options: KillTestOptions): Promise<KillTestReport> {
  const dataDir = await mkdtemp(join(tmpdir(), 'aelf-kill-'))
  const ledger: Ledger = { sent: new Set(), acknowledged: new Set(), finalized: new Map() }
  try {
    await torment(options, dataDir, ledger)
    return await conclude(options, dataDir, ledger)
  } finally {
    await rm(dataDir, { recursive: true, force: true })
  }
}
