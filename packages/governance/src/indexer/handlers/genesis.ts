import { touchAccount } from './holdings.ts'
import type { BlockScope } from './scope.ts'
import { addBacking } from './standing.ts'

/** Genesis leaves no events: what it put into the state is read from it when block 0 is indexed. */
export async function writeGenesis(scope: BlockScope): Promise<void> {
  const { workspace, source, block } = scope
  const { token, delegates, positions } = await source.genesis()
  await workspace.get('tokens', { symbol: token.symbol })
  workspace.put('tokens', { ...token, createdHeight: block.height })
  for (const { address, name, url, commissionBps, sequence } of delegates) {
    await workspace.get('delegates', { address })
    workspace.put('delegates', {
      address,
      name,
      url,
      commissionBps,
      standing: 'registered',
      registeredHeight: block.height,
      registeredOrder: BigInt(sequence),
      weight: 0n,
      staked: 0n,
      voters: 0,
      produced: 0,
      missed: 0,
      lastBlockHeight: null,
    })
  }
  for (const { lockId, owner, delegate, amount, lockDays, weight, startedAtMs, unlocksAtMs } of positions) {
    await workspace.get('positions', { lockId })
    workspace.put('positions', {
      lockId,
      owner,
      delegate,
      amount,
      lockDays,
      weight,
      lockedAtMs: startedAtMs,
      unlocksAtMs,
      withdrawn: false,
      lockedHeight: block.height,
      withdrawnHeight: null,
      changes: 0,
    })
    await touchAccount(scope, owner, 0)
    await addBacking(scope, { delegate, owner }, { positions: 1, amount, weight })
  }
}
