import { MAX_GOSSIP_BYTES, MAX_LOCATOR_HASHES, MAX_MESSAGE_BYTES } from '#p2p'

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
/** Wait after the first failed attempt, doubled each time up to the longest wait. */
export const MIN_DIAL_WAIT_MS = 1000
export const MAX_DIAL_WAIT_MS = 60_000

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
  transactions: MAX_GOSSIP_BYTES + 8192,
}
