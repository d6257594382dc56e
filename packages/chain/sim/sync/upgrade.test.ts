import { beforeAll, expect, test } from 'vitest'
import { createEraExecutor } from '#executor'
import { readCurrentCollection } from '#kernel'
import { installSimulationEngines } from '../engines.ts'
import { createSimChain } from '../genesis.ts'
import { drawKnobs } from '../knobs.ts'
import { Shelf } from '../upgrade/shelf.ts'
import { hashOf } from '../upgrade/successors.ts'
import { Author, SILENT } from './author.ts'
import { Late } from './late.ts'

const SLOTS = 60n
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

beforeAll(installSimulationEngines)

test('behavior: a late node stands before the first block of a collection it lacks, blames nobody, and goes on once it has it', async () => {
  const sim = createSimChain(knobs)
  const shelf = (): Shelf => new Shelf(sim.successors, sim.chain.first)
  const all = shelf()
  all.install(successor)
  const nothing = async (): Promise<undefined> => undefined
  const honest = await Author.open(sim, createEraExecutor(all.open(nothing)))
  await honest.write(SLOTS, { signal: successor })
  const since = readCurrentCollection(honest.ledger.headTree())?.since ?? 0n
  expect(since).toBeGreaterThan(8n)
  expect(since).toBeLessThan(SLOTS)
  const errors: string[] = []
  const logger = { ...SILENT, error: (message: string) => errors.push(message) }
  const own = shelf()
  const late = new Late(sim, honest, { farBlocks: 1n, executor: createEraExecutor(own.open(nothing)), logger })
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
