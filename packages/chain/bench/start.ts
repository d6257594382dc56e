import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { createRpcClient } from '#rpc/client'
import { writeBigChain } from './bigChain.ts'
import { median, type Row, type Section } from './harness.ts'
import { processorSeconds, startNodeProcess, stopNodeProcess } from './nodeProcess.ts'

const ACCOUNTS = 1_000_000
const ROUNDS = 2
const SLOT_MS = 1000
/** After the first answer, until what starting left behind is collected or not. */
const SETTLE_MS = 2000

interface Start {
  readonly ms: number
  readonly processorMs: number
  /** Undefined where the system does not tell. */
  readonly mebibytes: number | undefined
}

function residentMebibytes(pid: number | undefined): number | undefined {
  try {
    const kibibytes = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
    return kibibytes === undefined ? undefined : Number(kibibytes) / 1024
  } catch {
    return undefined
  }
}

/** From the start of the process to the answer to the first call. */
async function startOnce(directory: string): Promise<Start & { readonly nodeSeconds: number }> {
  const start = performance.now()
  const node = await startNodeProcess({ directory, slotMs: SLOT_MS })
  try {
    await createRpcClient({ url: node.url }).request('aelf_chainInfo', [])
    const ms = performance.now() - start
    const processorMs = processorSeconds(node.process.pid) * 1000
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS))
    const mebibytes = residentMebibytes(node.process.pid)
    return { ms, processorMs, mebibytes, nodeSeconds: processorSeconds(node.process.pid) }
  } finally {
    await stopNodeProcess(node)
  }
}

function rowsOf(empty: readonly Start[], big: readonly Start[]): Row[] {
  const label = ACCOUNTS.toLocaleString('en')
  const memory = (starts: readonly Start[]): number => median(starts.map(({ mebibytes }) => mebibytes ?? Number.NaN))
  const time = (name: string, starts: readonly Start[]): Row => ({
    name,
    value: median(starts.map(({ ms }) => ms)),
    unit: 'ms',
    byProcessor: median(starts.map(({ processorMs }) => processorMs)),
  })
  const rows = [time('first answer, empty chain', empty), time(`first answer, ${label} accounts`, big)]
  if (!Number.isFinite(memory(empty))) return rows
  return [
    ...rows,
    { name: 'memory (RSS), empty chain', value: memory(empty), unit: 'MiB' },
    { name: `memory (RSS), ${label} accounts: more by`, value: memory(big) - memory(empty), unit: 'MiB' },
  ]
}

/** How soon the real program answers and how much memory it takes, with an empty state and with a million accounts. */
export async function measureStart(): Promise<{ section: Section; nodeSeconds: number }> {
  const directory = await mkdtemp(join(tmpdir(), 'aelf-bench-'))
  const [emptyFolder, bigFolder] = [join(directory, 'empty'), join(directory, 'big')]
  try {
    await writeBigChain(bigFolder, ACCOUNTS)
    const [empty, big]: [Start[], Start[]] = [[], []]
    let nodeSeconds = 0
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const [folder, starts] of [
        [join(emptyFolder, String(round)), empty],
        [bigFolder, big],
      ] as const) {
        const found = await startOnce(folder)
        starts.push(found)
        nodeSeconds += found.nodeSeconds
      }
    }
    return {
      section: {
        title: 'Start and memory of the program (`aelf devnet --delegates 1 --data`)',
        rows: rowsOf(empty, big),
      },
      nodeSeconds,
    }
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}
