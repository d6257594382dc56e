import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** `node:http` with nothing behind it, in a process of its own: what reads are held against. */
export interface RawHttp {
  readonly process: ChildProcess
  readonly port: number
  stop(): Promise<void>
}

export async function startRawHttp(): Promise<RawHttp> {
  const program = fileURLToPath(new URL('./rawServer.js', import.meta.url))
  const child = spawn(process.execPath, [program], { stdio: ['ignore', 'pipe', 'inherit'] })
  const port = await new Promise<number>((resolve, reject) => {
    child.stdout.once('data', (chunk: Buffer) => resolve(Number(chunk.toString())))
    child.once('exit', (code) => reject(new Error(`the bare server ended with ${code}`)))
  })
  return {
    process: child,
    port,
    async stop() {
      const ended = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGKILL')
      await ended
    },
  }
}
