import { beforeAll, describe, expect, test } from 'vitest'
import { createEraExecutor } from '#executor'
import { readCurrentCollection } from '#kernel'
import { CollectionWatch } from '#node'
import type { Hash } from '#primitives'
import { installSimulationEngines } from '../engines.ts'
import { createSimChain, type SimChain } from '../genesis.ts'
import { drawKnobs } from '../knobs.ts'
import { Shelf } from '../upgrade/shelf.ts'
import { bundleBytes, hashOf } from '../upgrade/successors.ts'
import { Author, SILENT } from './author.ts'
import { Late } from './late.ts'

const SLOTS = 60n
const PATIENCE_MS = 20_000
const knobs = {
  ...drawKnobs(1n, undefined, 1),
  producers: 4,
  backups: 0,
  slotMs: 4000,
  faultySlots: 100,
  calmSlots: 50,
  upgrade: { rule: { window: 5, lockIn: 4, confirm: 5 }, laggards: 0, reverted: 0, joinsAt: 0 },
}
const successor = hashOf('greeting')
const nothing = async (): Promise<undefined> => undefined

beforeAll(installSimulationEngines)

/** Somebody who has every collection. */
async function openAuthor(sim: SimChain): Promise<Author> {
  const all = new Shelf(sim.successors, sim.chain.first)
  all.install(successor)
  return Author.open(sim, createEraExecutor(all.open(nothing)))
}

/** The height of the successor's first block. */
const sinceOf = ({ ledger }: Author): bigint => readCurrentCollection(ledger.headTree())?.since ?? 0n

interface Watched {
  readonly late: Late
  readonly watch: CollectionWatch
  /** What peers were asked for. */
  readonly asked: Hash[]
  readonly failures: Error[]
}

/** A node without the successor, watched as the daemon does it for a producer. */
async function startLate(
  sim: SimChain,
  author: Author,
  { autoInstall, peersHaveIt }: { readonly autoInstall?: boolean; readonly peersHaveIt: boolean },
): Promise<Watched> {
  const asked: Hash[] = []
  const failures: Error[] = []
  const shelf = new Shelf(sim.successors, sim.chain.first)
  const eras = shelf.open(async (hash) => {
    if (!watch.mayFetch(hash)) return undefined
    asked.push(hash)
    return peersHaveIt ? bundleBytes(hash) : undefined
  })
  const ports = {
    executor: createEraExecutor(eras),
    lacks: (needed: Parameters<CollectionWatch['lacks']>[0]) => watch.lacks(needed),
  }
  const late = new Late(sim, author, { farBlocks: 1n, ports })
  const watch: CollectionWatch = new CollectionWatch({
    collections: eras,
    logger: SILENT,
    wanted: nothing,
    autoInstall,
    clock: late.timeline,
    patienceMs: PATIENCE_MS,
    fail: (error) => failures.push(error),
  })
  await late.start()
  if (late.machine.node === undefined) throw new Error('the node does not run')
  await watch.follow(late.machine.node)
  return { late, watch, asked, failures }
}

test('behavior: a late node stands before the first block of a collection it lacks, blames nobody, and goes on once it has it', async () => {
  const sim = createSimChain(knobs)
  const honest = await openAuthor(sim)
  await honest.write(SLOTS, { signal: successor })
  const since = sinceOf(honest)
  expect(since).toBeGreaterThan(8n)
  expect(since).toBeLessThan(SLOTS)
  const errors: string[] = []
  const logger = { ...SILENT, error: (message: string) => errors.push(message) }
  const own = new Shelf(sim.successors, sim.chain.first)
  const late = new Late(sim, honest, {
    farBlocks: 1n,
    ports: { executor: createEraExecutor(own.open(nothing)) },
    logger,
  })
  for (const name of ['a', 'b']) late.serve(name)
  await late.start()
  await expect(late.catchUp(honest, 60)).rejects.toThrow(`the node is at ${since - 1n}`)
  expect(errors).toEqual([])
  for (const verdicts of late.verdicts.values()) expect(verdicts.has('invalid')).toBe(false)
  own.install(successor)
  await late.catchUp(honest, 120)
  expect(late.machine.node?.ledger.headTree().root).toBe(honest.ledger.headTree().root)
  expect(errors).toEqual([])
})

