import type { Stream } from '@libp2p/interface'
import type { Cancel, Clock, Hash } from '#primitives'
import { TransportError, type TransportErrorCode } from './errors.ts'
import { encodeFrame, type Frame, FrameReader } from './frames.ts'
import { HANDSHAKE_MS, PROTOCOL_VERSION } from './limits.ts'
import { decodeHello, encodeHello, FRAME, type Hello, helloLimit, REFUSALS, type Refusal } from './wire.ts'

const CODES: Readonly<Record<Refusal, TransportErrorCode>> = {
  foreignNetwork: 'transport.foreignNetwork',
  version: 'transport.version',
  full: 'transport.refused',
  banned: 'transport.refused',
}

/** The next frame of a stream, within the time of a handshake. */
function nextFrame(stream: Stream, clock: Clock): Promise<Frame> {
  return new Promise((resolve, reject) => {
    const frames = new FrameReader(helloLimit)
    let cancel: Cancel = () => undefined
    const fail = (message: string): void => {
      cancel()
      reject(new TransportError('transport.handshake', message))
    }
    cancel = clock.after(HANDSHAKE_MS, () => fail('The peer did not introduce itself in time'))
    stream.addEventListener('message', (event) => {
      try {
        const { data } = event
        const [frame] = frames.push(data instanceof Uint8Array ? data : data.subarray())
        if (frame === undefined) return
        cancel()
        resolve(frame)
      } catch (error) {
        cancel()
        reject(error)
      }
    })
    stream.addEventListener('close', () => fail('The peer closed before it introduced itself'))
    stream.addEventListener('remoteCloseWrite', () => fail('The peer ended before it introduced itself'))
  })
}

/** Why a node does not talk to another, by what it says of itself. */
export function refusalOf(hello: Hello, genesis: Hash): Refusal | undefined {
  if (hello.version !== PROTOCOL_VERSION) return 'version'
  return hello.genesis === genesis ? undefined : 'foreignNetwork'
}

export const refused = (why: Refusal, by: string): TransportError =>
  new TransportError(CODES[why], `Refused by ${by}: ${why}`, { details: { reason: why } })

/** Introduces this node on a stream it opened, and resolves to what the other says; a refusal rejects with its reason. */
export async function introduce(stream: Stream, own: Hello, clock: Clock): Promise<Hello> {
  const answer = nextFrame(stream, clock)
  // Nobody waits for it when nothing can be said.
  answer.catch(() => undefined)
  stream.send(encodeFrame(FRAME.hello, encodeHello(own)))
  const { type, body } = await answer
  if (type === FRAME.refusal) {
    throw refused(REFUSALS[(body[0] ?? 0) - 1] ?? 'full', 'the peer')
  }
  const hello = decodeHello(body)
  const why = refusalOf(hello, own.genesis)
  if (why !== undefined) throw refused(why, 'this node')
  return hello
}

/** Hears an introduction and answers it, with a refusal where `judge` finds a reason. Rejects when it was refused. */
export async function receive(
  stream: Stream,
  own: () => Hello,
  options: { readonly clock: Clock; judge(hello: Hello): Refusal | undefined },
): Promise<Hello> {
  const { type, body } = await nextFrame(stream, options.clock)
  if (type !== FRAME.hello) throw new TransportError('transport.handshake', 'The peer did not introduce itself')
  const hello = decodeHello(body)
  const why = options.judge(hello)
  if (why !== undefined) {
    stream.send(encodeFrame(FRAME.refusal, Uint8Array.of(REFUSALS.indexOf(why) + 1)))
    throw refused(why, 'this node')
  }
  stream.send(encodeFrame(FRAME.hello, encodeHello(own())))
  return hello
}
