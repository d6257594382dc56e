import { type AddressInfo, createServer } from 'node:net'
import { type Bytes, createPrng, type Prng } from '#primitives'
import type { RpcServer } from '#rpc/server'
import { exchange, type Heard } from './exchange.ts'
import { mutate } from './mutate.ts'
import { checkAnswer, checkStill, messageText, serverOf, tellsOfMachine, valuesFor } from './rpc.ts'
import { type Complaint, type Episode, type Plant, type Shot, sayError, type Target } from './target.ts'
import { honestChain, openVictim } from './world.ts'

const HONEST_EVERY = 200
/** Time for a server to let go of connections that have ended. */
const LET_GO_MS = 10_000
const HONEST_CALL = '{"jsonrpc":"2.0","id":7,"method":"aelf_chainInfo"}'
const STATUSES: ReadonlySet<string> = new Set([
  '100', '101', '200', '204', '400', '403', '404', '405', '408', '413', '415', '417', '426', '429', '431', '503', '505',
]) // biome-ignore format: a table

const latin = (text: string): Bytes => Uint8Array.from(Buffer.from(text, 'latin1'))
const utf8 = (text: string): Bytes => Uint8Array.from(Buffer.from(text, 'utf8'))
const joined = (...parts: readonly Bytes[]): Bytes => Uint8Array.from(Buffer.concat(parts))

/** Bytes of one connection; `whole` when they are framed in order, so that something must come back. */
interface Attack {
  readonly bytes: Bytes
  readonly whole: boolean
}

/** A request as everybody sends it, whatever its body says. */
function plainRequest(body: string): Attack {
  const bytes = utf8(body)
  const head = latin(`POST / HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: ${bytes.length}\r\n\r\n`)
  return { bytes: joined(head, bytes), whole: true }
}

function requestOf(prng: Prng, body: string): Attack {
  if (prng.bool()) return plainRequest(body)
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
  const head = latin(
    `${verb} ${path} HTTP/1.${prng.bool([31, 32]) ? 1 : prng.int(10)}\r\n${headers.join('\r\n')}\r\n\r\n`,
  )
  return { bytes: joined(head, bytes), whole: false }
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

/** The opening is in order, so it must be answered; frames after it may be anything. */
function socketAttack(prng: Prng, values: readonly string[]): Attack {
  const frames = Array.from({ length: 1 + prng.int(3) }, () =>
    frame(prng, utf8(messageText(prng, values).slice(0, 60_000)), prng.bool([2, 3])),
  )
  return { bytes: joined(UPGRADE, ...frames), whole: true }
}

function attackOf(prng: Prng, values: readonly string[]): Attack {
  const kind = prng.int(8)
  if (kind === 0) return { bytes: prng.bytes(1 + prng.int(300)), whole: false }
  const attack = kind <= 3 ? socketAttack(prng, values) : requestOf(prng, messageText(prng, values).slice(0, 200_000))
  return prng.bool([1, 5]) ? { bytes: mutate(prng, attack.bytes, prng.bytes(40)), whole: false } : attack
}

function checkReply({ text, ignored }: Heard): Complaint {
  if (ignored) return 'a whole request is neither answered nor turned away'
  if (text === '') return undefined
  const status = /^HTTP\/1\.1 ([0-9]{3}) /.exec(text)?.[1]
  if (status === undefined) return `an answer that is not HTTP: ${JSON.stringify(text.slice(0, 40))}`
  if (!STATUSES.has(status)) return `HTTP status ${status}`
  return tellsOfMachine(text)
}

async function checkHonest(port: number): Promise<Complaint> {
  const { bytes } = plainRequest(HONEST_CALL)
  const { text } = await exchange(port, { bytes, cut: bytes.length, whole: true })
  const body = text.slice(text.indexOf('\r\n\r\n') + 4)
  if (!text.startsWith('HTTP/1.1 200') || !body.includes('"result"')) return 'an honest call is not answered any more'
  return checkAnswer(body)
}

/** A server that is left alone holds nothing of those who are gone. */
async function checkLetGo(server: RpcServer): Promise<Complaint> {
  const limit = Date.now() + LET_GO_MS
  for (;;) {
    const { callsInFlight, sockets, subscriptions } = server.load()
    if (callsInFlight + sockets + subscriptions === 0) return undefined
    if (Date.now() > limit) return `the server still holds ${JSON.stringify(server.load())}`
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

/** A server in the place of the true one that takes everything and never answers. */
function deafPort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer((socket) => socket.on('error', () => undefined).resume()).unref()
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port))
  })
}

const plantedReply = (heard: Heard, bytes: Bytes, plant: Plant | undefined): Heard => {
  if (plant === 'socket' && bytes.includes(0)) return { ...heard, text: 'HTTP/1.1 500 Internal Server Error' }
  if (plant === 'secret')
    return { ...heard, text: heard.text.replace('"help":"', '"help":"at serve (/home/x/y.js:1:2) ') }
  return heard
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
    const door = plant === 'deaf' ? await deafPort() : port
    const values = valuesFor(chain)
    const prng = createPrng(`sockets/${seed}`)
    const before = victim.node.ledger.head().header.hash
    let count = 0
    const shoot = async ({ bytes, whole }: Attack, cut: number): Promise<Complaint> => {
      count += 1
      if (plant === 'gone' && count === 20) await server.close()
      try {
        const heard = plantedReply(await exchange(door, { bytes, cut, whole }), bytes, plant)
        const complaint = checkReply(heard) ?? checkStill(victim, before)
        if (complaint !== undefined) return complaint
        if (count % HONEST_EVERY === 0) return await checkHonest(port)
      } catch (error) {
        return `the server is gone: ${sayError(error)}`
      }
      return victim.errors.length > 0 ? `the node logs an error: ${victim.errors[0]}` : undefined
    }
    return {
      next(): Shot {
        const attack = attackOf(prng, values)
        const cut = prng.int(attack.bytes.length + 1)
        return { bytes: attack.bytes, deliver: () => shoot(attack, cut) }
      },
      async close() {
        const complaint = (await checkHonest(port)) ?? (await checkLetGo(server))
        await server.close()
        await victim.node.stop()
        return complaint
      },
    }
  },
}
