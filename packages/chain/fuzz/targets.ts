import { codecTarget } from './codecs.ts'
import { peerTarget } from './peers.ts'
import { rpcTarget } from './rpc.ts'
import { socketTarget } from './sockets.ts'
import type { Target } from './target.ts'

/** All targets with their part of a run, in thousandths. */
export const targets: readonly { readonly target: Target; readonly share: number }[] = [
  { target: codecTarget, share: 580 },
  { target: peerTarget, share: 100 },
  { target: rpcTarget, share: 300 },
  { target: socketTarget, share: 20 },
]
