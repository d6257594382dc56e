import type { PositionRow, VoteChangeRow } from '#db'
import type { Address, Hash } from '#domain'
import { IndexerError } from '../errors.ts'
import { addressOf, amountOf, type EventHandler, type EventScope, hashOf, numberOf, textOf } from './scope.ts'
import { addBacking, changeDelegate } from './standing.ts'

function writeProfile(
  scope: EventScope,
  profile: { address: Address; name: string; url: string; commissionBps: number },
): void {
  const { block, position, workspace } = scope
  workspace.add('profile_changes', {
    height: block.height,
    blockHash: block.hash,
    position,
    timeMs: block.timeMs,
    ...profile,
  })
}

/** Later than every registration of genesis (sequences up to 1,023), and in the order of blocks and events. */
const orderOf = ({ block, position }: EventScope): bigint => block.height * 1_000_000n + BigInt(position)

const registered: EventHandler = async (scope) => {
  const { event, block } = scope
  const address = addressOf(event, 'delegate')
  const profile = {
    name: textOf(event, 'name'),
    url: textOf(event, 'url'),
    commissionBps: numberOf(event, 'commissionBps'),
  }
  writeProfile(scope, { address, ...profile })
  await changeDelegate(scope, address, () => ({
    ...profile,
    standing: 'registered',
    registeredHeight: block.height,
    registeredOrder: orderOf(scope),
  }))
  scope.reweighed.add(address)
}

const profileUpdated: EventHandler = async (scope) => {
  const { event } = scope
  const address = addressOf(event, 'delegate')
  const profile = {
    name: textOf(event, 'name'),
    url: textOf(event, 'url'),
    commissionBps: numberOf(event, 'commissionBps'),
  }
  writeProfile(scope, { address, ...profile })
  await changeDelegate(scope, address, () => profile)
}

const quit: EventHandler = async (scope) => {
  await changeDelegate(scope, addressOf(scope.event, 'delegate'), () => ({ standing: 'quit' }))
}

const evicted: EventHandler = async (scope) => {
  await changeDelegate(scope, addressOf(scope.event, 'delegate'), () => ({ standing: 'evicted' }))
}

async function openPosition(scope: EventScope, lockId: Hash): Promise<PositionRow> {
  const position = await scope.workspace.get('positions', { lockId })
  if (position === undefined || position.withdrawn) {
    throw new IndexerError('index.badEvent', `${scope.event.name} names position ${lockId}, which is not open`)
  }
  return position
}

function writeChange(
  scope: EventScope,
  position: Pick<PositionRow, 'lockId' | 'owner' | 'delegate' | 'amount' | 'weight' | 'unlocksAtMs'>,
  change: Pick<VoteChangeRow, 'kind' | 'previousDelegate'>,
): void {
  const { block, transaction, workspace } = scope
  const { lockId, owner, delegate, amount, weight, unlocksAtMs } = position
  workspace.add('vote_changes', {
    height: block.height,
    blockHash: block.hash,
    position: scope.position,
    timeMs: block.timeMs,
    transactionId: transaction.id,
    lockId,
    owner,
    delegate,
    amount,
    weight,
    unlocksAtMs,
    ...change,
  })
}

const voted: EventHandler = async (scope) => {
  const { event, block, workspace } = scope
  const lockId = hashOf(event, 'lockId')
  const position = {
    lockId,
    owner: addressOf(event, 'voter'),
    delegate: addressOf(event, 'delegate'),
    amount: amountOf(event, 'amount'),
    lockDays: numberOf(event, 'lockDays'),
    weight: amountOf(event, 'weight'),
    lockedAtMs: block.timeMs,
    unlocksAtMs: numberOf(event, 'endsAt'),
  }
  await workspace.get('positions', { lockId })
  workspace.put('positions', {
    ...position,
    withdrawn: false,
    lockedHeight: block.height,
    withdrawnHeight: null,
    changes: 0,
  })
  await addBacking(scope, position, { positions: 1, amount: position.amount, weight: position.weight })
  writeChange(scope, position, { kind: 'vote', previousDelegate: null })
}

const voteChanged: EventHandler = async (scope) => {
  const { event, workspace } = scope
  const before = await openPosition(scope, hashOf(event, 'lockId'))
  const position = {
    ...before,
    delegate: addressOf(event, 'delegate'),
    weight: amountOf(event, 'weight'),
    changes: before.changes + 1,
  }
  workspace.put('positions', position)
  await addBacking(scope, before, { positions: -1, amount: -before.amount, weight: -before.weight })
  await addBacking(scope, position, { positions: 1, amount: position.amount, weight: position.weight })
  writeChange(scope, position, { kind: 'change', previousDelegate: before.delegate })
}

const extended: EventHandler = async (scope) => {
  const { event, workspace } = scope
  const before = await openPosition(scope, hashOf(event, 'lockId'))
  const position = {
    ...before,
    lockDays: numberOf(event, 'lockDays'),
    weight: amountOf(event, 'weight'),
    unlocksAtMs: numberOf(event, 'endsAt'),
    changes: before.changes + 1,
  }
  workspace.put('positions', position)
  await addBacking(scope, position, { positions: 0, amount: 0n, weight: position.weight - before.weight })
  writeChange(scope, position, { kind: 'extend', previousDelegate: null })
}

const withdrawn: EventHandler = async (scope) => {
  const { event, block, workspace } = scope
  const before = await openPosition(scope, hashOf(event, 'lockId'))
  workspace.put('positions', { ...before, withdrawn: true, withdrawnHeight: block.height })
  await addBacking(scope, before, { positions: -1, amount: -before.amount, weight: -before.weight })
  writeChange(scope, { ...before, weight: 0n }, { kind: 'withdraw', previousDelegate: null })
}

export const electionHandlers: Readonly<Record<string, EventHandler>> = {
  'election.Registered': registered,
  'election.ProfileUpdated': profileUpdated,
  'election.Quit': quit,
  'election.DoubleMiningProven': evicted,
  'election.Voted': voted,
  'election.VoteChanged': voteChanged,
  'election.Extended': extended,
  'election.Withdrawn': withdrawn,
}
