import { expect, test } from 'vitest'
import { encodeTransaction } from '#kernel'
import { encodeMessage } from '#p2p'
import { installSimulationEngines } from '../engines.ts'
import { createSimChain } from '../genesis.ts'
import { drawKnobs } from '../knobs.ts'
import { Author } from './author.ts'
import { Late } from './late.ts'

const knobs = {
  ...drawKnobs(1n),
  producers: 4,
  backups: 2,
  slotMs: 4000,
  termSlots: 40,
  faultySlots: 300,
  calmSlots: 100,
}

test('behavior: a node on a minority fork suspends itself and goes on by itself after it has rejoined', async () => {
  installSimulationEngines()
  const sim = createSimChain(knobs)
  const honest = await Author.open(sim)
  await honest.write(120n)
  const fork = await Author.open(sim)
  await fork.copy(honest, 60n)
  await fork.write(120n, { only: new Set(sim.delegates.slice(0, 1).map(({ address }) => address)) })

  const late = new Late(sim, honest, { farBlocks: 4n })
  const forker = late.serve('forker', undefined, fork)
  await late.start()
  await late.catchUp(fork, 60)
  const node = late.machine.node
  if (node === undefined) throw new Error('the node is down')
  expect(node.syncStatus().state).toBe('synced')
  expect(forker.asked.headers).toBeGreaterThan(0)
  late.servers.delete('forker')
  late.network.leave('forker')

  // Everybody else lives on the other chain; their transactions come through, their blocks do not yet.
  const names = ['a', 'b', 'c']
  const nets = names.map((name) => late.network.join(name))
  const accounts = [...sim.users, ...sim.delegates, sim.witness]
  accounts.forEach((account, index) => {
    const transactions = [encodeTransaction(honest.transfer(account))]
    nets[index % nets.length]?.send('late', encodeMessage({ kind: 'transactions', transactions }))
  })
  await late.run(1000)
  expect(node.syncStatus()).toMatchObject({ state: 'suspended', reason: expect.any(String) })
  expect(node.warnings()).toMatchObject([{ code: 'fork.suspected' }])
  const own = encodeTransaction(fork.transfer())
  await expect(node.api.submit(own)).rejects.toMatchObject({ code: 'node.suspended', retryable: true })
  // Readers are served all the while.
  expect((await node.api.blockByHeight(1n))?.block.header.height).toBe(1n)

  late.serve('d')
  late.serve('e')
  await late.catchUp(honest, 60)
  expect(node.syncStatus().state).toBe('synced')
  expect(node.warnings()).toEqual([])
  let accepted: unknown
  node.api.submit(encodeTransaction(honest.transfer())).then((id) => {
    accepted = id
  })
  await late.run(1000)
  expect(accepted).toBeDefined()
})
