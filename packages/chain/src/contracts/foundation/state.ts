import { defineItem, type ExecuteContext, type FieldsOf, type Item, type ViewContext } from '#contracts/runtime'
import {
  type Address,
  bigintToBytes,
  bytesToAddress,
  bytesToHash,
  bytesToHex,
  concatBytes,
  type Hash,
  type Hex,
  hexToBytes,
  taggedHash,
} from '#primitives'
import { FOUNDATION } from './params.ts'

/** Members in the order in which they joined, 20 bytes each, and how many must agree. */
export const members: Item<'', 'bytes addresses, uint32 threshold'> = defineItem(FOUNDATION, {
  number: 1,
  name: 'members',
  key: '',
  value: 'bytes addresses, uint32 threshold',
  bound: '64 addresses',
})

/** A change that waits for votes; `voters` 20 bytes each, in the order of their votes. */
export const changes: Item<
  'bytes32 changeId',
  'uint8 kind, address member, uint32 threshold, address opener, uint64 endsAt, bytes voters'
> = defineItem(FOUNDATION, {
  number: 2,
  name: 'changes',
  key: 'bytes32 changeId',
  value: 'uint8 kind, address member, uint32 threshold, address opener, uint64 endsAt, bytes voters',
  bound: '64 entries',
})

/** Ids of the changes that wait, 32 bytes each, oldest first; ended ones go when the next one opens. */
export const openChanges: Item<'', 'bytes changeIds'> = defineItem(FOUNDATION, {
  number: 3,
  name: 'openChanges',
  key: '',
  value: 'bytes changeIds',
  bound: '64 ids',
})

export const state: readonly Item[] = [members, changes, openChanges]

export type Change =
  FieldsOf<'uint8 kind, address member, uint32 threshold, address opener, uint64 endsAt, bytes voters'>
/** What a change does; its id is the hash of this. */
export type ChangeContent = Pick<Change, 'kind' | 'member' | 'threshold'>

function split<T>(packed: Hex | undefined, width: number, read: (bytes: Uint8Array) => T): T[] {
  const bytes = hexToBytes(packed ?? '0x')
  return Array.from({ length: bytes.length / width }, (_, index) =>
    read(bytes.subarray(index * width, (index + 1) * width)),
  )
}

export const pack = (parts: readonly Hex[]): Hex => bytesToHex(concatBytes(...parts.map(hexToBytes)))
export const unpackAddresses = (packed: Hex | undefined): Address[] => split(packed, 20, bytesToAddress)

/** The same content is the same change: who votes signs what is to happen, not a number that stands for it. */
export const changeIdOf = ({ kind, member, threshold }: ChangeContent): Hash =>
  taggedHash(
    'aelf/foundation-change/1',
    bigintToBytes(BigInt(kind), 1),
    hexToBytes(member),
    bigintToBytes(BigInt(threshold), 4),
  )

export const listMembers = (ctx: ViewContext): Address[] => unpackAddresses(ctx.get(members, {})?.addresses)
export const thresholdNow = (ctx: ViewContext): number => ctx.get(members, {})?.threshold ?? 0
export const isMember = (ctx: ViewContext, account: Address): boolean => listMembers(ctx).includes(account)

export const saveMembers = (ctx: ExecuteContext, list: readonly Address[], threshold: number): void =>
  ctx.set(members, {}, { addresses: pack(list), threshold })

export const listOpenChanges = (ctx: ViewContext): Hash[] => split(ctx.get(openChanges, {})?.changeIds, 32, bytesToHash)

export function saveOpenChanges(ctx: ExecuteContext, list: readonly Hash[]): void {
  if (list.length === 0) ctx.delete(openChanges, {})
  else ctx.set(openChanges, {}, { changeIds: pack(list) })
}

/** A change that still takes votes. */
export function runningChange(ctx: ViewContext, changeId: Hash): Change | undefined {
  const change = ctx.get(changes, { changeId })
  return change === undefined || change.endsAt <= ctx.env.timeMs ? undefined : change
}
