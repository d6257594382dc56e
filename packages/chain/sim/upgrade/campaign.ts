import { createEraExecutor, type EraExecutor, type Needed } from '#executor'
import { type Block, readCurrentCollection } from '#kernel'
import type { BlockNode, Outcome, OutcomeMemo } from '#ledger'
import {
  CollectionWatch,
  createAuthenticator,
  inlineExec,
  type NodeEvent,
  type NodePorts,
  nodeExitCode,
  nodeExitCodes,
  openingError,
  type RunningNode,
} from '#node'
import {
  AelfError,
  type Bytes,
  bytesToHash,
  type Clock,
  createPrng,
  type Hash,
  type Logger,
  type Prng,
  ZERO_HASH,
} from '#primitives'
import type { Machine } from '#testing'
import type { SimChain } from '../genesis.ts'
import type { Knobs, UpgradeKnobs } from '../knobs.ts'
import { collectionsOf } from '../oracle/chain.ts'
import { type Course, neededOf, nextOf } from '../oracle/collection.ts'
import type { Probes } from '../report.ts'
import { Courses } from './courses.ts'
import { type Deed, drawPlan } from './plan.ts'
import { Shelf } from './shelf.ts'
import { bundleBytes, hashOf, SUCCESSORS } from './successors.ts'

export interface CampaignOptions {
  readonly knobs: Knobs
  readonly upgrade: UpgradeKnobs
  readonly sim: SimChain
  readonly machines: readonly { readonly name: string; readonly honest: boolean }[]
  readonly probes: Probes
  loggerOf(name: string): Logger
  /** What machines share, when they do. */
  readonly memo: OutcomeMemo | undefined
  readonly decoder: NodePorts['decoder'] | undefined
  readonly admission: ((executor: EraExecutor) => EraExecutor) | undefined
  isSplit(): boolean
  note(line: string): void
  fail(rule: string, detail: string): void
  /** A node has said that it cannot go on, in its start of that number. */
  ended(name: string, start: number): void
}

/** One machine as far as upgrades are concerned. */
interface Side {
  readonly name: string
  readonly honest: boolean
  readonly shelf: Shelf
  readonly odd: Prng
  wanted: Hash | undefined
  watch: CollectionWatch | undefined
  /** What it stopped for last, and where. */
  missing: { readonly hash: Hash; readonly height: bigint } | undefined
  stopped: boolean
  /** Its operator takes what peers give; left out: only what the network has decided already. */
  readonly autoInstall: true | undefined
  node: RunningNode | undefined
  /** Where it stands and cannot go on, since when, and whether peers were asked meanwhile. */
  stuck: { readonly at: string; readonly slots: number; readonly asks: boolean } | undefined
  late: boolean
}

/** How long the daemon asks peers before it ends. */
const PATIENCE_MS = 120_000

type AnyNode = Pick<BlockNode<unknown>, 'header' | 'tree' | 'parent'>
type Chain = { node(hash: Hash): AnyNode | undefined; head(): AnyNode }

/** Operators who install collections and have them signalled, or do not, and what must hold whatever they do. */
export class Campaign {
  private readonly options: CampaignOptions
  private readonly courses: Courses
  private readonly sides: ReadonlyMap<string, Side>
  private readonly plan: readonly Deed[]
  private readonly names: readonly string[]
  private readonly prng: Prng
  private readonly candidates = new Map<number, string>()
  private done = 0

  constructor(options: CampaignOptions) {
    this.options = options
    const { knobs, sim, upgrade } = options
    const { chain } = sim
    const known = collectionsOf(sim.genesis)
    this.courses = new Courses(chain.genesisBlock.header, chain.genesis.collectionHash, (hash) => {
      const found = known.get(hash)
      if (found === undefined) throw new Error(`nobody has the collection ${hash}`)
      return found
    })
    this.prng = createPrng(`campaign ${knobs.seed}`)
    this.names = options.machines.map(({ name }) => name)
    this.sides = new Map(
      options.machines.map(({ name, honest }) => {
        const shelf = new Shelf(sim.successors, chain.first)
        const odd = createPrng(`odd signals ${knobs.seed} ${name}`)
        const autoInstall: true | undefined = odd.int(4) === 0 ? true : undefined
        const side = { name, honest, shelf, odd, autoInstall, node: undefined, late: false, stopped: false }
        return [name, { ...side, wanted: undefined, watch: undefined, missing: undefined, stuck: undefined }]
      }),
    )
    this.plan = drawPlan(knobs, upgrade, { machines: this.names.length, home: chain.first.hash })
  }

