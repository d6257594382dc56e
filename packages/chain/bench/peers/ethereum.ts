import { type ChildProcess, spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { keccak256, serializeTransaction, toHex } from 'viem'
import { bytesToHex, hexToBytes, signDigest } from '#primitives'
import { accountOf, recipient } from '../fixtures.ts'
import { call, callAll, freePort, pause } from './control.ts'
import { anvilProgram, type PeerName } from './install.ts'
import type { Mining, RpcPeer, RunningPeer, Transfers } from './types.ts'

const SENDERS = 1000
const BALANCE = toHex(10n ** 22n)
const GAS_LIMIT = '2000000000'
const START_MS = 30_000
const senders = Array.from({ length: SENDERS }, (_, index) => accountOf(`sender ${index}`))

interface Command {
  readonly file: string
  readonly args: readonly string[]
  readonly env?: Readonly<Record<string, string>>
}

interface Kind {
  readonly name: string
  readonly transfers: number
  readonly chainId: number
  readonly setBalance: string
  command(folder: string, port: number, mining: Mining): Command
}

const HARDHAT_CONFIG = `const slot = Number(process.env.BENCH_SLOT_MS)
module.exports = { solidity: '0.8.24', networks: { hardhat: { blockGasLimit: ${GAS_LIMIT}, loggingEnabled: false,
  accounts: [{ privateKey: '0x${'11'.repeat(32)}', balance: '1' + '0'.repeat(22) }], mining: { auto: false, interval: slot } } } }
`

const KINDS: Readonly<Record<'anvil' | 'hardhat' | 'ganache', Kind>> = {
  anvil: {
    name: 'anvil 1.7.1 (Rust)',
    transfers: 40_000,
    chainId: 31_337,
    setBalance: 'anvil_setBalance',
    command: (folder, port, mining) => ({
      file: anvilProgram(folder),
      args: [
        ...['--port', String(port), '--silent', '--gas-limit', GAS_LIMIT, '--accounts', '1'],
        ...(mining === 'manual' ? ['--no-mining'] : ['--block-time', String(mining.slotMs / 1000)]),
      ],
    }),
  },
  hardhat: {
    name: 'hardhat 2.29 node (Rust in Node)',
    transfers: 12_000,
    chainId: 31_337,
    setBalance: 'hardhat_setBalance',
    command(folder, port, mining) {
      const config = join(folder, 'hardhat.config.cjs')
      writeFileSync(config, HARDHAT_CONFIG)
      const program = join(folder, 'node_modules', 'hardhat', 'internal', 'cli', 'cli.js')
      return {
        file: process.execPath,
        args: [program, '--config', config, 'node', '--port', String(port), '--hostname', '127.0.0.1'],
        env: {
          BENCH_SLOT_MS: String(mining === 'manual' ? 0 : mining.slotMs),
          HARDHAT_DISABLE_TELEMETRY_PROMPT: 'true',
        },
      }
    },
  },
  ganache: {
    name: 'ganache 7.9.2',
    transfers: 1000,
    chainId: 1337,
    setBalance: 'evm_setAccountBalance',
    command: (folder, port, mining) => ({
      file: process.execPath,
      args: [
        ...[join(folder, 'node_modules', 'ganache', 'dist', 'node', 'cli.js'), '-q', '-p', String(port)],
        ...[
          '--miner.blockGasLimit',
          GAS_LIMIT,
          '--wallet.totalAccounts',
          '1',
          '--chain.vmErrorsOnRPCResponse',
          'false',
        ],
        // A block time so long never comes: blocks are made when asked.
        ...['--miner.blockTime', mining === 'manual' ? '100000' : String(mining.slotMs / 1000)],
      ],
    }),
  },
}

/** Accounts take turns in rows, so that in a request as in a row the nonces of each are in order. */
export function signAll(chainId: number, { from, count, inRow }: Transfers): string[] {
  return Array.from({ length: count }, (_, offset) => {
    const index = from + offset
    const row = Math.floor(index / inRow)
    const sender = senders[row % SENDERS]
    if (sender === undefined) throw new Error('no senders')
    const nonce = Math.floor(row / SENDERS) * inRow + (index % inRow)
    const unsigned = {
      type: 'eip1559' as const,
      ...{ chainId, nonce, to: recipient(index), value: 1n, gas: 21_000n },
      maxFeePerGas: 10n ** 10n,
      maxPriorityFeePerGas: 10n ** 9n,
    }
    const signature = signDigest(hexToBytes(keccak256(serializeTransaction(unsigned))), sender.privateKey)
    return serializeTransaction(unsigned, {
      r: bytesToHex(signature.subarray(0, 32)),
      s: bytesToHex(signature.subarray(32, 64)),
      yParity: (signature[64] ?? 27) - 27,
    })
  })
}

async function untilAnswers(port: number, child: ChildProcess): Promise<void> {
  const limit = performance.now() + START_MS
  for (;;) {
    try {
      await call(port, 'eth_chainId')
      return
    } catch (error) {
      if (child.exitCode !== null || performance.now() > limit) throw error
      await pause(50)
    }
  }
}

/** Kept from round to round: a fresh node takes the same transactions again. */
const signed = new Map<string, readonly string[]>()

async function start(kind: Kind, folder: string, mining: Mining): Promise<RunningPeer> {
  const port = await freePort()
  const { file, args, env = {} } = kind.command(folder, port, mining)
  // In the peer's own folder: hardhat runs nowhere else.
  const child = spawn(file, args, {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, ...env },
  })
  await untilAnswers(port, child)
  await callAll(
    port,
    senders.map(({ address }) => [kind.setBalance, [address, BALANCE]] as const),
  )
  return {
    process: child,
    port,
    submits: 'eth_sendRawTransaction',
    accepted: '"result"',
    account: senders[0]?.address ?? '',
    async sign(transfers) {
      const key = `${kind.chainId} ${transfers.from} ${transfers.count} ${transfers.inRow}`
      const found = signed.get(key) ?? signAll(kind.chainId, transfers)
      signed.set(key, found)
      return found
    },
    async transactionsIn(height) {
      return Number(await call(port, 'eth_getBlockTransactionCountByNumber', [toHex(height)]))
    },
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return
      const ended = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGKILL')
      await ended
    },
  }
}

/** The Ethereum nodes among the peers that are there. All keep their chain in memory and write no log of it. */
export function ethereumPeers(folders: ReadonlyMap<PeerName, string>): RpcPeer[] {
  return (['anvil', 'hardhat', 'ganache'] as const).flatMap((name) => {
    const folder = folders.get(name)
    const kind = KINDS[name]
    if (folder === undefined) return []
    return [{ name: kind.name, transfers: kind.transfers, start: (mining: Mining) => start(kind, folder, mining) }]
  })
}
