import { defineView, type View, type ViewContext } from '#contracts/runtime'
import type { Hex } from '#primitives'
import { MAX_ASKED_UPGRADES } from './params.ts'
import { candidate, counts, current, signals, upgradeCount, upgrades } from './state.ts'

/** Every signalled hash with its count, the most signalled first; equal ones in the order of their places. */
function tally(ctx: ViewContext): { hash: Hex; blocks: number }[] {
  const found = new Map<Hex, number>()
  const window = Number(ctx.env.param('window'))
  for (let place = 0; place < window; place++) {
    const signal = ctx.get(signals, { place })
    if (signal !== undefined) found.set(signal.hash, Number(ctx.count(counts, { hash: signal.hash })))
  }
  return [...found].map(([hash, blocks]) => ({ hash, blocks })).sort((a, b) => b.blocks - a.blocks)
}

function describeCandidate(ctx: ViewContext) {
  const found = ctx.get(candidate, {})
  if (found === undefined) return null
  const left = ctx.env.param('confirm') - BigInt(found.confirmed)
  const support = Number(ctx.count(counts, { hash: found.hash }))
  // The first block that would run with it if support holds from now on.
  return { ...found, signals: support, activatesAt: ctx.env.height + left + 1n }
}

const status = defineView({
  name: 'status',
  doc: 'The collection in force, the successor that is locked in with its earliest activation, and what the recent blocks signal.',
  args: '',
  read: (ctx) => {
    const now = ctx.get(current, {})
    if (now === undefined) return null
    return {
      current: now,
      candidate: describeCandidate(ctx),
      signals: tally(ctx),
      window: Number(ctx.env.param('window')),
      lockIn: Number(ctx.env.param('lockIn')),
      confirm: Number(ctx.env.param('confirm')),
      upgrades: Number(ctx.count(upgradeCount, {})),
    }
  },
})

const signalsOf = defineView({
  name: 'signalsOf',
  doc: 'How many of the recent blocks signal a hash.',
  args: 'bytes32 hash',
  read: (ctx, { hash }) => Number(ctx.count(counts, { hash })),
})

const listUpgrades = defineView({
  name: 'upgrades',
  doc: 'Upgrades, newest first, at most 100; from below a number, or zero for the newest.',
  args: 'uint32 before, uint32 limit',
  read: (ctx, { before, limit }) => {
    const newest = Number(ctx.count(upgradeCount, {}))
    const top = before === 0 || before > newest ? newest : before - 1
    const most = limit < MAX_ASKED_UPGRADES ? limit : MAX_ASKED_UPGRADES
    return Array.from({ length: top < most ? top : most }, (_, at) => top - at).flatMap((number) => {
      const found = ctx.get(upgrades, { number })
      return found === undefined ? [] : [{ number, ...found }]
    })
  },
})

export const views: readonly View[] = [status, signalsOf, listUpgrades]
