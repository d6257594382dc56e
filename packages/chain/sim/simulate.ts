import { createPrng } from '#primitives'
import { installSimulationEngines, recordSignatures } from './engines.ts'
import { canDecide, chainOf } from './inspect.ts'
import type { Knobs } from './knobs.ts'
import type { Member, WorldOptions } from './member.ts'
import { OracleChain, OracleFault, plainHex } from './oracle/chain.ts'
import type { Report } from './report.ts'
import { World } from './world.ts'

/** Slots at the end in which nobody sends anything new. */
const QUIET_SLOTS = 4
/** Blocks a machine may need until an accepted transaction is in the chain, on top of two rounds. */
const PATIENCE = 12

/** Runs one seed from genesis to its verdict. */
export async function simulate(knobs: Knobs, options: WorldOptions = {}): Promise<Report> {
  installSimulationEngines()
  const signed = recordSignatures({ foresee: !knobs.executeAll })
  const world = new World(knobs, options)
  const rejected = (reason: unknown): void =>
    world.fail('rejection', reason instanceof Error ? String(reason.stack) : String(reason))
  process.on('unhandledRejection', rejected)
  const grid = new Grid(world)
  try {
    for (const member of world.members) if (world.joinsAt(member) === 0) world.start(member)
    await faultyPhase(world, grid)
    const healedAt = await calmPhase(world, grid)
    const oracle = await judge(world, signed, healedAt)
    return report(world, grid, oracle)
  } finally {
    process.off('unhandledRejection', rejected)
  }
}

function report(world: World, grid: Grid, oracle: OracleChain | undefined): Report {
  const { knobs, violation, probes, timeline } = world
  return {
    seed: knobs.seed,
    knobs,
    violation,
    probes: probes.counts,
    tasks: timeline.count(),
    timeline: [...grid.lines(), ...world.logs],
    digest: `${timeline.digest()}${violation === undefined ? '' : `!${violation.rule}`}`,
    blocks: oracle?.height ?? 0,
    rounds: Math.floor((knobs.faultySlots + knobs.calmSlots) / (knobs.producers + 1)),
  }
}

async function toNextSlot(world: World, grid: Grid): Promise<void> {
  const { timeline, knobs } = world
  const next = Number(world.sim.chain.genesis.genesisTimeMs) + (world.slot() + 1) * knobs.slotMs
  await timeline.runUntil(next, () => world.violation !== undefined)
  grid.line()
}

function act(world: World, prng: ReturnType<typeof createPrng>): void {
  const { knobs, timeline } = world
  for (let left = knobs.load; left > 0; left -= 10) {
    if (prng.int(10) < left) timeline.after(prng.int(knobs.slotMs), () => world.client.act())
  }
}

async function faultyPhase(world: World, grid: Grid): Promise<void> {
  const { knobs, timeline, weather, probes } = world
  const prng = createPrng(`schedule ${knobs.seed}`)
  const chance = (thousandths: number): boolean => prng.int(1000) < thousandths
  const outage = (): number => 1 + prng.int(knobs.longestOutage)
  for (const { machine } of world.members)
    machine.setClock(knobs.skewMs === 0 ? 0 : prng.int(2 * knobs.skewMs + 1) - knobs.skewMs)
  const clocks = createPrng(`clocks ${knobs.seed}`)
  const rates = world.members.map(() =>
    knobs.clockRate === 0 ? 0 : clocks.int(2 * knobs.clockRate + 1) - knobs.clockRate,
  )
  let healAt = 0
  while (world.slot() < knobs.faultySlots && world.violation === undefined) {
    const slot = world.slot()
    if (weather.isSplit() && slot >= healAt) {
      weather.heal()
      world.note('the network is whole')
    } else if (!weather.isSplit() && chance(knobs.partition)) {
      world.note(`the network splits: ${weather.part()}`)
      healAt = slot + 1 + prng.int(knobs.longestPartition)
    }
    world.campaign?.tick(
      slot,
      world.members.map(({ machine }) => machine),
    )
    for (const member of world.members) {
      const { machine } = member
      if (machine.starts === 0) {
        if (slot >= world.joinsAt(member)) restart(world, member)
      } else if (!machine.up) {
        if (member.crashes > 0 && slot >= member.backAt && !isStarting(member)) restart(world, member)
      } else if (machine.isFrozen()) {
        if (slot >= member.backAt) {
          machine.thaw()
          probes.hit('machine thawed')
        }
      } else if (knobs.clockJump > 0 && clocks.int(1000) < knobs.clockJump) {
        machine.setClock(machine.clockOffset() - clocks.pick([1, 3, 900]) * knobs.slotMs)
        probes.hit('clock jumped back')
      } else if (chance(knobs.crash)) {
        const slots = outage()
        timeline.after(prng.int(knobs.slotMs), () => world.outages.crash(member, slots))
      } else if (chance(knobs.freeze)) {
        member.backAt = slot + outage()
        timeline.after(prng.int(knobs.slotMs), () => machine.freeze())
      }
    }
    weather.tick()
    misfortune(world)
    drift(world, rates)
    act(world, prng)
    await toNextSlot(world, grid)
  }
}

