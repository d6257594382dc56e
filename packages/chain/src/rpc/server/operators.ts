import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import {
  type Address,
  type Bytes,
  concatBytes,
  type Hex,
  hexToBytes,
  keccak256,
  recoverAddress,
  utf8ToBytes,
} from '#primitives'
import type { OperatorChallengeView, OperatorPairingView } from '#rpc/routes'
import { RpcFailure } from './failure.ts'
import type { OperatorPort } from './ports.ts'

/** How long a challenge may be signed. */
const CHALLENGE_MS = 5 * 60_000
const MAX_CHALLENGES = 64
/** How long a pairing lasts. */
const PAIRING_MS = 12 * 3_600_000
const MAX_PAIRINGS = 16
/** Challenges, and attempts to pair, in one minute from everybody together. */
const MAX_PER_MINUTE = 60
const MINUTE_MS = 60_000
const RANDOM_BYTES = 32

interface Challenge {
  readonly address: Address
  readonly message: string
  readonly expiresAtMs: number
}

interface Pairing {
  /** The token itself is not kept. */
  readonly digest: Buffer
  readonly address: Address
  readonly expiresAtMs: number
}

export interface OperatorDesk {
  /** Throws `operator.tooMany`. Anybody gets one, so that it does not tell who operates the node. */
  challenge(address: Address): OperatorChallengeView
  /** Throws `operator.nonceUnknown`, `operator.signature`, `operator.notOperator`, `operator.tooMany`. */
  pair(nonce: string, signature: Hex): OperatorPairingView
  /** Who holds a token. Throws `operator.tokenUnknown`. */
  holder(token: string): Address
  unpair(token: string): boolean
}

export interface OperatorDeskOptions {
  readonly operator: OperatorPort
  now?(): number
}

const digestOf = (token: string): Buffer => createHash('sha256').update(token).digest()

/** What a wallet signs for a text. */
function personalDigest(message: string): Bytes {
  const bytes = utf8ToBytes(message)
  return keccak256(concatBytes(utf8ToBytes(`\x19Ethereum Signed Message:\n${bytes.length}`), bytes))
}

/** Some hardware wallets number the two kinds of signature 0 and 1. */
function canonical(signature: Hex): Bytes {
  const bytes = hexToBytes(signature)
  const kind = bytes[64] ?? 0
  if (kind < 2) bytes[64] = kind + 27
  return bytes
}

/** Counts calls within a minute. */
function createQuota(now: () => number): () => void {
  let since = 0
  let used = 0
  return () => {
    if (now() - since >= MINUTE_MS) {
      since = now()
      used = 0
    }
    used += 1
    if (used > MAX_PER_MINUTE) throw new RpcFailure('operator.tooMany')
  }
}

function textOf(operator: OperatorPort, address: Address, nonce: string, expiresAtMs: number): string {
  const { network, genesisHash } = operator.info()
  return [
    'aelf node: pair this browser with the console of a node.',
    'The signature moves no funds and signs no transaction.',
    '',
    `Node: ${operator.nodeId}`,
    `Network: ${network} (${genesisHash})`,
    `Account: ${address}`,
    `Nonce: ${nonce}`,
    `Expires: ${new Date(expiresAtMs).toISOString()}`,
  ].join('\n')
}

/** Pairs operators with a node: a challenge is signed once, a token lasts half a day, everything in memory and bounded. */
export function createOperatorDesk({ operator, now = Date.now }: OperatorDeskOptions): OperatorDesk {
  const challenges = new Map<string, Challenge>()
  let pairings: Pairing[] = []
  const spend = createQuota(now)

  const forget = (): void => {
    const time = now()
    for (const [nonce, { expiresAtMs }] of challenges) if (expiresAtMs <= time) challenges.delete(nonce)
    pairings = pairings.filter(({ expiresAtMs }) => expiresAtMs > time)
  }
  const pairingOf = (token: string): Pairing | undefined => {
    const digest = digestOf(token)
    // Every pairing is compared, and every comparison takes the same time.
    const found = pairings.filter((pairing) => timingSafeEqual(pairing.digest, digest))
    return found.find(({ expiresAtMs }) => expiresAtMs > now())
  }
  const makeRoom = (address: Address): void => {
    if (pairings.length < MAX_PAIRINGS) return
    const oldest = pairings.find((pairing) => pairing.address === address)
    if (oldest === undefined) throw new RpcFailure('operator.tooMany')
    pairings = pairings.filter((pairing) => pairing !== oldest)
  }

  return {
    challenge(address) {
      spend()
      forget()
      if (challenges.size >= MAX_CHALLENGES) throw new RpcFailure('operator.tooMany')
      const nonce = randomBytes(RANDOM_BYTES).toString('base64url')
      const expiresAtMs = now() + CHALLENGE_MS
      const message = textOf(operator, address, nonce, expiresAtMs)
      challenges.set(nonce, { address, message, expiresAtMs })
      return { nonce, message, expiresAtMs }
    },
    pair(nonce, signature) {
      spend()
      forget()
      const challenge = challenges.get(nonce)
      // Used up by any attempt, so that nobody can try signatures on it.
      challenges.delete(nonce)
      if (challenge === undefined) throw new RpcFailure('operator.nonceUnknown')
      const { address, message } = challenge
      const signer = recoverAddress(personalDigest(message), canonical(signature))
      if (signer !== address) throw new RpcFailure('operator.signature')
      if (!operator.isOperator(address)) throw new RpcFailure('operator.notOperator')
      makeRoom(address)
      const token = randomBytes(RANDOM_BYTES).toString('base64url')
      const expiresAtMs = now() + PAIRING_MS
      pairings.push({ digest: digestOf(token), address, expiresAtMs })
      return { token, address, expiresAtMs }
    },
    holder(token) {
      const found = pairingOf(token)
      if (found === undefined) throw new RpcFailure('operator.tokenUnknown')
      return found.address
    },
    unpair(token) {
      const found = pairingOf(token)
      pairings = pairings.filter((pairing) => pairing !== found)
      return found !== undefined
    },
  }
}
