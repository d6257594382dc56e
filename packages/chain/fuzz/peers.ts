import { decodeMessage, encodeMessage } from '#p2p'
import { type Bytes, createPrng, type Prng } from '#primitives'
import { messageOf } from './messages.ts'
import { mutate } from './mutate.ts'
import { plantBug } from './plants.ts'
import { type Complaint, type Episode, type Plant, type Shot, sayError, type Target } from './target.ts'
import { type HonestChain, honestChain, openVictim, type Victim } from './world.ts'

/** So many messages come from one attacker before the next one takes over: few enough that it is still listened to. */
const MESSAGES_OF_PEER = 24
/** Questions of the node that can still be answered. */
const MAX_ASKED = 32
/** Between two messages: usually nothing, sometimes enough for requests to run out. */
const PAUSES_MS: readonly number[] = [0, 0, 0, 0, 0, 0, 0, 1, 20, 25, 1000, 6000]

function numbersAsked(sent: readonly Bytes[]): number[] {
  return sent.flatMap((bytes) => {
    const message = decodeMessage(bytes)
    return 'request' in message && message.kind.startsWith('get') ? [message.request] : []
  })
}

/** The node must stand on a block that honest producers made. */
function checkHead(chain: HonestChain, victim: Victim): Complaint {
  const { hash, height } = victim.node.ledger.head().header
  if (chain.hashOf.get(height) !== hash) return `the head is a block nobody honest made: ${hash} at ${height}`
  return undefined
}

function bytesFor(prng: Prng, chain: HonestChain, asked: readonly number[]): Bytes {
  const bytes = encodeMessage(messageOf(prng, chain, asked))
  const kind = prng.int(8)
  if (kind === 0) return mutate(prng, bytes, encodeMessage(messageOf(prng, chain, asked)))
  if (kind === 1) return mutate(prng, bytes, prng.bytes(prng.int(64)))
  return bytes
}

const leaked: Bytes[] = []

function plantedDelivery(victim: Victim, plant: Plant | undefined): Victim['deliver'] {
  return async (peer, bytes) => {
    if (plant === 'peer' && bytes[0] === 4 && (bytes[1] ?? 0) > 0xf0) throw new TypeError('undefined is not a function')
    if (plant === 'leak') leaked.push(new Uint8Array(131_072).fill(1))
    if (plant === 'stall' && bytes[0] === 2 && (bytes.at(-1) ?? 0) < 0x18) {
      const before = process.cpuUsage()
      for (let spent = 0; spent < 120_000; spent = process.cpuUsage(before).user) Math.sqrt(spent)
    }
    await victim.deliver(peer, bytes)
  }
}

/** A real node among attackers only: any message in any order, also answers to what it asked. */
export const peerTarget: Target = {
  name: 'peers',
  episode: 4_000,
  async open(seed, plant): Promise<Episode> {
    const chain = await honestChain()
    const victim = await openVictim(chain)
    const prng = createPrng(`peers/${seed}`)
    plantBug(victim, chain, plant)
    const deliver = plantedDelivery(victim, plant)
    let asked: number[] = []
    let count = 0
    let finalized = victim.node.ledger.finalized().header.height
    const shoot = async (peer: string, bytes: Bytes, pause: number): Promise<Complaint> => {
      try {
        await deliver(peer, bytes)
        if (pause > 0) await victim.clock.runUntil(victim.clock.now() + pause)
      } catch (error) {
        return `the peer handler threw ${sayError(error)}`
      }
      asked = [...asked, ...numbersAsked(victim.sent())].slice(-MAX_ASKED)
      if (victim.errors.length > 0) return `the node logs an error: ${victim.errors[0]}`
      const height = victim.node.ledger.finalized().header.height
      if (height < finalized) return `the irreversible height fell from ${finalized} to ${height}`
      finalized = height
      return checkHead(chain, victim)
    }
    return {
      next(): Shot {
        const peer = `attacker ${Math.floor(count / MESSAGES_OF_PEER)}`
        count += 1
        const bytes = bytesFor(prng, chain, asked)
        const pause = prng.pick(PAUSES_MS)
        return { bytes, deliver: () => shoot(peer, bytes, pause) }
      },
      async close() {
        await victim.node.stop()
        return checkHead(chain, victim)
      },
    }
  },
}

/** Forgets what the planted leak holds. */
export const dropLeaked = (): void => {
  leaked.length = 0
}