/** Faults that came later, from numbers of their own. */
function misfortune(world: World): void {
  const { knobs, timeline, members, misfortunes: prng } = world
  const chance = (thousandths: number): boolean => thousandths > 0 && prng.int(1000) < thousandths
  for (const member of members) {
    const { damage, machine } = member
    if (damage === undefined) continue
    damage.rot(member)
    damage.keep(member, world.slot())
    if (machine.up && damage.wantsBackup())
      timeline.after(prng.int(knobs.slotMs), () => world.outages.restoreBackup(member))
  }
  const reverted = knobs.upgrade?.reverted ?? 0
  for (const member of members) {
    if (!chance(reverted)) continue
    timeline.after(prng.int(knobs.slotMs), () => world.outages.revert(member))
  }
  if (chance(knobs.flood)) timeline.after(prng.int(knobs.slotMs), () => world.client.flood())
  if (chance(knobs.forget)) timeline.after(prng.int(knobs.slotMs), () => world.forget())
}

/** Clocks that run too fast or too slow, and are set right when they are ten seconds or five slots off. */
function drift({ members, knobs, probes }: World, rates: readonly number[]): void {
  if (knobs.clockRate === 0) return
  const most = Math.max(10_000, 5 * knobs.slotMs)
  members.forEach(({ machine }, index) => {
    const offset = machine.clockOffset() + Math.round(((rates[index] ?? 0) * knobs.slotMs) / 1000)
    machine.setClock(Math.abs(offset) > most ? 0 : offset)
    if (Math.abs(offset) > most) probes.hit('clock set right')
  })
}

const starting = new WeakMap<Member, number>()
/** A start that was not answered yet; a crash ends it. */
const isStarting = (member: Member): boolean => starting.get(member) === member.crashes

/** Damage that is found only now ends a node, too: it is started again. */
function revive(world: World): void {
  for (const member of world.members) {
    const { machine, damage } = member
    const isDown = !machine.up && !machine.isBroken() && member.crashes > 0
    if ((damage !== undefined || world.campaign !== undefined) && isDown && !isStarting(member)) restart(world, member)
  }
}

function restart(world: World, member: Member): void {
  starting.set(member, member.crashes)
  world.start(member)
}

/** Everything heals; what must go on, goes on. Answers the highest height at the moment of healing. */
async function calmPhase(world: World, grid: Grid): Promise<bigint> {
  const { knobs, timeline, weather, members } = world
  const prng = createPrng(`calm ${knobs.seed}`)
  if (world.violation !== undefined) return 0n
  // What anybody ever made counts: votes begin again only above it.
  const top = members.reduce((most, { machine }) => {
    const { node } = machine
    const heights = node === undefined ? [] : [node.ledger.head().header.height, node.signer?.generatedHeight() ?? 0n]
    return heights.reduce((high, height) => (height > high ? height : high), most)
  }, 0n)
  world.calm = true
  world.campaign?.calm()
  weather.heal()
  weather.calm = true
  world.note('all faults end')
  for (const member of members) {
    const { machine } = member
    machine.setClock(0)
    machine.thaw()
    if (machine.name.endsWith('twin')) {
      if (machine.up) world.outages.crash(member, 1_000_000)
    } else if (!machine.up && !isStarting(member)) restart(world, member)
  }
  await timeline.runUntil(timeline.now() + 400 + 40 * knobs.diskMs, () => world.violation !== undefined)
  const healedAt = members.reduce((most, { machine }) => {
    const height = machine.node?.ledger.head().header.height ?? 0n
    return height > most ? height : most
  }, top)
  const stalled = healedAt - world.observer.highestDecided() > BigInt(5 * (knobs.producers + 1))
  const before = world.honest().some((member) => canDecide(world, member))
  const end = knobs.faultySlots + knobs.calmSlots
  while (world.slot() < end && world.violation === undefined) {
    if (world.slot() < end - QUIET_SLOTS) act(world, prng)
    revive(world)
    world.campaign?.tick(
      world.slot(),
      world.members.map(({ machine }) => machine),
    )
    await toNextSlot(world, grid)
  }
  await outgrow(world, grid, healedAt)
  if (world.violation === undefined) demandProgress(world, { healedAt, stalled, before })
  return healedAt
}

