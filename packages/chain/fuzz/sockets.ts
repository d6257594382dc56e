import { connect, type Socket } from 'node:net'
import { type Bytes, createPrng, type Prng } from '#primitives'
import { mutate } from './mutate.ts'
import { checkAnswer, checkStill, messageText, serverOf, valuesFor } from './rpc.ts'
import { type Complaint, type Episode, type Plant, type Shot, sayError, type Target } from './target.ts'
import { honestChain, openVictim } from './world.ts'

/** A connection that gets no answer is left after this: half a message is no reason to hurry. */
const PATIENCE_MS = 40
/** An honest call between attacks must be answered within this. */
const HONEST_MS = 5_000
const HONEST_EVERY = 200
const MAX_ANSWER_BYTES = 4 * 1024 * 1024
const HONEST_CALL = '{"jsonrpc":"2.0","id":7,"method":"aelf_chainInfo"}'
const STATUSES: ReadonlySet<string> = new Set([
  '100', '101', '200', '204', '400', '403', '404', '405', '408', '413', '415', '417', '426', '429', '431', '503', '505',
]) // biome-ignore format: a table

const latin = (text: string): Bytes => Uint8Array.from(Buffer.from(text, 'latin1'))
const utf8 = (text: string): Bytes => Uint8Array.from(Buffer.from(text, 'utf8'))
const joined = (...parts: readonly Bytes[]): Bytes => Uint8Array.from(Buffer.concat(parts))

function requestOf(prng: Prng, body: string): Bytes {
  const bytes = utf8(body)
  const verb = prng.bool([7, 8])
    ? 'POST'
    : prng.pick(['GET', 'HEAD', 'OPTIONS', 'PUT', 'TRACE', 'CONNECT', 'post', 'BREW', 'PRI'])
  const path = prng.bool([7, 8])
    ? '/'
    : prng.pick([
        '*',
        '/health',
        '/ready',
        '/../../etc/passwd',
        '/%00',
        '//',
        `/${'a'.repeat(9000)}`,
        'http://x/',
        '/\u00ff',
      ])
  const length = prng.bool([7, 8])
    ? String(bytes.length)
    : prng.pick(['0', '-1', '1e3', '99999999999', '0x10', '', '5, 6', `${bytes.length}\r\ncontent-length: 3`])
  const headers = [
    `host: ${prng.bool([15, 16]) ? '127.0.0.1' : prng.pick(['evil.example', '', '[', 'a'.repeat(300), '127.0.0.1:99999999'])}`,
    prng.bool([7, 8])
      ? `content-length: ${length}`
      : prng.pick([
          'transfer-encoding: chunked',
          'transfer-encoding: chunked\r\ncontent-length: 4',
          'transfer-encoding: gzip, chunked',
          'x: y',
        ]),
    ...(prng.bool() ? ['content-type: application/json'] : []),
    ...(prng.bool([1, 8])
      ? [
          prng.pick([
            'origin: https://evil.example',
            'origin: null',
            'content-encoding: gzip',
            'expect: 100-continue',
            'expect: x',
            'upgrade: h2c\r\nconnection: upgrade',
            `cookie: ${'c'.repeat(9000)}`,
            'x\u0000: y',
            ': empty',
            'connection: close',
          ]),
        ]
      : []),
  ]
  return joined(
    latin(`${verb} ${path} HTTP/1.${prng.bool([31, 32]) ? 1 : prng.int(10)}\r\n${headers.join('\r\n')}\r\n\r\n`),
    bytes,
  )
}

const UPGRADE = latin(
  'GET / HTTP/1.1\r\nhost: 127.0.0.1\r\nupgrade: websocket\r\nconnection: Upgrade\r\nsec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
)

function frame(prng: Prng, payload: Bytes, honest: boolean): Bytes {
  const first = honest ? 0x81 : prng.pick([0x00, 0x70, 0x80]) | prng.int(16)
  const masked = honest || prng.bool([7, 8]) ? 0x80 : 0
  const length = honest ? payload.length : prng.pick([payload.length, 0, 125, 126, 127, 65_535, 2 ** 31, 2 ** 53])
  const head =
    length < 126
      ? latin(String.fromCharCode(first, masked | length))
      : length < 65_536
        ? new Uint8Array(4)
        : new Uint8Array(10)
  if (head.length > 2) {
    head[0] = first
    head[1] = masked | (head.length === 4 ? 126 : 127)
    const view = new DataView(head.buffer)
    if (head.length === 4) view.setUint16(2, length)
    else view.setBigUint64(2, BigInt(length))
  }
  // A mask of zeros leaves the payload as it is.
  return joined(head, new Uint8Array(masked === 0 ? 0 : 4), payload)
}

