import { messageKind } from '#p2p'
import type { Bytes, Net } from '#primitives'
import type { Meter } from '../meter.ts'

/** A network port that counts what passes. A broadcast counts once for each peer that is connected. */
export function meterNet(net: Net, meter: Meter): Net {
  const count = (direction: 'in' | 'out', message: Bytes): void =>
    meter.message({ direction, kind: messageKind(message), bytes: message.length })
  return {
    broadcast(message) {
      for (const _peer of net.peers()) count('out', message)
      net.broadcast(message)
    },
    send(peer, message) {
      count('out', message)
      net.send(peer, message)
    },
    onMessage: (handler) =>
      net.onMessage((peer, message) => {
        count('in', message)
        return handler(peer, message)
      }),
    onPeer: (handler) => net.onPeer(handler),
    judge: (peer, conduct) => net.judge(peer, conduct),
    peers: () => net.peers(),
  }
}
