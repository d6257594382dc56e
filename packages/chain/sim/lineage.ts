import { readFileSync } from 'node:fs'
import { basename } from 'node:path'

/** How often a run looks whether the commands that started it are still there, in milliseconds. */
const LOOK_MS = 1000

interface Process {
  readonly parent: number
  readonly command: string
}

/** Undefined where the system does not say. */
function processOf(pid: number): Process | undefined {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const parent = Number(fields.slice(fields.lastIndexOf(')') + 2).split(' ')[1])
    return { parent, command: readFileSync(`/proc/${pid}/cmdline`, 'utf8') }
  } catch {
    return undefined
  }
}

/**
 * `npx tsx run.ts` is a chain of processes, and whoever ends the first of them leaves the rest running. Calls `ended` when one of
 * those above this one that name its script is gone. A shell above them may go: that is how a run is left in the background.
 */
export function watchLineage(ended: () => void): () => void {
  const script = basename(process.argv[1] ?? '')
  const above: number[] = []
  for (let pid = process.ppid; pid > 1; ) {
    const one = processOf(pid)
    if (one === undefined || !one.command.includes(script)) break
    above.push(pid)
    pid = one.parent
  }
  const timer = setInterval(() => {
    // Whose parent ends is handed to another one.
    const gone = above.some(
      (pid, index) => (index === 0 ? process.ppid : processOf(above[index - 1] ?? 0)?.parent) !== pid,
    )
    if (gone) ended()
  }, LOOK_MS)
  timer.unref()
  return () => clearInterval(timer)
}
