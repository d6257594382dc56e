import { MAX_BODIES, MAX_BUNDLE_PART_BYTES, MAX_GOSSIP_BYTES, MAX_LOCATOR_HASHES, MAX_MESSAGE_BYTES } from '#p2p'
import type { Rate } from './bucket.ts'

/** Part of every protocol name and topic: nodes of another version do not understand each other. */
export const PROTOCOL_VERSION = 1
/** Bytes of the genesis hash in protocol names and topics. */
export const NETWORK_NAME_BYTES = 8

// Handshake
/** Time for a peer to say who it is, after which its connection is closed. */
export const HANDSHAKE_MS = 10_000
/** Time for gossip with an admitted peer to begin, after which it is here anyway: not everybody passes on to everybody. */
export const ARRIVAL_MS = 2500
/** Largest hello, and largest answer to it. */
export const MAX_HELLO_BYTES = 1024
/** Longest name of a peer's software. */
export const MAX_AGENT_BYTES = 64
/** Addresses a peer may give for itself. */
export const MAX_OWN_ADDRESSES = 4
/** Longest address. */
export const MAX_ADDRESS_BYTES = 128

/** Streams of a peer that wait until it is known whether it belongs to the network. */
export const MAX_WAITING_STREAMS = 16

// Streams
/** Connections a node keeps that are not configured ones, when nothing else is said. */
export const DEFAULT_MAX_PEERS = 50
/** Streams of one protocol a peer may have open; a second one takes the place of the first. */
export const MAX_STREAMS_PER_PROTOCOL = 2
/** Streams a peer may have open in all. */
export const MAX_STREAMS_PER_PEER = 32
/** Most bytes a peer may send on a stream before they were read. Below what a paused stream may hold. */
export const STREAM_WINDOW_BYTES: number = 2 * 1024 * 1024
/** Time for a frame to arrive, once begun. */
export const FRAME_MS = 30_000
/** Longest silence of a peer; it is asked for a sign of life well before. */
export const SILENCE_MS = 90_000
/** A peer is asked for a sign of life, and looked after, this often. */
export const PING_MS = 20_000

// Dialing
/** How often a node looks whether it should connect to somebody. */
export const DIAL_MS = 500
/** Peers that are being dialed at one time. */
export const MAX_DIALING = 8
/** Connections of its own making a node looks for; at most half of all it may have. Nobody else decides whom those lead to. */
export const OUTBOUND_PEERS = 8
/** Wait after the first failed attempt, doubled each time up to the longest wait. */
export const MIN_DIAL_WAIT_MS = 1000
export const MAX_DIAL_WAIT_MS = 60_000

// Who may connect
/** Peers of one group of neighbours (the first 16 bits of an IPv4 address, 32 of an IPv6 address) that may connect to this node. */
export const INBOUND_PER_GROUP = 10
/** Connections one such group may attempt. */
export const INBOUND_RATE: Rate = { perSecond: 5, burst: 50 }
/** Groups whose attempts are remembered. */
export const MAX_REMEMBERED_GROUPS = 4096

// The book of peers
/** Peers remembered that were reached once. */
export const MAX_TRIED_PEERS = 256
/** Peers remembered that were only told of. */
export const MAX_NEW_PEERS = 1024
/** Of those, peers told of from one group of neighbours. */
export const MAX_PEERS_PER_SOURCE = 64
/** Addresses remembered of one peer. */
export const MAX_ADDRESSES_PER_PEER = 4
/** Failed attempts in a row after which a peer is forgotten. */
export const MAX_NEW_FAILURES = 4
export const MAX_TRIED_FAILURES = 40
/** Connections dialed first after a start: those of the time before. */
export const MAX_ANCHORS = 8
/** Addresses in an answer to a peer that asks for others. */
export const MAX_SHARED_ADDRESSES = 16
/** A peer is asked for others this often; a node that lacks connections asks whenever it writes the book. */
export const ASK_MS = 600_000
/** The book is written down this often, when it has changed. */
export const SAVE_MS = 30_000
/** Longest text of a book. */
export const MAX_BOOK_TEXT: number = 2 * 1024 * 1024

// Standing
/** Points for what a peer does, forgotten by half in each half-life: a ban is the second broken frame, the fourth garbage, the fifth invalid. */
export const POINTS = { useful: 1, useless: -4, invalid: -22, broken: -60, flood: -2, garbage: -30 } as const
export type Misdeed = Exclude<keyof typeof POINTS, 'useful'>
export const MAX_SCORE = 20
/** A score this low is a ban. */
export const BAN_SCORE = -100
export const SCORE_HALF_LIFE_MS = 600_000
/** Peers whose standing is remembered, connected or not. */
export const MAX_REMEMBERED_PEERS = 4096
/** Length of a first ban; each in a row is twice as long, up to the longest. */
export const BAN_MS = 300_000
export const MAX_BAN_MS = 86_400_000
/** A peer the operator named is kept away only so long. */
export const CONFIGURED_BAN_MS = 60_000
/** A ban that is over counts for the next one so long. */
export const FORGET_BAN_MS = 86_400_000
export const MAX_BANS = 1024

