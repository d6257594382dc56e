import { open, rm, statfs } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { NodeConfig } from '#node'
import { exists } from '../privateFile.ts'
import { type Finding, fail, ok, warn } from './finding.ts'

const GIB = 1024 ** 3
const FREE = { warn: 10 * GIB, fail: 1 * GIB }
/** A block waits for one flush before it is signed and for one after: these are far below a slot. */
const FLUSH_MS = { warn: 50, fail: 500 }
const FLUSHES = 9
const FLUSH_BYTES = 4_096

/** Room on the disk, and how long it takes until something is really on it. */
export async function checkDisk({ dataDir }: NodeConfig): Promise<readonly Finding[]> {
  let folder = dataDir
  while (!(await exists(folder)) && dirname(folder) !== folder) folder = dirname(folder)
  return [await checkSpace(folder), await checkFlush(folder)]
}

async function checkSpace(folder: string): Promise<Finding> {
  const { bavail, bsize } = await statfs(folder)
  const free = bavail * bsize
  const message = `${(free / GIB).toFixed(1)} GiB free`
  if (free < FREE.fail)
    return fail('disk space', message, 'Free some space or move dataDir: a full disk stops the node.')
  if (free < FREE.warn) return warn('disk space', message, 'Make room before the disk is full: then the node stops.')
  return ok('disk space', message)
}

async function checkFlush(folder: string): Promise<Finding> {
  const path = join(folder, `.aelf-doctor-${process.pid}`)
  try {
    const times: number[] = []
    const file = await open(path, 'wx', 0o600)
    try {
      for (let index = 0; index < FLUSHES; index++) {
        const began = performance.now()
        await file.write(new Uint8Array(FLUSH_BYTES))
        await file.sync()
        times.push(performance.now() - began)
      }
    } finally {
      await file.close()
      await rm(path, { force: true })
    }
    return judgeFlush(times.sort((a, b) => a - b)[Math.floor(FLUSHES / 2)] ?? 0)
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'unknown reason'
    return fail('disk speed', reason, 'Let the user that runs the node write to the folder.')
  }
}

/** What a median time to flush means for a node. */
export function judgeFlush(ms: number): Finding {
  const message = `a flush takes ${ms.toFixed(1)} ms`
  if (ms >= FLUSH_MS.fail) return fail('disk speed', message, 'Use another disk: blocks would come too late.')
  if (ms >= FLUSH_MS.warn)
    return warn('disk speed', message, 'A local SSD needs a few milliseconds; network disks are slower.')
  return ok('disk speed', message)
}
