import { beforeAll, describe, expect, test } from 'vitest'
import { installSimulationEngines } from '../engines.ts'
import { createSimChain, type SimChain } from '../genesis.ts'
import { drawKnobs } from '../knobs.ts'
import { Author } from './author.ts'
import { Late } from './late.ts'
import { LIES } from './liars.ts'

const SLOTS = 200n
const knobs = {
  ...drawKnobs(1n),
  producers: 4,
  backups: 2,
  slotMs: 4000,
  termSlots: 40,
  faultySlots: 300,
  calmSlots: 100,
}
let sim: SimChain
let honest: Author

async function written(slots: bigint): Promise<Author> {
  const author = await Author.open(sim)
  // Blocks with transactions, and now and then some without.
  for (let slot = 20n; slot <= slots; slot += 20n) {
    await author.write(slot - 3n, { transactions: 1 })
    await author.write(slot)
  }
  return author
}

beforeAll(async () => {
  installSimulationEngines()
  sim = createSimChain(knobs)
  honest = await written(SLOTS)
}, 120_000)

describe('[SYNC-HEADER-1] [SYNC-BODY-1] a late node', () => {
  test('default: catches up from genesis over more than three terms, with bodies from every peer', async () => {
    expect(honest.ledger.headState().term.number).toBeGreaterThan(3)
    const late = new Late(sim, honest)
    for (const name of ['a', 'b', 'c']) late.serve(name)
    await late.start()
    await late.catchUp(honest, 40)
    for (const server of late.servers.values()) expect(server.asked.bodies).toBeGreaterThan(0)
    for (const verdicts of late.verdicts.values()) expect([...verdicts]).toEqual(['useful'])
    expect(late.machine.node?.syncStatus()).toMatchObject({ state: 'synced', targetHeight: SLOTS })
    expect(late.machine.node?.ledger.headTree().root).toBe(honest.ledger.headTree().root)
  })

  test('[SYNC-RESUME-1] behavior: goes on where it stood after a loss of power in the middle', async () => {
    const late = new Late(sim, honest)
    late.serve('a')
    await late.start()
    for (const server of late.servers.values()) server.announce('late')
    await late.run(60_000, () => late.height() >= 60n)
    expect(late.machine.node?.syncStatus()).toMatchObject({ state: 'syncing', targetHeight: SLOTS })
    late.machine.crash({ arrived: () => 0, kept: (unsynced) => unsynced })
    await late.start()
    const reached = late.height()
    expect(reached).toBeGreaterThanOrEqual(59n)
    const server = late.servers.get('a')
    const before = server?.questions.length ?? 0
    await late.catchUp(honest, 40)
    const first = server?.questions.slice(before).find(({ kind }) => kind === 'getHeaders')
    const resumed = await honest.ledger.hashAt(reached)
    expect(first).toMatchObject({ kind: 'getHeaders', locator: expect.arrayContaining([resumed]) })
  })
})

describe('[SYNC-CLAIM-1] [SYNC-JUDGE-1] one peer lies, and is the first to be asked', () => {
  test.each(Object.entries(LIES))('behavior: it %s', async (_name, { blamed, ...lie }) => {
    const late = new Late(sim, honest)
    late.serve('liar', lie)
    for (const name of ['a', 'b']) late.serve(name)
    await late.start()
    await late.catchUp(honest, 120)
    const asked = late.servers.get('liar')?.asked
    expect((asked?.headers ?? 0) + (asked?.bodies ?? 0)).toBeGreaterThan(0)
    const verdicts = late.verdictsOn('liar')
    if (blamed) expect(verdicts.has('invalid') || verdicts.has('useless')).toBe(true)
    else expect(verdicts.has('invalid')).toBe(false)
    for (const name of ['a', 'b']) expect(late.verdictsOn(name).has('invalid')).toBe(false)
  })

  test.each(['gives empty bodies', 'gives bodies of other blocks'])(
    'behavior: who %s is blamed, not the guide whose headers are true',
    async (name) => {
      const { blamed: _, ...lie } = LIES[name] ?? { blamed: true }
      const late = new Late(sim, honest)
      late.serve('guide')
      late.serve('liar', lie)
      late.serve('other')
      await late.start()
      await late.catchUp(honest, 120)
      expect(late.verdictsOn('liar').has('invalid')).toBe(true)
      for (const peer of ['guide', 'other']) expect(late.verdictsOn(peer).has('invalid')).toBe(false)
    },
  )

  test('behavior: all but one lie, each in its own way, for the whole time', async () => {
    const late = new Late(sim, honest)
    Object.values(LIES).forEach(({ blamed: _, ...lie }, index) => {
      late.serve(`liar ${index}`, lie)
    })
    late.serve('honest')
    await late.start()
    await late.catchUp(honest, 900)
    expect(late.verdictsOn('honest').has('invalid')).toBe(false)
  })
})

describe('[SYNC-PROOF-1] two chains', () => {
  test('behavior: a long fork of one producer is compared, not followed, and who alternates is left alone', async () => {
    const fork = await Author.open(sim)
    await fork.copy(honest, 10n)
    const [one] = sim.delegates
    await fork.write(SLOTS, { only: new Set(one === undefined ? [] : [one.address]) })
    const { height } = fork.ledger.head().header
    expect(height).toBeGreaterThan(30n)
    const late = new Late(sim, honest, { farBlocks: 4n })
    late.serve('fork', { claim: SLOTS }, fork)
    late.serve('both', { chain: (question) => (question % 2 === 0 ? fork : honest) })
    for (const name of ['a', 'b']) late.serve(name)
    await late.start()
    const heads: bigint[] = []
    late.machine.node?.api.subscribe((event) => {
      if (event.kind === 'head') heads.push(BigInt(event.removed.length))
    })
    await late.catchUp(honest, 120)
    expect(late.machine.node?.ledger.finalized().header.hash).toBe(honest.ledger.finalized().header.hash)
    // Nothing of the fork was ever the head.
    expect(heads.every((removed) => removed === 0n)).toBe(true)
    expect(late.verdictsOn('fork').has('useless')).toBe(true)
    for (const name of ['a', 'b']) expect(late.verdictsOn(name).has('invalid')).toBe(false)
  })

  test('behavior: where nothing proves finality, the best chain that peers show is taken', async () => {
    const halves = await Author.open(sim)
    await halves.copy(honest, 10n)
    const two = new Set(sim.delegates.slice(0, 2).map(({ address }) => address))
    await halves.write(SLOTS, { only: two })
    expect(halves.ledger.finalized().header.height).toBeLessThan(12n)
    const late = new Late(sim, halves, { farBlocks: 4n })
    for (const name of ['a', 'b']) late.serve(name)
    await late.start()
    await late.catchUp(halves, 120)
  })
})