/**
 * Who made higher blocks on a lost fork votes for nothing until the chain is as high (DPOS-VOTE-2), so a network that
 * returned to a shorter chain gets its time to grow.
 */
async function outgrow(world: World, grid: Grid, healedAt: bigint): Promise<void> {
  const { knobs } = world
  const wanted = healedAt + BigInt(6 * (knobs.producers + 2))
  const last = world.slot() + knobs.faultySlots + knobs.calmSlots
  const lowest = (): bigint =>
    world.honest().reduce((low, { machine }) => {
      const height = machine.node?.ledger.head().header.height ?? 0n
      return low < 0n || height < low ? height : low
    }, -1n)
  const decided = (): boolean =>
    world.honest().every(({ machine }) => (machine.node?.ledger.finalized().header.height ?? 0n) > healedAt)
  if (decided() || lowest() >= wanted) return
  world.probes.hit('shorter chain won')
  while (world.slot() < last && world.violation === undefined && !decided() && lowest() < wanted) {
    revive(world)
    await toNextSlot(world, grid)
  }
}

function demandProgress(
  world: World,
  { healedAt, stalled, before }: { healedAt: bigint; stalled: boolean; before: boolean },
): void {
  const { probes, observer } = world
  const after = world.honest().every((member) => canDecide(world, member))
  if (!before || !after) {
    probes.hit('liveness not demanded')
    return
  }
  probes.hit('liveness demanded')
  for (const { machine } of world.honest()) {
    const final = machine.node?.ledger.finalized().header.height ?? -1n
    if (final <= healedAt)
      world.fail(
        'liveness',
        `${machine.name} is at the irreversible height ${final}, the chain was at ${healedAt} when all faults ended`,
      )
  }
  if (stalled && observer.highestDecided() > healedAt) probes.hit('finality stalled and resumed')
}

/** The oracle reads the chain of the machine that is furthest and says whether it could have come about. */
async function judge(
  world: World,
  signed: ReadonlyMap<string, ReadonlySet<string>>,
  healedAt: bigint,
): Promise<OracleChain | undefined> {
  if (world.violation !== undefined) return undefined
  // A spoilt disk may hold other bytes in blocks its node has not read since.
  const whole = world.honest().filter(({ damage }) => damage === undefined)
  const furthest = [...(whole.length > 0 ? whole : world.honest())].sort((a, b) => rankOf(b) - rankOf(a))[0]
  if (furthest?.machine.node === undefined) return undefined
  const { client, sim } = world
  let oracle: OracleChain | undefined
  try {
    oracle = new OracleChain(sim.genesis, {
      signedTransaction: (id, signature) => client.signatures.get(id) === `0x${signature}`,
      signedHeader: (hash) => signed.has(`0x${hash}`),
    })
    for (const bytes of await chainOf(furthest)) {
      const { header } = oracle.follow(bytes)
      if (signed.get(`0x${header.hash}`)?.has(`0x${header.producer}${header.signature.slice(0, 128)}`) !== true)
        world.fail('oracle:headerSignature', `block ${header.height} is signed by another`)
    }
    oracle.checkSums()
  } catch (error) {
    if (error instanceof OracleFault) world.fail(`oracle:${error.rule}`, error.message)
    else world.fail('oracle', error instanceof Error ? String(error.stack) : String(error))
    return oracle
  }
  const final = Number(furthest.machine.node.ledger.finalized().header.height)
  if (final !== oracle.votes.finalized)
    world.fail('finality', `${furthest.machine.name} says ${final}, its headers say ${oracle.votes.finalized}`)
  compareMachines(world, oracle)
  checkAccepted(world, oracle, healedAt)
  countFacts(world, oracle)
  return oracle
}

const rankOf = ({ machine }: Member): number =>
  Number(machine.node?.ledger.finalized().header.height ?? -1n) * 1e6 +
  Number(machine.node?.ledger.head().header.height ?? 0n)

/** Whatever height a machine's head has, its state there is the one the oracle computed, when it is on the same chain. */
function compareMachines(world: World, oracle: OracleChain): void {
  for (const { machine } of world.honest()) {
    const ledger = machine.node?.ledger
    if (ledger === undefined) continue
    const height = Number(ledger.finalized().header.height)
    if (oracle.hashes[height] !== plainHex(ledger.finalized().header.hash))
      world.fail('agreement', `${machine.name} holds another block for irreversible at ${height}`)
    const { header } = ledger.head()
    const known = oracle.hashes[Number(header.height)] === plainHex(header.hash)
    if (known && oracle.stateRoots[Number(header.height)] !== plainHex(ledger.headTree().root))
      world.fail('state', `${machine.name} has another state at ${header.height}`)
  }
}

