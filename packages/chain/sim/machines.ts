import type { EraExecutor } from '#executor'
import { type Block, signHeader } from '#kernel'
import { type NodeOptions, openSigner } from '#node'
import { type MemoryNetwork, messageKind } from '#p2p'
import { type Bytes, bytesToHash, createPrng, type Hash, type KeyValue, sha256, utf8ToBytes } from '#primitives'
import { openBucket } from '#store'
import { Machine, type MachineOptions } from '#testing'
import { distort } from './byzantine.ts'
import { Damage } from './damage.ts'
import { chainDisk, recordDisk } from './disks.ts'
import type { Delegate } from './genesis.ts'
import { machineLog } from './machineLog.ts'
import type { Member, Role, Stage } from './member.ts'
import type { Outages } from './outages.ts'
import { executorOfAll, type SharedWork } from './sharedWork.ts'

const KEPT_STATES = 80
/** Spoilt messages a machine gets from one peer, at most; a peer is ignored after more. */
const MAX_CORRUPTIONS = 10

export interface MachinesOptions {
  readonly stage: Stage
  readonly outages: Outages
  readonly network: MemoryNetwork
  readonly work: SharedWork
}

interface Made {
  readonly role: Role
  readonly keys: Delegate
  readonly damage: Damage | undefined
}

/** Builds the machines of a run: a real node each, on a disk, a clock and a network that are simulated. */
export class Machines {
  private readonly stage: Stage
  private readonly outages: Outages
  private readonly network: MemoryNetwork
  private readonly work: SharedWork
  private readonly everything: EraExecutor
  /** The delegate whose machine's disk is spoilt. */
  private readonly victim: number

  constructor({ stage, outages, network, work }: MachinesOptions) {
    const { knobs, sim } = stage
    this.stage = stage
    this.outages = outages
    this.network = network
    this.work = work
    this.everything = executorOfAll(sim)
    this.victim = knobs.home ? createPrng(`victim ${knobs.seed}`).int(knobs.producers + knobs.backups) : -1
  }

  build(role: Role): Member {
    const { stage, network, work, outages } = this
    const { knobs, timeline } = stage
    const { name, delegate, misbehaves } = role
    const keys = stage.sim.delegates[delegate]
    if (keys === undefined) throw new Error(`no delegate ${delegate}`)
    const isVictim = delegate === this.victim && !name.endsWith('twin')
    const damage = isVictim ? new Damage(knobs, stage.probes) : undefined
    const made = { role, keys, damage }
    const disk = chainDisk(stage, { name, damage, begun: (ms) => outages.writing(name, damage, ms) })
    const record = knobs.home ? recordDisk(stage, name) : undefined
    const machine: Machine = new Machine({
      name,
      timeline,
      disk,
      ...(record === undefined ? {} : { recordDisk: record }),
      ...(knobs.home ? { checks: work.checks } : {}),
      node: async (store) => ({
        name,
        keepStates: KEPT_STATES,
        relay: knobs.relay,
        farBlocks: BigInt(knobs.farBlocks),
        producer:
          store === undefined
            ? { privateKey: keys.privateKey, reveals: keys.reveals }
            : await this.watched(made, store),
      }),
      connect: () => network.join(name),
      disconnect: () => network.leave(name),
      ports: (clock) => ({
        chain: work.chain,
        ...(stage.campaign?.portsOf(machine, clock) ?? { authenticator: work.authenticator, ...work.ports }),
      }),
      opened: async (node) => stage.campaign?.opened(name, node),
      logger: machineLog(stage, name, misbehaves !== undefined),
      receives: misbehaves === 'censor' ? this.deafness() : this.corruption(name),
      storageFailed: (error) => outages.storageFailed(name, error),
      sends: this.mouth(made, () => machine),
    })
    return { machine, disk, recordDisk: record, damage, delegate, misbehaves, corrupt: false, backAt: 0, crashes: 0 }
  }

