import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { RpcPeer } from './types.ts'

const refuse = (): never => {
  throw new Error('a bare server takes no transactions')
}

/** `node:http` with nothing behind it, for reads only. */
export const rawPeer: RpcPeer = {
  name: 'raw node:http',
  transfers: 0,
  async start() {
    const program = fileURLToPath(new URL('./rawServer.js', import.meta.url))
    const child = spawn(process.execPath, [program], { stdio: ['ignore', 'pipe', 'inherit'] })
    const port = await new Promise<number>((resolve, reject) => {
      child.stdout.once('data', (chunk: Buffer) => resolve(Number(chunk.toString())))
      child.once('exit', (code) => reject(new Error(`the bare server ended with ${code}`)))
    })
    return {
      process: child,
      port,
      submits: '',
      account: '',
      sign: refuse,
      transactionsIn: refuse,
      async stop() {
        const ended = new Promise((resolve) => child.once('exit', resolve))
        child.kill('SIGKILL')
        await ended
      },
    }
  },
}
