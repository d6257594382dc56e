import type { MainChain } from '#chains'
import { scheduleAt } from '#consensus/dpos'
import { createEraExecutor, type EraExecutor, singleEra } from '#executor'
import { type Block, encodeBlock, signHeader } from '#kernel'
import {
  type Authenticator,
  createAuthenticator,
  inlineExec,
  type NodeEvent,
  type NodeOptions,
  type NodePorts,
  openSigner,
  plainDecoder,
} from '#node'
import { createMemoryNetwork, type MemoryNetwork, messageKind } from '#p2p'
import {
  type Address,
  AelfError,
  type Bytes,
  bytesToHash,
  createPrng,
  type Hash,
  type KeyValue,
  type KvOp,
  type Logger,
  type Prng,
  sha256,
  utf8ToBytes,
} from '#primitives'
import { type Checks, openBucket, plainChecks } from '#store'
import { Machine, SimDisk, Timeline } from '#testing'
import { distort } from './byzantine.ts'
import { type Accepted, Client } from './client.ts'
import { Damage } from './damage.ts'
import { sharedDecoder } from './decoder.ts'
import { createSimChain, type Delegate, type SimChain } from './genesis.ts'
import type { Knobs, Misbehaviour } from './knobs.ts'
import { type Shared, sharedAdmission, sharedChecks, sharedEngine, sharedOutcomes } from './memo.ts'
import { Observer } from './observer.ts'
import { Probes, type Violation } from './report.ts'
import { Campaign } from './upgrade/campaign.ts'
import { Weather } from './weather.ts'

const KEPT_STATES = 80
const SIGNER_BUCKET = 3
const isCorruption = (error: unknown): boolean => error instanceof AelfError && error.code === 'store.corrupt'
/** Spoilt messages a machine gets from one peer, at most; a peer is ignored after more. */
const MAX_CORRUPTIONS = 10

/** One machine with what the simulation knows about it. */
export interface Member {
  readonly machine: Machine
  readonly disk: SimDisk
  readonly delegate: number
  readonly misbehaves: Misbehaviour | undefined
  /** Where the key's record is, when it is not with the chain. */
  readonly recordDisk: SimDisk | undefined
  /** Of the one machine whose disk is spoilt. */
  readonly damage: Damage | undefined
  /** Its store holds something else than was written. */
  corrupt: boolean
  /** Slot from which it may be up again. */
  backAt: number
  crashes: number
}

export interface WorldOptions {
  /** Changes what a disk is asked to do; a way to plant faults. */
  readonly rewrite?: (ops: readonly KvOp[], sync: boolean) => { readonly ops: readonly KvOp[]; readonly sync: boolean }
  readonly logAll?: boolean
}

/** One simulated network: real nodes, simulated everything else. */
export class World {
  readonly probes = new Probes()
  readonly knobs: Knobs
  readonly sim: SimChain
  readonly timeline: Timeline
  readonly misfortunes: Prng
  readonly observer: Observer
  readonly client: Client
  readonly weather: Weather
  readonly members: readonly Member[]
  readonly logs: string[] = []
  violation: Violation | undefined
  calm = false
  readonly campaign: Campaign | undefined
  private readonly network: MemoryNetwork
  private readonly authenticator: Authenticator
  private readonly forgetful: readonly Shared<unknown>[]
  /** Runs whatever can be run, for who keeps no rules. */
  private readonly everything: EraExecutor
  /** What is worked out once for all machines. */
  private readonly shared: Pick<NodePorts, 'memo' | 'decoder' | 'executor'>
  private readonly checks: Checks
  /** The chain as the machines get it. */
  private readonly chain: MainChain
  private readonly faults: Prng
  /** The delegate whose machine's disk is spoilt. */
  private readonly victim: number
  private readonly options: WorldOptions

