import { type Address, NATIVE_SYMBOL } from '#domain'
import { IndexerError } from '../errors.ts'
import type { ChainSource } from '../sources/source.ts'
import { addHolding } from './holdings.ts'
import { addressOf, amountOf, type BlockScope, type EventHandler, hashOf } from './scope.ts'
import { TREASURY } from './transaction.ts'

/** Holds what delegates and voters have not claimed. */
const REWARDS: Address = '0xae1f000000000000000000000000000000000004'

const claimed: EventHandler = async (scope) => {
  const { event } = scope
  writeClaim(scope, { account: addressOf(event, 'owner'), lockId: hashOf(event, 'lockId') })
}

const commissionClaimed: EventHandler = async (scope) => {
  writeClaim(scope, { account: addressOf(scope.event, 'delegate'), lockId: null })
}

function writeClaim(
  { block, workspace, position, transaction, event }: Parameters<EventHandler>[0],
  claim: { account: Address; lockId: `0x${string}` | null },
): void {
  workspace.add('reward_claims', {
    height: block.height,
    blockHash: block.hash,
    position,
    timeMs: block.timeMs,
    transactionId: transaction.id,
    delegate: addressOf(event, 'delegate'),
    amount: amountOf(event, 'amount'),
    ...claim,
  })
}

/** Whether a block is the first at or after the end of a term: terms end at whole multiples of their length since genesis. */
export function endsTerm(
  times: { readonly genesisTimeMs: number; readonly termMs: number },
  parentMs: number,
  blockMs: number,
): boolean {
  const termOf = (timeMs: number): number => Math.floor((timeMs - times.genesisTimeMs) / times.termMs)
  return termOf(blockMs) > termOf(parentMs)
}

/** Called by the block that ends a term, after its transactions: fees and new ELF change hands, which no receipt tells. */
export async function shareTerm(scope: BlockScope, source: ChainSource): Promise<void> {
  const { block, workspace } = scope
  const found = await source.sharing(block)
  if (found === undefined)
    throw new IndexerError('index.sourceMoved', `The node does not know how the term ended in block ${block.height}`)
  const { parts, ...term } = found
  const origin = { height: block.height, blockHash: block.hash }
  workspace.add('reward_terms', { ...origin, ...term })
  const { term: number, startedAtMs, endedAtMs } = term
  for (const part of parts) workspace.add('reward_points', { ...origin, term: number, startedAtMs, endedAtMs, ...part })
  const native = { symbol: NATIVE_SYMBOL }
  if (term.fees > 0n) await addHolding(scope, { address: TREASURY, ...native }, { available: -term.fees })
  if (term.fees + term.minted > 0n)
    await addHolding(scope, { address: REWARDS, ...native }, { available: term.fees + term.minted })
  const token = await workspace.get('tokens', native)
  if (token !== undefined && term.minted > 0n) workspace.put('tokens', { ...token, supply: token.supply + term.minted })
}

export const rewardHandlers: Readonly<Record<string, EventHandler>> = {
  'reward.Claimed': claimed,
  'reward.CommissionClaimed': commissionClaimed,
}