/** What was accepted is in the chain, once, or its mark had no time left. */
function checkAccepted(world: World, oracle: OracleChain, healedAt: bigint): void {
  const { client, probes, knobs } = world
  const patience = 2 * (knobs.producers + 1) + PATIENCE
  for (const { id, machine, refHeight, refHash, certain } of client.accepted) {
    const included = oracle.included.get(plainHex(id))
    if (included !== undefined) continue
    const mark = Number(refHeight)
    if (oracle.hashes[mark]?.startsWith(plainHex(refHash)) !== true) {
      probes.hit('mark on a dead fork')
      continue
    }
    if (oracle.height - mark > 64) probes.hit('transaction expired')
    const forgiven = world.members.some((member) => member.machine.name === machine && member.misbehaves !== undefined)
    if (!certain || forgiven || probes.counts.get('liveness demanded') === undefined) continue
    // A node that was cut off goes on accepting by its old head until it has caught up.
    const from = Math.max(mark, Number(healedAt))
    if (Math.min(mark + 64, oracle.height) - from > patience) {
      world.fail(
        'inclusion',
        `${id}, accepted by ${machine} with the mark ${mark}, never came into the chain (${healedAt} healed, ${oracle.height} head)`,
      )
    }
  }
}

function countFacts({ probes }: World, { facts }: OracleChain): void {
  probes.hit('slot missed', facts.missed)
  probes.hit('extra slot missed', facts.extraMissed)
  probes.hit('producer excluded', facts.excluded)
  probes.hit('excluded producer let back in', facts.replaced)
  probes.hit('network halt survived', facts.halts)
  probes.hit('term changed', facts.termsChanged)
  probes.hit('new producer elected', facts.newProducers)
  probes.hit('place displaced', facts.displaced)
  probes.hit('evidence punished', facts.evictions)
  probes.hit('transaction included', facts.transactions)
  probes.hit('transaction failed in a block', facts.failed)
  for (const [name, probe] of [
    ['2.6', 'vote included'],
    ['2.7', 'vote changed'],
    ['2.4', 'delegate quit'],
    ['2.9', 'vote withdrawn'],
    ['1.6', 'lock released'],
    ['4.1', 'reward claimed'],
    ['4.2', 'commission claimed'],
    ['6.1', 'member voted for'],
    ['7.1', 'proposal submitted'],
    ['7.2', 'proposal adopted'],
    ['7.3', 'proposal declined'],
    ['7.4', 'proposal reviewed'],
  ] as const) {
    probes.hit(probe, facts.calls.get(name) ?? 0)
  }
  for (const [name, times] of facts.calls) probes.hit(`call ${name}`, times)
  for (const [name, probe] of UPDATE_FACTS) probes.hit(probe, facts.updates.get(name) ?? 0)
}

/** What the oracle says of updates on the final chain, and the probe for it. */
const UPDATE_FACTS = [
  ['lockedIn', 'locked in'],
  ['replaced', 'candidate replaced'],
  ['reset', 'confirmation reset'],
  ['activated', 'collection activated'],
  ['calledOff', 'activation called off'],
  ['oneShort', 'one short of a lock-in'],
  ['heldAtTheLine', 'support held at the line'],
  ['lostByOne', 'support one below the line'],
  ['competing', 'competing bundles'],
] as const

/** One line a slot, one column a machine. */
class Grid {
  private readonly world: World
  private readonly text: string[] = []
  private readonly heads = new Map<string, { head: bigint; final: bigint }>()

  constructor(world: World) {
    this.world = world
  }

  line(): void {
    const { members, weather } = this.world
    const cells = members.map(({ machine }) => {
      const { node } = machine
      if (node === undefined) return 'x'.padEnd(10)
      const [head, final] = [node.ledger.head().header, node.ledger.finalized().header.height]
      const before = this.heads.get(machine.name) ?? { head: 0n, final: 0n }
      this.heads.set(machine.name, { head: head.height, final })
      const mine =
        head.producer === node.signer?.address && head.height > before.head
          ? 'B'
          : head.height > before.head
            ? '·'
            : ' '
      return `${machine.isFrozen() ? 'z' : mine}${final > before.final ? '*' : ' '}${head.height}/${final}`.padEnd(10)
    })
    this.text.push(`${String(this.world.slot()).padStart(5)} ${weather.isSplit() ? '≠' : ' '} ${cells.join('')}`)
  }

  lines(): readonly string[] {
    return [`slot    ${this.world.members.map(({ machine }) => machine.name.padEnd(10)).join('')}`, ...this.text]
  }
}
