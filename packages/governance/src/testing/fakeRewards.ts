import type { Address } from '#domain'
import { move } from './fakeMaker.ts'
import { BLOCK_REWARD, type FakeState, REWARD, SLOTS_OF_TERM, TREASURY } from './fakeState.ts'

interface Placed {
  readonly slot: bigint
  readonly timeMs: number
  readonly height: bigint
  readonly producer: Address
}

/** Counts a block, and shares out the term that it ends: a tenth to each producer, the rest by its weight. */
export function shareFakeTerm(state: FakeState, parent: Placed, block: Placed): void {
  state.made.set(block.producer, (state.made.get(block.producer) ?? 0) + 1)
  if (block.slot / SLOTS_OF_TERM === parent.slot / SLOTS_OF_TERM) return
  const fees = state.holdings.get(`${TREASURY}ELF`)?.available ?? 0n
  const blocks = [...state.made.values()].reduce((sum, count) => sum + count, 0)
  const minted = BLOCK_REWARD * BigInt(blocks)
  const income = fees + minted
  move(state, TREASURY, 'ELF', { available: -fees })
  move(state, REWARD, 'ELF', { available: income })
  const last = state.sharings.at(-1)
  const parts = [...state.made].map(([delegate, made]) => partOf(state, delegate, { made, blocks, income }))
  state.sharings.push({
    term: (last?.term ?? 0) + 1,
    startedAtMs: last?.endedAtMs ?? block.timeMs - 1,
    endedAtMs: block.timeMs,
    blocks,
    fees,
    minted,
    income,
    shared: parts.reduce((sum, part) => sum + part.income, 0n),
    parts,
  })
  state.made.clear()
}

function partOf(state: FakeState, delegate: Address, of: { made: number; blocks: number; income: bigint }) {
  const income = (of.income * BigInt(of.made)) / BigInt(of.blocks)
  const commission = income / 10n
  const weight = [...state.positions.values()]
    .filter((position) => position.delegate === delegate)
    .reduce((sum, position) => sum + position.weight, 0n)
  const perWeight = weight === 0n ? 0n : ((income - commission) * 10n ** 18n) / weight
  return { delegate, blocks: of.made, income, commission, weight, perWeight }
}