function socketBytes(prng: Prng, values: readonly string[]): Bytes {
  const frames = Array.from({ length: 1 + prng.int(3) }, () =>
    frame(prng, utf8(messageText(prng, values).slice(0, 60_000)), prng.bool([2, 3])),
  )
  return joined(UPGRADE, ...frames)
}

function bytesOf(prng: Prng, values: readonly string[]): Bytes {
  const kind = prng.int(8)
  if (kind === 0) return prng.bytes(1 + prng.int(300))
  const bytes = kind <= 3 ? socketBytes(prng, values) : requestOf(prng, messageText(prng, values).slice(0, 200_000))
  return prng.bool([1, 5]) ? mutate(prng, bytes, prng.bytes(40)) : bytes
}

interface Exchange {
  readonly bytes: Bytes
  /** Sent in two parts, cut here. */
  readonly cut: number
  readonly patienceMs: number
}

/** Sends bytes over a connection of their own and reads whatever comes until it ends, or patience does. */
function exchange(port: number, { bytes, cut, patienceMs }: Exchange): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket: Socket = connect(port, '127.0.0.1')
    const chunks: Buffer[] = []
    let size = 0
    const finish = (): void => {
      clearTimeout(timer)
      socket.destroy()
      resolve(Buffer.concat(chunks).toString('latin1'))
    }
    const timer = setTimeout(finish, patienceMs)
    socket.on('connect', () => {
      socket.setNoDelay(true)
      socket.write(bytes.subarray(0, cut))
      setImmediate(() => socket.write(bytes.subarray(cut)))
    })
    socket.on('data', (chunk) => {
      chunks.push(chunk)
      size += chunk.length
      const text = chunk.subarray(0, 12).toString('latin1')
      // One answer is enough, unless it opens a WebSocket.
      if (size > MAX_ANSWER_BYTES || (text.startsWith('HTTP/1.1') && !text.includes(' 101'))) setImmediate(finish)
    })
    socket.on('close', finish)
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNREFUSED') {
        clearTimeout(timer)
        reject(error)
      } else finish()
    })
  })
}

function checkReply(reply: string): Complaint {
  if (reply === '') return undefined
  const status = /^HTTP\/1\.1 ([0-9]{3}) /.exec(reply)?.[1]
  if (status === undefined) return `an answer that is not HTTP: ${JSON.stringify(reply.slice(0, 40))}`
  return STATUSES.has(status) ? undefined : `HTTP status ${status}`
}

async function checkHonest(port: number): Promise<Complaint> {
  const bytes = latin(
    `POST / HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\ncontent-length: ${HONEST_CALL.length}\r\n\r\n${HONEST_CALL}`,
  )
  const reply = await exchange(port, { bytes, cut: bytes.length, patienceMs: HONEST_MS })
  const body = reply.slice(reply.indexOf('\r\n\r\n') + 4)
  if (!reply.startsWith('HTTP/1.1 200') || !body.includes('"result"')) return 'an honest call is not answered any more'
  return checkAnswer(body)
}

/** A listening server: damaged HTTP, damaged WebSocket frames, and hostile calls over both, one connection each. */
export const socketTarget: Target = {
  name: 'sockets',
  episode: 2_000,
  async open(seed, plant: Plant | undefined): Promise<Episode> {
    const chain = await honestChain()
    const victim = await openVictim(chain)
    const server = serverOf(victim)
    const { port } = await server.listen()
    const values = valuesFor(chain)
    const prng = createPrng(`sockets/${seed}`)
    const before = victim.node.ledger.head().header.hash
    let count = 0
    const shoot = async (bytes: Bytes, cut: number): Promise<Complaint> => {
      count += 1
      try {
        const reply = await exchange(port, { bytes, cut, patienceMs: PATIENCE_MS })
        const seen = plant === 'socket' && bytes.includes(0) ? 'HTTP/1.1 500 Internal Server Error' : reply
        const complaint = checkReply(seen) ?? checkStill(victim, before)
        if (complaint !== undefined) return complaint
        if (count % HONEST_EVERY === 0) return await checkHonest(port)
      } catch (error) {
        return `the server is gone: ${sayError(error)}`
      }
      return victim.errors.length > 0 ? `the node logs an error: ${victim.errors[0]}` : undefined
    }
    return {
      next(): Shot {
        const bytes = bytesOf(prng, values)
        const cut = prng.int(bytes.length + 1)
        return { bytes, deliver: () => shoot(bytes, cut) }
      },
      async close() {
        const complaint = await checkHonest(port)
        await server.close()
        await victim.node.stop()
        return complaint
      },
    }
  },
}
