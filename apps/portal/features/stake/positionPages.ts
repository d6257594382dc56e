import type { PositionView } from '@aelf/governance/domain'
import type { trpc } from '#features/live/trpc.ts'

const PAGE = 100
/** 256 open positions, the most the chain allows, and the withdrawn ones of the same page. */
const PAGES_MAX = 3

export type OwnPositions = Awaited<ReturnType<typeof trpc.stake.positions.query>> & { readonly hasMore: boolean }

/** Every open position of an account and the first withdrawn ones, so that what is listed adds up to the totals above it. */
export async function allPositions(api: typeof trpc, owner: string, state: 'open' | 'all'): Promise<OwnPositions> {
  const first = await api.stake.positions.query({ owner, state, limit: PAGE })
  const items: PositionView[] = [...first.items]
  let cursor = first.nextCursor
  for (let page = 1; page < PAGES_MAX && cursor !== undefined; page++) {
    const next = await api.stake.positions.query({ owner, state, limit: PAGE, cursor })
    items.push(...next.items)
    cursor = next.nextCursor
  }
  return { ...first, items, hasMore: cursor !== undefined }
}
