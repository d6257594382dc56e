import type { NodeEvent } from '#node'
import { createMemoryNetwork } from '#p2p'
import { createPrng, type Prng } from '#primitives'
import { Timeline } from '#testing'
import { type Accepted, Client } from './client.ts'
import { createSimChain, type SimChain } from './genesis.ts'
import { checkRestart } from './inspect.ts'
import type { Knobs } from './knobs.ts'
import { machineLog } from './machineLog.ts'
import { Machines } from './machines.ts'
import { type Member, type Role, rolesOf, type Stage, type WorldOptions } from './member.ts'
import { Observer } from './observer.ts'
import { Outages } from './outages.ts'
import { Probes, type Violation } from './report.ts'
import { type SharedWork, shareWork } from './sharedWork.ts'
import { Campaign } from './upgrade/campaign.ts'
import { Weather } from './weather.ts'

/** One simulated network: real nodes, simulated everything else. */
export class World implements Stage {
  readonly probes = new Probes()
  readonly knobs: Knobs
  readonly options: WorldOptions
  readonly sim: SimChain
  readonly timeline: Timeline
  readonly misfortunes: Prng
  readonly observer: Observer
  readonly client: Client
  readonly weather: Weather
  readonly outages: Outages
  readonly members: readonly Member[]
  readonly logs: string[] = []
  violation: Violation | undefined
  calm = false
  readonly campaign: Campaign | undefined
  private readonly work: SharedWork

  constructor(knobs: Knobs, options: WorldOptions = {}) {
    this.knobs = knobs
    this.options = options
    const sim = createSimChain(knobs)
    this.sim = sim
    this.misfortunes = createPrng(`misfortunes ${knobs.seed}`)
    const ties = createPrng(`ties ${knobs.seed}`)
    const startMs = Number(sim.chain.genesis.genesisTimeMs)
    this.timeline = new Timeline({ startMs, ...(knobs.shuffle ? { priority: () => ties.u32() } : {}) })
    this.work = shareWork(knobs, sim)
    const { probes } = this
    const fail = (rule: string, detail: string): void => this.fail(rule, detail)
    this.observer = new Observer({ probes, decode: this.work.decode, fail })
    this.outages = new Outages(this)
    const roles = rolesOf(sim, knobs)
    this.campaign = this.openCampaign(roles)
    const names = roles.map(({ name }) => name)
    this.weather = new Weather({ knobs, names, probes, nowMs: () => this.timeline.now() })
    const network = createMemoryNetwork({ clock: this.timeline, policy: this.weather.policy })
    const machines = new Machines({ stage: this, outages: this.outages, network, work: this.work })
    this.members = roles.map((role) => machines.build(role))
    this.client = new Client({
      knobs,
      sim,
      probes,
      observer: this.observer,
      machines: this.members.map(({ machine }) => machine),
      accepted: (machine, entry) => this.accepted(machine.name, entry),
      fail,
    })
  }

  /** Everything machines share is worked out again. */
  forget(): void {
    if (this.work.forget()) this.probes.hit('shared work forgotten')
  }

  honest(): readonly Member[] {
    return this.members.filter(({ misbehaves }) => misbehaves === undefined)
  }

  memberOf(name: string): Member | undefined {
    return this.members.find(({ machine }) => machine.name === name)
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
    if (this.options.logAll === true) this.log(line)
  }

  log(line: string): void {
    this.logs.push(`${this.slot()} ${line}`)
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
        if (honest && again) checkRestart(this, member, before)
        node.api.subscribe((event) => this.heard(member, event))
        this.note(`${machine.name} runs at ${node.ledger.head().header.height}`)
        if (again) this.probes.hit('restart')
      },
      (error: unknown) => {
        if (machine.isBroken()) this.probes.hit('disk error during a start')
        else if (this.outages.refused(member, error)) this.probes.hit('start refused')
        else this.fail('start', `${machine.name}: ${error instanceof Error ? error.stack : String(error)}`)
      },
    )
  }

  private openCampaign(roles: readonly Role[]): Campaign | undefined {
    const { knobs, sim, probes, work } = this
    const { upgrade } = knobs
    if (upgrade === undefined) return undefined
    return new Campaign({
      knobs,
      upgrade,
      sim,
      probes,
      admission: work.admission,
      memo: work.ports.memo,
      decoder: work.ports.decoder,
      machines: roles.map(({ name, misbehaves }) => ({ name, honest: misbehaves === undefined })),
      loggerOf: (name) => machineLog(this, name, false),
      isSplit: () => this.weather.isSplit(),
      note: (line) => this.note(line),
      fail: (rule, detail) => this.fail(rule, detail),
      ended: (name, start) => this.outages.collectionMissing(name, start),
    })
  }

  private heard(member: Member, event: NodeEvent): void {
    const { machine, misbehaves } = member
    if (event.kind === 'pending') return
    this.note(`${machine.name} ${event.kind} ${event.header.height} ${event.header.hash}`)
    if (misbehaves !== undefined || machine.node === undefined) return
    this.observer.saw(machine.name, machine.node.ledger as never, event)
    this.campaign?.heard(machine.name, machine.node.ledger as never, event)
  }

  private accepted(name: string, { id }: Accepted): void {
    this.note(`${name} accepts ${id}`)
    this.outages.answered(name)
  }
}