  private side(name: string): Side {
    const found = this.sides.get(name)
    if (found === undefined) throw new Error(`no machine ${name}`)
    return found
  }

  /** For one start of one machine: what it has installed decides what it can run. */
  portsOf(
    machine: Machine,
    clock: Clock,
  ): Pick<NodePorts, 'executor' | 'authenticator' | 'memo' | 'decoder' | 'signal' | 'lacks' | 'bundles'> {
    const side = this.side(machine.name)
    const { options } = this
    const { memo, decoder, admission, sim } = options
    const eras = side.shelf.open((hash) => this.fetch(side, hash))
    const executor = createEraExecutor(eras)
    const authenticator = createAuthenticator({
      exec: inlineExec,
      network: sim.chain.network,
      method: (tx) => executor.methodOf(tx),
    })
    const start = machine.starts
    const watch: CollectionWatch = new CollectionWatch({
      collections: eras,
      logger: options.loggerOf(side.name),
      // Nothing is fetched to be signalled.
      wanted: async () => (side.wanted !== undefined && side.shelf.has(side.wanted) ? side.wanted : undefined),
      autoInstall: side.autoInstall,
      clock,
      patienceMs: PATIENCE_MS,
      fail: (error) => {
        if (side.watch === watch) this.stops(side, error, start)
      },
    })
    side.watch = watch
    side.node = undefined
    side.stopped = false
    return {
      executor: admission?.(executor) ?? executor,
      authenticator,
      ...(memo === undefined ? {} : { memo: gated(memo, side.shelf) }),
      ...(decoder === undefined ? {} : { decoder }),
      signal: () => this.signalOf(side, watch),
      lacks: (needed) => {
        this.options.probes.hit('block waits for its collection')
        watch.lacks(needed)
      },
      bundles: { read: async (hash) => this.bundle(side, hash) },
    }
  }

  private async fetch(side: Side, hash: Hash): Promise<Bytes | undefined> {
    const { node } = side
    if (node === undefined || side.watch?.mayFetch(hash) !== true) return undefined
    const bytes = await node.fetchBundle(hash)
    if (bytes === undefined || side.node !== node) return undefined
    this.options.probes.hit('bundle fetched from a peer')
    this.options.note(`${side.name} fetches ${hash}`)
    return bytes
  }

  /** For a peer. Who misbehaves gives something else now and then. */
  private bundle(side: Side, hash: Hash): Bytes | undefined {
    const bytes = side.shelf.has(hash) ? bundleBytes(hash) : undefined
    if (side.honest || bytes === undefined || side.odd.bool()) return bytes
    this.options.probes.hit('false bundle given')
    return side.odd.bytes(bytes.length)
  }

  /** Its node is gone. */
  crashed(name: string): void {
    const side = this.side(name)
    side.watch?.stop()
    side.watch = undefined
    side.node = undefined
  }

  /** As the daemon does: before the node runs. */
  async opened(name: string, node: RunningNode): Promise<void> {
    const side = this.side(name)
    side.node = node
    await side.watch?.follow(node)
  }

  private signalOf(side: Side, watch: CollectionWatch): Hash {
    if (side.honest || side.odd.bool()) return watch.signal()
    this.options.probes.hit('odd signal')
    const noise = bytesToHash(side.odd.bytes(32))
    return side.odd.pick([...SUCCESSORS.map(hashOf), hashOf('odd'), hashOf('odd'), noise, this.home()])
  }

  private home(): Hash {
    return this.options.sim.chain.first.hash
  }

