import type { DelegateRow } from '#db'
import type { Address, Amount } from '#domain'
import type { Draft } from '../workspace.ts'
import type { BlockScope } from './scope.ts'

/** A producer that is no delegate: a chain may begin with producers that nobody registered. */
const unknownDelegate = (address: Address): Draft<'delegates'> => ({
  address,
  name: '',
  url: '',
  commissionBps: 0,
  standing: 'quit',
  registeredHeight: 0n,
  registeredOrder: -1n,
  weight: 0n,
  staked: 0n,
  voters: 0,
  produced: 0,
  missed: 0,
  lastBlockHeight: null,
})

/** Changes fields of a delegate; the change is computed from the row as it is. */
export async function changeDelegate(
  scope: Pick<BlockScope, 'workspace'>,
  address: Address,
  change: (row: Draft<'delegates'>) => Partial<Omit<DelegateRow, 'address'>>,
): Promise<void> {
  const row = (await scope.workspace.get('delegates', { address })) ?? unknownDelegate(address)
  scope.workspace.put('delegates', { ...row, ...change(row) })
}

/** Moves weight onto (or, with negative numbers, off) a delegate for one owner, keeping the sums of both. */
export async function addBacking(
  scope: BlockScope,
  pair: { delegate: Address; owner: Address },
  change: { positions: number; amount: Amount; weight: bigint },
): Promise<void> {
  const { delegate: address, owner } = pair
  const key = { delegate: address, owner }
  const row = await scope.workspace.get('backers', key)
  const positions = (row?.positions ?? 0) + change.positions
  const amount = (row?.amount ?? 0n) + change.amount
  const weight = (row?.weight ?? 0n) + change.weight
  if (positions > 0) scope.workspace.put('backers', { ...key, positions, amount, weight })
  else if (row !== undefined) scope.workspace.remove('backers', key)
  const voters = (positions > 0 ? 1 : 0) - (row === undefined ? 0 : 1)
  await changeDelegate(scope, address, (delegate) => ({
    weight: delegate.weight + change.weight,
    staked: delegate.staked + change.amount,
    voters: delegate.voters + voters,
  }))
  scope.reweighed.add(address)
}
