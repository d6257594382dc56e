import { type ChildProcess, fork } from 'node:child_process'

/** What a worker answers for one job. */
export interface Answer {
  readonly job: number
  readonly text: string
}

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
      execArgv: ['--enable-source-maps'],
    }),
  )
  await Promise.all(children.map(run))
}
