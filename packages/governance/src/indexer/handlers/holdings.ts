import { type Address, type Amount, NATIVE_SYMBOL } from '#domain'
import type { BlockScope } from './scope.ts'

/** Adds to what an account may spend and to what it has locked; negative numbers take away. */
export async function addHolding(
  scope: Pick<BlockScope, 'workspace' | 'source'>,
  account: { address: Address; symbol: string },
  change: { available?: Amount; locked?: Amount },
): Promise<void> {
  const row = await scope.workspace.get('balances', account)
  const opening =
    row === undefined ? await openingOf(scope, account) : { available: row.opening, locked: row.openingLocked }
  scope.workspace.put('balances', {
    address: account.address,
    symbol: account.symbol,
    opening: opening.available,
    openingLocked: opening.locked,
    available: (row?.available ?? 0n) + (change.available ?? 0n),
    locked: (row?.locked ?? 0n) + (change.locked ?? 0n),
  })
}

/** Only the native token exists at genesis. */
async function openingOf(
  { source }: Pick<BlockScope, 'source'>,
  { address, symbol }: { address: Address; symbol: string },
) {
  return symbol === NATIVE_SYMBOL ? source.genesisHolding(address) : { available: 0n, locked: 0n }
}

/** Counts a transaction for its sender, and makes an account known when it is first named. */
export async function touchAccount(scope: BlockScope, address: Address, sent: number): Promise<void> {
  const row = await scope.workspace.get('accounts', { address })
  if (row !== undefined && sent === 0) return
  scope.workspace.put('accounts', {
    address,
    transactionCount: (row?.transactionCount ?? 0) + sent,
    firstHeight: row?.firstHeight ?? scope.block.height,
  })
}
