import { connect, type Socket } from 'node:net'
import { performance } from 'node:perf_hooks'

/** A request as it goes over the wire, made before the clock runs. */
export function httpRequest(port: number, body: string): Buffer {
  const head = `POST / HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n`
  return Buffer.from(head + body)
}

/** Reads one HTTP answer at a time from a kept-alive socket. */
class Connection {
  private readonly socket: Socket
  private received = Buffer.alloc(0)
  private waiting: { resolve: (body: string) => void; reject: (error: Error) => void } | undefined

  constructor(socket: Socket) {
    this.socket = socket
    socket.setNoDelay(true)
    socket.on('data', (chunk) => {
      this.received = this.received.length === 0 ? chunk : Buffer.concat([this.received, chunk])
      this.read()
    })
    socket.on('error', (error) => this.waiting?.reject(error))
    socket.on('close', () => this.waiting?.reject(new Error('the server closed the connection')))
  }

  send(request: Buffer): Promise<string> {
    return new Promise((resolve, reject) => {
      this.waiting = { resolve, reject }
      this.socket.write(request)
    })
  }

  end(): void {
    this.socket.destroy()
  }

  private read(): void {
    const head = this.received.indexOf('\r\n\r\n')
    if (head < 0) return
    const headers = this.received.toString('latin1', 0, head)
    const length = /content-length: *(\d+)/i.exec(headers)?.[1]
    const answer =
      length === undefined ? chunked(this.received, head + 4) : plain(this.received, head + 4, Number(length))
    if (answer === undefined) return
    this.received = this.received.subarray(answer.end)
    this.waiting?.resolve(answer.body)
  }
}

interface Answer {
  readonly body: string
  readonly end: number
}

function plain(received: Buffer, from: number, length: number): Answer | undefined {
  const end = from + length
  return received.length < end ? undefined : { body: received.toString('utf8', from, end), end }
}

/** Some servers send an answer in pieces, each after its length. */
function chunked(received: Buffer, from: number): Answer | undefined {
  let body = ''
  for (let at = from; ; ) {
    const line = received.indexOf('\r\n', at)
    if (line < 0) return undefined
    const length = Number.parseInt(received.toString('latin1', at, line), 16)
    const end = line + 2 + length + 2
    if (received.length < end) return undefined
    if (length === 0) return { body, end }
    body += received.toString('utf8', line + 2, end - 2)
    at = end
  }
}

function open(port: number): Promise<Connection> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port }, () => resolve(new Connection(socket)))
    socket.once('error', reject)
  })
}

/** Sends all requests over some connections, one at a time on each. Answers the latency of each in milliseconds. */
export async function sendAll(
  port: number,
  requests: Iterable<Buffer>,
  options: { readonly connections: number; check(body: string): void },
): Promise<number[]> {
  const connections = await Promise.all(Array.from({ length: options.connections }, () => open(port)))
  const latencies: number[] = []
  const queue = requests[Symbol.iterator]()
  const work = async (connection: Connection): Promise<void> => {
    for (let { done, value } = queue.next(); done !== true; { done, value } = queue.next()) {
      const request: Buffer = value
      const start = performance.now()
      options.check(await connection.send(request))
      latencies.push(performance.now() - start)
    }
  }
  try {
    await Promise.all(connections.map(work))
  } finally {
    for (const connection of connections) connection.end()
  }
  return latencies
}