  constructor(knobs: Knobs, options: WorldOptions = {}) {
    this.knobs = knobs
    this.options = options
    this.sim = createSimChain(knobs)
    this.faults = createPrng(`faults ${knobs.seed}`)
    this.victim = knobs.home ? createPrng(`victim ${knobs.seed}`).int(knobs.producers + knobs.backups) : -1
    this.misfortunes = createPrng(`misfortunes ${knobs.seed}`)
    const ties = createPrng(`ties ${knobs.seed}`)
    const startMs = Number(this.sim.chain.genesis.genesisTimeMs)
    this.timeline = new Timeline({ startMs, ...(knobs.shuffle ? { priority: () => ties.u32() } : {}) })
    const { chain } = this.sim
    const executor = createEraExecutor(singleEra(chain.first))
    this.authenticator = createAuthenticator({
      exec: inlineExec,
      network: chain.network,
      method: (tx) => executor.methodOf(tx),
    })
    const engine = sharedEngine(chain)
    const { successors } = this.sim
    this.everything = createEraExecutor({
      first: chain.first,
      find: (hash) => successors.open(hash),
      obtain: async (hash) => successors.open(hash),
    })
    const [outcomes, decoder, checks] = [sharedOutcomes(), sharedDecoder(), sharedChecks()]
    this.checks = knobs.executeAll ? plainChecks : checks.value
    const judged = sharedAdmission({ upgrades: knobs.upgrade !== undefined })
    this.chain = knobs.executeAll ? chain : engine.value
    this.shared = knobs.executeAll
      ? {}
      : { memo: outcomes.value, decoder: decoder.value, executor: judged.value(executor) }
    this.forgetful = knobs.executeAll ? [] : [engine, outcomes, decoder, judged, checks]
    const { block: decode } = this.shared.decoder ?? plainDecoder
    this.observer = new Observer({ probes: this.probes, decode, fail: (rule, detail) => this.fail(rule, detail) })
    const names = this.names()
    this.campaign = this.openCampaign(names, knobs.executeAll ? undefined : judged.value)
    this.weather = new Weather({
      knobs,
      names: names.map(({ name }) => name),
      probes: this.probes,
      nowMs: () => this.timeline.now(),
    })
    this.network = createMemoryNetwork({ clock: this.timeline, policy: this.weather.policy })
    this.members = names.map((one) => this.build(one))
    this.client = new Client({
      knobs,
      sim: this.sim,
      probes: this.probes,
      observer: this.observer,
      machines: this.members.map(({ machine }) => machine),
      accepted: (machine, entry) => this.accepted(machine, entry),
      fail: (rule, detail) => this.fail(rule, detail),
    })
  }

  /** Everything machines share is worked out again. */
  forget(): void {
    for (const { forget } of this.forgetful) forget()
    if (this.forgetful.length > 0) this.probes.hit('shared work forgotten')
  }

  honest(): readonly Member[] {
    return this.members.filter(({ misbehaves }) => misbehaves === undefined)
  }

  slot(): number {
    return Math.floor((this.timeline.now() - Number(this.sim.chain.genesis.genesisTimeMs)) / this.knobs.slotMs)
  }

  /** Only the first violation counts; everything after it may be a consequence. */
  fail(rule: string, detail: string): void {
    this.violation ??= { rule, detail, slot: this.slot() }
  }

  note(line: string): void {
    this.timeline.note(line)
    if (this.options.logAll === true) this.logs.push(`${this.slot()} ${line}`)
  }

  private openCampaign(
    names: ReturnType<World['names']>,
    admission: ((executor: EraExecutor) => EraExecutor) | undefined,
  ): Campaign | undefined {
    const { knobs, sim, probes } = this
    const { upgrade } = knobs
    if (upgrade === undefined) return undefined
    return new Campaign({
      knobs,
      upgrade,
      sim,
      probes,
      admission,
      memo: this.shared.memo,
      decoder: this.shared.decoder,
      machines: names.map(({ name, misbehaves }) => ({ name, honest: misbehaves === undefined })),
      loggerOf: (name) => this.loggerOf(name, false),
      isSplit: () => this.weather.isSplit(),
      note: (line) => this.note(line),
      fail: (rule, detail) => this.fail(rule, detail),
      ended: (name, start) => this.collectionMissing(name, start),
    })
  }

  /** A node that cannot run the next block has said so, and ends; whoever runs it starts it again later. */
  private collectionMissing(name: string, start: number): void {
    const slots = 1 + this.faults.int(this.knobs.longestOutage)
    this.timeline.after(this.faults.int(this.knobs.slotMs), () => {
      const member = this.members.find(({ machine }) => machine.name === name)
      if (member?.machine.starts === start) this.crash(member, this.calm ? 0 : slots)
    })
  }

