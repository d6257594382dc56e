import { Worker } from 'node:worker_threads'
import type { CheckedArchive } from './checkArchive.ts'

/** Reading and building the largest archive takes a few seconds. */
const TIME_MS = 60_000
/** The code of the largest bundle, parsed, with room; the archive itself is bounded by its reader. */
const MEMORY_MIB = 512

/** Why there is no report; trying again may help. */
export class CheckError extends Error {
  override readonly name: string = 'CheckError'
  readonly code: 'check.time' | 'check.memory' | 'check.failed'

  constructor(code: CheckError['code'], message: string) {
    super(message)
    this.code = code
  }
}

export interface CheckerOptions {
  readonly timeMs?: number
  readonly memoryMib?: number
  /** The program of the thread, and what Node needs to run it; for tests, which run from source. */
  readonly thread?: { readonly url: URL; readonly execArgv: readonly string[] }
}

/** Looks at archives, each in a thread of its own that is ended afterwards whatever it did. Rejects with `CheckError`. */
export type Checker = (bytes: Uint8Array) => Promise<CheckedArchive>

export function createChecker(options: CheckerOptions = {}): Checker {
  const { timeMs = TIME_MS, memoryMib = MEMORY_MIB } = options
  const { url, execArgv } = options.thread ?? { url: new URL('./thread.js', import.meta.url), execArgv: [] }
  return async (bytes) => {
    const worker = new Worker(url, {
      workerData: bytes,
      execArgv: [...execArgv],
      resourceLimits: { maxOldGenerationSizeMb: memoryMib },
    })
    let timer: ReturnType<typeof setTimeout> | undefined
    try {
      return await new Promise<CheckedArchive>((resolve, reject) => {
        timer = setTimeout(() => reject(new CheckError('check.time', 'Checking it took too long')), timeMs)
        worker.once('message', resolve)
        worker.once('error', (error: Error & { code?: string }) => {
          const isFull = error.code === 'ERR_WORKER_OUT_OF_MEMORY'
          reject(
            isFull
              ? new CheckError('check.memory', 'Checking it took too much memory')
              : new CheckError('check.failed', `Checking it failed: ${error.message}`),
          )
        })
        worker.once('exit', () => reject(new CheckError('check.failed', 'Checking it ended without an answer')))
      })
    } finally {
      clearTimeout(timer)
      await worker.terminate()
    }
  }
}
