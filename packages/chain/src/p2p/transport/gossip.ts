import {
  type GossipSub,
  type GossipSubComponents,
  gossipsub,
  StrictNoSign,
  TopicValidatorResult,
} from '@libp2p/gossipsub'
import type { Message } from '#p2p'
import { type Bytes, sha256, type Verdict } from '#primitives'
import { admittedRegistrar, type GossipWatch } from './admittedRegistrar.ts'
import { GOSSIP_FRAME_BYTES, GOSSIP_SEEN_MS, MAX_GOSSIP_ENTRIES, MAX_GOSSIP_QUEUE_BYTES } from './limits.ts'

const MESSAGE_ID_BYTES = 20

/** Publishing takes options that the package's public type leaves out. */
interface Publisher {
  publish(topic: string, data: Bytes, options: { readonly floodPublish: boolean }): Promise<unknown>
}

export interface GossipOptions {
  /** Start of the topics' names. */
  readonly network: string
  readonly watch: GossipWatch
  /** What becomes of a message that a peer passed on. */
  validate(peer: string, kind: GossipKind, message: Bytes): Promise<Verdict>
  /** What this node thinks of a peer: below zero it is not chosen to pass messages on. */
  scoreOf(peer: string): number
}

export type GossipKind = Extract<Message['kind'], 'block' | 'transactions'>

const RESULTS: Readonly<Record<Verdict, TopicValidatorResult>> = {
  accept: TopicValidatorResult.Accept,
  reject: TopicValidatorResult.Reject,
  ignore: TopicValidatorResult.Ignore,
}

const topicOf = (network: string, kind: GossipKind): string => `${network}/${kind === 'block' ? 'blocks' : kind}`

/**
 * Gossip of blocks and transactions. Messages are not signed by who passes them on: blocks and transactions carry their own
 * signatures, and so a message has one name, the hash of its content, whoever sends it.
 */
export function createGossip(options: GossipOptions): (components: GossipSubComponents) => GossipSub {
  const topics = (['block', 'transactions'] as const).map((kind) => ({ kind, topic: topicOf(options.network, kind) }))
  const build = gossipsub({
    globalSignaturePolicy: StrictNoSign,
    msgIdFn: (message) => sha256(message.data).subarray(0, MESSAGE_ID_BYTES),
    allowedTopics: topics.map(({ topic }) => topic),
    fallbackToFloodsub: false,
    doPX: false,
    tagMeshPeers: false,
    allowPublishToZeroTopicPeers: true,
    ignoreDuplicatePublishError: true,
    seenTTL: GOSSIP_SEEN_MS,
    D: 8,
    Dlo: 6,
    Dhi: 12,
    maxInboundStreams: 2,
    maxOutboundStreams: 2,
    maxInboundDataLength: GOSSIP_FRAME_BYTES,
    maxOutboundBufferSize: MAX_GOSSIP_QUEUE_BYTES,
    maxTopicBytesPerPeer: 16 * 1024,
    decodeRpcLimits: {
      maxSubscriptions: 16,
      maxMessages: MAX_GOSSIP_ENTRIES,
      maxControlMessages: MAX_GOSSIP_ENTRIES,
      maxIhaveMessageIDs: 5000,
      maxIwantMessageIDs: 5000,
      maxIdontwantMessageIDs: MAX_GOSSIP_ENTRIES,
      maxPeerInfos: 1,
    },
    // Peers of one host are many in a test network; how many a host may have is judged when it connects.
    scoreParams: { appSpecificScore: options.scoreOf, appSpecificWeight: 1, IPColocationFactorWeight: 0 },
    scoreThresholds: { gossipThreshold: -40, publishThreshold: -60, graylistThreshold: -80 },
  })
  return (components) => {
    const registrar = admittedRegistrar(components.registrar, options.watch)
    const pubsub = build({
      privateKey: components.privateKey,
      peerId: components.peerId,
      peerStore: components.peerStore,
      registrar,
      connectionManager: components.connectionManager,
      logger: components.logger,
    })
    for (const { kind, topic } of topics) {
      pubsub.topicValidators.set(topic, async (peer, { data }) => {
        return RESULTS[await options.validate(peer.toString(), kind, data)]
      })
    }
    return pubsub
  }
}

/** Takes part in the network's topics. */
export function subscribe(pubsub: GossipSub, network: string): void {
  for (const kind of ['block', 'transactions'] as const) pubsub.subscribe(topicOf(network, kind))
}

/** Blocks of this node go to everybody at once; transactions to the mesh, which passes them on. */
export async function publish(pubsub: GossipSub, network: string, kind: GossipKind, message: Bytes): Promise<void> {
  const publisher = pubsub as unknown as Publisher
  await publisher.publish(topicOf(network, kind), message, { floodPublish: kind === 'block' })
}
