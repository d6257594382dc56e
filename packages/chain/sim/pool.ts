import { type ChildProcess, fork } from 'node:child_process'
import { watchLineage } from './lineage.ts'

/** Runs jobs on several processes of one script, one job at a time each, until `next` has no more or `done` is true. */
export async function runPool(options: {
  readonly script: string
  readonly processes: number
  readonly args?: readonly string[]
  next(): string | undefined
  answered(text: string): boolean
}): Promise<void> {
  let stopped = false
  const run = (child: ChildProcess): Promise<void> =>
    new Promise((resolve, reject) => {
      const feed = (): void => {
        const job = stopped ? undefined : options.next()
        if (job === undefined) child.disconnect()
        else child.send(job)
      }
      child.on('message', (text) => {
        if (options.answered(String(text))) stopped = true
        feed()
      })
      child.on('error', reject)
      child.on('exit', (code) =>
        code === 0 ? resolve() : reject(new Error(`a simulation process ended with ${code}`)),
      )
      feed()
    })
  const children = Array.from({ length: options.processes }, () =>
    fork(options.script, [...(options.args ?? [])], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      // A run keeps much for a few seconds: a small young generation would copy all of it again and again.
      execArgv: ['--enable-source-maps', '--max-semi-space-size=128', '--single-threaded-gc'],
    }),
  )
  const release = endWithParent(children)
  try {
    await Promise.all(children.map(run))
  } finally {
    release()
    for (const child of children) child.kill()
  }
}

/** Whoever ends this process, by a signal or by ending the one that started it, ends its children, too. */
function endWithParent(children: readonly ChildProcess[]): () => void {
  const endWith = (code: number) => (): void => {
    for (const child of children) child.kill('SIGKILL')
    process.exit(code)
  }
  const endings = [
    ['SIGINT', endWith(130)],
    ['SIGTERM', endWith(143)],
    ['SIGHUP', endWith(129)],
    ['disconnect', endWith(1)],
  ] as const
  for (const [event, end] of endings) process.on(event, end)
  const unwatch = watchLineage(endWith(1))
  return () => {
    unwatch()
    for (const [event, end] of endings) process.off(event, end)
  }
}

/** In a process of the pool: answers each job, and ends when the pool is gone, whatever it is doing. */
export function serveJobs(work: (text: string) => Promise<string>): void {
  process.on('disconnect', () => process.exit(0))
  process.on('message', (text) => {
    work(String(text)).then(
      (answer) => process.send?.(answer),
      (error: unknown) => {
        process.stderr.write(`${String(text)} ${error instanceof Error ? String(error.stack) : String(error)}\n`)
        process.exit(1)
      },
    )
  })
}
