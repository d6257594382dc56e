import { type Port, type PortProvider, type Resource, reading } from '#contracts/runtime'
import type { Address } from '#primitives'
import { FOUNDATION } from './params.ts'
import { isMember, members } from './state.ts'

/** This contract needs no other. */
export const ports: readonly Port[] = []

export interface MembersReads {
  isMember(account: Address): boolean
}

export interface MembersDeclares {
  asking(): readonly Resource[]
}

/** Offered to contracts in which only members of the foundation may do something. */
export const membersProvider: PortProvider<MembersReads, Readonly<Record<never, never>>, MembersDeclares> = {
  contract: FOUNDATION.name,
  reads: (ctx) => ({ isMember: (account) => isMember(ctx, account) }),
  calls: () => ({}),
  declares: { asking: () => [reading(members)] },
}
