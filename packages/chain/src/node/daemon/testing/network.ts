import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type MainChainOptions, writeGenesisFile } from '#chains'
import { createRevealChain } from '#consensus/dpos'
import { createMemoryNetwork } from '#p2p'
import type { Cancel, Clock, Logger } from '#primitives'
import { createKeystore, type DelegateSecrets, delegateSecrets } from '../../keys/keystore.ts'
import { pooledExec } from '../../recoverPool.ts'
import { type NodeDeps, type RunningDaemon, startNode } from '../daemon.ts'
import { type NodeConfig, type NodeFlags, readNodeConfig } from '../nodeConfig.ts'

export const PASSWORD = 'a password for tests'
export const SLOT_MS = 250
const ELF = 100_000_000n
const REVEALS = 2000

export const quiet: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
}

/** Folders of a small network, ready to start nodes in. */
export interface TestNetwork {
  readonly folder: string
  readonly genesis: MainChainOptions
  readonly secrets: readonly DelegateSecrets[]
  /** A node of its own folder; `delegate` names whose key it has, none makes an observer. */
  config(name: string, delegate?: number, flags?: NodeFlags): Promise<NodeConfig>
  remove(): Promise<void>
}

export async function createTestNetwork(
  delegates: number,
  slotMs: number = SLOT_MS,
  params: Readonly<Record<string, bigint>> = {},
): Promise<TestNetwork> {
  const folder = await mkdtemp(join(tmpdir(), 'aelf-daemon-'))
  const secrets = Array.from({ length: delegates }, (_, index) =>
    delegateSecrets(new Uint8Array(32).fill(index + 1), REVEALS),
  )
  const producers = secrets.map(({ address, revealSecret }) => ({
    address,
    commitment: createRevealChain(revealSecret, REVEALS).commitment,
  }))
  const [first] = producers
  const genesis: MainChainOptions = {
    network: 'aelf test',
    chainId: 77,
    genesisTimeMs: Date.now() - (Date.now() % slotMs),
    slotMs,
    termSeconds: 604_800,
    producers,
    candidates: producers.map(({ address, commitment }, index) => ({
      address,
      commitment,
      name: `Delegate ${index}`,
      url: '',
      commissionBps: 500,
    })),
    votes: [],
    balances: producers.map(({ address }) => ({ account: address, amount: 2_000_000n * ELF })),
    foundation: first?.address ?? secrets[0]!.address,
    params,
  }
  await writeFile(join(folder, 'genesis.json'), writeGenesisFile(genesis))
  await writeFile(join(folder, 'password'), `${PASSWORD}\n`)
  for (const [index, one] of secrets.entries()) {
    await writeFile(join(folder, `keystore${index}.json`), await createKeystore(one, PASSWORD, { n: 1 << 12 }))
  }
  return {
    folder,
    genesis,
    secrets,
    async config(name, delegate, flags = {}) {
      const producer =
        delegate === undefined ? '' : `producer: { keystore: ./keystore${delegate}.json, passwordFile: ./password }\n`
      const text = `dataDir: ./${name}
genesis: ./genesis.json
p2p: { listen: [/ip4/127.0.0.1/tcp/0] }
rpc: { port: 0 }
metrics: { port: 0 }
${producer}`
      return readNodeConfig({ text, folder }, flags)
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  }
}

interface Timer {
  readonly due: number
  readonly order: number
  readonly run: () => void
}

/** A clock that moves only when told, so that a busy machine makes nobody miss a slot. */
class SteppedClock implements Clock {
  private time: number
  private order = 0
  private timers: Timer[] = []

  constructor(startMs: number) {
    this.time = startMs
  }

  now(): number {
    return this.time
  }

  after(ms: number, run: () => void): Cancel {
    if (ms <= 0) {
      const soon = setImmediate(run)
      return () => clearImmediate(soon)
    }
    const timer = { due: this.time + ms, order: this.order, run }
    this.order += 1
    this.timers.push(timer)
    return () => {
      this.timers = this.timers.filter((other) => other !== timer)
    }
  }

  /** Moves on to a time; what is due on the way runs in order. */
  moveTo(time: number): void {
    for (;;) {
      const due = this.timers.filter((timer) => timer.due <= time)
      const next = due.sort((one, other) => one.due - other.due || one.order - other.order)[0]
      if (next === undefined) break
      this.timers = this.timers.filter((timer) => timer !== next)
      this.time = Math.max(this.time, next.due)
      next.run()
    }
    this.time = time
  }
}

/** Daemons of one process on a memory network and one clock, moved slot by slot. */
export interface Stage {
  /** Starts a daemon that ends with `stop`. */
  start(name: string, delegate?: number, deps?: Partial<NodeDeps>): Promise<RunningDaemon>
  /** Starts one whose configuration is changed. */
  startWith(name: string, config: NodeConfig, deps?: Partial<NodeDeps>): Promise<RunningDaemon>
  /** Moves the clock slot by slot until something holds. */
  until(what: () => boolean): Promise<void>
  now(): number
  /** Moves the clock by so many slots. */
  pass(slots: number): Promise<void>
  stop(): Promise<void>
}

const QUIET_TURNS = 4
const PROBE = { digest: new Uint8Array(32), signature: new Uint8Array(65) }
const MAX_SLOTS = 400

export function createStage(world: TestNetwork): Stage {
  const { genesisTimeMs, slotMs } = world.genesis
  const clock = new SteppedClock(genesisTimeMs + slotMs / 2)
  const network = createMemoryNetwork({ clock })
  let running: RunningDaemon[] = []

  const settle = async (): Promise<void> => {
    for (let quietTurns = 0; quietTurns < QUIET_TURNS; ) {
      await new Promise((resolve) => setTimeout(resolve, 1))
      // Once behind whatever other threads have in hand: a busy machine must not let the clock run ahead of a node's work.
      await Promise.all([pooledExec.recoverBatch([PROBE], { ahead: true }), stat(world.folder)])
      for (const { node } of running) {
        await node.producer?.settled()
        await node.ledger.idle()
      }
      quietTurns = network.inFlight() === 0 ? quietTurns + 1 : 0
    }
  }
  const pass = async (slots: number): Promise<void> => {
    for (let count = 0; count < slots; count += 1) {
      clock.moveTo(clock.now() + slotMs)
      await settle()
    }
  }
  const open = (name: string) => async () => ({
    net: network.join(name),
    peerId: name,
    listenAddresses: () => [],
    peers: () => [],
    bans: () => [],
    banned: () => 0,
    stop: async () => network.leave(name),
  })
  const startWith: Stage['startWith'] = async (name, config, deps = {}) => {
    const options = { logger: quiet, clock, openNetwork: open(name), processFigures: false, ...deps }
    const daemon = await startNode(config, options)
    running.push(daemon)
    await settle()
    return {
      ...daemon,
      async stop() {
        running = running.filter((other) => other !== daemon)
        await daemon.stop()
      },
    }
  }
  return {
    startWith,
    now: () => clock.now(),
    start: async (name, delegate, deps) => startWith(name, await world.config(name, delegate), deps),
    pass,
    async until(what) {
      for (let slots = 0; !what(); slots += 1) {
        if (slots > MAX_SLOTS) throw new Error(`never: ${String(what)}`)
        await pass(1)
      }
    },
    async stop() {
      for (const daemon of running.splice(0)) await daemon.stop()
    },
  }
}

/** Waits for something that the nodes bring about by themselves. */
export async function until(what: () => boolean): Promise<void> {
  const limit = Date.now() + 20_000
  while (!what()) {
    if (Date.now() > limit) throw new Error(`never: ${String(what)}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
