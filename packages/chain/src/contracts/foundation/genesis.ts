import type { ExecuteContext } from '#contracts/runtime'
import { type Address, assert } from '#primitives'
import { MAX_MEMBERS } from './params.ts'
import { saveMembers } from './state.ts'

export interface FoundationGenesis {
  readonly members: readonly Address[]
  /** How many members must agree on a change. */
  readonly threshold: number
}

/** The first members. */
export function genesis(ctx: ExecuteContext, { members, threshold }: FoundationGenesis): void {
  assert(members.length >= 1 && members.length <= MAX_MEMBERS, 'the foundation has 1 to 64 members')
  assert(new Set(members).size === members.length, 'each member once')
  assert(threshold >= 1 && threshold <= members.length, 'a threshold members can reach')
  saveMembers(ctx, members, threshold)
}