  /** A node says that it cannot go on: it must be right, and say it as agreed. */
  private stops(side: Side, error: Error, start: number): void {
    const { probes, fail, note, ended } = this.options
    const { node } = side
    if (node === undefined || side.stopped) return
    side.stopped = true
    const head: AnyNode = node.ledger.head()
    const details: Readonly<Record<string, unknown>> = error instanceof AelfError ? error.details : {}
    const said = `${side.name} stopped: ${error.message}`
    if (nodeExitCode(error) !== nodeExitCodes.collection) fail('laggard', `${said}, with another code`)
    const needs = this.neededAfter(head)
    const missing = needs.find(
      ({ hash, height }) => hash === details['collection'] && String(height) === details['height'],
    )
    const hash = String(details['collection']) as Hash
    // Beside its own chain, when the others have gone on with it.
    if (missing === undefined && this.courses.ran(hash, Number(details['height'])))
      probes.hit('stopped on a lost branch')
    else if (missing === undefined)
      fail('laggard', `${said}; needed is ${needs.map((one) => `${one.hash} at ${one.height}`).join(', ')}`)
    if (side.shelf.has(hash)) fail('laggard', `${said}, and has it`)
    note(`${side.name} stops before ${head.header.height + 1n}`)
    probes.hit(side.missing?.hash === hash ? 'laggard stopped again' : 'laggard stopped')
    side.missing = { hash, height: head.header.height + 1n }
    ended(side.name, start)
  }

  /** A start that failed for want of a collection it had run before. */
  refuses(name: string, error: unknown): boolean {
    const side = this.side(name)
    const said = openingError(error)
    if (nodeExitCode(said) !== nodeExitCodes.collection || !(said instanceof AelfError)) return false
    const hash = String(said.details['collection']) as Hash
    if (side.shelf.has(hash)) this.options.fail('laggard', `${name} does not start for want of ${hash}, and has it`)
    this.options.probes.hit('reverted machine refused its data')
    side.missing = { hash, height: BigInt(String(said.details['height'])) }
    return true
  }

  isStopping(name: string): boolean {
    return this.side(name).stopped
  }

  /** The machine is down, and comes back without what was installed on it. */
  reverted(name: string): void {
    const { shelf } = this.side(name)
    shelf.clear()
    this.options.note(`${name} is set up anew`)
    this.options.probes.hit('machine reverted')
  }

  /** Before each start: who was stopped may have fetched what was missing. */
  starting(name: string, calm: boolean): void {
    const side = this.side(name)
    const { missing, shelf } = side
    if (missing === undefined || shelf.has(missing.hash)) return
    if (calm || this.prng.bool()) this.install(side, missing.hash)
  }

  /** The first start of a machine that was not there from the beginning. */
  joins(name: string, final: Hash | undefined): void {
    const course = final === undefined ? undefined : this.courses.get(final)
    this.side(name).late = (course?.upgrades.length ?? 0) > 0
  }

  private install(side: Side, hash: Hash): void {
    if (side.shelf.install(hash)) this.options.note(`${side.name} installs ${hash}`)
  }

  /** All is well: everybody has what there is. */
  calm(): void {
    for (const side of this.sides.values()) for (const hash of SUCCESSORS.map(hashOf)) this.install(side, hash)
  }

  /** Once a slot. */
  tick(slot: number, machines: readonly Machine[]): void {
    for (let deed = this.plan[this.done]; deed !== undefined && deed.slot <= slot; deed = this.plan[this.done]) {
      this.done += 1
      const side = this.side(this.names[deed.machine] ?? '')
      if (deed.act === 'signal') side.wanted = deed.hash
      else if (deed.hash !== undefined) this.install(side, deed.hash)
    }
    for (const machine of machines) this.look(machine)
  }

  /** Who has no code for the next block has stopped by now. */
  private look(machine: Machine): void {
    const side = this.side(machine.name)
    const { node } = machine
    const idle = node === undefined || machine.isFrozen() || machine.isBroken() || side.stopped || !side.honest
    const head = node?.ledger.head()
    const needs = idle || head === undefined ? [] : this.neededAfter(head)
    const missing = needs.find(({ hash }) => !side.shelf.has(hash))
    if (missing === undefined) {
      side.stuck = undefined
      return
    }
    const at = `${machine.starts} ${head?.header.hash}`
    const before = side.stuck?.at === at ? side.stuck : { slots: 0, asks: false }
    const stuck = { at, slots: before.slots + 1, asks: before.asks || side.watch?.mayFetch(missing.hash) === true }
    side.stuck = stuck
    // Whoever may ask peers does so for a while.
    const most = stuck.asks ? Math.ceil(PATIENCE_MS / this.options.knobs.slotMs) + 3 : 1
    if (stuck.slots > most)
      this.options.fail('laggard', `${machine.name} goes on at ${head?.header.height} without ${missing.hash}`)
  }

