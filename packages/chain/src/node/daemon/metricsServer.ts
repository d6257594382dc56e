import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { NodeError } from '../errors.ts'
import type { Meter } from '../meter.ts'

const MAX_CONNECTIONS = 32
const REQUEST_MS = 5000
/** A scrape younger than this is answered again, so that asking often costs nothing. */
const FRESH_MS = 250

export interface MetricsServer {
  readonly url: string
  close(): Promise<void>
}

/** `GET /metrics` as Prometheus text on a port of its own. Rejects with `node.listen`. */
export function startMetricsServer(options: {
  readonly host: string
  readonly port: number
  readonly meter: Meter
}): Promise<MetricsServer> {
  const { host, port, meter } = options
  let latest = { text: '', atMs: Number.NEGATIVE_INFINITY }
  const figures = async (): Promise<string> => {
    if (Date.now() - latest.atMs > FRESH_MS) latest = { text: await meter.text(), atMs: Date.now() }
    return latest.text
  }
  const server = createServer({ requestTimeout: REQUEST_MS, headersTimeout: REQUEST_MS, keepAliveTimeout: REQUEST_MS })
  server.maxConnections = MAX_CONNECTIONS
  server.on('request', (request, response) => {
    const isKnown = request.url?.split('?', 1)[0] === '/metrics'
    if (!isKnown || request.method !== 'GET') {
      response.writeHead(isKnown ? 405 : 404, { 'content-type': 'text/plain' }).end('GET /metrics\n')
      return
    }
    figures().then(
      (text) => response.writeHead(200, { 'content-type': meter.contentType }).end(text),
      () => response.writeHead(500).end(),
    )
  })
  return new Promise((resolve, reject) => {
    server.once('error', (cause) => {
      reject(new NodeError('node.listen', `Metrics cannot listen on ${host}:${port} (${cause.message})`, { cause }))
    })
    server.listen(port, host, () => {
      const { port: bound, address, family } = server.address() as AddressInfo
      const name = family === 'IPv6' ? `[${address}]` : address
      resolve({
        url: `http://${name}:${bound}/metrics`,
        close: () =>
          new Promise((done) => {
            server.close(() => done())
            server.closeAllConnections()
          }),
      })
    })
  })
}
