import type { Address } from './values.ts'

/** What a ranking needs to know of one delegate, best first. */
export interface RankedDelegate {
  readonly address: Address
  readonly weight: bigint
}

/** How one delegate's place changes when weight moves. Ranks are 1-based; `undefined` when it is not electable. */
export interface RankingPreview {
  readonly rankBefore: number | undefined
  readonly rankAfter: number | undefined
  readonly electedBefore: boolean
  readonly electedAfter: boolean
  /** The whole list after the move, best first. */
  readonly after: readonly RankedDelegate[]
}

/**
 * The ranking if `delegate` gained `added` weight and, for a moved vote, `previous` lost it.
 * Equal weights keep their present order, as the chain prefers earlier registrations.
 */
export function previewRanking(
  entries: readonly RankedDelegate[],
  move: { readonly delegate: Address; readonly added: bigint; readonly previous?: Address },
  seats: number,
): RankingPreview {
  const changed = entries.map((entry) => {
    if (entry.address === move.delegate) return { ...entry, weight: entry.weight + move.added }
    if (entry.address === move.previous) return { ...entry, weight: entry.weight - move.added }
    return entry
  })
  const after = changed
    .map((entry, index) => ({ entry, index }))
    .sort((a, b) => (a.entry.weight === b.entry.weight ? a.index - b.index : a.entry.weight > b.entry.weight ? -1 : 1))
    .map(({ entry }) => entry)
  const rankBefore = rankOf(entries, move.delegate)
  const rankAfter = rankOf(after, move.delegate)
  return {
    rankBefore,
    rankAfter,
    after,
    electedBefore: rankBefore !== undefined && rankBefore <= seats,
    electedAfter: rankAfter !== undefined && rankAfter <= seats,
  }
}

function rankOf(entries: readonly RankedDelegate[], address: Address): number | undefined {
  const index = entries.findIndex((entry) => entry.address === address)
  return index < 0 ? undefined : index + 1
}