  private courseOf(node: AnyNode): Course | undefined {
    try {
      return this.courses.of(node)
    } catch (error) {
      this.options.fail('collection', `block ${node.header.height}: ${error instanceof Error ? error.message : ''}`)
      return undefined
    }
  }

  /** What a machine cannot make or take another block without. */
  private neededAfter(head: AnyNode): readonly Needed[] {
    const course = this.courseOf(head)
    return course === undefined
      ? []
      : neededOf(course).map(({ hash, height }) => ({ hash: `0x${hash}` as Hash, height: BigInt(height) }))
  }

  private nextAt(head: AnyNode): string | undefined {
    const course = this.courseOf(head)
    return course === undefined ? undefined : nextOf(course)
  }

  /** A block that a machine made: with code it has, for code it has. */
  published(name: string, { header }: Block, chain: Chain): void {
    const side = this.side(name)
    const parent = chain.node(header.parentHash)
    const next = parent === undefined || !side.honest ? undefined : this.nextAt(parent)
    if (next === undefined) return
    const { fail } = this.options
    if (!side.shelf.has(`0x${next}`)) fail('laggard', `${name} made block ${header.height} without ${next}`)
    if (header.signal !== ZERO_HASH && !side.shelf.has(header.signal))
      fail('signal', `${name} signals ${header.signal} in block ${header.height} and does not have it`)
  }

  /** An event of an honest machine. */
  heard(name: string, chain: Chain, event: NodeEvent): void {
    if (event.kind === 'pending') return
    const side = this.side(name)
    const { probes } = this.options
    if (event.kind === 'finalized') {
      const upgrades = this.courses.get(event.header.hash)?.upgrades.length ?? 0
      if (side.late && upgrades > 0) {
        probes.hit('late joiner across activation')
        side.late = false
      }
      if (side.missing !== undefined && event.header.height > side.missing.height) {
        probes.hit('laggard resumed')
        side.missing = undefined
      }
      return
    }
    for (const hash of event.removed) this.reorganised(this.courses.get(hash))
    for (const hash of event.added) {
      const node = chain.node(hash)
      if (node !== undefined) this.adopted(side, node)
    }
  }

  private adopted(side: Side, node: AnyNode): void {
    const { fail, probes, isSplit } = this.options
    const course = this.courseOf(node)
    if (course === undefined) return
    const wrong = this.courses.fault(node, course)
    if (wrong !== undefined) fail('collection', `${side.name}: ${wrong}`)
    const needs = [course.ran, ...(course.said.includes('calledOff') ? [course.current.former] : [])]
    for (const hash of needs)
      if (!side.shelf.has(`0x${hash}`)) fail('laggard', `${side.name} ran block ${course.height} without ${hash}`)
    if (isSplit()) for (const said of course.said) probes.hit(`while split: ${said}`)
    const locked = course.candidate?.hash
    const other = this.candidates.get(course.height)
    if (locked !== undefined && other !== undefined && other !== locked) probes.hit('branches with rival candidates')
    if (locked !== undefined) this.candidates.set(course.height, locked)
  }

  private reorganised(course: Course | undefined): void {
    const { probes } = this.options
    if (course === undefined) return
    if (course.said.includes('lockedIn') || course.said.includes('replaced'))
      probes.hit('reorganisation across lock-in')
    if (course.said.includes('activated')) probes.hit('reorganisation across activation')
    if (course.current.since === course.height && course.height > 0) probes.hit('reorganisation across a first block')
  }
}

const needed = new WeakMap<Outcome, readonly Hash[]>()

/** What neighbours found out, for whoever could have found it out itself. */
function gated(memo: OutcomeMemo, shelf: Shelf): OutcomeMemo {
  return {
    ...memo,
    get: (hash) => {
      const outcome = memo.get(hash)
      if (outcome === undefined) return undefined
      let hashes = needed.get(outcome)
      if (hashes === undefined) {
        const current = readCurrentCollection(outcome.tree)
        // One of the two ran it; whoever lacks either does the work itself, or cannot.
        hashes = current === undefined ? [] : [current.hash, current.former].filter((one) => one !== ZERO_HASH)
        needed.set(outcome, hashes)
      }
      return hashes.every((one) => shelf.has(one)) ? outcome : undefined
    },
  }
}