  /** The last machine may come later than all others. */
  joinsAt(member: Member): number {
    const at = this.knobs.upgrade?.joinsAt ?? 0
    return member === this.members.at(-1) && this.members.length > 1 ? at : 0
  }

  start(member: Member): void {
    const { machine } = member
    const { campaign } = this
    if (machine.starts > 0) campaign?.starting(machine.name, this.calm)
    else if (this.joinsAt(member) > 0)
      campaign?.joins(machine.name, this.observer.decidedHash(this.observer.highestDecided()))
    const again = machine.starts > 0
    const before = this.observer.finalHeight(machine.name)
    machine.start().then(
      (node) => {
        const honest = member.misbehaves === undefined
        if (honest && again) this.checkRestart(member, before)
        node.api.subscribe((event) => this.heard(member, event))
        this.note(`${machine.name} runs at ${node.ledger.head().header.height}`)
        if (again) this.probes.hit('restart')
      },
      (error: unknown) => {
        if (machine.isBroken()) this.probes.hit('disk error during a start')
        else if (this.refused(member, error)) this.probes.hit('start refused')
        else this.fail('start', `${machine.name}: ${error instanceof Error ? error.stack : String(error)}`)
      },
    )
  }

  crash(member: Member, slots: number): void {
    const { machine, disk, damage } = member
    const { faults } = this
    if (!machine.up && !machine.isBroken()) return
    if (disk.busy()) this.probes.hit('restart during a write')
    this.note(`${machine.name} crashes`)
    machine.crash({
      ...(damage === undefined ? {} : { torn: (operations) => damage.torn(operations) }),
      arrived: (waiting) => faults.int(waiting + 1),
      kept: (unsynced) => {
        const kept = faults.int(unsynced + 1)
        if (kept < unsynced) this.probes.hit('unsynced batch lost')
        return kept
      },
    })
    if (member.misbehaves === 'amnesia') (member.recordDisk ?? disk).wipe(SIGNER_BUCKET)
    if (damage?.lose(member) === true) this.forgets(member)
    this.campaign?.crashed(machine.name)
    member.crashes += 1
    member.backAt = this.slot() + slots
  }

  /** The machine is set up anew with the program it had at first; its chain is kept. */
  revert(member: Member): void {
    if (!member.machine.up || this.calm) return
    this.crash(member, 1)
    this.campaign?.reverted(member.machine.name)
  }

  /** The machine is put back to an old backup, chain and record, in another place. */
  restoreBackup(member: Member): void {
    if (!member.machine.up) return
    this.crash(member, 1)
    member.damage?.restore(member)
    this.forgets(member, true)
    this.note(`${member.machine.name} is put back to an old backup`)
  }

  /** What a machine had said and promised binds it no more. */
  private forgets({ machine: { name } }: Member, watched = false): void {
    this.observer.forget(name, { watched })
    this.client.forget(name)
  }

  /** A start that failed because of what the disk holds: its owner removes the chain, and starts it again. */
  private refused(member: Member, error: unknown): boolean {
    if (this.campaign?.refuses(member.machine.name, error) === true) {
      member.machine.crash({ arrived: () => 0, kept: (unsynced) => unsynced })
      member.backAt = this.slot() + 1
      member.crashes += 1
      return true
    }
    if (member.damage === undefined || !(error instanceof AelfError) || error.code !== 'ledger.corrupt') return false
    this.note(`${member.machine.name} refuses its store: ${error.message}`)
    this.probes.hit('damaged store refused')
    member.machine.crash({ arrived: () => 0, kept: (unsynced) => unsynced })
    this.remove(member)
    member.backAt = this.slot() + 1
    member.crashes += 1
    return true
  }

  private remove(member: Member): void {
    member.corrupt = false
    member.damage?.remove(member)
    this.forgets(member)
  }

  private names(): readonly {
    readonly name: string
    readonly delegate: number
    readonly misbehaves: Misbehaviour | undefined
  }[] {
    return this.sim.delegates.flatMap(({ name }, delegate) => {
      const misbehaves = this.knobs.misbehaviours.find(({ machine }) => machine === delegate)?.kind
      const one = { name, delegate, misbehaves }
      return misbehaves === 'twin' ? [one, { ...one, name: `${name}twin` }] : [one]
    })
  }