// Traffic
interface TrafficRate {
  readonly messages: Rate
  readonly bytes: Rate
}
const MIB: number = 1024 * 1024
/** What a peer may send of each kind; `control` is everything a link says itself, `gossip` whole frames of it. */
export const RATES: Readonly<Record<string, TrafficRate>> = {
  block: { messages: { perSecond: 20, burst: 200 }, bytes: { perSecond: 8 * MIB, burst: 64 * MIB } },
  announce: { messages: { perSecond: 20, burst: 200 }, bytes: { perSecond: 4096, burst: 65_536 } },
  transactions: { messages: { perSecond: 100, burst: 1000 }, bytes: { perSecond: 4 * MIB, burst: 32 * MIB } },
  getBlocks: { messages: { perSecond: 20, burst: 200 }, bytes: { perSecond: 65_536, burst: 512 * 1024 } },
  blocks: { messages: { perSecond: 20, burst: 200 }, bytes: { perSecond: 32 * MIB, burst: 128 * MIB } },
  // A node that catches up asks as fast as it gets answers: thousands of small blocks a second from one peer.
  getHeaders: { messages: { perSecond: 50, burst: 500 }, bytes: { perSecond: 128 * 1024, burst: MIB } },
  headers: { messages: { perSecond: 50, burst: 500 }, bytes: { perSecond: 32 * MIB, burst: 128 * MIB } },
  getBodies: { messages: { perSecond: 500, burst: 5000 }, bytes: { perSecond: MIB, burst: 8 * MIB } },
  bodies: { messages: { perSecond: 500, burst: 5000 }, bytes: { perSecond: 32 * MIB, burst: 128 * MIB } },
  // A few upgrades in a row, each a part or four, and answers as large as a part.
  getBundle: { messages: { perSecond: 1, burst: 32 }, bytes: { perSecond: 64, burst: 2048 } },
  bundle: { messages: { perSecond: 1, burst: 32 }, bytes: { perSecond: MIB, burst: 32 * MIB } },
  control: { messages: { perSecond: 2, burst: 30 }, bytes: { perSecond: 1024, burst: 16 * 1024 } },
  gossip: { messages: { perSecond: 1000, burst: 10_000 }, bytes: { perSecond: 16 * MIB, burst: 96 * MIB } },
}
/** The same for a kind not named there. */
export const DEFAULT_RATE: TrafficRate = {
  messages: { perSecond: 50, burst: 500 },
  bytes: { perSecond: 4 * MIB, burst: 32 * MIB },
}

// Outgoing
/** Bytes waiting for one peer. A message that does not fit is not sent. */
export const MAX_QUEUE_BYTES: number = 4 * MAX_MESSAGE_BYTES
/** Messages waiting for one peer. */
export const MAX_QUEUE_MESSAGES = 1024
/** A peer that reads nothing for so long while something waits for it is parted from. */
export const SLOW_PEER_MS = 30_000
/** A closed stream is opened again after this, doubled each time up to the longest wait. */
export const REOPEN_MS = 200
export const MAX_REOPEN_MS = 10_000

// Incoming
/** Time for the node to judge a message. After it the message is not passed on. */
export const VALIDATION_MS = 8000
/** Messages of all peers that are being judged, and their bytes; what comes above is dropped. */
export const MAX_VALIDATIONS = 1024
export const MAX_VALIDATION_BYTES: number = 16 * MAX_MESSAGE_BYTES
/** Messages of one peer that are being judged; more wait in the stream. */
export const MAX_BUSY_MESSAGES = 64
/** Bytes of one peer's messages that are being judged; more wait in the stream. */
export const MAX_BUSY_BYTES: number = 2 * MAX_MESSAGE_BYTES

// Gossip
/** Time to open the stream on which a peer gets gossip. */
export const GOSSIP_STREAM_MS = 5000
/** How long a gossip message is remembered by its hash. Below the time after which a node offers a transaction again. */
export const GOSSIP_SEEN_MS = 30_000
/** Room for framing around one message. */
export const GOSSIP_FRAME_BYTES: number = MAX_MESSAGE_BYTES + 1024
/** Bytes of gossip waiting for one peer; above it the peer's connection is closed. */
export const MAX_GOSSIP_QUEUE_BYTES: number = 6 * MAX_MESSAGE_BYTES
/** Entries of one gossip frame. */
export const MAX_GOSSIP_ENTRIES = 256

/** Largest message of a kind that is sent directly; kinds not named here may be as large as any message. */
export const MESSAGE_BYTES: Readonly<Record<string, number>> = {
  announce: 64,
  getBlocks: 16 + 32 * MAX_LOCATOR_HASHES,
  getHeaders: 16 + 32 * MAX_LOCATOR_HASHES,
  getBodies: 16 + 32 * MAX_BODIES,
  transactions: MAX_GOSSIP_BYTES + 8192,
  getBundle: 64,
  bundle: MAX_BUNDLE_PART_BYTES + 64,
}
