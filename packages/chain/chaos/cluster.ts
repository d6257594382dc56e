import { cp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { asHash, createPrng, type Prng } from '#primitives'
import { type Member, type NetworkFolders, writeConfig } from './folders.ts'
import { Ledger, type Trouble } from './ledger.ts'
import { Patience } from './patience.ts'
import { EndedEarly, end, type LaunchOptions, launch, type NodeProcess } from './process.ts'
import { type Link, openLink } from './proxy.ts'
import type { Rules } from './rules.ts'
import { signedBy } from './signedLog.ts'

/** One node of the network under test. */
export class ChaosNode {
  readonly member: Member
  readonly index: number
  running: NodeProcess | undefined
  frozen = false
  starts = 0
  /** Slowest start so far, in milliseconds. */
  slowestStartMs = 0
  trouble: Trouble | undefined
  /** Height up to which its blocks were compared. */
  compared = 0
  /** The process that signed a block since it began: it does not watch for its key any more. */
  signing: NodeProcess | undefined
  /** Set while the process may end: somebody is ending it. */
  expected = false

  constructor(member: Member, index: number) {
    this.member = member
    this.index = index
  }

  get name(): string {
    return this.member.name
  }
}

export interface NodeView {
  readonly height: number
  readonly finalized: number
}

const LOOK_MS = 100
/** A node that was asked to stop ends within this. */
const STOP_MS = 5_000

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** Real processes that reach each other only through faulty links, and the record of what they promised. */
export class Cluster {
  readonly nodes: readonly ChaosNode[]
  readonly ledger: Ledger = new Ledger()
  readonly folders: NetworkFolders
  readonly prng: Prng
  /** Highest head that anybody showed. */
  height = 0
  private readonly links = new Map<string, Link>()
  private readonly options: LaunchOptions

  constructor(folders: NetworkFolders, seed: string, options: LaunchOptions = {}) {
    this.folders = folders
    this.prng = createPrng(`cluster/${seed}`)
    this.options = options
    this.nodes = folders.members.map((member, index) => new ChaosNode(member, index))
  }

  async open(): Promise<void> {
    for (const from of this.nodes) {
      for (const to of this.nodes) {
        if (from === to) continue
        const name = `${from.name}>${to.name}`
        const target = (): { host: string; port: number } => ({ host: '127.0.0.1', port: to.running?.p2pPort ?? 1 })
        this.links.set(name, await openLink({ name, seed: this.folders.plan.seed, target }))
      }
    }
    for (const node of this.nodes) {
      const peers = this.nodes
        .filter((other) => other !== node)
        .map((other) => `/ip4/127.0.0.1/tcp/${this.link(node, other).port}/p2p/${other.member.peerId}`)
      await writeConfig(node.member, peers)
    }
  }

  link(from: ChaosNode, to: ChaosNode): Link {
    const link = this.links.get(`${from.name}>${to.name}`)
    if (link === undefined) throw new Error(`there is no link from ${from.name} to ${to.name}`)
    return link
  }

  /** Nodes that made a block since they began. One that has not may still watch for its key. */
  signers(): ChaosNode[] {
    return this.up().filter(({ running, signing }) => running === signing)
  }

  up(): ChaosNode[] {
    return this.nodes.filter(({ running, frozen }) => running !== undefined && !frozen)
  }

  producers(): ChaosNode[] {
    return this.nodes.filter(({ member }) => member.delegate !== undefined)
  }

  /** Bytes from one node to another obey these rules, whoever opened the connection. */
  rule(from: ChaosNode, to: ChaosNode, rules: Partial<Rules>): void {
    this.link(from, to).set('there', rules)
    this.link(to, from).set('back', rules)
  }

  mend(): void {
    for (const link of this.links.values()) link.mend()
  }

  /** Notes that a node is under a fault from now on. */
  disturb(node: ChaosNode): void {
    node.trouble ??= this.ledger.begin(node.name, this.height)
  }

  /** Ends the notes of faults of these nodes, or of all; what was promised from now on counts. */
  calm(nodes: readonly ChaosNode[] = this.nodes): void {
    for (const node of nodes) {
      if (node.trouble === undefined || node.running === undefined || node.frozen) continue
      node.trouble.to = this.height
      node.trouble = undefined
    }
  }

  /** Starts a node. One that does not open by itself is a breach, and the reason is thrown. */
  async start(node: ChaosNode, options: LaunchOptions = {}): Promise<void> {
    if (node.running !== undefined) return
    node.starts += 1
    await this.readRecord(node)
    try {
      const running = await launch(node.member, { ...this.options, ...options })
      node.running = running
      node.slowestStartMs = Math.max(node.slowestStartMs, Date.now() - running.startedMs)
      void running.ended.then(({ code, signal }) => {
        if (node.running === running) node.running = undefined
        if (node.expected) return
        // What it promised before counts again once it runs.
        this.disturb(node)
        this.ledger.breach('ended', `${node.name} ended by itself with ${code ?? signal}`)
      })
      this.watch(node, running)
    } catch (error) {
      if (!(error instanceof EndedEarly && node.expected)) this.ledger.breach('repair', String(error))
      throw error
    }
  }

  private watch(node: ChaosNode, running: NodeProcess): void {
    const { socket } = running
    const { genesisTimeMs, plan } = this.folders
    const failed = (): void => {}
    socket
      .subscribe('heads', ({ height, hash, slot, producer }) => {
        this.height = Math.max(this.height, Number(height))
        this.ledger.events += 1
        const madeMs = genesisTimeMs + Number(slot) * plan.slotMs
        if (producer === node.member.delegate && madeMs > running.startedMs) node.signing = running
        this.ledger.saw({ node: node.name, height, hash: asHash(hash), slot, producer })
      })
      .catch(failed)
    socket
      .subscribe('finalized', ({ height, hash }) => this.ledger.sawFinalized(node.name, height, asHash(hash)))
      .catch(failed)
  }

  async startAll(): Promise<void> {
    await Promise.all(this.nodes.map((node) => this.start(node)))
  }

  /** Ends a node's process. */
  async end(node: ChaosNode, signal: NodeJS.Signals): Promise<number | undefined> {
    const { running } = node
    if (running === undefined) return undefined
    this.disturb(node)
    node.expected = true
    if (node.frozen) this.thaw(node)
    const { code, ms } = await end(running, signal)
    node.running = undefined
    node.expected = false
    await this.readRecord(node)
    if (signal === 'SIGTERM') {
      if (code !== 0) this.ledger.breach('ended', `${node.name} ended with ${code} when asked to stop`)
      if (ms > STOP_MS) this.ledger.breach('ended', `${node.name} took ${ms} ms to stop`)
    }
    return ms
  }

  /** Enters what a node's key signed; before the node starts again, which shortens its record. */
  async readRecord(node: ChaosNode): Promise<void> {
    for (const entry of await signedBy(node.member)) this.ledger.records(entry)
  }

  freeze(node: ChaosNode): void {
    this.disturb(node)
    node.frozen = node.running?.child.kill('SIGSTOP') === true
  }

  thaw(node: ChaosNode): void {
    node.running?.child.kill('SIGCONT')
    node.frozen = false
  }

  async view(node: ChaosNode): Promise<NodeView | undefined> {
    try {
      const info = await node.running?.client.request('aelf_chainInfo')
      if (info === undefined) return undefined
      this.height = Math.max(this.height, Number(info.height))
      return { height: Number(info.height), finalized: Number(info.finalizedHeight) }
    } catch {
      return undefined
    }
  }

  /** A limit for something that the nodes, or another process as well, must get done, with the links in between, which are this process. */
  patience(limitMs: number, another?: number): Patience {
    return new Patience({
      limitMs,
      pids: () => [another ?? process.pid, process.pid, ...this.nodes.map(({ running }) => running?.child.pid)],
    })
  }

  /** Waits until every node has made irreversible what comes after `above`, and says how long that took. */
  async awaitFinality(above: number, limitMs: number): Promise<number | undefined> {
    const patience = this.patience(limitMs)
    for (;;) {
      const views = await Promise.all(this.nodes.map((node) => this.view(node)))
      if (views.every((view) => view !== undefined && view.finalized > above)) return patience.elapsedMs()
      if (patience.isOver()) return undefined
      await sleep(LOOK_MS)
    }
  }

  /** Copies a node's data folder. The node must not run. */
  async backup(node: ChaosNode, name: string): Promise<string> {
    const place = join(node.member.folder, name)
    await rm(place, { recursive: true, force: true })
    await cp(node.member.dataDir, place, { recursive: true })
    return place
  }

  async restore(node: ChaosNode, place: string): Promise<void> {
    await rm(node.member.dataDir, { recursive: true, force: true })
    await cp(place, node.member.dataDir, { recursive: true })
  }

  async close(): Promise<void> {
    for (const node of this.nodes) {
      node.expected = true
      if (node.frozen) this.thaw(node)
    }
    await Promise.all(this.nodes.map((node) => this.end(node, 'SIGKILL')))
    for (const link of this.links.values()) await link.close()
  }
}
