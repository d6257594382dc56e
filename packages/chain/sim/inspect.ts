import { scheduleAt } from '#consensus/dpos'
import { encodeBlock } from '#kernel'
import type { Address, Bytes, Hash } from '#primitives'
import type { Member, Stage } from './member.ts'

/** What was promised before power went is still there. */
export function checkRestart(stage: Stage, { machine }: Member, finalBefore: bigint): void {
  const { node } = machine
  if (node === undefined) return
  const { ledger, mempool } = node
  const final = ledger.finalized().header
  if (final.height < finalBefore)
    stage.fail('restart', `${machine.name} fell from the irreversible height ${finalBefore} to ${final.height}`)
  stage.observer.finalised(machine.name, ledger as never, final)
  if (ledger.headTree().root !== ledger.head().header.stateRoot)
    stage.fail('restart', `${machine.name} came back with another state`)
  const recent = ledger.recent()
  for (const { id, machine: promisedBy, refHeight, refHash, certain } of stage.client.accepted) {
    if (
      promisedBy !== machine.name ||
      !certain ||
      recent.markAt(refHeight) !== refHash ||
      recent.includes(id, refHeight)
    )
      continue
    if (mempool.get(id) === undefined) stage.fail('accepted', `${machine.name} lost ${id} when it restarted`)
    else stage.probes.hit('accepted transaction came back')
  }
}

/** Encoded canonical blocks of one machine from height 1 to its head. */
export async function chainOf({ machine }: Member): Promise<readonly Bytes[]> {
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
export function canDecide(stage: Stage, { machine }: Member): boolean {
  const state = machine.node?.ledger.headState()
  if (state === undefined) return false
  const lists = [state.term.producers, ...(state.pending === undefined ? [] : [state.pending.producers])]
  const evicted = new Set<Address>([...state.evicted, ...(state.pending?.evicted ?? [])])
  const slot = BigInt(stage.slot())
  const out = new Set(
    [...state.records].filter(([, { excludedUntil }]) => excludedUntil > slot).map(([address]) => address),
  )
  const alive = new Set(
    stage.members.filter(({ machine: { up } }) => up).map(({ delegate }) => stage.sim.delegates[delegate]?.address),
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
