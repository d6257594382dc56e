import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { accountOf } from '../fixtures.ts'
import { watchForeign } from '../harness.ts'
import { signAll } from './ethereum.ts'
import type { PeerName } from './install.ts'
import type { Contender, Measured } from './types.ts'

const SENDERS = 1000
const MAINNET = 1
/** Transfers in one block. The slow one gets fewer: its figure is a rate, and a smaller state is to its favour. */
const TRANSFERS = { aelf: 10_000, lisk: 10_000, ethereumjs: 2000 }

interface Report {
  readonly count: number
  readonly ms: number
  readonly cpuSeconds: number
}

function runScript(args: readonly string[]): Promise<Report> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
    let told = ''
    child.stdout.on('data', (chunk: Buffer) => {
      told += chunk.toString()
    })
    child.once('error', reject)
    child.once('exit', (code) => {
      const last = told.trim().split('\n').at(-1) ?? ''
      if (code === 0 && last.startsWith('{')) resolve(JSON.parse(last))
      else reject(new Error(`${args.join(' ')} ended with ${code}`))
    })
  })
}

async function measured(args: readonly string[]): Promise<Measured> {
  const foreign = watchForeign()
  const { count, ms, cpuSeconds } = await runScript(args)
  return { value: (count / ms) * 1000, foreign: foreign(cpuSeconds) }
}

const script = (name: string): string => fileURLToPath(new URL(`./${name}`, import.meta.url))
const blockOf = (count: number, share: number): number => Math.max(SENDERS, Math.round(count * share))

async function withFolder(work: (folder: string) => Promise<Measured>): Promise<Measured> {
  const folder = await mkdtemp(join(tmpdir(), 'aelf-bench-'))
  try {
    return await work(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** This program's own parts, from bytes to the disk or executed with known signers. */
export function ownBlock(mode: 'import' | 'execute', share: number): Contender {
  const count = blockOf(TRANSFERS.aelf, share)
  return {
    name: mode === 'import' ? 'aelf, importBlock, to the synced disk' : 'aelf, execution with three roots',
    isOwn: true,
    measure: () => measured(['--import', 'tsx', script('aelfBlock.ts'), mode, String(count)]),
  }
}

/** Peers that process a block in their own process, signatures included. */
export function blockPeers(folders: ReadonlyMap<PeerName, string>, share: number): Contender[] {
  const found: Contender[] = []
  const ethereumjs = folders.get('ethereumjs')
  if (ethereumjs !== undefined) {
    found.push({
      name: '@ethereumjs/vm 10, runBlock, in memory',
      isOwn: false,
      measure: () =>
        withFolder(async (folder) => {
          const [transactions, senders] = [join(folder, 'transactions'), join(folder, 'senders')]
          const accounts = Array.from({ length: SENDERS }, (_, index) => accountOf(`sender ${index}`).address)
          await writeFile(senders, accounts.join('\n'))
          await writeFile(
            transactions,
            signAll(MAINNET, { from: 0, count: blockOf(TRANSFERS.ethereumjs, share), inRow: 1 }).join('\n'),
          )
          return measured([script('ethereumjsBlock.js'), ethereumjs, transactions, senders])
        }),
    })
  }
  const lisk = folders.get('lisk')
  if (lisk !== undefined) {
    const count = String(blockOf(TRANSFERS.lisk, share))
    found.push({
      name: 'lisk-sdk 5.2.2, process, to RocksDB',
      isOwn: false,
      measure: () => withFolder((folder) => measured([script('liskBlock.cjs'), lisk, count, folder])),
    })
  }
  return found
}
