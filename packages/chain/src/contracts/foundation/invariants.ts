import type { Invariant, StateScan } from '#contracts/runtime'
import { MAX_MEMBERS } from './params.ts'
import { changeIdOf, changes, members, openChanges, pack, unpackAddresses } from './state.ts'

/** Members are listed once each, and enough of them for the threshold. */
const reachable = (scan: StateScan): string | undefined => {
  const found = scan.entries(members)[0]?.value
  if (found === undefined) return 'no members'
  const list = unpackAddresses(found.addresses)
  if (new Set(list).size !== list.length || list.length > MAX_MEMBERS) return `${list.length} entries, some twice`
  return found.threshold >= 1 && found.threshold <= list.length
    ? undefined
    : `a threshold of ${found.threshold} for ${list.length} members`
}

/** Every change that waits is listed, under the hash of what it does, with each vote once and fewer than are needed to be sure. */
const listed = (scan: StateScan): string | undefined => {
  const found = scan.entries(changes)
  const list = scan.entries(openChanges)[0]?.value.changeIds ?? '0x'
  const ids = found.map(({ key }) => key.changeId)
  if ((list.length - 2) / 64 !== ids.length || ids.some((id) => !list.includes(id.slice(2))))
    return `${ids.length} changes, listed are ${list}`
  const wrong = found.find(({ key, value }) => {
    const voters = unpackAddresses(value.voters)
    return changeIdOf(value) !== key.changeId || voters.length === 0 || pack([...new Set(voters)]) !== value.voters
  })
  return wrong === undefined ? undefined : `change ${wrong.key.changeId} is not what its id says`
}

export const invariants: readonly Invariant[] = [
  { number: 1, name: 'reachable', check: reachable },
  { number: 2, name: 'listed', check: listed },
]