  /** What a machine says, or says instead when it misbehaves. */
  private mouth({ role, keys }: Made, own: () => Machine): NonNullable<MachineOptions['sends']> {
    const { stage } = this
    const { knobs } = stage
    const { name, misbehaves } = role
    const by = { machine: name, honest: misbehaves === undefined }
    const read = (bytes: Bytes): Block => stage.observer.published(bytes, by)
    const lies = createPrng(`lies ${knobs.seed} ${name}`)
    return (message, to) => {
      const machine = own()
      if (message[0] === 1 && to === undefined) {
        const block = read(message)
        const { header } = block
        if (machine.node !== undefined) stage.campaign?.published(name, block, machine.node.ledger as never)
        stage.note(`${name} makes ${header.height} ${header.hash} in ${header.slot}`)
      }
      if (misbehaves === undefined || stage.calm) return [{ to, message }]
      return distort(message, to, {
        kind: misbehaves,
        privateKey: keys.privateKey,
        peers: stage.members.map(({ machine }) => machine.name).filter((other) => other !== name),
        lies: () => lies.bool([2, 3]),
        pick: (n) => lies.int(n),
        read,
        sent: () => stage.probes.hit('equivocation sent'),
        ...(knobs.siblings ? { sibling: (block) => this.siblingOf(machine, block, keys) } : {}),
        lieKinds: knobs.lies,
        later: (kept, peer) => machine.sendLater(lies.int(20 * knobs.slotMs), kept, peer),
        tells: (act) => stage.probes.hit(act),
      })
    }
  }

  /** A block that stands as well where one of this machine stands: it signals something else, which changes the state. */
  private async siblingOf({ node }: Machine, block: Block, { privateKey }: Delegate): Promise<Block | undefined> {
    const { header, transactions } = block
    const parent = node?.ledger.node(header.parentHash)
    if (node === undefined || parent?.tree === undefined) return undefined
    const signal: Hash = bytesToHash(sha256(utf8ToBytes(`other ${header.hash}`)))
    const env = node.ledger.environment(parent, header.slot, { producer: header.producer, signal })
    const input = { parentState: parent.tree, transactions, env, mode: 'validate' } as const
    const { diff } = await this.everything.execute(input)
    const stateRoot = parent.tree.update(diff).root
    return { transactions, header: signHeader({ ...header, signal, stateRoot }, privateKey) }
  }

  /** A producer as `startNode` makes one: its record apart from the chain, and an eye on its key. */
  private async watched({ role, keys, damage }: Made, record: KeyValue): Promise<NonNullable<NodeOptions['producer']>> {
    const { privateKey, reveals } = keys
    const signer = await openSigner({ privateKey, store: openBucket(record, 'signer') })
    const { same: sameHome, doubtful } = damage?.found() ?? { same: true, doubtful: false }
    const inUse = (error: Error): void => {
      if (role.misbehaves === undefined) this.stage.fail('keyWatch', `${role.name}: ${error.message}`)
    }
    return { signer, reveals, watch: { watchSlots: 0, sameHome, doubtful, inUse } }
  }

  private deafness(): (peer: string, message: Bytes) => Bytes | undefined {
    const { stage } = this
    return (_peer, message) => {
      if (stage.calm || messageKind(message) !== 'transactions') return message
      stage.probes.hit('transactions censored')
      return undefined
    }
  }

  /** Some messages arrive with other bytes, few enough from each peer that nobody takes it for an enemy. */
  private corruption(name: string): (peer: string, message: Bytes) => Bytes {
    const { stage } = this
    const prng = createPrng(`corruption ${stage.knobs.seed} ${name}`)
    const times = new Map<string, number>()
    return (peer, message) => {
      const done = times.get(peer) ?? 0
      if (stage.calm || done >= MAX_CORRUPTIONS || prng.int(1000) >= stage.knobs.corrupt) return message
      times.set(peer, done + 1)
      stage.probes.hit('message corrupted')
      const other = message.slice()
      for (let left = 1 + prng.int(4); left > 0; left--) {
        const at = prng.int(other.length)
        other[at] = (other[at] ?? 0) ^ (1 + prng.int(255))
      }
      return prng.int(8) === 0 ? other.subarray(0, prng.int(other.length)) : other
    }
  }
}
