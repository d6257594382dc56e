import { z } from 'zod'
import { findAccount, listBalances, listPositions, positionTotals } from '#db'
import { type AccountView, type Address, type BalanceView, NATIVE_SYMBOL } from '#domain'
import { ageAt, checkpointOf } from '../age.ts'
import type { TrpcContext } from '../context.ts'
import { contractNamed, contractsNow } from '../contracts.ts'
import { procedure, router } from '../init.ts'
import { addressInput, toAddress } from '../inputs.ts'
import { standingsAt } from '../standings.ts'
import type { AccountRecord, RouterOf } from '../surface.ts'

const POSITIONS_MAX = 256
const TREASURY: Address = '0xae1f000000000000000000000000000000000010'

const readAmount = (answer: unknown): bigint | undefined =>
  (typeof answer === 'string' && /^\d+$/.test(answer)) || typeof answer === 'number' ? BigInt(answer) : undefined

/** The node's figure for an account that the index does not know, since genesis leaves no events. */
async function askBalance(ctx: TrpcContext, account: Address): Promise<BalanceView | undefined> {
  const args = { account, symbol: NATIVE_SYMBOL }
  const [balance, held] = await Promise.all([
    ctx.node.call('token', 'balanceOf', args),
    ctx.node.call('token', 'lockedOf', args),
  ])
  const available = readAmount(balance)
  const locked = readAmount(held)
  if (available === undefined || locked === undefined) return undefined
  return { symbol: NATIVE_SYMBOL, available, locked, total: available + locked }
}

const nothing: BalanceView = { symbol: NATIVE_SYMBOL, available: 0n, locked: 0n, total: 0n }

async function getAccount(ctx: TrpcContext, address: Address): Promise<AccountView> {
  const checkpoint = await checkpointOf(ctx)
  const nowMs = (await ctx.node.info())?.nowMs ?? checkpoint?.timeMs ?? ctx.now()
  const [account, known, positions, totals, standings, asOf] = await Promise.all([
    findAccount(ctx.database, address),
    listBalances(ctx.database, address),
    listPositions(ctx.database, { owner: address, includeWithdrawn: false, offset: 0, limit: POSITIONS_MAX, nowMs }),
    positionTotals(ctx.database, address, nowMs),
    checkpoint === undefined ? undefined : standingsAt(ctx, checkpoint),
    ageAt(ctx, checkpoint),
  ])
  const indexed = known.find((balance) => balance.symbol === NATIVE_SYMBOL)
  const asked = indexed === undefined ? await askBalance(ctx, address) : undefined
  const balances = asked === undefined ? known : [asked, ...known]
  const delegate = standings?.delegates.find((candidate) => candidate.address === address)
  const contractName =
    address === TREASURY ? 'treasury' : contractNamed((await contractsNow(ctx)).contracts, address)?.name
  const elf = indexed ?? asked ?? nothing
  return {
    address,
    exists: account !== undefined || elf.total > 0n || delegate !== undefined || contractName !== undefined,
    elf,
    balances,
    transactionCount: account?.transactionCount ?? 0,
    positions,
    votingWeight: totals.weight,
    asOf,
    ...(account === undefined ? {} : { firstSeen: account.firstHeight, lastSeen: account.lastHeight }),
    ...(delegate === undefined
      ? {}
      : {
          delegate: {
            name: delegate.name,
            status: delegate.status,
            ...(delegate.rank === undefined ? {} : { rank: delegate.rank }),
          },
        }),
    ...(contractName === undefined ? {} : { contractName }),
  }
}

export const accountRouter: RouterOf<AccountRecord> = router({
  get: procedure
    .input(z.object({ address: addressInput }))
    .query(({ ctx, input }) => getAccount(ctx, toAddress(input.address))),
})
