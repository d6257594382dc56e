import { createServer } from 'node:net'

interface Answer {
  readonly id: number
  readonly result?: unknown
  readonly error?: { readonly message: string }
}

const PER_REQUEST = 100

/** Calls that prepare or look after a measurement; what is measured goes through the load generator. */
export async function callAll(
  port: number,
  calls: readonly (readonly [method: string, params: readonly unknown[]])[],
): Promise<unknown[]> {
  const results: unknown[] = []
  for (let from = 0; from < calls.length; from += PER_REQUEST) {
    const part = calls.slice(from, from + PER_REQUEST)
    const body = part.map(([method, params], id) => ({ jsonrpc: '2.0', id, method, params }))
    const response = await fetch(`http://127.0.0.1:${port}/`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    const answers = (await response.json()) as Answer[]
    for (const { error, result } of [...answers].sort((a, b) => a.id - b.id)) {
      if (error !== undefined) throw new Error(error.message)
      results.push(result)
    }
  }
  return results
}

export async function call(port: number, method: string, params: readonly unknown[] = []): Promise<unknown> {
  return (await callAll(port, [[method, params]]))[0]
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** A port that nothing listens on. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => {
        if (address === null || typeof address === 'string') reject(new Error('no port'))
        else resolve(address.port)
      })
    })
  })
}