  private build({
    name,
    delegate,
    misbehaves,
  }: {
    name: string
    delegate: number
    misbehaves: Misbehaviour | undefined
  }): Member {
    const keys = this.sim.delegates[delegate]
    if (keys === undefined) throw new Error(`no delegate ${delegate}`)
    const { knobs, timeline, network } = this
    const isVictim = delegate === this.victim && !name.endsWith('twin')
    const damage = isVictim ? new Damage(knobs, this.probes) : undefined
    const disk = this.diskOf(name, damage)
    const recordDisk = knobs.home ? this.recordDiskOf(name) : undefined
    const peers = (): readonly string[] =>
      this.members.map(({ machine }) => machine.name).filter((other) => other !== name)
    const lies = createPrng(`lies ${knobs.seed} ${name}`)
    const machine = new Machine({
      name,
      timeline,
      disk,
      ...(recordDisk === undefined ? {} : { recordDisk }),
      ...(knobs.home ? { checks: this.checks } : {}),
      node: async (record) => ({
        name,
        keepStates: KEPT_STATES,
        relay: knobs.relay,
        farBlocks: BigInt(knobs.farBlocks),
        producer:
          record === undefined
            ? { privateKey: keys.privateKey, reveals: keys.reveals }
            : await this.watched(name, { keys, record, damage, honest: misbehaves === undefined }),
      }),
      connect: () => network.join(name),
      disconnect: () => network.leave(name),
      ports: (clock) => ({
        chain: this.chain,
        ...(this.campaign?.portsOf(machine, clock) ?? { authenticator: this.authenticator, ...this.shared }),
      }),
      opened: async (node) => this.campaign?.opened(name, node),
      logger: this.loggerOf(name, misbehaves !== undefined),
      receives: misbehaves === 'censor' ? this.deafness() : this.corruption(name),
      storageFailed: (error) => this.storageFailed(name, error),
      sends: (message, to) => {
        const by = { machine: name, honest: misbehaves === undefined }
        const read = (bytes: Bytes): ReturnType<Observer['published']> => this.observer.published(bytes, by)
        if (message[0] === 1 && to === undefined) {
          const block = read(message)
          const { header } = block
          if (machine.node !== undefined) this.campaign?.published(name, block, machine.node.ledger as never)
          this.note(`${name} makes ${header.height} ${header.hash} in ${header.slot}`)
        }
        if (misbehaves === undefined || this.calm) return [{ to, message }]
        return distort(message, to, {
          kind: misbehaves,
          privateKey: keys.privateKey,
          peers: peers(),
          lies: () => lies.bool([2, 3]),
          pick: (n) => lies.int(n),
          read,
          sent: () => this.probes.hit('equivocation sent'),
          ...(knobs.siblings ? { sibling: (block) => this.siblingOf(machine, block, keys) } : {}),
          lieKinds: knobs.lies,
          later: (kept, peer) => machine.sendLater(lies.int(20 * knobs.slotMs), kept, peer),
          tells: (act) => this.probes.hit(act),
        })
      },
    })
    return { machine, disk, recordDisk, damage, delegate, misbehaves, corrupt: false, backAt: 0, crashes: 0 }
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
  private async watched(
    name: string,
    made: { keys: Delegate; record: KeyValue; damage: Damage | undefined; honest: boolean },
  ): Promise<NonNullable<NodeOptions['producer']>> {
    const { privateKey, reveals } = made.keys
    const signer = await openSigner({ privateKey, store: openBucket(made.record, 'signer') })
    const { same: sameHome, doubtful } = made.damage?.found() ?? { same: true, doubtful: false }
    const inUse = (error: Error): void => {
      if (made.honest) this.fail('keyWatch', `${name}: ${error.message}`)
    }
    return { signer, reveals, watch: { watchSlots: 0, sameHome, doubtful, inUse } }
  }

  private recordDiskOf(name: string): SimDisk {
    const pace = createPrng(`record disk ${this.knobs.seed} ${name}`)
    return new SimDisk({ clock: this.timeline, latency: () => 1 + pace.int(this.knobs.diskMs) })
  }

  private deafness(): (peer: string, message: Bytes) => Bytes | undefined {
    return (_peer, message) => {
      if (this.calm || messageKind(message) !== 'transactions') return message
      this.probes.hit('transactions censored')
      return undefined
    }
  }

  private diskOf(name: string, damage: Damage | undefined): SimDisk {
    const { knobs, timeline, options } = this
    const pace = createPrng(`disk ${knobs.seed} ${name}`)
    const faults = createPrng(`disk faults ${knobs.seed} ${name}`)
    return new SimDisk({
      clock: timeline,
      latency: () => 1 + pace.int(knobs.diskMs),
      fault: (sync) => {
        if (this.calm || knobs.diskFault === 0 || faults.int(10_000) >= knobs.diskFault) return undefined
        const kind = faults.pick(['ENOSPC: no space left on device', 'EIO: i/o error'])
        this.probes.hit(`disk error ${kind.slice(0, kind.indexOf(':'))}${sync ? '' : ' unsynced'}`)
        return kind
      },
      readFault: () => (this.calm ? undefined : damage?.readFault()),
      begun: (ms) => this.written(name, damage, ms),
      ignored: () => this.fail('storage', `${name} wrote again after its disk had failed`),
      ...(options.rewrite === undefined ? {} : { rewrite: options.rewrite }),
    })
  }

  /** Power may go while a disk is busy: that is what tears a write. */
  private written(name: string, damage: Damage | undefined, ms: number): void {
    const cut = this.calm ? undefined : damage?.cutsPower(ms)
    if (cut === undefined) return
    this.timeline.after(cut, () => {
      const member = this.members.find(({ machine }) => machine.name === name)
      if (member?.machine.up !== true || this.calm || !member.disk.busy()) return
      this.probes.hit('power cut during a write')
      this.crash(member, 1 + this.misfortunes.int(3))
    })
  }

  /** A node whose disk failed ends; whoever runs it starts it again later. */
  private storageFailed(name: string, error: Error): void {
    const member = this.members.find(({ machine }) => machine.name === name)
    if (member === undefined) return
    this.note(`the disk of ${name} failed`)
    if (error instanceof AelfError && error.walk(isCorruption) !== undefined) {
      this.probes.hit('damage found by a read')
      member.corrupt = true
    }
    const slots = 1 + this.faults.int(this.knobs.longestOutage)
    this.timeline.after(this.faults.int(this.knobs.slotMs), () => {
      if (!member.machine.isBroken()) return
      this.crash(member, this.calm ? 0 : slots)
      if (member.corrupt) this.remove(member)
      this.probes.hit('machine ended after a disk error')
    })
  }

  /** Some messages arrive with other bytes, few enough from each peer that nobody takes it for an enemy. */
  private corruption(name: string): (peer: string, message: Bytes) => Bytes {
    const prng = createPrng(`corruption ${this.knobs.seed} ${name}`)
    const times = new Map<string, number>()
    return (peer, message) => {
      const done = times.get(peer) ?? 0
      if (this.calm || done >= MAX_CORRUPTIONS || prng.int(1000) >= this.knobs.corrupt) return message
      times.set(peer, done + 1)
      this.probes.hit('message corrupted')
      const other = message.slice()
      for (let left = 1 + prng.int(4); left > 0; left--) {
        const at = prng.int(other.length)
        other[at] = (other[at] ?? 0) ^ (1 + prng.int(255))
      }
      return prng.int(8) === 0 ? other.subarray(0, prng.int(other.length)) : other
    }
  }

  private loggerOf(name: string, forgiven: boolean): Logger {
    const isBroken = (): boolean => this.members.some(({ machine }) => machine.name === name && machine.isBroken())
    const keep = (level: string, message: string, fields?: object): void => {
      if (this.options.logAll === true)
        this.logs.push(
          `${this.slot()} ${name} ${level} ${message} ${JSON.stringify(fields, (_k, v) => (typeof v === 'bigint' ? String(v) : v))}`,
        )
    }
    return {
      debug: () => undefined,
      info: (message, fields) => keep('info', message, fields),
      warn: (message, fields) => {
        keep('warn', message, fields)
        this.probes.hit(`warned: ${message}`)
        const about = String(fields?.['peer'] ?? '')
        const honestPeer = this.members.some(
          ({ machine, misbehaves }) => machine.name === about && misbehaves === undefined,
        )
        if (message === 'A peer is ignored from now on' && honestPeer && !forgiven)
          this.fail('ignored', `${name} ignores the honest ${about}`)
      },
      error: (message, fields) => {
        keep('error', message, fields)
        // In the moment between the last block it can run and its end.
        if (this.campaign?.isStopping(name) === true) return
        if (!forgiven && !isBroken())
          this.fail(
            'log',
            `${name}: ${message} ${JSON.stringify(fields, (_k, v) => (typeof v === 'bigint' ? String(v) : v))}`,
          )
      },
    }
  }

  private heard(member: Member, event: NodeEvent): void {
    const { machine, misbehaves } = member
    if (event.kind === 'pending') return
    this.note(`${machine.name} ${event.kind} ${event.header.height} ${event.header.hash}`)
    if (misbehaves !== undefined || machine.node === undefined) return
    this.observer.saw(machine.name, machine.node.ledger as never, event)
    this.campaign?.heard(machine.name, machine.node.ledger as never, event)
  }

  private accepted(machine: Machine, { id }: Accepted): void {
    this.note(`${machine.name} accepts ${id}`)
    if (this.calm || this.faults.int(1000) >= this.knobs.crashAfterAnswer) return
    const member = this.members.find((one) => one.machine === machine)
    if (member !== undefined) this.timeline.after(this.faults.int(3), () => this.crash(member, 1 + this.faults.int(2)))
  }

  /** What was promised before power went is still there. */
  private checkRestart({ machine }: Member, finalBefore: bigint): void {
    const { node } = machine
    if (node === undefined) return
    const { ledger, mempool } = node
    const final = ledger.finalized().header
    if (final.height < finalBefore)
      this.fail('restart', `${machine.name} fell from the irreversible height ${finalBefore} to ${final.height}`)
    this.observer.finalised(machine.name, ledger as never, final)
    if (ledger.headTree().root !== ledger.head().header.stateRoot)
      this.fail('restart', `${machine.name} came back with another state`)
    const recent = ledger.recent()
    for (const { id, machine: promisedBy, refHeight, refHash, certain } of this.client.accepted) {
      if (
        promisedBy !== machine.name ||
        !certain ||
        recent.markAt(refHeight) !== refHash ||
        recent.includes(id, refHeight)
      )
        continue
      if (mempool.get(id) === undefined) this.fail('accepted', `${machine.name} lost ${id} when it restarted`)
      else this.probes.hit('accepted transaction came back')
    }
  }

  /** Encoded canonical blocks of one machine from height 1 to its head. */
  async chainOf({ machine }: Member): Promise<readonly Bytes[]> {
    const blocks: Bytes[] = []
    const { node } = machine
    if (node === undefined) return blocks
    for (let height = 1n; height <= node.ledger.head().header.height; height += 1n) {
      const hash: Hash | undefined = await node.ledger.hashAt(height)
      const stored = hash === undefined ? undefined : await node.ledger.block(hash)
      if (stored === undefined) throw new Error(`${machine.name} has no block ${height}`)
      blocks.push(encodeBlock(stored.block))
    }
    return blocks
  }

  /** Whether enough of the producers of a machine's chain are there to make blocks irreversible. */
  canDecide({ machine }: Member): boolean {
    const state = machine.node?.ledger.headState()
    if (state === undefined) return false
    const lists = [state.term.producers, ...(state.pending === undefined ? [] : [state.pending.producers])]
    const evicted = new Set<Address>([...state.evicted, ...(state.pending?.evicted ?? [])])
    const slot = BigInt(this.slot())
    const out = new Set(
      [...state.records].filter(([, { excludedUntil }]) => excludedUntil > slot).map(([address]) => address),
    )
    const alive = new Set(
      this.members.filter(({ machine: { up } }) => up).map(({ delegate }) => this.sim.delegates[delegate]?.address),
    )
    const turn = scheduleAt(state, slot + 1n)
    if (turn === undefined) return false
    return lists.every((list) => {
      const able = list.filter(
        ({ address }) =>
          alive.has(address) && !evicted.has(address) && (!out.has(address) || state.round.order.includes(address)),
      )
      return able.length >= Math.floor((2 * list.length) / 3) + 1
    })
  }
}