describe('a producer that comes late', () => {
  test('takes the bundle from its peers, also when what headers prove ends exactly before the activation', async () => {
    const sim = createSimChain(knobs)
    const honest = await openAuthor(sim)
    let slot = 1n
    for (; sinceOf(honest) === 0n; slot += 1n) await honest.write(slot, { signal: successor })
    const since = sinceOf(honest)
    for (; honest.ledger.finalized().header.height < since - 1n; slot += 1n) await honest.write(slot)
    expect(honest.ledger.finalized().header.height).toBe(since - 1n)
    const { late, watch, asked, failures } = await startLate(sim, honest, { peersHaveIt: true })
    for (const name of ['a', 'b']) late.serve(name)
    await late.catchUp(honest, 60)
    expect(failures).toEqual([])
    expect(asked).toEqual([successor])
    expect(late.machine.node?.ledger.headTree().root).toBe(honest.ledger.headTree().root)
    watch.stop()
  })

  test('error: ends when its operator wants to choose', async () => {
    const sim = createSimChain(knobs)
    const honest = await openAuthor(sim)
    await honest.write(SLOTS, { signal: successor })
    const { late, asked, failures } = await startLate(sim, honest, { peersHaveIt: true, autoInstall: false })
    late.serve('a')
    await expect(late.catchUp(honest, 60)).rejects.toThrow('the node is at')
    expect(asked).toEqual([])
    expect(failures[0]).toMatchObject({ code: 'node.collection', details: { collection: successor } })
  })
})

describe('a producer on a branch that lost, which needs no successor, while the others went on with one', () => {
  /** Two branches, each of one producer, up to the activation on one of them, with which all go on. */
  async function split(): Promise<{ sim: SimChain; honest: Author; lost: Author; since: bigint }> {
    const sim = createSimChain(knobs)
    const usual = await openAuthor(sim)
    await usual.write(SLOTS, { signal: successor })
    const since = sinceOf(usual)
    const [one, other] = sim.delegates.map(({ address }) => new Set([address]))
    if (one === undefined || other === undefined) throw new Error('two producers are needed')
    const honest = await openAuthor(sim)
    const lost = await openAuthor(sim)
    for (const author of [honest, lost]) await author.copy(usual, since - 3n)
    const { header: fork } = honest.ledger.head()
    for (let slot = fork.slot + 1n; honest.ledger.head().header.height < since - 1n; slot += 1n)
      await honest.write(slot, { only: one, signal: successor })
    await honest.write(SLOTS, { signal: successor })
    expect(sinceOf(honest)).toBe(since)
    await lost.write(fork.slot + 20n, { only: other })
    expect(sinceOf(lost)).toBe(0n)
    expect(lost.ledger.head().header.height).toBeGreaterThan(since)
    return { sim, honest, lost, since }
  }

  test('takes the bundle that a block of theirs waits for', async () => {
    const { sim, honest, lost } = await split()
    const { late, watch, asked, failures } = await startLate(sim, honest, { peersHaveIt: true })
    late.serve('lost', undefined, lost)
    await late.catchUp(lost, 60)
    for (const name of ['a', 'b']) late.serve(name)
    await late.catchUp(honest, 120)
    expect(failures).toEqual([])
    expect(asked).toEqual([successor])
    watch.stop()
  })

  test.each([
    ['nobody gives it in time', undefined],
    ['its operator wants to choose', false],
  ])('error: ends when %s', async (_why, autoInstall) => {
    const { sim, honest, lost, since } = await split()
    const chosen = autoInstall === undefined ? {} : { autoInstall }
    const { late, failures } = await startLate(sim, honest, { peersHaveIt: false, ...chosen })
    late.serve('lost', undefined, lost)
    await late.catchUp(lost, 60)
    for (const name of ['a', 'b']) late.serve(name)
    await expect(late.catchUp(honest, 120)).rejects.toThrow(`the node is at ${lost.ledger.head().header.height}`)
    const details = { collection: successor, height: since.toString() }
    expect(failures[0]).toMatchObject({ code: 'node.collection', details })
  })
})
