import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Whether a node of this machine runs on a data folder, as far as its lock tells. Only opening the folder is certain. */
export async function isInUse(dataDir: string): Promise<boolean> {
  let text: string
  try {
    text = await readFile(join(dataDir, 'LOCK'), 'utf8')
  } catch {
    return false
  }
  const pid = Number(/"pid":([0-9]+)/.exec(text)?.[1] ?? Number.NaN)
  if (!Number.isSafeInteger(pid) || pid < 1) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
